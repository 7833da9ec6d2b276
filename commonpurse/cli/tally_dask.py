"""Counting parts of Parquet by the workers of a Dask cluster.

Each worker reads the parts that it counts, so the folder lies in the same place for all of them and
for this command. What a killed worker had counted or was counting, the others count again; sums
are the same whoever counts. Only sums travel, never ballots.
"""

import logging
import warnings
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any

from commonpurse.cli.tally_parts import Answer, part_count, parts_join, tree
from commonpurse.rules.exact import shown
from commonpurse.rules.pools.sums import Counting

ANSWER_SECONDS = 10
SCHEMES = ("tcp", "tls")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster, by the address of its scheduler."""

    scheduler: str

    def __call__(self, parts: list[str], counting: Counting) -> Answer:
        """Count the parts there. ValueError where nobody counts."""
        from distributed import Client

        address_check(self.scheduler)
        # Dask tells of every lost connection in many lines; this command tells what came of it.
        for name in list(logging.root.manager.loggerDict):
            if name.partition(".")[0] == "distributed":
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        where = shown(self.scheduler)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                client = Client(self.scheduler, timeout=ANSWER_SECONDS, set_as_default=False)
            except (OSError, ValueError, TypeError) as fault:
                raise ValueError(f"no Dask scheduler answers at {where}") from fault
            with client:
                try:
                    client.wait_for_workers(1, timeout=ANSWER_SECONDS)
                except TimeoutError as fault:
                    raise ValueError(f"the Dask scheduler at {where} has no worker") from fault
                return counted_by(client, parts, counting)


def address_check(address: str) -> None:
    """Refuse what is no address. Dask would only say so late, in many lines."""
    import dask
    from distributed.comm.addressing import parse_address, parse_host_port

    scheme = parse_address(address)[0]
    try:
        parse_host_port(parse_address(address)[1])
    except ValueError as fault:
        raise ValueError(f"{shown(address)} is no address such as tcp://127.0.0.1:8786") from fault
    if scheme not in SCHEMES:
        raise ValueError(f"{shown(address)} is no address of {' or '.join(SCHEMES)}")
    if scheme == "tls" and not dask.config.get("distributed.comm.tls.ca-file", None):
        raise ValueError("tls needs certificates: name them in Dask's configuration")


def counted_by(client: Any, parts: list[str], counting: Counting) -> Answer:
    """Let the workers count and join. ValueError says why they could not."""
    from distributed.comm.core import CommClosedError

    def count(part: str) -> Any:
        # A result that somebody else still holds may be that of an older file of this name.
        return client.submit(part_count, part, counting, pure=False)

    def join(answers: list[Any]) -> Any:
        return client.submit(parts_join, answers, pure=False)

    root = tree(parts, count, join)
    try:
        met = root.exception()
        if met is None:
            found: Answer = root.result()
            return found
    except (CancelledError, CommClosedError, TimeoutError) as fault:
        raise ValueError("the Dask cluster went away while it counted") from fault
    said = str(met).strip().partition("\n")[0]
    raise ValueError(f"a Dask worker could not count: {type(met).__name__}: {said}")
