"""`purse tally` past one machine: the same cents from Parquet, Dask workers and PostgreSQL."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster
from hypothesis import HealthCheck, given, settings

from commonpurse.cli.tally_dask import Cluster
from commonpurse.cli.tally_parts import here, parts_sums
from commonpurse.cli.tally_postgres import Table
from commonpurse.engine.processes import is_alive
from commonpurse.rules.pools.ballots import Vote
from commonpurse.rules.pools.rules import counting_for, pool_divide, sums_divide
from tests.cli.conftest import free_port, until
from tests.cli.slowing import Slowed, notes
from tests.cli.test_bank_check import WITHOUT_DJANGO
from tests.cli.test_tally import tally
from tests.conftest import dsn_of
from tests.rules.heaps import Asked, asked, heaps
from tests.rules.test_sums import same

WORKED = [("1", "news", 1), ("2", "news", 1), ("3", "code", 1), ("4", "music", 1)]
MARKETS = ["--rule", "independent-markets", "--pool", "1001"]
COLUMNS = ("voter", "channel", "value")
PARTS = 6
ONLY_HERE = {
    "host": "127.0.0.1",
    "dashboard_address": "127.0.0.1:0",
    "worker_dashboard_address": "127.0.0.1:0",
}

# A cluster on a busy machine says by warnings that it takes long to start.
pytestmark = pytest.mark.filterwarnings("default::UserWarning:distributed")


def part_write(path: Path, rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> None:
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    pq.write_table(pa.table({name: pa.array(cells[at]) for at, name in enumerate(columns)}), path)


def votes_write(folder: Path, parts: list[list[Vote]]) -> Path:
    """Heaps of ballots as parts of Parquet, numbers as text."""
    folder.mkdir()
    for at, part in enumerate(parts):
        table = pa.table(
            {
                "voter": pa.array([vote.voter for vote in part], pa.string()),
                "channel": pa.array([vote.channel for vote in part], pa.string()),
                "value": pa.array([str(vote.value) for vote in part], pa.string()),
                "age_days": pa.array([vote.age_days for vote in part], pa.int32()),
                "weight": pa.array([str(vote.weight) for vote in part], pa.string()),
            }
        )
        pq.write_table(table, folder / f"part-{at}.parquet")
    return folder


@pytest.fixture
def worked(tmp_path: Path) -> Path:
    """The worked number of independent markets, in three parts."""
    folder = tmp_path / "parts"
    folder.mkdir()
    for at in range(3):
        part_write(folder / f"part-{at}.parquet", WORKED[at::3], COLUMNS)
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """A scheduler and two worker processes on this computer."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        **ONLY_HERE,
        local_directory=str(tmp_path_factory.mktemp("dask")),
    ) as made:
        yield made


@pytest.fixture
def by_dask(cluster: LocalCluster) -> list[str]:
    return ["--engine", "dask", "--scheduler", cluster.scheduler_address]


@dataclass(frozen=True)
class Ballots:
    """A table of ballots that any session sees."""

    owner: psycopg.Connection[Any]
    url: str
    name: str = "ballots_counted"

    def fill(self, rows: Sequence[tuple[Any, ...]], columns: str) -> None:
        self.owner.execute(f"DROP TABLE IF EXISTS {self.name} CASCADE")
        self.owner.execute(f"CREATE TABLE {self.name} ({columns})")
        self.owner.execute(f"GRANT SELECT ON {self.name} TO PUBLIC")
        places = ", ".join(["%s"] * len(rows[0])) if rows else ""
        with self.owner.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {self.name} VALUES ({places})", rows)

    @property
    def words(self) -> list[str]:
        return ["--engine", "postgres", "--database", self.url, "--table", self.name]


@pytest.fixture(scope="module")
def ballots(django_db_setup: None) -> Iterator[Ballots]:
    from django.db import connections

    name = str(connections.settings["default"]["NAME"])
    with psycopg.connect(dsn_of("owner", name), autocommit=True) as owner:
        made = Ballots(owner, dsn_of("default", name))
        yield made
        owner.execute(f"DROP TABLE IF EXISTS {made.name} CASCADE")


