"""Participatory budgets in Pabulib's `.pb`: META, PROJECTS and VOTES, fields divided by `;`.

    META                 PROJECTS             VOTES
    key;value            project_id;cost      voter_id;vote
    budget;60            a;50                 1;a,c
    vote_type;approval   c;20                 2;

Every kind of vote is read as approvals: being listed approves, and where a ballot gives points
(`cumulative`, `scoring`) a project with more than 0 of them. Format: https://pabulib.org/format.
"""

import csv
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import BinaryIO

from commonpurse.formats.lines import NAME_LETTERS_MAX, BadLine, lines_of, name_read
from commonpurse.rules.exact import exact, shown
from commonpurse.rules.projects.election import Election

SECTIONS = ("META", "PROJECTS", "VOTES")
KINDS = ("approval", "ordinal", "cumulative", "scoring", "choose-1")
WITH_POINTS = ("cumulative", "scoring")
PROJECTS_MAX = 20_000
VOTERS_MAX = 20_000_000
MONEY_MAX = 10**15
PLACES_MAX = 10**6
COMMA_DECIMALS = 2


@dataclass
class Reading:
    """What was read so far, and where we are."""

    line: int = 0
    section: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    budget: Fraction = Fraction(0)
    places: dict[str, int] = field(default_factory=dict)
    costs: list[Fraction] = field(default_factory=list)
    voters: set[str] = field(default_factory=set)
    starts: "array[int]" = field(default_factory=lambda: array("q", [0]))
    approvals: "array[int]" = field(default_factory=lambda: array("i"))

    def fault(self, message: str) -> BadLine:
        """A refusal of the line that we are at."""
        return BadLine(self.line, message)


def read(source: BinaryIO) -> Election:
    """Read a whole file. BadLine names the first line that cannot be right."""
    at = Reading()
    for text in lines_of(source):
        at.line += 1
        if at.section == "VOTES" and at.columns and ";" in text and text[0] != ";":
            # Nearly every line of a large file is this one: a ballot that begins with its voter.
            vote_read(at, text)
            continue
        word = text.strip().rstrip(";").strip()
        if word in SECTIONS:
            section_begin(at, word)
        elif not word:
            # A voter may approve of nothing, but then the line still names the voter.
            continue
        elif not at.section:
            raise at.fault(f"A .pb file begins with META, not with {shown(word)}.")
        elif not at.columns:
            columns_read(at, text)
        elif at.section == "META":
            meta_read(at, text)
        elif at.section == "PROJECTS":
            project_read(at, text)
        else:
            vote_read(at, text)
    return finish(at)


def section_begin(at: Reading, name: str) -> None:
    """META, PROJECTS, VOTES, each once and in this order."""
    expected = SECTIONS[SECTIONS.index(at.section) + 1 :][:1] if at.section else SECTIONS[:1]
    if name not in expected:
        raise at.fault(f"{name} stands in the wrong place: META, PROJECTS, VOTES is the order.")
    if at.section and not at.columns:
        raise at.fault(f"{at.section} has no line that names its columns.")
    if at.section == "META":
        meta_finish(at)
    if at.section == "PROJECTS" and not at.costs:
        raise at.fault("There are no projects.")
    at.section, at.columns = name, {}


def columns_read(at: Reading, text: str) -> None:
    """The line that names a section's columns."""
    names = [one.strip() for one in fields_of(at, text)]
    at.columns = {name: place for place, name in enumerate(names)}
    needed = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost")}.get(
        at.section, ("voter_id", "vote")
    )
    if len(at.columns) != len(names):
        raise at.fault("A column is named twice.")
    for name in needed:
        if name not in at.columns:
            raise at.fault(f"{at.section} has no column {name}.")
    if at.section == "VOTES" and at.kind in WITH_POINTS and "points" not in at.columns:
        raise at.fault(f"Votes of type {at.kind} need a column points.")


def fields_of(at: Reading, text: str) -> list[str]:
    """The fields of a line; quotes may hold a semicolon, but not a line's end."""
    if '"' not in text:
        return text.split(";")
    try:
        (fields,) = csv.reader([text], delimiter=";", strict=True)
    except (csv.Error, ValueError) as fault:
        raise at.fault("The quotes of this line do not close.") from fault
    return fields


def cell(at: Reading, fields: list[str], name: str) -> str:
    """The field in this column, empty where the line ends before it."""
    place = at.columns[name]
    return fields[place] if place < len(fields) else ""


def row_of(at: Reading, text: str) -> list[str]:
    """A line's fields, no more of them than there are columns."""
    fields = fields_of(at, text)
    if len(fields) > len(at.columns) and any(fields[len(at.columns) :]):
        raise at.fault(f"The line has {len(fields)} fields, for {len(at.columns)} columns.")
    return fields


