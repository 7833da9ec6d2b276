"""Guards of imports: each movement of the bank is booked once, and each account is whose it is."""

from tests.guards.guard import Guard

BANK: tuple[Guard, ...] = (
    Guard(
        name="bank: the same file is booked once",
        file="commonpurse/treasury/services/bank.py",
        find="    if (earlier := _earlier(fund, digest)) is not None:\n",
        replace="    if (earlier := _earlier(fund, digest)) is not None and False:\n",
        tests=("tests/treasury/test_bank_import.py::test_the_same_file_twice_is_booked_once",),
    ),
    Guard(
        name="bank: imports queue at the fund",
        file="commonpurse/treasury/services/bank.py",
        find=("    lock_take(fund.id)\n    if (earlier"),
        replace="    if (earlier",
        tests=(
            (
                "tests/treasury/test_bank_race.py"
                "::test_the_same_file_imported_at_once_is_booked_once"
            ),
        ),
    ),
    Guard(
        name="bank: what a line turned out to be leaves what it was taken for",
        file="commonpurse/treasury/migrations/0007_line_totals.sql",
        find="           sum(m.sign * l.amount_minor), sum(m.sign)\n",
        replace="           sum(l.amount_minor), sum(m.sign)\n",
        tests=("tests/cli/test_doctor.py::test_each_lie_is_found_by_the_look_that_is_meant_to",),
    ),
    Guard(
        name="bank: a movement is booked once, by its key",
        file="commonpurse/treasury/migrations/0001_initial.py",
        find='fields=("coop_id", "line_key"), name="line_once"',
        replace='fields=("coop_id", "line_key", "id"), name="line_once"',
        tests=("tests/treasury/test_bank_walls.py::test_a_movement_stands_once_in_the_database",),
    ),
    Guard(
        name="bank: a statement stands once",
        file="commonpurse/treasury/migrations/0001_initial.py",
        find=('fields=("coop_id", "fund", "file_sha256", "ordinal"), name="statement_once"'),
        replace=(
            'fields=("coop_id", "fund", "file_sha256", "ordinal", "id"), name="statement_once"'
        ),
        tests=("tests/treasury/test_bank_walls.py::test_a_statement_stands_once_in_the_database",),
    ),
    Guard(
        name="bank: a line is booked once",
        file="commonpurse/treasury/migrations/0001_initial.py",
        find='fields=("coop_id", "line"), name="booking_once"',
        replace='fields=("coop_id", "line", "id"), name="booking_once"',
        tests=("tests/treasury/test_bank_walls.py::test_a_line_is_booked_once_in_the_database",),
    ),
    Guard(
        name="bank: what lacks a balance has a reason in the database",
        file="commonpurse/treasury/migrations/0003_reason_where_unknown.py",
        find='models.Q(("balanced", True), ("balanced__isnull", False)),',
        replace='("balanced", True),',
        tests=(
            (
                "tests/treasury/test_bank_walls.py"
                "::test_what_does_not_reconcile_has_a_reason_in_the_database[None]"
            ),
        ),
    ),
    Guard(
        name="bank: an old statement is known by its days",
        file="commonpurse/treasury/services/bank.py",
        find=(
            "        and all(latest is None or entry.booked_on >= latest for entry "
            "in statement.entries)\n"
        ),
        replace="",
        tests=(
            (
                "tests/treasury/test_bank_import.py"
                "::test_an_old_statement_downloaded_again_is_known_though_its_balances_fit"
            ),
        ),
    ),
    Guard(
        name="bank: a statement goes on from the last",
        file="commonpurse/treasury/services/bank.py",
        find="        if statement.balanced and expected != statement.closing_minor:\n",
        replace="        if False:\n",
        tests=(
            (
                "tests/treasury/test_bank_import.py"
                "::test_a_statement_that_leaves_a_gap_needs_a_written_reason"
            ),
        ),
    ),
    Guard(
        name="bank: a statement has both balances",
        file="commonpurse/treasury/services/bank.py",
        find=("    if statement.balanced is None:\n        faults.append"),
        replace=("    if False:\n        faults.append"),
        tests=(
            (
                "tests/treasury/test_bank_import.py"
                "::test_what_does_not_reconcile_needs_a_written_reason[None-12.00-lacks]"
            ),
        ),
    ),
    Guard(
        name="bank: a statement is of the fund's account",
        file="commonpurse/treasury/services/bank.py",
        find="        if statement.account != account.iban:\n",
        replace="        if False:\n",
        tests=(
            (
                "tests/treasury/test_bank_import.py"
                "::test_a_bad_file_is_refused_and_leaves_nothing[data4-other_account]"
            ),
        ),
    ),
    Guard(
        name="bank: a statement is in the fund's currency",
        file="commonpurse/treasury/services/bank.py",
        find="        if statement.currency != fund.currency:\n",
        replace="        if False:\n",
        tests=(
            (
                "tests/treasury/test_bank_import.py"
                "::test_a_bad_file_is_refused_and_leaves_nothing[data5-currency]"
            ),
        ),
    ),
    Guard(
        name="bank: no more than is held in memory",
        file="commonpurse/treasury/services/bank.py",
        find="    if len(data) > FILE_BYTES_MAX:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/treasury/test_bank_import.py"
                "::test_a_file_larger_than_any_bank_sends_is_refused_unread"
            ),
        ),
    ),
    Guard(
        name="payee: an account number has its check digits",
        file="commonpurse/formats/iban.py",
        find="IBAN(text).compact",
        replace="IBAN(text, allow_invalid=True).compact",
        tests=(
            (
                "tests/treasury/test_payments_money.py"
                "::test_an_account_that_cannot_be_right_is_refused[NL92ABNA0417164300-B"
                "rine Backup-iban]"
            ),
        ),
    ),
    Guard(
        name="payee: not the fund's own account",
        file="commonpurse/treasury/services/payees.py",
        find=("    if FundAccount.objects.filter(coop_id=payee.coop_id, iban=iban).exists():\n"),
        replace="    if False:\n",
        tests=(
            (
                "tests/treasury/test_payments_money.py"
                "::test_an_account_that_cannot_be_right_is_refused[DE893704004405320130"
                "00-Brine Backup-own_fund]"
            ),
        ),
    ),
    Guard(
        name="payee: only some change an account",
        file="commonpurse/treasury/services/payees.py",
        find="        check_may_change(actor, payee)\n",
        replace="        pass\n",
        tests=(
            (
                "tests/treasury/test_payments_money.py"
                "::test_a_plain_member_does_not_change_bank_details"
            ),
        ),
    ),
)