def purse_tally(*words: str) -> subprocess.CompletedProcess[str]:
    """The command without a FILE."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, "tally", *words],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
    )


def refused(done: subprocess.CompletedProcess[str], said: str, named: str) -> None:
    assert (done.returncode, done.stdout) == (2, ""), done.stdout
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert said in done.stderr
    assert done.stderr.startswith(named)


def test_all_engines_print_the_same_as_the_csv(
    worked: Path, by_dask: list[str], ballots: Ballots, tmp_path: Path
) -> None:
    csv = tmp_path / "ballots.csv"
    rows = [f"{voter},{channel},{value}\n" for voter, channel, value in WORKED]
    csv.write_text("voter,channel,value\n" + "".join(rows), encoding="utf-8")
    ballots.fill(WORKED, "voter text, channel text, value int")
    wanted = tally(csv, *MARKETS, "--json")
    for done in (
        tally(worked, *MARKETS, "--json"),
        tally(worked, *MARKETS, *by_dask, "--json"),
        purse_tally(*MARKETS, *ballots.words, "--json"),
    ):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == wanted.stdout
    assert json.loads(wanted.stdout)["awards"] == {"code": 250, "music": 250, "news": 501}
    assert tally(worked, *MARKETS).stdout == tally(csv, *MARKETS).stdout


def test_one_file_of_parquet_is_known_by_what_it_is(worked: Path, tmp_path: Path) -> None:
    path = tmp_path / "ballots"
    path.write_bytes((worked / "part-0.parquet").read_bytes())
    done = tally(path, *MARKETS, "--json")
    assert json.loads(done.stdout)["awards"] == {"music": 501, "news": 500}


@given(heaps(), asked())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_engines_agree_to_the_bit_on_random_ballots(
    cluster: LocalCluster,
    ballots: Ballots,
    tmp_path: Path,
    parts: list[list[Vote]],
    asks: Asked,
) -> None:
    votes = [vote for part in parts for vote in part]
    whole = pool_divide(asks.rule, votes, pool=asks.pool, parameters=asks.parameters)
    counting = counting_for(asks.rule, pool=asks.pool, parameters=asks.parameters)
    folder = votes_write(tmp_path / uuid.uuid4().hex, parts)
    # A third has no end in decimals: in a table all weights are three times as much.
    rows = [
        (vote.voter, vote.channel, int(vote.value), vote.age_days, Decimal(int(vote.weight * 6)))
        for vote in votes
    ]
    ballots.fill(rows, "voter text, channel text, value bigint, age_days int, weight numeric")
    sums = [
        parts_sums(folder, counting, here),
        parts_sums(folder, counting, Cluster(cluster.scheduler_address)),
    ]
    for one in sums:
        assert same(sums_divide(asks.rule, one, pool=asks.pool, parameters=asks.parameters), whole)
    sixfold = Table(ballots.url, ballots.name).sums(counting)
    assert sums[0] == sums[1]
    heavier = [
        Vote(vote.voter, vote.channel, vote.value, vote.age_days, 6 * vote.weight) for vote in votes
    ]
    assert same(
        sums_divide(asks.rule, sixfold, pool=asks.pool, parameters=asks.parameters),
        pool_divide(asks.rule, heavier, pool=asks.pool, parameters=asks.parameters),
    )


def test_a_worker_killed_in_the_middle_changes_no_cent(
    cluster: LocalCluster, by_dask: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    for at in range(PARTS):
        rows = [(f"{at}-{number}", "abc"[number * at % 3], 1) for number in range(50)]
        part_write(folder / f"part-{at}.parquet", rows, COLUMNS)
    wanted = tally(folder, *MARKETS, "--json").stdout
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        client.register_plugin(Slowed(tmp_path))
        words = [sys.executable, "-c", WITHOUT_DJANGO, "tally", str(folder), *MARKETS, "--json"]
        counting = subprocess.Popen([*words, *by_dask], stdout=subprocess.PIPE, text=True)
        try:
            # Each of the two has counted a part and stands in the middle of another.
            until(lambda: len(notes(tmp_path)) == PARTS, seconds=60)
            before = notes(tmp_path)
            assert counting.poll() is None, "it is in the middle of its run"
            victim = before[0][0]
            os.kill(victim, signal.SIGKILL)
            until(lambda: not is_alive(victim), seconds=60)
            (tmp_path / "go").touch()
            printed, _ = counting.communicate(timeout=120)
        finally:
            counting.kill()
            counting.wait()
            client.unregister_worker_plugin(Slowed.name)
    assert len({pid for pid, _, _ in before}) == 2, "both worked"
    kept = [part for pid, what, part in before if (pid, what) == (victim, "done")]
    begun = {part for pid, what, part in before if (pid, what) == (victim, "begun")} - {*kept}
    assert (len(kept), len(begun)) == (1, 1), "it had counted one and was counting another"
    again = {part for pid, what, part in notes(tmp_path) if pid != victim and what == "done"}
    assert again >= {*kept, *begun}, "what was lost with it was counted by others"
    assert counting.returncode == 0
    assert printed == wanted


def test_a_part_that_cannot_be_read_is_named_by_every_engine(
    worked: Path, by_dask: list[str]
) -> None:
    (worked / "part-1.parquet").write_bytes(b"PAR1 and no more")
    for words in ([], by_dask):
        done = tally(worked, *MARKETS, *words)
        refused(done, "part-1.parquet: it cannot be read as Parquet", str(worked))


@pytest.mark.parametrize(
    ("columns", "row", "said"),
    [
        (COLUMNS, ("5", "news", 0.5), "part-9.parquet: the column value is of double"),
        (COLUMNS[:2], ("5", "news"), "part-9.parquet: the column value is missing"),
        (COLUMNS, ("5", "news", -1), "part-9.parquet: the value -1 is below 0"),
        (COLUMNS, ("5", " ", 1), "part-9.parquet: The channel is missing"),
        (COLUMNS, ("5", "news", 2), "part-9.parquet: the ballot of “5” gives away more"),
        (COLUMNS, ("2", "news", 1), "“2” has rows in part-1.parquet and part-9.parquet"),
    ],
)
def test_what_is_no_ballot_is_refused_in_one_line(
    worked: Path, columns: Sequence[str], row: tuple[Any, ...], said: str
) -> None:
    part_write(worked / "part-9.parquet", [row], columns)
    refused(tally(worked, *MARKETS), said, str(worked))


def test_a_voter_in_two_parts_is_found_by_workers_too(worked: Path, by_dask: list[str]) -> None:
    part_write(worked / "part-9.parquet", [("2", "code", 1)], COLUMNS)
    said = "“2” has rows in part-1.parquet and part-9.parquet"
    refused(tally(worked, *MARKETS, *by_dask), said, str(worked))


def test_folders_without_ballots(tmp_path: Path, worked: Path) -> None:
    refused(tally(tmp_path / "no", *MARKETS), "No such file", str(tmp_path))
    (tmp_path / "empty").mkdir()
    refused(tally(tmp_path / "empty", *MARKETS), "there is no .parquet file", str(tmp_path))
    schema = pa.schema({"voter": pa.string(), "channel": pa.string(), "value": pa.int64()})
    pq.write_table(schema.empty_table(), tmp_path / "empty" / "part.parquet")
    refused(tally(tmp_path / "empty", *MARKETS), "there is no ballot in it", str(tmp_path))
    (worked / "notes.txt").touch()
    refused(tally(worked, *MARKETS), "notes.txt” in it is no .parquet file", str(worked))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--engine", "dask"], "--engine dask needs --scheduler"),
        (["--scheduler", "tcp://127.0.0.1:9"], "--scheduler belongs to --engine dask"),
        (["--database", "x"], "--database belongs to --engine postgres"),
        (["--engine", "dask", "--scheduler", "tcp://127.0.0.1"], "is no address such as tcp:"),
        (["--engine", "dask", "--scheduler", "ucx://nobody:7"], "is no address of tcp or tls"),
        (["--engine", "dask", "--scheduler", "tls://nobody:7"], "tls needs certificates"),
        (["--engine", "postgres", "--database", "x", "--table", "t"], "a file says nothing"),
        (["--engine", "postgres", "--database", "x"], "--engine postgres needs --table"),
    ],
)
def test_engines_are_asked_with_what_they_need(worked: Path, words: list[str], said: str) -> None:
    refused(tally(worked, *MARKETS, *words), said, str(worked))


def test_a_cluster_that_is_not_there_or_has_no_worker(
    worked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commonpurse.cli.tally_dask.ANSWER_SECONDS", 1)
    counting = counting_for("mean", pool=5, parameters={})
    nobody = f"127.0.0.1:{free_port()}"
    with pytest.raises(ValueError, match=f"no Dask scheduler answers at “{nobody}”"):
        parts_sums(worked, counting, Cluster(nobody))
    with (
        LocalCluster(n_workers=0, **ONLY_HERE) as idle,
        pytest.raises(ValueError, match="has no worker"),
    ):
        parts_sums(worked, counting, Cluster(idle.scheduler_address))


STUCK = """
import threading
from distributed import LocalCluster
from commonpurse.cli import tally_parts
def stuck(path, counting):
    print("begun", flush=True)
    threading.Event().wait(600)
