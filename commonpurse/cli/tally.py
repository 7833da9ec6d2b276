"""`purse tally FILE --rule NAME`: count any vote again. Needs neither a database nor Django.

Only the engine that counts inside a database asks one.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from commonpurse.cli.tally_parts import here, parts_sums
from commonpurse.cli.tally_shown import (
    chosen_table,
    chosen_value,
    division_table,
    division_value,
)
from commonpurse.formats import ballots, pabulib
from commonpurse.formats.lines import BadLine
from commonpurse.formats.parquet import is_parquet
from commonpurse.rules.exact import shown, whole
from commonpurse.rules.pools.ballots import BadBallot
from commonpurse.rules.pools.rules import PARAMETERS, counting_for, pool_divide, sums_divide
from commonpurse.rules.pools.sums import Counting, Sums
from commonpurse.rules.projects.equal_shares import COMPLETIONS
from commonpurse.rules.projects.rules import RULES, projects_choose

CANNOT_READ = 2
Read = TypeVar("Read")

EXAMPLES = """examples:
  purse tally city.pb --rule equal-shares                      whole projects, completed by add-1
  purse tally ballots.csv --rule independent-markets --pool 50000
  purse tally ballots.csv --rule votermedia --pool 50000 --param range=5 --param spread=8

  purse tally parts/ --rule mean --pool 50000 --engine dask --scheduler tcp://127.0.0.1:8786
  purse tally --rule mean --pool 50000 --engine postgres --database URL --table ballots

