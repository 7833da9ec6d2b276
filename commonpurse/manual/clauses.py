"""The prose of a manual: clauses, each with a key that stays when its words change."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commonpurse.errors import Invalid
from commonpurse.rules.texts import is_seen
from commonpurse.say import say

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
TITLE_MAX = 120
TEXT_MAX = 8_000
CLAUSES_MAX = 40


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its key, its title and its words."""

    key: str
    title: str
    text: str


def clauses_from_json(given: object) -> tuple[Clause, ...]:
    """Clauses from a list of objects. Raises Invalid, naming the clause."""
    if not isinstance(given, list | tuple):
        raise Invalid("clauses_wrong", "Clauses are a list.", field="clauses")
    found = tuple(clause_read(item) for item in given)
    keys = [clause.key for clause in found]
    if len(set(keys)) != len(keys):
        raise Invalid("clause_twice", "Give each clause a key of its own.", field="clauses")
    if not 1 <= len(found) <= CLAUSES_MAX:
        raise Invalid(
            "clauses_wrong",
            "Have 1 to %(clauses_max)s clauses.",
            field="clauses",
            clauses_max=CLAUSES_MAX,
        )
    return found


def clauses_to_json(clauses: Sequence[Clause]) -> list[dict[str, str]]:
    """Clauses as a list of objects."""
    return [{"key": item.key, "title": item.title, "text": item.text} for item in clauses]


def clauses_changed(clauses: Sequence[Clause], changes: object) -> tuple[Clause, ...]:
    """The clauses with some replaced, added at the end, or (with empty text) struck out."""
    if not isinstance(changes, list | tuple):
        raise Invalid("clauses_wrong", "Changed clauses are a list.", field="clauses")
    after = {item.key: item for item in clauses}
    for given in changes:
        if isinstance(given, dict) and given.get("text") == "" and given.get("key") in after:
            del after[given["key"]]
            continue
        clause = clause_read(given)
        after[clause.key] = clause
    return clauses_from_json(clauses_to_json(tuple(after.values())))


def clause_read(given: object) -> Clause:
    """One clause from an object. Raises Invalid."""
    if not isinstance(given, dict) or set(given) != {"key", "title", "text"}:
        raise Invalid("clause_wrong", "A clause has a key, a title and a text.", field="clauses")
    key, title, text = given["key"], given["title"], given["text"]
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Invalid(
            "clause_key",
            "A clause's key is small letters, digits and underscores.",
            field="clauses",
        )
    title_name, text_name = say("title"), say("text")
    for name, value, longest in ((title_name, title, TITLE_MAX), (text_name, text, TEXT_MAX)):
        if not isinstance(value, str) or not is_seen(value) or len(value) > longest:
            raise Invalid(
                "clause_wrong",
                "Enter a %(name)s of 1 to %(longest)s letters for the clause %(key)s.",
                field="clauses",
                name=name,
                longest=longest,
                key=key,
            )
    return Clause(key=key, title=title.strip(), text=text.strip().replace("\r\n", "\n"))
