"""Guards of what is done behind the pages: orders, the log, jobs, kills, votes, erasure."""

from tests.guards.guard import Guard

# The lock that `enact` takes is not here: what it calls queues at the co-op by itself and adopts
# once, so that four enactments at once are one without it too.

WORK: tuple[Guard, ...] = (
    Guard(
        name="database: who is part of a payment does not sign it",
        file="commonpurse/treasury/migrations/0002_separation.sql",
        find="    IF NEW.trustee_member_id IN (\n",
        replace="    IF FALSE AND NEW.trustee_member_id IN (\n",
        tests=(
            (
                "tests/treasury/test_payments_walls.py"
                "::test_a_signature_of_the_requester_the_owner_or_who_entered_the_accou"
                "nt_is_refused"
            ),
        ),
    ),
    Guard(
        name="database: another amount is not ordered",
        file="commonpurse/treasury/migrations/0002_separation.sql",
        find=(
            "    IF NEW.amount_minor <> ordered.amount_minor OR NEW.fund_id <> "
            "ordered.fund_id THEN\n"
        ),
        replace="    IF FALSE THEN\n",
        tests=(
            ("tests/treasury/test_payments_walls.py::test_an_order_over_another_amount_is_refused"),
        ),
    ),
    Guard(
        name="database: nothing is ordered too late or too early",
        file="commonpurse/treasury/migrations/0002_separation.sql",
        find="    IF NEW.at >= ordered.expires_at OR NEW.at < ordered.usable_from THEN\n",
        replace="    IF FALSE THEN\n",
        tests=(
            (
                "tests/treasury/test_payments_walls.py"
                "::test_an_order_for_an_edited_a_late_or_an_ended_request_is_refused"
            ),
        ),
    ),
    Guard(
        name="database: what was edited is not ordered",
        file="commonpurse/treasury/migrations/0002_separation.sql",
        find=(
            "\n"
            "        OR EXISTS (\n"
            "            SELECT FROM treasury_requestversion v\n"
            "            WHERE v.request_id = ordered.request_id AND v.version > "
            "ordered.version\n"
            "        )\n"
        ),
        replace="\n",
        tests=(
            (
                "tests/treasury/test_payments_walls.py"
                "::test_an_order_for_an_edited_a_late_or_an_ended_request_is_refused"
            ),
        ),
    ),
    Guard(
        name="database: what ended is not ordered",
        file="commonpurse/treasury/migrations/0002_separation.sql",
        find=(
            "    IF EXISTS (SELECT FROM treasury_requestend e WHERE e.request_id = "
            "ordered.request_id)\n"
            "        OR EXISTS ("
        ),
        replace="    IF EXISTS (",
        tests=(
            (
                "tests/treasury/test_payments_walls.py"
                "::test_an_order_for_a_withdrawn_request_is_refused"
            ),
        ),
    ),
    Guard(
        name="database: one trustee signs once",
        file="commonpurse/treasury/migrations/0001_initial.py",
        find='fields=("coop_id", "version", "trustee_member_id"), name="approval_once"',
        replace=('fields=("coop_id", "version", "trustee_member_id", "id"), name="approval_once"'),
        tests=(
            (
                "tests/treasury/test_payments_refused.py"
                "::test_the_database_itself_refuses_a_second_approval_by_one_trustee"
            ),
        ),
    ),
    Guard(
        name="database: one payload, one order",
        file="commonpurse/treasury/migrations/0001_initial.py",
        find='fields=("coop_id", "version"), name="order_version_once"',
        replace='fields=("coop_id", "version", "id"), name="order_version_once"',
        tests=(
            (
                "tests/treasury/test_payments_walls.py"
                "::test_a_second_order_for_one_payload_is_refused"
            ),
        ),
    ),
    Guard(
        name="database: an order is in one file",
        file="commonpurse/treasury/migrations/0001_initial.py",
        find='fields=("coop_id", "order"), name="order_in_one_file"',
        replace='fields=("coop_id", "order", "id"), name="order_in_one_file"',
        tests=(
            (
                "tests/treasury/test_payments_orders.py"
                "::test_the_database_refuses_an_order_in_a_second_file"
            ),
        ),
    ),
    Guard(
        name="database: an order is settled once",
        file="commonpurse/treasury/migrations/0001_initial.py",
        find='fields=("coop_id", "order"), name="settlement_once"',
        replace='fields=("coop_id", "order", "id"), name="settlement_once"',
        tests=(
            (
                "tests/treasury/test_payments_walls.py"
                "::test_a_second_settlement_of_one_order_is_refused"
            ),
        ),
    ),
    Guard(
        name="payment: signing twice is signing once",
        file="commonpurse/treasury/services/approvals.py",
        find=("    if any(row.trustee_member_id == actor.member_id for row in facts.approvals):\n"),
        replace="    if False:\n",
        tests=("tests/treasury/test_payments_refused.py::test_approving_twice_is_approving_once",),
    ),
    Guard(
        name="payment: no signature too many",
        file="commonpurse/treasury/selectors/readiness.py",
        find='    if status not in ("open", "waiting"):\n',
        replace="    if False:\n",
        tests=("tests/treasury/test_payments_refused.py::test_a_third_approval_comes_too_late",),
    ),
    Guard(
        name="payment: one form, one request",
        file="commonpurse/treasury/services/requests.py",
        find=("    if known is not None:\n        return request_view(known, at=at)\n"),
        replace="",
        tests=(
            (
                "tests/treasury/test_payments_refused.py"
                "::test_the_same_key_is_the_same_request_and_another_body_is_refused"
            ),
        ),
    ),
    Guard(
        name="payment: of another co-op there is none",
        file="commonpurse/treasury/services/requests.py",
        find="PaymentRequest.objects.filter(id=request_id, coop_id=actor.coop_id)",
        replace="PaymentRequest.objects.filter(id=request_id)",
        tests=(
            (
                "tests/treasury/test_payments_refused.py"
                "::test_a_member_of_another_co_op_finds_no_such_request"
            ),
        ),
    ),
    Guard(
        name="payment: only whom the vote named",
        file="commonpurse/treasury/services/requests.py",
        find=("    if payee is None or (mandate.payee_id and mandate.payee_id != payee_id):\n"),
        replace="    if payee is None:\n",
        tests=(
            (
                "tests/treasury/test_payments_refused.py"
                "::test_a_mandate_pays_only_whom_the_vote_named"
            ),
        ),
    ),
    Guard(
        name="order: only a treasurer sends",
        file="commonpurse/treasury/services/orders.py",
        find='    if not actor.has_role("treasurer"):\n',
        replace="    if False:\n",
        tests=("tests/treasury/test_payments_orders.py::test_only_a_treasurer_sends_orders",),
    ),
    Guard(
        name="order: settled by evidence",
        file="commonpurse/treasury/services/settlements.py",
        find="    if (bank_line_id is None) == (proof is None):\n",
        replace="    if False:\n",
        tests=("tests/treasury/test_payments_orders.py::test_a_settlement_needs_evidence",),
    ),
    Guard(
        name="order: settled by its own amount",
        file="commonpurse/treasury/services/settlements.py",
        find="        if line is None or line.amount_minor != -order.amount_minor:\n",
        replace="        if line is None:\n",
        tests=(
            (
                "tests/treasury/test_bank_orders.py"
                "::test_a_line_of_another_amount_does_not_settle_an_order_by_hand"
            ),
        ),
    ),
    Guard(
        name="record: sequencers queue at the log",
        file="commonpurse/record/sequencer.py",
        find="LogState.objects.select_for_update().get(",
        replace="LogState.objects.get(",
        tests=(
            (
                "tests/record/test_sequencer.py"
                "::test_workers_and_writers_at_once_give_each_leaf_exactly_one_place"
            ),
        ),
    ),
    Guard(
        name="record: numbered and signed, or neither",
        file="commonpurse/record/sequencer.py",
        find=("@transaction.atomic\ndef log_sequence"),
        replace="def log_sequence",
        tests=(
            (
                "tests/record/test_sequencer.py"
                "::test_a_crash_before_the_end_leaves_the_leaves_waiting"
            ),
        ),
    ),
    Guard(
        name="record: the key is its owner's",
        file="commonpurse/record/keys.py",
        find="    if mode & OTHERS:\n",
        replace="    if False:\n",
        tests=("tests/record/test_sequencer.py::test_the_key_is_made_once_and_kept_from_others",),
    ),
    Guard(
        name="record: a fact and its leaf are born together",
        file="commonpurse/record/services.py",
        find=(
            "    leaves_add(\n        [\n            leaf(\n                coop_id=row.coop_id,"
        ),
        replace=(
            "    [].extend(\n        [\n            leaf(\n                coop_id=row.coop_id,"
        ),
        tests=("tests/ledger/test_holds.py::test_holds_and_their_ends_stand_in_the_record",),
    ),
    Guard(
        name="record: an export writes over nothing",
        file="commonpurse/record/export.py",
        find="    if not is_empty:\n",
        replace="    if False:\n",
        tests=("tests/record/test_export.py::test_an_export_never_writes_over_anything",),
    ),
    Guard(
        name="jobs: born in the transaction that needs them",
        file="commonpurse/record/jobs.py",
        find=(
            '    assert connection.in_atomic_block, "a job is born in the '
            'transaction that needs it"\n'
        ),
        replace="",
        tests=(
            (
                "tests/config/test_jobs.py"
                "::test_a_job_is_born_with_the_transaction_that_needs_it_or_not_at_all"
            ),
        ),
    ),
    Guard(
        name="jobs: a killed worker's are taken over",
        file="commonpurse/config/jobs.py",
        find="            await app.job_manager.retry_job(job)\n",
        replace="            pass\n",
        tests=("tests/config/test_jobs.py::test_what_a_killed_worker_was_doing_is_queued_again",),
    ),
    Guard(
        name="kills: what ended is started again",
        file="commonpurse/cli/family.py",
        find=(
            "                if member.process is not None and "
            "member.process.poll() is not None:\n"
            "                    self.relaunch(member)\n"
        ),
        replace="                pass\n",
        tests=("tests/cli/test_serve.py::test_whatever_is_killed_is_started_again",),
    ),
    Guard(
        name="kills: a killed database is started again",
        file="commonpurse/cli/family.py",
        find=(
            "            if self.given.is_embedded and cluster_revive(self.given.data, say=tell):\n"
        ),
        replace="            if False:\n",
        tests=("tests/cli/test_serve.py::test_whatever_is_killed_is_started_again",),
    ),
    Guard(
        name="kills: pages end with the product",
        file="commonpurse/config/web.py",
        find="    die_with_starter()\n",
        replace="",
        tests=(
            (
                "tests/cli/test_serve.py"
                "::test_nothing_of_it_outlives_a_killed_product_but_the_database_for_th"
                "e_next"
            ),
        ),
    ),
    Guard(
        name="kills: the worker ends with the product",
        file="commonpurse/config/worker.py",
        find="    die_with_starter()\n",
        replace="",
        tests=(
            (
                "tests/cli/test_serve.py"
                "::test_nothing_of_it_outlives_a_killed_product_but_the_database_for_th"
                "e_next"
            ),
        ),
    ),
    Guard(
        name="kills: an end is the system's to give",
        file="commonpurse/engine/parent.py",
        find=(
            "    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, "
            "signal.SIGTERM, 0, 0, 0)\n"
        ),
        replace="",
        tests=(
            (
                "tests/cli/test_serve.py"
                "::test_nothing_of_it_outlives_a_killed_product_but_the_database_for_th"
                "e_next"
            ),
        ),
    ),
    Guard(
        name="kills: a half-made cluster is swept away",
        file="commonpurse/engine/cluster.py",
        find="        shutil.rmtree(leftover, ignore_errors=True)\n",
        replace="        pass\n",
        tests=(
            (
                "tests/engine/test_kills.py"
                "::test_a_product_killed_while_it_makes_the_cluster_leaves_no_half_of_one"
            ),
        ),
    ),
    Guard(
        name="erasure: reasons are forgotten",
        file="commonpurse/decisions/erasure.py",
        find=('        BallotReason.objects.filter(id__in=ballots.values("id")).delete()\n'),
        replace="        ballots.exists()\n",
        tests=(
            (
                "tests/decisions/test_decisions.py"
                "::test_a_voter_who_was_erased_still_counts_and_leaves_no_words"
            ),
        ),
    ),
    Guard(
        name="erasure: marks are forgotten",
        file="commonpurse/discussion/erasure.py",
        find=("        Reaction.objects.filter(coop_id=coop_id, member_id=member_id).delete()\n"),
        replace="",
        tests=(
            (
                "tests/discussion/test_threads.py"
                "::test_an_erased_member_leaves_words_without_a_name_and_no_marks"
            ),
        ),
    ),
    Guard(
        name="erasure: what a payer wrote is forgotten",
        file="commonpurse/treasury/erasure.py",
        find=(
            "        bank_texts_erase(coop_id=coop_id, member_id=member_id, "
            "actor=SYSTEM, at=erased.at)\n"
        ),
        replace="        pass\n",
        tests=(
            (
                "tests/treasury/test_bank_import.py"
                "::test_erasing_a_payer_leaves_the_books_and_forgets_the_words"
            ),
        ),
    ),
    Guard(
        name="erasure: accounts are forgotten",
        file="commonpurse/treasury/erasure.py",
        find="            payee_erase(payee_id=payee_id, actor=SYSTEM, at=erased.at)\n",
        replace="            pass\n",
        tests=(
            (
                "tests/treasury/test_payments_walls.py"
                "::test_erasing_a_person_forgets_their_accounts_and_reasons_and_leaves_"
                "the_record"
            ),
        ),
    ),
    Guard(
        name="erasure: reasons of refusals are forgotten",
        file="commonpurse/treasury/erasure.py",
        find='        PrivateText.objects.filter(id__in=ended.values("id")).delete()\n',
        replace="        ended.exists()\n",
        tests=(
            (
                "tests/treasury/test_payments_walls.py"
                "::test_erasing_a_person_forgets_their_accounts_and_reasons_and_leaves_"
                "the_record"
            ),
        ),
    ),
    Guard(
        name="member: one id, one person",
        file="commonpurse/groups/migrations/0002_membership_guard.sql",
        find=(
            "JOIN groups_membership m ON m.member_id = f.member_id AND m.person_id <> f.person_id"
        ),
        replace="JOIN groups_membership m ON false",
        tests=(
            ("tests/groups/test_members.py::test_the_database_itself_refuses_a_second_membership"),
        ),
    ),
    Guard(
        name="member: who joins queues at the co-op",
        file="commonpurse/groups/migrations/0002_membership_guard.sql",
        find=(
            "    PERFORM 1 FROM record_lock\n"
            "    WHERE id IN (SELECT DISTINCT coop_id FROM fresh) ORDER BY id FOR "
            "UPDATE;\n"
        ),
        replace="",
        tests=("tests/groups/test_members.py::test_of_many_who_join_at_once_one_comes_in[True]",),
    ),
    Guard(
        name="decision: one result",
        file="commonpurse/decisions/migrations/0001_initial.py",
        find='fields=("coop_id", "decision"), name="result_once"',
        replace='fields=("coop_id", "decision", "id"), name="result_once"',
        tests=(
            (
                "tests/decisions/test_decisions.py"
                "::test_the_database_itself_refuses_a_second_result_and_a_second_enactment"
            ),
        ),
    ),
    Guard(
        name="enactment: one in the database",
        file="commonpurse/decisions/migrations/0001_initial.py",
        find='fields=("coop_id", "result"), name="enactment_once"',
        replace='fields=("coop_id", "result", "id"), name="enactment_once"',
        tests=(
            (
                "tests/decisions/test_decisions.py"
                "::test_the_database_itself_refuses_a_second_result_and_a_second_enactment"
            ),
        ),
    ),
    Guard(
        name="vote: none from the future",
        file="commonpurse/decisions/migrations/0002_cut_off.sql",
        find="       OR f.at > clock_timestamp() + interval '1 second'\n",
        replace="",
        tests=(
            (
                "tests/decisions/test_races.py"
                "::test_no_ballot_comes_from_the_future_or_from_another_co_op"
            ),
        ),
    ),
    Guard(
        name="vote: none of another co-op in the database",
        file="commonpurse/decisions/migrations/0002_cut_off.sql",
        find=("    WHERE d.coop_id <> f.coop_id\n       OR f.at"),
        replace="    WHERE f.at",
        tests=(
            (
                "tests/decisions/test_races.py"
                "::test_no_ballot_comes_from_the_future_or_from_another_co_op"
            ),
        ),
    ),
)
