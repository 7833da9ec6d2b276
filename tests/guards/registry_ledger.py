"""Guards of the ledger: the door, the triggers that judge, the locks, the walls around rows."""

from tests.guards.guard import Guard

# Not here, because a guard behind them refuses the same: that a held amount is not negative (a
# hold ends once), that a hold's key is unique, and that the door knows every account it is given.

LEDGER: tuple[Guard, ...] = (
    Guard(
        name="books: an entry arrives with its postings",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    IF has_empty THEN\n",
        replace="    IF false THEN\n",
        tests=(
            ("tests/ledger/test_walls.py::test_an_entry_without_postings_is_refused_to_the_owner"),
        ),
    ),
    Guard(
        name="books: a posting sits in its entry's book",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="bool_and(a.id IS NOT NULL AND e.id IS NOT NULL) AS is_at_home",
        replace="true AS is_at_home",
        tests=(
            ("tests/ledger/test_entries.py::test_another_book_of_the_same_co_op_is_another_book"),
        ),
    ),
    Guard(
        name="books: an entry counts its postings",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    WHERE e.postings_count <> g.size OR g.size <> (\n",
        replace="    WHERE g.size <> (\n",
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_an_entry_that_counts_its_postings_wrongly_is_refused"
            ),
        ),
    ),
    Guard(
        name="books: a written entry is closed",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find=(
            " OR g.size <> (\n"
            "        SELECT count(*) FROM ledger_posting p\n"
            "        WHERE p.coop_id = g.coop_id AND p.entry_id = g.entry_id);"
        ),
        replace="; -- nothing more",
        tests=("tests/ledger/test_walls.py::test_a_late_but_balanced_pair_is_refused",),
    ),
    Guard(
        name="books: a balance follows from the one before",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    WHERE g.balance_after <> g.expected OR (\n",
        replace="    WHERE (\n",
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_an_account_s_chain_goes_on_without_a_gap[wrong balance]"
            ),
        ),
    ),
    Guard(
        name="books: what is held is not free",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="g.balance_after - g.held < a.floor_minor",
        replace="g.balance_after < a.floor_minor",
        tests=(
            ("tests/ledger/test_holds.py::test_what_is_held_can_be_neither_spent_nor_held_again"),
        ),
    ),
    Guard(
        name="books: balances are written by triggers alone",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    IF pg_trigger_depth() < 2 OR TG_OP IN ('DELETE', 'TRUNCATE') THEN\n",
        replace="    IF false THEN\n",
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_a_balance_follows_from_its_postings_and_from_nothing_else"
            ),
        ),
    ),
    Guard(
        name="books: an account is of a book of its co-op",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find=(
            "    IF NOT FOUND THEN\n"
            "        PERFORM ledger_refuse('PU404', 'no_book', 'an account needs"
        ),
        replace=(
            "    IF false THEN\n        PERFORM ledger_refuse('PU404', 'no_book', 'an account needs"
        ),
        tests=("tests/ledger/test_walls.py::test_an_account_needs_a_book_of_its_own_co_op",),
    ),
    Guard(
        name="books: a closing is of a book of its co-op",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find=(
            "    IF NOT FOUND THEN\n"
            "        PERFORM ledger_refuse('PU404', 'no_book', 'a period belongs"
        ),
        replace=(
            "    IF false THEN\n        PERFORM ledger_refuse('PU404', 'no_book', 'a period belongs"
        ),
        tests=("tests/ledger/test_walls.py::test_a_closing_needs_a_book_of_its_own_co_op",),
    ),
    Guard(
        name="books: a closing moves forward",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    IF before >= NEW.through THEN\n",
        replace="    IF false THEN\n",
        tests=("tests/ledger/test_walls.py::test_a_closed_period_is_closed_to_the_owner",),
    ),
    Guard(
        name="books: a hold is of an account of its co-op",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find=(
            "    IF NOT FOUND THEN\n"
            "        PERFORM ledger_refuse('PU404', 'no_account', 'a hold belongs"
        ),
        replace=(
            "    IF false THEN\n"
            "        PERFORM ledger_refuse('PU404', 'no_account', 'a hold belongs"
        ),
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_a_hold_beyond_what_is_free_is_refused_to_both_roles"
            ),
        ),
    ),
    Guard(
        name="books: the end of a hold is of its co-op",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find=("    IF NOT FOUND THEN\n        PERFORM ledger_refuse('PU404', 'no_hold',"),
        replace=("    IF false THEN\n        PERFORM ledger_refuse('PU404', 'no_hold',"),
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_a_hold_beyond_what_is_free_is_refused_to_both_roles"
            ),
        ),
    ),
    Guard(
        name="books: a hold does not expire early",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find=(
            "    IF NEW.kind = 'expired' AND (held.expires_at IS NULL OR "
            "held.expires_at > NEW.at) THEN\n"
        ),
        replace="    IF false THEN\n",
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_a_hold_beyond_what_is_free_is_refused_to_both_roles"
            ),
        ),
    ),
    Guard(
        name="books: a hold ends once",
        file="commonpurse/ledger/migrations/0001_initial.py",
        find='fields=("coop_id", "hold"), name="hold_ended_once"',
        replace='fields=("coop_id", "hold", "id"), name="hold_ended_once"',
        tests=(
            ("tests/ledger/test_walls.py::test_a_hold_that_ended_does_not_free_what_another_holds"),
        ),
    ),
    Guard(
        name="books: a hold settled has its entry",
        file="commonpurse/ledger/migrations/0001_initial.py",
        find='models.Q(("entry__isnull", False), ("kind", "settled")),',
        replace='models.Q(("kind", "settled")),',
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_a_hold_beyond_what_is_free_is_refused_to_both_roles"
            ),
        ),
    ),
    Guard(
        name="books: a hold takes from the account that it is of",
        file="commonpurse/ledger/services/holds.py",
        find="    if all(line.account_id != hold.account_id for line in entry.lines):\n",
        replace="    if False:\n",
        tests=("tests/ledger/test_holds.py::test_a_settlement_takes_from_the_account_that_holds",),
    ),
    Guard(
        name="books: a hold is not settled by another's entry",
        file="commonpurse/ledger/services/holds.py",
        find="    if known is not None and not is_again:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/ledger/test_holds.py"
                "::test_a_key_that_another_entry_used_does_not_settle_a_hold"
            ),
        ),
    ),
    Guard(
        name="books: one key, one hold",
        file="commonpurse/ledger/services/holds.py",
        find=("    if known is not None:\n        if (known"),
        replace=("    if False:\n        if (known"),
        tests=(
            (
                "tests/ledger/test_holds.py"
                "::test_the_same_hold_again_is_the_same_hold_and_another_body_is_refused"
            ),
        ),
    ),
    Guard(
        name="books: a hold's key keeps its body",
        file="commonpurse/ledger/services/holds.py",
        find=("        if (known.amount_minor, known.expires_at) != (amount_minor, expires_at):\n"),
        replace="        if False:\n",
        tests=(
            (
                "tests/ledger/test_holds.py"
                "::test_the_same_hold_again_is_the_same_hold_and_another_body_is_refused"
            ),
        ),
    ),
    Guard(
        name="books: a repeated key is answered",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="    IF known_count > 0 THEN\n",
        replace="    IF false THEN\n",
        tests=(
            (
                "tests/ledger/test_entries.py"
                "::test_the_same_key_with_the_same_body_is_the_same_entry"
            ),
        ),
    ),
    Guard(
        name="books: one key, one entry, for the owner too",
        file="commonpurse/ledger/migrations/0001_initial.py",
        find='fields=("coop_id", "book", "key"), name="entry_key_once"',
        replace='fields=("coop_id", "book", "key", "id"), name="entry_key_once"',
        tests=("tests/ledger/test_walls.py::test_a_key_is_used_once_in_a_book_by_the_owner_too",),
    ),
    Guard(
        name="books: an entry has two postings and at most 300",
        file="commonpurse/ledger/migrations/0001_initial.py",
        find='("postings_count__range", (2, 300))',
        replace='("postings_count__range", (0, 300))',
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_the_door_itself_judges_whoever_knocks[lines2-entry_postings_range]"
            ),
        ),
    ),
    Guard(
        name="books: an account stands in an entry once",
        file="commonpurse/ledger/migrations/0001_initial.py",
        find='fields=("coop_id", "entry", "account")',
        replace='fields=("coop_id", "entry", "account", "account_version")',
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_the_door_itself_judges_whoever_knocks[lines3-posting_account_on"
                "ce_per_entry]"
            ),
        ),
    ),
    Guard(
        name="books: a posting moves something",
        file="commonpurse/ledger/migrations/0001_initial.py",
        find=('condition=models.Q(("amount_minor", 0), _negated=True), name="posting_not_zero"'),
        replace=(
            'condition=models.Q(("amount_minor", None), _negated=True), name="posting_not_zero"'
        ),
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_the_door_itself_judges_whoever_knocks[lines4-posting_not_zero]"
            ),
        ),
    ),
    Guard(
        name="books: a hold holds something",
        file="commonpurse/ledger/migrations/0001_initial.py",
        find='("amount_minor__gt", 0)), name="hold_amount_positive"',
        replace='("amount_minor__gt", -1000)), name="hold_amount_positive"',
        tests=("tests/ledger/test_holds.py::test_a_hold_has_an_amount_above_zero_and_a_key",),
    ),
    Guard(
        name="books: who posts queues at the accounts",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find=("ORDER BY s.id FOR NO KEY UPDATE;\n    GET DIAGNOSTICS"),
        replace=("ORDER BY s.id;\n    GET DIAGNOSTICS"),
        tests=(
            (
                "tests/ledger/test_races.py"
                "::test_twenty_clients_racing_one_balance_never_overspend_it"
            ),
        ),
    ),
    Guard(
        name="books: who holds queues at the account",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="WHERE id = NEW.account_id AND coop_id = NEW.coop_id FOR NO KEY UPDATE;",
        replace="WHERE id = NEW.account_id AND coop_id = NEW.coop_id;",
        tests=(
            (
                "tests/ledger/test_queues.py"
                "::test_a_hold_waits_for_the_one_before_it_and_does_not_take_its_money"
            ),
        ),
    ),
    Guard(
        name="books: a closing waits for who is posting",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find=("    ORDER BY s.id FOR NO KEY UPDATE;\n    SELECT max(c.through)"),
        replace=("    ORDER BY s.id;\n    SELECT max(c.through)"),
        tests=("tests/ledger/test_queues.py::test_a_closing_waits_for_an_entry_that_is_under_way",),
    ),
    Guard(
        name="books: a closing waits for a new account",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="WHERE id = NEW.book_id AND coop_id = NEW.coop_id FOR NO KEY UPDATE;",
        replace="WHERE id = NEW.book_id AND coop_id = NEW.coop_id;",
        tests=(
            (
                "tests/ledger/test_queues.py"
                "::test_a_closing_waits_for_an_account_that_is_being_opened"
            ),
        ),
    ),
    Guard(
        name="books: a new account keeps its book open",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find="WHERE id = NEW.book_id AND coop_id = NEW.coop_id FOR SHARE;",
        replace="WHERE id = NEW.book_id AND coop_id = NEW.coop_id;",
        tests=(
            (
                "tests/ledger/test_queues.py"
                "::test_a_closing_waits_for_an_account_that_is_being_opened"
            ),
        ),
    ),
    Guard(
        name="books: the door has a schema path of its own",
        file="commonpurse/ledger/migrations/0002_door.sql",
        find=(
            "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, "
            "public, pg_temp\n"
            "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$\n"
            "#variable_conflict"
        ),
        replace=(
            "LANGUAGE plpgsql SECURITY DEFINER\n"
            "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$\n"
            "#variable_conflict"
        ),
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_a_schema_of_one_s_own_does_not_lead_the_door_astray"
            ),
        ),
    ),
    Guard(
        name="books: entries are written through the door alone",
        file="commonpurse/ledger/models.py",
        find=(
            "    append_only: ClassVar[bool] = True\n"
            "    app_grants: ClassVar[tuple[str, ...]] = READ_ONLY\n"
            "\n"
            "    book = "
        ),
        replace=("    append_only: ClassVar[bool] = True\n\n    book = "),
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_the_application_s_role_writes_entries_through_the_door_only"
            ),
        ),
    ),
    Guard(
        name="books: postings are written through the door alone",
        file="commonpurse/ledger/models.py",
        find=(
            "    append_only: ClassVar[bool] = True\n"
            "    app_grants: ClassVar[tuple[str, ...]] = READ_ONLY\n"
            "\n"
            "    pk = "
        ),
        replace=("    append_only: ClassVar[bool] = True\n\n    pk = "),
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_the_application_s_role_writes_entries_through_the_door_only"
            ),
        ),
    ),
    Guard(
        name="books: balances are not the application's",
        file="commonpurse/ledger/models.py",
        find=("    app_grants: ClassVar[tuple[str, ...]] = READ_ONLY\n\n    balance_minor"),
        replace="    balance_minor",
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_a_balance_follows_from_its_postings_and_from_nothing_else"
            ),
        ),
    ),
    Guard(
        name="books: the door is not everybody's",
        file="commonpurse/config/roles.py",
        find=(
            '                cursor.execute(f"REVOKE ALL ON FUNCTION '
            '{quote(function)} FROM PUBLIC")\n'
        ),
        replace="",
        tests=(
            (
                "tests/ledger/test_walls.py"
                "::test_the_application_s_role_writes_entries_through_the_door_only"
            ),
        ),
    ),
    Guard(
        name="walls: nothing is updated",
        file="commonpurse/config/roles.py",
        find="BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}",
        replace="BEFORE DELETE OR TRUNCATE ON {table}",
        tests=(
            (
                "tests/house/test_rights.py"
                "::test_nobody_changes_what_is_append_only_not_even_the_owner"
            ),
        ),
    ),
    Guard(
        name="walls: nothing is deleted",
        file="commonpurse/config/roles.py",
        find="BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}",
        replace="BEFORE UPDATE OR TRUNCATE ON {table}",
        tests=(
            (
                "tests/house/test_rights.py"
                "::test_nobody_changes_what_is_append_only_not_even_the_owner"
            ),
        ),
    ),
    Guard(
        name="walls: nothing is truncated",
        file="commonpurse/config/roles.py",
        find="BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}",
        replace="BEFORE UPDATE OR DELETE ON {table}",
        tests=(
            (
                "tests/house/test_rights.py"
                "::test_nobody_changes_what_is_append_only_not_even_the_owner"
            ),
        ),
    ),
    Guard(
        name="walls: an audited table is append-only",
        file="commonpurse/config/roles.py",
        find=("        issubclass(model, AuditedModel)\n        or model in"),
        replace="        model in",
        tests=("tests/ledger/test_walls.py::test_what_is_written_stays_for_both_roles",),
    ),
    Guard(
        name="walls: the application has no right to change",
        file="commonpurse/config/roles.py",
        find='APPEND_GRANTS = ("SELECT", "INSERT")\n',
        replace='APPEND_GRANTS = ("SELECT", "INSERT", "UPDATE", "DELETE")\n',
        tests=("tests/ledger/test_walls.py::test_what_is_written_stays_for_both_roles",),
    ),
    Guard(
        name="walls: rights that were given are taken back",
        file="commonpurse/config/roles.py",
        find=('            cursor.execute(f"REVOKE ALL ON TABLE {quote(table)} FROM {role}")\n'),
        replace="",
        tests=(
            (
                "tests/house/test_rights.py"
                "::test_a_right_that_somebody_gave_is_gone_after_the_next_migration"
            ),
        ),
    ),
    Guard(
        name="walls: migrations are not the application's",
        file="commonpurse/config/roles.py",
        find='READ_ONLY_TABLES = {"django_migrations"}\n',
        replace="READ_ONLY_TABLES: set[str] = set()\n",
        tests=(
            (
                "tests/house/test_rights.py"
                "::test_the_application_has_the_rights_that_the_models_give_it_and_no_more"
            ),
        ),
    ),
)
