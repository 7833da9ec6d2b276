"""What a draft would open: its numbers for so many founders, its clauses, and what is missing."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify

from commonpurse.decisions.draft_values import DraftView
from commonpurse.decisions.founding import changed_from, slug_free
from commonpurse.errors import Invalid, NotPossible, PurseError
from commonpurse.groups.names import name_checked
from commonpurse.manual.clauses import Clause
from commonpurse.manual.parameters import Parameters, check_for_members
from commonpurse.manual.templates import Template, template

STEPS = ("purpose", "name", "money", "dues", "manual", "founders")
"""The questions of the wizard, in their order; the check that opens the vote comes after them."""

SPONSOR_NONE = "nobody yet"
"""What the fund says of its holder while there is none: “held by nobody yet”."""

FOUNDERS_MAX = 30
SEATS_MAX = 25
PAIR = 2
KEY_MAX = 36


def parameters_of(
    chosen: Template,
    changes: dict[str, Any],
    *,
    founders: int,
    has_trustees: bool,
) -> Parameters:
    """The numbers for so many founders. Raises Invalid, naming the parameter.

    What nobody chose suits them: two founders are both trustees, one asks and the other approves;
    from three on the template's approvals hold, and there is a seat for each.
    """
    wanted = dict(changes)
    if founders == PAIR and has_trustees and "trustees_seats" not in wanted:
        wanted.setdefault("approvals_needed", 1)
    needed = wanted.get("approvals_needed", chosen.parameters.approvals_needed)
    if "trustees_seats" not in wanted and isinstance(needed, int):
        seats = max(chosen.parameters.trustees_seats, needed + 1, founders if has_trustees else 0)
        wanted["trustees_seats"] = PAIR if needed == 1 else min(seats, SEATS_MAX)
    return changed_from(chosen.parameters, wanted)


def draft_problems(draft: DraftView, *, suggestions_open: int) -> tuple[PurseError, ...]:
    """Everything that keeps the founding vote from being opened, each with its field."""
    found: list[PurseError] = []
    try:
        name_checked(draft.name)
    except PurseError as refusal:
        found.append(refusal)
    try:
        slug_free(draft.slug)
    except PurseError as refusal:
        found.append(refusal)
    try:
        check_for_members(draft.parameters, len(draft.founders))
    except PurseError as refusal:
        found.append(refusal)
    if draft.has_trustees and len(draft.founders) > draft.parameters.trustees_seats:
        seats = draft.parameters.trustees_seats
        found.append(
            Invalid(
                "trustees_number",
                "There are %(seats)s seats for trustees and more founders: let trustees be "
                "chosen by a vote later.",
                field="has_trustees",
                seats=seats,
            )
        )
    if suggestions_open:
        found.append(
            NotPossible(
                "suggestions_open",
                "Accept or decline every suggestion first: nobody shall be passed over.",
                field="suggestions",
            )
        )
    return tuple(found)


def clause_digest(clauses: Sequence[Clause], key: str) -> str:
    """What tells one wording of a clause from another; "none" where there is no such clause."""
    clause = next((each for each in clauses if each.key == key), None)
    if clause is None:
        return "none"
    return hashlib.sha256(f"{clause.title}\x00{clause.text}".encode()).hexdigest()[:16]


def clause_key_new(title: str, clauses: Sequence[Clause]) -> str:
    """A key for a new clause, made from its title, that no other clause has."""
    plain = slugify(title).replace("-", "_").lstrip("_0123456789")[:KEY_MAX].rstrip("_")
    plain = plain or "clause"
    taken = {each.key for each in clauses}
    number = 2
    key = plain
    while key in taken:
        key = f"{plain}_{number}"
        number += 1
    return key


def clauses_under(before: Template, chosen: str, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """The clauses of another template, where those that somebody changed stay as they are."""
    known = {each.key: each for each in before.clauses}
    kept = {each.key: each for each in clauses if known.get(each.key) != each}
    gone = set(known) - {each.key for each in clauses}
    after = [kept.pop(each.key, each) for each in template(chosen).clauses if each.key not in gone]
    return (*after, *kept.values())
