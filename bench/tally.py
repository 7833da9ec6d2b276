"""How long counting takes: Equal Shares beside pabutools, independent markets beside one pass.

    .venv/bin/python -m bench.tally                    # all, about half an hour with the peer
    .venv/bin/python -m bench.tally --cut 60 --only shares
    .venv/bin/python -m bench.tally --only markets

Elections are generated, city-like, and the same each time. `purse tally` runs as a command of its
own, as does pabutools 1.2.3 in an environment of its own (`requirements/bench-tally.lock`), with
floats, its fastest arithmetic; it is cut off at --cut seconds, and what it then took is written
with ≥. Its completion stops at the first exhaustive outcome, which is another definition than ours,
so winners are compared without completion. What is compiled once and kept is compiled before.
"""

import argparse
import contextlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from bench.tally_city import city_write
from commonpurse.engine.surroundings import surroundings
from commonpurse.formats import pabulib
from commonpurse.rules.pools.fading import Fading
from commonpurse.rules.pools.histogram import Histogram
from commonpurse.rules.pools.phantoms import independent_markets
from commonpurse.rules.pools.remainder import Bounds, divide
from commonpurse.rules.pools.votermedia import Tallied, VoterMedia, exchange
from commonpurse.rules.projects.equal_shares import equal_shares

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "bench-tally.lock"
CITIES = ((1_000, 50), (10_000, 100), (100_000, 200))
LARGE = (1_000_000, 1_000)
BALLOTS, CHANNELS, EACH, GRID = 1_000_000, 1_000, 10, 10_000


def folder() -> Path:
    """Where elections and the peer's environment are kept."""
    found = surroundings(os.environ).data / "bench"
    found.mkdir(parents=True, exist_ok=True)
    return found


def city(voters: int, projects: int) -> Path:
    """The file of this election, written when it is not there."""
    path = folder() / f"city-{voters}-{projects}.pb"
    if not path.exists():
        city_write(path, voters=voters, projects=projects)
    return path


def peer() -> Path:
    """The Python that has pabutools, made when it is not there."""
    environment = folder() / "pabutools-venv"
    python = environment / "bin" / "python"
    if not python.exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "-q", "--clear", str(environment)], check=True)
        sync = [*uv, "pip", "sync", "-q", "--python", str(python), "--require-hashes", str(LOCK)]
        subprocess.run(sync, check=True)
    return python


@dataclass(frozen=True)
class Took:
    """How long a command took, by the clock and on a processor, and what it printed if it ended."""

    seconds: float
    cpu: float
    printed: str | None

    def __str__(self) -> str:
        sign = "≥ " if self.printed is None else ""
        return f"{sign}{self.seconds:.2f} s ({sign}{self.cpu:.2f} s of a processor)"


def timed(words: list[str], cut: float) -> Took:
    """Run a command, and cut it off when it takes too long."""

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    began, before = time.perf_counter(), spent()
    printed = None
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=cut)
        printed = done.stdout
    return Took(time.perf_counter() - began, spent() - before, printed)


def purse(path: Path, completion: str) -> tuple[Took, list[str]]:
    """`purse tally` as a whole command, and its winners."""
    program = str(Path(sys.executable).with_name("purse"))
    words = [program, "tally", str(path), "--rule", "equal-shares", "--json"]
    took = timed([*words, "--completion", completion], 3_600)
    assert took.printed is not None, "nobody waits an hour for this"
    return took, sorted(json.loads(took.printed)["winners"])


def solving(path: Path, completion: str) -> float:
    """Processor's seconds of solving alone, with the election read and the code compiled."""
    with path.open("rb") as source:
        election = pabulib.read(source)
    equal_shares(election, completion=completion)
    began = time.process_time()
    equal_shares(election, completion=completion)
    return time.process_time() - began


def answer(took: Took) -> Any:
    """What the peer printed last."""
    assert took.printed is not None
    return json.loads(took.printed.splitlines()[-1])


def compared(name: str, ours: Took, alone: float, theirs: Took) -> str:
    """Ratios by processor time: of two cores that others use too, the clock says little."""
    sign = "" if theirs.printed else "≥ "
    their_alone = answer(theirs)["cpu"] if theirs.printed else theirs.cpu
    alone_line = (
        f"  solving alone {alone:.3f} s, pabutools {sign}{their_alone:.2f} s of a processor"
    )
    return (
        f"{name}: command {ours}, pabutools {theirs}: {sign}{theirs.cpu / ours.cpu:,.0f} times\n"
        f"{alone_line}: {sign}{their_alone / alone:,.0f} times"
    )


