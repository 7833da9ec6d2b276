"""Guards of mandates, payment requests, approvals and orders."""

from tests.guards.guard import Guard

PAYMENTS: tuple[Guard, ...] = (
    Guard(
        name="payment: requester does not approve",
        file="commonpurse/treasury/selectors/readiness.py",
        find="if member_id == facts.request.requester_member_id:",
        replace="if False:",
        tests=(
            ("tests/treasury/test_payments_refused.py::test_nobody_approves_what_they_asked_for"),
        ),
    ),
    Guard(
        name="payment: editor does not approve",
        file="commonpurse/treasury/selectors/readiness.py",
        find="if member_id == version.edited_by_member_id:",
        replace="if False:",
        tests=("tests/treasury/test_payments_refused.py::test_nobody_approves_what_they_edited",),
    ),
    Guard(
        name="payment: beneficial owner does not approve",
        file="commonpurse/treasury/selectors/readiness.py",
        find="if member_id == version.payee.beneficial_owner_member_id:",
        replace="if False:",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_nobody_approves_a_payment_that_they_gain_from"
            ),
        ),
    ),
    Guard(
        name="payment: who entered the account does not approve",
        file="commonpurse/treasury/selectors/readiness.py",
        find="if member_id == version.payee_account.entered_by_member_id:",
        replace="if False:",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_whoever_entered_the_account_does_not_approve_paying_into_it"
            ),
        ),
    ),
    Guard(
        name="payment: only trustees approve",
        file="commonpurse/treasury/selectors/readiness.py",
        find="if str(member_id) not in version.trustee_set.member_ids:",
        replace="if False:",
        tests=("tests/treasury/test_payments_refused.py::test_only_a_trustee_approves",),
    ),
    Guard(
        name="payment: approvals count for the set in force",
        file="commonpurse/treasury/selectors/readiness.py",
        find="if current is not None and current.id == facts.version.trustee_set_id:",
        replace="if True:",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_a_new_set_of_trustees_voids_what_the_former_signed"
            ),
        ),
    ),
    Guard(
        name="payment: the payload signed is the payload shown",
        file="commonpurse/treasury/services/approvals.py",
        find=("if payload_hash != version.payload_hash or payload_of(facts).hash != payload_hash:"),
        replace="if False:",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_an_edit_voids_every_approval_and_the_old_hash_signs_nothing"
            ),
        ),
    ),
    Guard(
        name="payment: nobody asks for their own benefit",
        file="commonpurse/treasury/services/requests.py",
        find="if payee.beneficial_owner_member_id == actor.member_id:",
        replace="if False:",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_nobody_asks_for_a_payment_that_they_gain_from"
            ),
        ),
    ),
    Guard(
        name="payment: no more than the mandate is asked for",
        file="commonpurse/treasury/services/requests.py",
        find="if amount_minor > mandate.remaining_minor:",
        replace="if False:",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_more_than_the_mandate_cannot_be_asked_for"
            ),
        ),
    ),
    Guard(
        name="payment: no more than the mandate is ordered",
        file="commonpurse/treasury/selectors/readiness.py",
        find="if mandate.remaining_minor < facts.version.amount_minor:",
        replace="if False:",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_two_requests_that_pass_the_mandate_together_become_one_order"
            ),
        ),
    ),
    Guard(
        name="payment: no splitting below the limit",
        file="commonpurse/treasury/services/requests.py",
        find="    if excess:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_splitting_a_payment_does_not_pass_the_limit_for_one_payee"
            ),
        ),
    ),
    Guard(
        name="payment: the limit is the owner's, not the payee's",
        file="commonpurse/treasury/selectors/readiness.py",
        find="if payee.beneficial_owner_member_id:",
        replace="if False:",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_splitting_over_two_payees_of_one_owner_does_not_pass_the_limit"
            ),
        ),
    ),
    Guard(
        name="payment: a mandate that is over pays nothing",
        file="commonpurse/treasury/selectors/readiness.py",
        find="    if not mandate.is_valid:\n        return NotPossible(",
        replace="    if False:\n        return NotPossible(",
        tests=(
            (
                "tests/treasury/test_payments_refused.py::test_nothing_is_asked_for_or_approved_after_the_mandate_is_over"
            ),
        ),
    ),
    Guard(
        name="payment: a payload expires",
        file="commonpurse/treasury/selectors/readiness.py",
        find='    if status == "expired":',
        replace="    if False:",
        tests=("tests/treasury/test_payments_refused.py::test_a_request_runs_out_of_time",),
    ),
    Guard(
        name="payment: a changed account cools down",
        file="commonpurse/treasury/selectors/readiness.py",
        find="    if ground.at < usable_from:",
        replace="    if False:",
        tests=(
            (
                "tests/treasury/test_payments_money.py::test_a_changed_account_waits_out_the_cooling_period_with_all_signatures_given"
            ),
        ),
    ),
    Guard(
        name="payment: no order without money",
        file="commonpurse/treasury/selectors/readiness.py",
        find="    if spendable >= 0:",
        replace="    if True:",
        tests=(
            (
                "tests/treasury/test_payments_money.py::test_signatures_stand_while_an_order_waits_for_money_and_a_job_prepares_it_later"
            ),
        ),
    ),
    Guard(
        name="payment: one lock for all who order",
        file="commonpurse/treasury/services/requests.py",
        find=(
            "    lock_take(request.mandate.fund_id, request.mandate_id, "
            "request_id)\n    check_member(actor, request.coop_id)"
        ),
        replace="    check_member(actor, request.coop_id)",
        tests=(
            (
                "tests/treasury/test_payments_races.py::test_twenty_at_once_do_not_spend_more_than_a_mandate_allows"
            ),
        ),
    ),
    Guard(
        name="payee: one account, one payee",
        file="commonpurse/treasury/services/payees.py",
        find="    if whose.payee_id != payee.id:",
        replace="    if False:",
        tests=(
            (
                "tests/treasury/test_payments_money.py::test_an_account_that_cannot_be_right_is_refused"
            ),
        ),
    ),
    Guard(
        name="payee: the holder is the payee",
        file="commonpurse/treasury/services/payees.py",
        find="    if not shared or not is_same:",
        replace="    if False:",
        tests=(
            (
                "tests/treasury/test_payments_money.py::test_an_account_that_cannot_be_right_is_refused"
            ),
        ),
    ),
    Guard(
        name="order: in one file only",
        file="commonpurse/treasury/services/orders.py",
        find="    if order_ids is not None and len(chosen) != len(set(order_ids)):",
        replace="    if False:",
        tests=(
            (
                "tests/treasury/test_payments_orders.py::test_an_order_goes_into_one_file_and_the_file_again_is_the_same_bytes"
            ),
        ),
    ),
    Guard(
        name="order: settled once",
        file="commonpurse/treasury/services/settlements.py",
        find='    if view.status in ("settled", "reversed"):',
        replace="    if False:",
        tests=(
            ("tests/treasury/test_payments_orders.py::test_a_settled_order_is_not_settled_again"),
        ),
    ),
    Guard(
        name="mandate: only a passed result gives one",
        file="commonpurse/treasury/services/mandates.py",
        find='    if result.verdict != "passed":',
        replace="    if False:",
        tests=(
            (
                "tests/treasury/test_payments_money.py::test_a_result_is_enacted_once_and_only_when_it_passed"
            ),
        ),
    ),
    Guard(
        name="database: another payload is not signed",
        file="commonpurse/treasury/migrations/0002_separation.sql",
        find="IF NEW.payload_hash <> signed.payload_hash THEN",
        replace="IF FALSE THEN",
        tests=(
            (
                "tests/treasury/test_payments_walls.py::test_a_signature_over_another_payload_is_refused"
            ),
        ),
    ),
    Guard(
        name="database: only trustees sign",
        file="commonpurse/treasury/migrations/0002_separation.sql",
        find="IF NOT signed.member_ids ? NEW.trustee_member_id::text THEN",
        replace="IF FALSE THEN",
        tests=(
            (
                "tests/treasury/test_payments_walls.py::test_a_signature_of_somebody_else_than_a_trustee_is_refused"
            ),
        ),
    ),
    Guard(
        name="database: too few signatures order nothing",
        file="commonpurse/treasury/migrations/0002_separation.sql",
        find="        < ordered.approvals_needed\n",
        replace="        < 0\n",
        tests=(
            (
                "tests/treasury/test_payments_walls.py::test_an_order_with_too_few_signatures_is_refused"
            ),
        ),
    ),
    Guard(
        name="payment: what came back is a line where there are statements",
        file="commonpurse/treasury/services/settlements.py",
        find="""    if bank_line_id is None:
        if BankStatement.objects.filter(fund_id=order.fund_id).exists():""",
        replace="""    if bank_line_id is None:
        if False:""",
        tests=(
            (
                "tests/treasury/test_bank_orders.py"
                "::test_what_came_back_is_a_line_of_a_statement_where_there_are_statements"
            ),
        ),
    ),
)