def meta_read(at: Reading, text: str) -> None:
    """One fact about the election."""
    # Descriptions hold semicolons, quoted or not: what follows the key is its value.
    fields = fields_of(at, text)
    key = fields[0].strip()
    if key in at.meta:
        raise at.fault(f"{shown(key)} is given twice.")
    at.meta[key] = ";".join(fields[1:]).strip()
    if key == "budget":
        at.budget = money(at, "budget", at.meta[key])
    elif key == "vote_type":
        at.kind = at.meta[key].lower()
        if at.kind not in KINDS:
            raise at.fault(f"{shown(at.kind)} is no type of vote: {', '.join(KINDS)}.")


def meta_finish(at: Reading) -> None:
    """What every election must say of itself."""
    if not at.budget:
        raise at.fault("META gives no budget.")
    if not at.kind:
        raise at.fault("META gives no vote_type.")


def money(at: Reading, what: str, text: str) -> Fraction:
    """An amount above zero, as decimals; a comma is read as a point before one or two digits."""
    plain = text.strip()
    head, comma, decimals = plain.partition(",")
    if comma and len(decimals) <= COMMA_DECIMALS:
        plain = f"{head}.{decimals}"
    try:
        amount = exact(plain)
    except ValueError as fault:
        raise at.fault(f"The {what} {shown(text)} is not an amount.") from fault
    if not 0 < amount <= MONEY_MAX:
        raise at.fault(f"The {what} {shown(text)} is not above 0 and up to {MONEY_MAX}.")
    if PLACES_MAX % amount.denominator:
        raise at.fault(f"The {what} {shown(text)} has more than six decimals.")
    return amount


def project_read(at: Reading, text: str) -> None:
    """One project and its cost."""
    fields = row_of(at, text)
    name = name_read(at.line, "project_id", cell(at, fields, "project_id"))
    if "," in name:
        raise at.fault(f"The project_id {shown(name)} holds a comma.")
    if name in at.places:
        raise at.fault(f"Project {shown(name)} is listed twice.")
    if len(at.places) == PROJECTS_MAX:
        raise at.fault(f"There are more than {PROJECTS_MAX:,} projects.")
    at.places[name] = len(at.costs)
    at.costs.append(money(at, "cost", cell(at, fields, "cost")))


def vote_read(at: Reading, text: str) -> None:
    """One voter's ballot, as the projects approved of."""
    fields = row_of(at, text)
    voter = cell(at, fields, "voter_id")
    if not voter.isalnum() or len(voter) > NAME_LETTERS_MAX:
        voter = name_read(at.line, "voter_id", voter)
    if voter in at.voters:
        raise at.fault(f"Voter {shown(voter)} voted twice.")
    if len(at.voters) == VOTERS_MAX:
        raise at.fault(f"There are more than {VOTERS_MAX:,} voters.")
    at.voters.add(voter)
    listed = cell(at, fields, "vote").strip()
    names = listed.split(",") if listed else []
    try:
        ballot = [at.places[name] for name in names]
    except KeyError:
        ballot = [place_of(at, name.strip()) for name in names]
    if len(set(ballot)) != len(ballot):
        raise at.fault(f"The ballot of {shown(voter)} lists a project twice.")
    if at.kind == "choose-1" and len(ballot) > 1:
        raise at.fault(f"The ballot of {shown(voter)} chooses {len(ballot)} projects, not one.")
    if at.kind in WITH_POINTS:
        given = cell(at, fields, "points").strip()
        ballot = list(supported(at, ballot, given.split(",") if given else []))
    at.approvals.extend(ballot)
    at.starts.append(len(at.approvals))


def place_of(at: Reading, name: str) -> int:
    """The place of a project named in a ballot."""
    if name not in at.places:
        raise at.fault(f"There is no project {shown(name)}.")
    return at.places[name]


def supported(at: Reading, ballot: list[int], points: list[str]) -> Iterator[int]:
    """The projects of a ballot with more than 0 points."""
    if len(points) != len(ballot):
        raise at.fault(f"The line lists {len(ballot)} projects and {len(points)} points.")
    for project, text in zip(ballot, points, strict=True):
        stripped = text.strip()
        try:
            amount = exact(stripped.removeprefix("-"))
        except ValueError as fault:
            raise at.fault(f"{shown(stripped)} is not a number of points.") from fault
        if amount and not stripped.startswith("-"):
            yield project


def finish(at: Reading) -> Election:
    """The election, once everything was read; a file that was cut off is refused."""
    at.line = max(1, at.line)
    if at.section != "VOTES" or not at.columns:
        raise at.fault("The file ends before its VOTES.")
    for key, count in (("num_projects", len(at.costs)), ("num_votes", len(at.voters))):
        said = at.meta.get(key, "")
        if said.isascii() and said.isdigit() and int(said[:30]) != count:
            raise at.fault(f"META says {key} {shown(said)}, but the file has {count}.")
    unit = lcm(at.budget.denominator, *(cost.denominator for cost in at.costs))
    return Election(
        projects=tuple(at.places),
        costs=tuple(int(cost * unit) for cost in at.costs),
        budget=int(at.budget * unit),
        unit=unit,
        starts=at.starts,
        approvals=at.approvals,
    )
