"""`purse tally FILE --rule NAME`: count any vote again. Needs neither a database nor Django."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from commonpurse.cli.tally_shown import (
    chosen_table,
    chosen_value,
    division_table,
    division_value,
)
from commonpurse.formats import ballots, pabulib
from commonpurse.formats.lines import BadLine
from commonpurse.rules.exact import shown, whole
from commonpurse.rules.pools.ballots import BadBallot
from commonpurse.rules.pools.rules import PARAMETERS, pool_divide
from commonpurse.rules.projects.equal_shares import COMPLETIONS
from commonpurse.rules.projects.rules import RULES, projects_choose

CANNOT_READ = 2
Read = TypeVar("Read")

EXAMPLES = """examples:
  purse tally city.pb --rule equal-shares                      whole projects, completed by add-1
  purse tally ballots.csv --rule independent-markets --pool 50000
  purse tally ballots.csv --rule votermedia --pool 50000 --param range=5 --param spread=8

A .pb file is Pabulib's. A CSV file has the columns voter, channel, value, and where wanted age_days
and weight. docs/rules/ explains every rule with a worked number. Exit code 2: it cannot be read;
one line names file and line.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = EXAMPLES
    parser.add_argument("file", metavar="FILE", type=Path, help="a .pb file, or ballots as CSV")
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


def run(arguments: argparse.Namespace) -> int:
    """Count, and print the result."""
    try:
        text = counted(arguments)
    except BadLine as fault:
        say(f"{arguments.file}, line {fault.line}: {fault.message}")
        return CANNOT_READ
    except ValueError as fault:
        say(f"{arguments.file}: {fault}.")
        return CANNOT_READ
    sys.stdout.write(text)
    return 0


def say(sentence: str) -> None:
    """One line on the error stream, whatever the file is called."""
    sys.stderr.write("".join(one if one.isprintable() else "�" for one in sentence) + "\n")


def counted(arguments: argparse.Namespace) -> str:
    """The result, as JSON or as a table. Raises BadLine and ValueError."""
    parameters = parameters_read(arguments.param)
    if arguments.rule in RULES:
        if arguments.pool is not None:
            raise ValueError("a .pb file gives its own budget, so --pool says nothing here")
        if arguments.completion:
            parameters["completion"] = arguments.completion
        chosen = projects_choose(
            arguments.rule, file_read(arguments.file, pabulib.read), parameters
        )
        return as_json(chosen_value(chosen)) if arguments.json else chosen_table(chosen)
    if arguments.completion:
        raise ValueError("--completion belongs to equal-shares")
    if arguments.pool is None:
        raise ValueError("give the pool with --pool, in whole minor units")
    pool = whole(arguments.pool)
    given = file_read(arguments.file, ballots.read)
    try:
        division = pool_divide(arguments.rule, given.votes, pool=pool, parameters=parameters)
    except BadBallot as fault:
        line = given.lines[fault.voter]
        raise BadLine(line, f"The ballot of {shown(fault.voter)} {fault.why}.") from fault
    if arguments.json:
        return as_json(division_value(arguments.rule, division, parameters))
    return division_table(arguments.rule, division, voters=len(given.lines))


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
