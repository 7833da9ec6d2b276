"""Guards of the books, of bank files and of what is imported from them."""

from tests.guards.guard import Guard

BOOKS: tuple[Guard, ...] = (
    Guard(
        name="books: an entry sums to zero",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    WHERE NOT g.is_at_home OR g.total <> 0\n",
        replace="    WHERE NOT g.is_at_home\n",
        tests=("tests/ledger/test_walls.py::test_an_unbalanced_entry_is_refused_to_the_owner",),
    ),
    Guard(
        name="books: a floor holds",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="        AND side.of_kind * g.balance_after - g.held < a.floor_minor)\n",
        replace="        AND false)\n",
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_a_floor_holds_for_the_owner_and_gives_way_to_the_bank_alone"
            ),
            "tests/ledger/test_entries.py::test_a_floor_holds_to_the_last_cent",
        ),
    ),
    Guard(
        name="books: a closed period is closed",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    IF is_late THEN\n",
        replace="    IF false THEN\n",
        tests=("tests/ledger/test_walls.py::test_a_closed_period_is_closed_to_the_owner",),
    ),
    Guard(
        name="books: a reversal is the exact opposite",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    IF has_reversal THEN\n",
        replace="    IF false THEN\n",
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_an_entry_is_reversed_once_and_exactly_by_the_owner_too"
            ),
        ),
    ),
    Guard(
        name="books: an entry is reversed once",
        file="commonpurse/ledger/migrations/0001_initial.py",
        find='fields=("coop_id", "reverses")',
        replace='fields=("coop_id", "reverses", "id")',
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_an_entry_is_reversed_once_and_exactly_by_the_owner_too"
            ),
        ),
    ),
    Guard(
        name="books: a chain has no gap",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="          AND m.first = s.version + 1 AND m.last = s.version + m.size\n",
        replace="",
        tests=("tests/ledger/test_walls.py::test_an_account_s_chain_goes_on_without_a_gap",),
    ),
    Guard(
        name="books: one key, one entry",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="        WHERE e.body_hash <> n.body_hash;\n",
        replace="        WHERE false;\n",
        tests=("tests/ledger/test_entries.py::test_the_same_key_with_another_body_is_refused",),
    ),
    Guard(
        name="books: a hold takes from what is free",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    IF fact.free_minor < NEW.amount_minor THEN\n",
        replace="    IF false THEN\n",
        tests=(
            "tests/ledger/test_walls.py::test_a_hold_beyond_what_is_free_is_refused_to_both_roles",
        ),
    ),
    Guard(
        name="bank: no document type, no entities",
        file="commonpurse/formats/xmlpieces.py",
        find="forbid_dtd=True",
        replace="forbid_dtd=False, forbid_entities=False, forbid_external=False",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is"
            ),
        ),
    ),
    Guard(
        name="bank: a statement adds up",
        file="commonpurse/formats/camt053.py",
        find="difference == 0 and not entries.has_bad_details",
        replace="not entries.has_bad_details",
        tests=("tests/formats/test_camt053.py::test_what_does_not_add_up_says_by_how_much",),
    ),
    Guard(
        name="bank: what does not reconcile needs a reason",
        file="commonpurse/treasury/services/bank.py",
        find="    if faults and not written:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/treasury/test_bank_import.py"
                "::test_what_does_not_reconcile_needs_a_written_reason"
            ),
        ),
    ),
    Guard(
        name="bank: a movement is imported once",
        file="commonpurse/treasury/services/bank.py",
        find="for place, key in keys.items() if key not in known}",
        replace="for place, key in keys.items()}",
        tests=(
            (
                "tests/treasury/test_bank_import.py"
                "::test_an_overlapping_statement_brings_only_what_is_new"
            ),
        ),
    ),
    Guard(
        name="bank: only a treasurer imports",
        file="commonpurse/treasury/services/bank.py",
        find='    if "treasurer" not in actor.roles:\n',
        replace="    if False:\n",
        tests=("tests/treasury/test_bank_import.py::test_only_a_treasurer_imports",),
    ),
)