def shares(cut: float) -> None:
    """Equal Shares beside the peer."""
    # Two commands before measuring: one that compiles, one that finds it compiled.
    purse(city(*CITIES[-1]), "add1")
    client = [str(peer()), str(Path(__file__).with_name("tally_client.py"))]
    for voters, projects in CITIES:
        path = city(voters, projects)
        for completion in ("none", "add1"):
            ours, winners = purse(path, completion)
            alone = solving(path, completion)
            theirs = timed([*client, str(path), completion], cut)
            print(compared(f"{voters:,} × {projects}, {completion}", ours, alone, theirs))
            if theirs.printed and completion == "none":
                assert answer(theirs)["winners"] == winners, "both define the same rule"
                print("  the same winners", flush=True)
    path = city(*LARGE)
    taken, _ = purse(path, "none")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"1,000,000 × 1,000, none: command {taken}, aim ≤ 10 s; the largest child of all had "
        f"{memory:,.0f} MB, aim < 3,000 MB",
        flush=True,
    )


def entries() -> tuple[Any, Any]:
    """Ballots that divide 10,000 basis points among ten channels each, by Zipf's law."""
    chance = np.random.default_rng(4)
    edges = np.cumsum(1 / np.arange(1, CHANNELS + 1) ** 0.8)
    channel_of = np.searchsorted(edges / edges[-1], chance.random((BALLOTS, EACH)))
    cuts = np.sort(chance.integers(0, GRID + 1, (BALLOTS, EACH - 1)), axis=1)
    edge = np.full((BALLOTS, 1), GRID)
    value_of = np.diff(np.hstack([np.zeros_like(edge), cuts, edge]), axis=1)
    return channel_of.astype(np.int32).ravel(), value_of.astype(np.int32).ravel()


def several(run: Callable[[], Any], count: int = 7) -> str:
    """Milliseconds of a few runs."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        run()
        taken.append(1000 * (time.perf_counter() - began))
    return f"median {statistics.median(taken):.1f} ms ({min(taken):.1f} to {max(taken):.1f})"


def markets() -> None:
    """Independent markets from arrays, after one change, and one pass over the bytes."""
    channel_of, value_of = entries()
    names = [f"c{at:04}" for at in range(CHANNELS)]
    nothing = np.empty(0, dtype=np.int64)

    def count() -> Histogram:
        return Histogram.count(
            names,
            grid=GRID,
            channel_of=channel_of,
            value_of=value_of,
            weight_of=nothing,
            weight=BALLOTS,
        )

    def solve(histogram: Histogram) -> None:
        found = independent_markets(histogram.counted())
        divide(100_000_000, found, bounds=Bounds())

    kept = count()
    solve(kept)

    def changed() -> None:
        kept.move(3, before=500, after=700, weight=1)
        kept.move(5, before=700, after=500, weight=1)
        solve(kept)

    cold = several(lambda: solve(count()))
    print(f"1,000,000 ballots × 10 of 1,000 channels, basis points, cold: {cold}, aim ≤ 100 ms")
    print(f"an exact result after one change: {several(changed)}, aim ≤ 10 ms")
    floor = several(lambda: (channel_of.max(), value_of.max()))
    print(f"floor, one pass over the {(channel_of.nbytes + value_of.nbytes) / 1e6:.0f} MB: {floor}")


def votermedia() -> None:
    """A million votes for a thousand channels, from arrays."""
    chance = np.random.default_rng(5)
    edges = np.cumsum(1 / np.arange(1, CHANNELS + 1) ** 0.8)
    channel_of = np.searchsorted(edges / edges[-1], chance.random(BALLOTS))
    value_of = chance.integers(0, 5, BALLOTS)
    fading = VoterMedia().fading
    weight_of = np.array([int(fading.weight(age) * 50) for age in range(100)])
    age_of = chance.integers(0, 100, BALLOTS)

    def tally() -> None:
        summed = np.zeros(CHANNELS * 5, dtype=np.int64)
        np.add.at(summed, channel_of * 5 + value_of, weight_of[age_of])
        of = {
            f"c{at:04}": {Fraction(10 * menu): int(summed[5 * at + menu]) for menu in range(5)}
            for at in range(CHANNELS)
        }
        exchange(Tallied(of, 50), VoterMedia(spread=Fraction(8), fading=Fading()))

    print(f"VoterMedia, 1,000,000 votes × 1,000 channels: {several(tally, 3)}, aim ≤ 2,000 ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cut", type=float, default=600, help="seconds after which the peer ends")
    parser.add_argument("--only", choices=("shares", "markets", "votermedia"))
    given = parser.parse_args()
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load}\n", flush=True)
    if given.only in (None, "markets"):
        markets()
    if given.only in (None, "votermedia"):
        votermedia()
    if given.only in (None, "shares"):
        shares(given.cut)


if __name__ == "__main__":
    main()
