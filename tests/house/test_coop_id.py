"""Habits that let the tables spread over many machines one day: a co-op's rows stay together.

Read from the database's own catalogue, so that hand-written SQL is held to them too.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

REFERENCE = {
    "groups_person": "a person may belong to many co-ops",
    "groups_personsession": "a person is signed in, not in one co-op",
    "groups_apitoken": "a person's key for programs, as the person is",
    "record_count": "who asked how often this minute; holds nothing of a co-op",
    "record_erasablekey": "one key per person, for all of their co-ops",
    "treasury_sponsor": "a sponsor may hold many co-ops' funds",
    "treasury_sponsorstaff": "people of a sponsor, who may hold many co-ops' funds",
    "purse_cache": "counts of sign-in tries; holds nothing of a co-op",
}
"""Tables without coop_id, each with its reason: copied whole to every machine."""

UNIQUE: dict[str, str] = {
    "groups_person.email": "one account per address, across all co-ops",
    "groups_coop.slug": "the address of a co-op's pages, across all co-ops",
}
"""Unique columns that do not lead with coop_id, each with its reason."""

OURS = {
    model._meta.db_table
    for model in apps.get_models(include_auto_created=True)
    if model._meta.app_config.name.startswith("commonpurse.")
}

UNIQUES = """
SELECT t.relname, i.relname, array_agg(a.attname ORDER BY k.ordinality)
FROM pg_index x
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY AS k(attnum, ordinality)
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
WHERE x.indisunique AND NOT x.indisprimary
GROUP BY t.relname, i.relname
"""

FOREIGN = """
SELECT c.conname, s.relname, t.relname
FROM pg_constraint c
JOIN pg_class s ON s.oid = c.conrelid
JOIN pg_class t ON t.oid = c.confrelid
JOIN pg_namespace n ON n.oid = s.relnamespace AND n.nspname = 'public'
WHERE c.contype = 'f'
"""


def rows(query: str) -> Iterator[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        yield from cursor.fetchall()


def columns() -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for table, column, kind, nullable in rows(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'public'"
    ):
        found.setdefault(str(table), {})[str(column)] = (str(kind), str(nullable))
    return found


def test_every_table_of_a_co_op_carries_its_id() -> None:
    known = columns()
    without = {
        table
        for table in OURS
        if known[table].get("coop_id") != ("uuid", "NO") and table not in REFERENCE
    }
    assert without == set()


def test_every_unique_key_but_the_primary_one_leads_with_the_co_op() -> None:
    stray = [
        f"{table}: {index} begins with {names[0]}"
        for table, index, names in rows(UNIQUES)
        if table in OURS - set(REFERENCE)
        and isinstance(names, list)
        and names[0] != "coop_id"
        and f"{table}.{names[0]}" not in UNIQUE
    ]
    assert stray == []


def test_every_foreign_key_stays_in_the_co_op_or_leads_to_a_reference_table() -> None:
    known = columns()
    stray = [
        f"{source} -> {target} ({name})"
        for name, source, target in rows(FOREIGN)
        if source in OURS
        and target not in REFERENCE
        and not ("coop_id" in known[str(source)] and "coop_id" in known[str(target)])
    ]
    assert stray == []


def test_no_table_is_partitioned() -> None:
    assert list(rows("SELECT relname FROM pg_class WHERE relkind = 'p'")) == []


def test_no_primary_key_counts_upwards() -> None:
    """A number from a sequence would tell how many there are, and two machines would collide."""
    counted = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.db_table in OURS
        and model._meta.pk is not None
        and model._meta.pk.get_internal_type() in {"AutoField", "BigAutoField"}
    ]
    assert counted == []


def test_every_exception_still_names_something_real() -> None:
    known = columns()
    assert set(REFERENCE) <= set(known)
    for place in UNIQUE:
        table, column = place.split(".")
        assert column in known[table]