A .pb file is Pabulib's. A CSV file has the columns voter, channel, value, and where wanted age_days
and weight; a Parquet file, a folder of them and a table have the same. docs/rules/ explains every
rule with a worked number. Exit code 2: it cannot be read; one line names file and line.
"""
ENGINES = {
    "local": "this process counts a .pb, CSV or Parquet file, or a folder of Parquet files",
    "dask": "the workers of a Dask cluster count a Parquet file or folder",
    "postgres": "PostgreSQL or Citus counts a table by GROUP BY",
}
BELONGS = {"scheduler": "dask", "database": "postgres", "table": "postgres"}
INSTALL = "requirements/engines.lock lists what to install"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = EXAMPLES
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        type=Path,
        help="a .pb file, or ballots as CSV or Parquet; also a folder of Parquet files",
    )
    parser.add_argument(
        "--rule",
        required=True,
        choices=[*RULES, *PARAMETERS],
        metavar="NAME",
        help=f"for projects: {', '.join(RULES)}; for a pool: {', '.join(PARAMETERS)}",
    )
    parser.add_argument(
        "--completion", choices=COMPLETIONS, help="how equal-shares goes on (default: add1)"
    )
    parser.add_argument("--pool", metavar="MINOR_UNITS", help="the money to divide, in whole cents")
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the rule, such as range=10; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    where = "; ".join(f"{name}: {sentence}" for name, sentence in ENGINES.items())
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="local",
        help=f"where a pool's ballots are counted, to the same cents ({where})",
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of dask: its scheduler's address")
    parser.add_argument("--database", metavar="URL", help="of postgres: the database")
    parser.add_argument("--table", metavar="NAME", help="of postgres: a table or view of ballots")


def run(arguments: argparse.Namespace) -> int:
    """Count, and print the result."""
    subject = arguments.file or arguments.table or "purse tally"
    try:
        text = counted(arguments)
    except BadLine as fault:
        say(f"{subject}, line {fault.line}: {fault.message}")
        return CANNOT_READ
    except ImportError as fault:
        say(f"{subject}: {fault.name} is not installed, which this needs; {INSTALL}.")
        return CANNOT_READ
    except ValueError as fault:
        say(f"{subject}: {fault}.")
        return CANNOT_READ
    sys.stdout.write(text)
    return 0


def say(sentence: str) -> None:
    """One line on the error stream, whatever the file is called."""
    sys.stderr.write("".join(one if one.isprintable() else "�" for one in sentence) + "\n")


def counted(arguments: argparse.Namespace) -> str:
    """The result, as JSON or as a table. Raises BadLine and ValueError."""
    engine_check(arguments)
    parameters = parameters_read(arguments.param)
    if arguments.rule in RULES:
        return projects_counted(arguments, parameters)
    if arguments.completion:
        raise ValueError("--completion belongs to equal-shares")
    if arguments.pool is None:
        raise ValueError("give the pool with --pool, in whole minor units")
    pool = whole(arguments.pool)
    if arguments.engine != "local" or is_parquet(arguments.file):
        counting = counting_for(arguments.rule, pool=pool, parameters=parameters)
        sums = sums_by(arguments, counting)
        division = sums_divide(arguments.rule, sums, pool=pool, parameters=parameters)
        voters = sums.voters
    else:
        given = file_read(arguments.file, ballots.read)
        voters = len(given.lines)
        try:
            division = pool_divide(arguments.rule, given.votes, pool=pool, parameters=parameters)
        except BadBallot as fault:
            line = given.lines[fault.voter]
            raise BadLine(line, f"The ballot of {shown(fault.voter)} {fault.why}.") from fault
    if arguments.json:
        return as_json(division_value(arguments.rule, division, parameters))
    return division_table(arguments.rule, division, voters=voters)


def projects_counted(arguments: argparse.Namespace, parameters: dict[str, str]) -> str:
    """Chosen projects."""
    if arguments.pool is not None:
        raise ValueError("a .pb file gives its own budget, so --pool says nothing here")
    if arguments.engine != "local":
        raise ValueError("whole projects are counted by --engine local alone, from a .pb file")
    if arguments.completion:
        parameters["completion"] = arguments.completion
    chosen = projects_choose(arguments.rule, file_read(arguments.file, pabulib.read), parameters)
    return as_json(chosen_value(chosen)) if arguments.json else chosen_table(chosen)


def engine_check(arguments: argparse.Namespace) -> None:
    """Each engine has what it needs, and nothing that it would pass over."""
    engine = arguments.engine
    for name, owner in BELONGS.items():
        is_given = getattr(arguments, name) is not None
        if is_given and owner != engine:
            raise ValueError(f"--{name} belongs to --engine {owner}")
        if not is_given and owner == engine:
            raise ValueError(f"--engine {engine} needs --{name}")
    if engine == "postgres" and arguments.file is not None:
        raise ValueError("--engine postgres counts a table, so a file says nothing here")
    if engine != "postgres" and arguments.file is None:
        raise ValueError(f"--engine {engine} needs a FILE")


def sums_by(arguments: argparse.Namespace, counting: Counting) -> Sums:
    """What the ballots sum up to, counted by the engine that was asked for."""
    if arguments.engine == "postgres":
        from commonpurse.cli.tally_postgres import Table

        return Table(arguments.database, arguments.table).sums(counting)
    path: Path = arguments.file
    if not path.exists():
        raise ValueError("there is no such file or folder")
    if arguments.engine == "dask":
        from commonpurse.cli.tally_dask import Cluster

        return parts_sums(path, counting, Cluster(arguments.scheduler))
    return parts_sums(path, counting, here)


def as_json(value: dict[str, object]) -> str:
    """The result as programs read it."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def parameters_read(pairs: list[str]) -> dict[str, str]:
    """NAME=VALUE, each name once."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name or not value:
            raise ValueError(f"--param {shown(pair)} is not NAME=VALUE")
        if name in found:
            raise ValueError(f"--param {shown(name)} is given twice")
        found[name] = value
    return found


def file_read(path: Path, read: Callable[[BinaryIO], Read]) -> Read:
    """Read a file; what the machine says of it becomes one sentence."""
    try:
        with path.open("rb") as source:
            return read(source)
    except OSError as fault:
        raise ValueError(f"it cannot be read: {fault.strerror}") from fault
