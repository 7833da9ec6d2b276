"""The same pool counted by every engine, from the same ballots, beside one pass over the bytes.

Commands as people run them. The floor reads the columns of all parts and looks at each value once.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.scratch import dsn_of, scratch_database

PARTS = 8
CHANNELS, EACH, GRID, ZIPF = 1_000, 10, 10_000, 0.8
WORKERS = 2
ONLY_HERE = {
    "host": "127.0.0.1",
    "dashboard_address": "127.0.0.1:0",
    "worker_dashboard_address": "127.0.0.1:0",
}
TABLE = "ballots_of_bench"
ASKED = ["--rule", "independent-markets", "--pool", "100000000", "--json"]
TOTAL = ["--param", f"total={GRID}"]


def part(chance: Any, begin: int, count: int) -> pa.Table:
    """Ballots that give up to ten channels basis points; a channel drawn twice counts once."""
    edges = np.cumsum(1 / np.arange(1, CHANNELS + 1) ** ZIPF)
    channel = np.searchsorted(edges / edges[-1], chance.random((count, EACH)))
    cuts = np.sort(chance.integers(0, GRID + 1, (count, EACH)), axis=1)
    value = np.diff(cuts, axis=1, prepend=0).ravel()
    voter = np.repeat(np.arange(begin, begin + count), EACH)
    _, kept = np.unique(voter * CHANNELS + channel.ravel(), return_index=True)
    names = pa.array([f"c{at:04}" for at in range(CHANNELS)])
    voters = pa.array([f"v{at:09}" for at in range(begin, begin + count)])
    return pa.table(
        {
            "voter": voters.take(pa.array(voter[kept] - begin)),
            "channel": names.take(pa.array(channel.ravel()[kept])),
            "value": pa.array(value[kept].astype(np.int32)),
        }
    )


def written(folder: Path, ballots: int) -> Path:
    """The parts, written when they are not there; the same each time."""
    path = folder / f"ballots-{ballots}"
    if not path.exists():
        being = path.with_suffix(".being")
        being.mkdir(exist_ok=True)
        chance = np.random.default_rng(6)
        each = ballots // PARTS
        for at in range(PARTS):
            pq.write_table(part(chance, at * each, each), being / f"part-{at}.parquet")
        being.rename(path)
    return path


def pass_over(path: Path) -> float:
    """Seconds to read every part and look at every value."""
    began = time.perf_counter()
    for one in sorted(path.iterdir()):
        pc.max(pq.read_table(one).column("value"))
    return time.perf_counter() - began


def command(*words: str) -> tuple[float, Any]:
    """Seconds of the command, and what it printed."""
    began = time.perf_counter()
    program = str(Path(sys.executable).with_name("purse"))
    done = subprocess.run(
        [program, "tally", *words, *ASKED, *TOTAL], check=True, capture_output=True, text=True
    )
    return time.perf_counter() - began, json.loads(done.stdout)


def by_dask(path: Path) -> tuple[float, Any]:
    """By a cluster of two processes here."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=WORKERS, threads_per_worker=1, **ONLY_HERE) as made:
        return command(str(path), "--engine", "dask", "--scheduler", made.scheduler_address)


def by_postgres(path: Path) -> tuple[float, Any]:
    """By GROUP BY, in a table that is filled before the clock starts."""
    with scratch_database() as name:
        address = dsn_of("owner", name)
        with psycopg.connect(address, autocommit=True) as session, session.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {TABLE} (voter text, channel text, value int)")
            with cursor.copy(f"COPY {TABLE} FROM STDIN") as copy:
                for one in sorted(path.iterdir()):
                    for batch in pq.read_table(one).to_batches():
                        columns = [batch.column(at).to_pylist() for at in range(3)]
                        for row in zip(*columns, strict=True):
                            copy.write_row(row)
            cursor.execute(f"ANALYZE {TABLE}")
        return command("--engine", "postgres", "--database", address, "--table", TABLE)


def engines(folder: Path, ballots: int) -> None:
    """Every engine on the same ballots, and that all say the same."""
    path = written(folder, ballots)
    size = sum(one.stat().st_size for one in path.iterdir()) / 1e6
    pass_over(path)
    floor = pass_over(path)
    print(f"{ballots:,} ballots × {EACH}, {PARTS} parts, {size:,.0f} MB: one pass {floor:.2f} s")
    said = []
    for name, run in (
        ("one process", lambda: command(str(path))),
        (f"Dask, {WORKERS} workers", lambda: by_dask(path)),
        ("PostgreSQL", lambda: by_postgres(path)),
    ):
        seconds, found = run()
        said.append(found)
        print(f"  {name}: {seconds:.2f} s, {seconds / floor:,.0f} times one pass", flush=True)
    assert said[0] == said[1] == said[2], "the same to the last cent"
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  the same awards; the largest process had {memory:,.0f} MB")