tally_parts.part_count = stuck
where = {"host": "127.0.0.1", "protocol": "tcp", "dashboard_address": "127.0.0.1:0"}
where |= {"worker_dashboard_address": "127.0.0.1:0"}
with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, **where) as made:
    print(made.scheduler_address, flush=True)
    threading.Event().wait(600)
"""


def test_a_cluster_that_dies_is_one_line(worked: Path) -> None:
    words = [sys.executable, "-c", WITHOUT_DJANGO, "tally", str(worked), *MARKETS]
    with subprocess.Popen(
        [sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True
    ) as whole:
        try:
            assert whole.stdout is not None
            words += ["--engine", "dask", "--scheduler", whole.stdout.readline().strip()]
            counting = subprocess.Popen(
                words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            begun = whole.stdout.readline()
        finally:
            whole.kill()
    printed, said = counting.communicate(timeout=120)
    assert begun == "begun\n"
    done = subprocess.CompletedProcess(words, counting.returncode, printed, said)
    refused(done, "the Dask cluster went away while it counted", str(worked))


def test_whole_projects_are_counted_here_alone(worked: Path, by_dask: list[str]) -> None:
    done = tally(worked, "--rule", "equal-shares", *by_dask)
    refused(done, "whole projects are counted by --engine local alone", str(worked))
    refused(purse_tally("--rule", "greedy"), "--engine local needs a FILE", "purse tally")


@pytest.mark.parametrize("missing", ["pyarrow", "distributed"])
def test_what_is_not_installed_is_named(worked: Path, missing: str) -> None:
    wall = f"import sys; sys.modules[{missing!r}] = None\n"
    done = subprocess.run(
        [sys.executable, "-c", wall + WITHOUT_DJANGO, "tally", str(worked), *MARKETS]
        + ["--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"] * (missing == "distributed"),
        capture_output=True,
        text=True,
        check=False,
    )
    refused(done, f"{missing} is not installed, which this needs; requirements/", str(worked))


def test_a_table_counts_decimals_uuids_and_what_it_has_besides(ballots: Ballots) -> None:
    ann, bo = uuid.uuid4(), uuid.uuid4()
    rows = [
        (ann, "news", Decimal("0.25"), 3, "red"),
        (ann, "code", Decimal("0.750"), 3, "red"),
        (bo, "later", Decimal("0.5"), 360, "red"),
        (bo, "code", Decimal("0.25"), 360, "red"),
    ]
    kinds = "voter uuid, channel varchar(9), value numeric, age_days smallint, colour text"
    ballots.fill(rows, kinds)
    words = ["--param", "half_life=12", "--param", "carry_over=later"]
    done = purse_tally("--rule", "mean", "--pool", "1200", "--json", *words, *ballots.words)
    assert done.returncode == 0, done.stderr
    votes = [Vote(str(one[0]), one[1], Fraction(one[2]), one[3]) for one in rows]
    parameters = {"half_life": "12", "carry_over": "later"}
    found = pool_divide("mean", votes, pool=1200, parameters=parameters)
    assert json.loads(done.stdout)["awards"] == found.awards == {"code": 700, "news": 200}
    assert json.loads(done.stdout)["residual"] == found.residual == 300


PLAIN = "voter text, channel text, value numeric"


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        ([], PLAIN, "there is no ballot in it"),
        ([("1", "a", 0.5)], "voter text, channel text, value float8", "column value is of float8"),
        ([("1", "a")], "voter text, channel text", "the column value is missing"),
        ([("1", "a", -1)], PLAIN, "the value -1 is below 0"),
        ([("1", "a", Decimal("NaN"))], PLAIN, "the value NaN is no number"),
        ([("1", "a", None)], PLAIN, "a row has no value"),
        ([(None, "a", 1)], PLAIN, "a row has no voter"),
        ([("1", "", 1)], PLAIN, "The channel is missing"),
        ([("1", "a", 0), ("1", "a", 0)], PLAIN, "the ballot of “1” names a channel twice"),
        ([("1", "a", Decimal("0.4"), 1), ("1", "b", 0, 2)], PLAIN + ", age_days int", "age or"),
        (
            [("1", "a", Decimal("0.4")), ("1", "b", Decimal("0.61"))],
            PLAIN,
            "the ballot of “1” gives away more than the whole, 1",
        ),
    ],
)
def test_a_table_that_cannot_be_counted_is_refused_in_one_line(
    ballots: Ballots, rows: list[tuple[Any, ...]], columns: str, said: str
) -> None:
    ballots.fill(rows, columns)
    refused(purse_tally(*MARKETS, *ballots.words), said, ballots.name)


def test_databases_and_tables_that_are_not_there(ballots: Ballots) -> None:
    words = ["--engine", "postgres", "--table", "no.body", "--database"]
    refused(purse_tally(*MARKETS, *words, ballots.url), "does not exist", "no.body")
    nobody = "postgresql://ann:secret@127.0.0.1:1/x"
    done = purse_tally(*MARKETS, *words, nobody)
    refused(done, "connection", "no.body")
    assert "secret" not in done.stderr
    done = purse_tally(*MARKETS, *words, "ann secret")
    refused(done, "is no address of a PostgreSQL database", "no.body")
    assert "secret" not in done.stderr
