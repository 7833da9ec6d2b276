"""More guards of `purse verify`: votes, mandates, members, payments, ends.

Each is named by the lie that no other check would find.
"""

from tests.guards.guard import Guard
from tests.guards.verifiers import (
    BACK,
    CHAIN,
    CHECK,
    ENDS,
    PURSE,
    REWRITE,
    REWRITE_BACK,
    WHO,
    WHO_ENDED,
)

PROOF_PEOPLE: tuple[Guard, ...] = (
    PURSE.guard(
        REWRITE,
        "a ballot of no decision",
        "verify/decisions.py",
        '        tables.get("decisions", ballot, "decision_id")\n',
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "a payment as a statement",
        "verify/decisions.py",
        '    expect(decision, "the effect", decision["effect"]["kind"], EFFECTS.get(kind))\n',
        "    pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a vote that opened before it stands",
        "verify/decisions.py",
        '    expect(decision, "opens_at", decision["opens_at"], decision["at"])\n',
        "    pass\n",
    ),
    PURSE.guard(
        WHO,
        "a founding of two days",
        "verify/decisions.py",
        ('        expect(decision, "the time to vote", str(given), str(timedelta(days=days)))\n'),
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "a vote of an hour",
        "verify/decisions.py",
        "    elif not VOTING_MIN <= given <= VOTING_MAX:\n",
        "    elif False:\n",
    ),
    PURSE.guard(
        CHECK,
        "a manual older than its result",
        "verify/decisions.py",
        '    if result["at"] > row["at"] or result["_index"] > row["_index"]:\n',
        "    if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "a second founding",
        "verify/decisions.py",
        '            expect(version, "the effect of its decision", effect["kind"], "amend")\n',
        "            pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "an enactment that says it founded",
        "verify/decisions.py",
        '        expect(row, "kind", row["kind"], decision["effect"]["kind"])\n',
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "two enactments that name each other's mandates",
        "verify/decisions.py",
        (
            '        expect(row, "the decision of its subject", '
            'subject["decision_id"], decision["id"])\n'
        ),
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "a cover that was enacted and covers nothing",
        "verify/decisions.py",
        '            expect(row, "how many debits it covers", len(covers), 1)\n',
        "            pass\n",
    ),
    PURSE.guard(
        WHO,
        "a founding that no enactment names",
        "verify/decisions.py",
        (
            '            if row["decision_id"] is not None and not founded and '
            'str(row["id"]) not in made:\n'
        ),
        "            if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "two sets of trustees of one founding",
        "verify/decisions.py",
        '        tables.single(table, "decision_id")\n',
        "        pass\n",
    ),
    PURSE.guard(
        ENDS,
        "an order by hand that is not there",
        "verify/ends.py",
        "            tables.get(ended, row, column)\n",
        "            pass\n",
    ),
    PURSE.guard(
        ENDS,
        "books closed that are not there",
        "verify/ends.py",
        '        tables.get("books", row, "book_id")\n',
        "        pass\n",
    ),
    PURSE.guard(
        ENDS,
        "an order that went by hand and in a file",
        "verify/ends.py",
        '        if row["order_id"] in in_files:\n',
        "        if False:\n",
    ),
    PURSE.guard(
        REWRITE_BACK,
        "a payment of a member of another amount",
        "verify/ends.py",
        '        expect(row, "amount_minor", row["amount_minor"], line["amount_minor"])\n',
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE_BACK,
        "taken back of another payment",
        "verify/ends.py",
        '        expect(row, "amount_minor", row["amount_minor"], payment["amount_minor"])\n',
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE_BACK,
        "taken back less than it says",
        "verify/ends.py",
        (
            '        expect(row, "the amount of its bank line", -amount(line, "amount_minor"),\n'
            '               amount(row, "amount_minor"))  # fmt: skip\n'
        ),
        "        pass\n",
    ),
    PURSE.guard(
        ENDS,
        "taken back under another mandate",
        "verify/ends.py",
        '        expect(row, "mandate_id", row["mandate_id"], booking["mandate_id"])\n',
        "        pass\n",
    ),
    PURSE.guard(
        ENDS,
        "a request taken back by somebody else",
        "verify/ends.py",
        '        expect(row, "by_member_id", member_id, request["requester_member_id"])\n',
        "        pass\n",
    ),
    PURSE.guard(
        ENDS,
        "a refusal by who was never a trustee",
        "verify/ends.py",
        (
            '        if not any(member_id in one["member_ids"] for one in '
            'tables.rows("trustee_sets")):\n'
        ),
        "        if False:\n",
    ),
    PURSE.guard(
        ENDS,
        "an end of another kind",
        "verify/ends.py",
        '        expect(row, "kind", row["kind"], "expired")\n',
        "        pass\n",
    ),
    PURSE.guard(
        ENDS,
        "a request that somebody let expire",
        "verify/ends.py",
        '        expect(row, "by_member_id", member_id, None)\n',
        "        pass\n",
    ),
    PURSE.guard(
        ENDS,
        "a request that expired before its time",
        "verify/ends.py",
        '        if row["at"] < newest["expires_at"]:\n',
        "        if False:\n",
    ),
    PURSE.guard(
        WHO,
        "a mandate that leaves a number out",
        "verify/mandates.py",
        '    tables.numbered_check("mandates")\n',
        "    pass\n",
    ),
    PURSE.guard(
        WHO,
        "a request that leaves a number out",
        "verify/mandates.py",
        '    tables.numbered_check("payment_requests")\n',
        "    pass\n",
    ),
    PURSE.guard(
        WHO,
        "a mandate that was valid before it was made",
        "verify/mandates.py",
        '        expect(row, "valid_from", row["valid_from"], row["at"])\n',
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "a payment asked for under the mandate for fees",
        "verify/mandates.py",
        (
            '        if mandate["covers_line_id"] is not None or '
            'mandate["standing_kind"] in NOT_ASKED_FOR:\n'
        ),
        "        if False:\n",
    ),
    PURSE.guard(
        WHO,
        "a payload with longer time to sign",
        "verify/mandates.py",
        '        expect(row, "the time to sign it", str(found), str(timedelta(days=days)))\n',
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "one payload ordered twice",
        "verify/mandates.py",
        '    tables.single("payment_orders", "version_id")\n',
        "    pass\n",
    ),
    PURSE.guard(
        WHO,
        "a mandate of a kind that is none",
        "verify/mandates.py",
        '        expect(row, "kind", row["kind"], "decision")\n',
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "a standing mandate that a result made too",
        "verify/mandates.py",
        "        expect(row, column, row[column], None)\n",
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "two standing mandates of one kind",
        "verify/mandates.py",
        "    if seen.setdefault(place, row) is not row:\n",
        "    if False:\n",
    ),
    PURSE.guard(
        WHO,
        "the end of a voted mandate",
        "verify/mandates.py",
        '        expect(row, "the kind of its mandate", mandate["kind"], "standing")\n',
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "a standing mandate that ends for no manual",
        "verify/mandates.py",
        (
            '        expect(row, "the manual that ended it", ended_by, '
            'later[0]["id"] if later else None)\n'
        ),
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "a fee under the former manual's mandate",
        "verify/mandates.py",
        '        if is_taken and end is not None and end["_index"] < row["_index"]:\n',
        "        if False:\n",
    ),
    PURSE.guard(
        WHO,
        "a first account from before it was entered",
        "verify/mandates.py",
        ('        expect(row, "how long it cools down", str(found), str(timedelta(days=days)))\n'),
        "        pass\n",
    ),
    PURSE.guard(
        WHO_ENDED,
        "more than one payee may get, whatever came back",
        "verify/mandates.py",
        "            if total > limit:\n",
        "            if False:\n",
    ),
    PURSE.guard(
        WHO,
        "a payee from whom a stranger gains",
        "verify/members.py",
        "        if not any(span.holds(row) for span in self.spans.get(member_id, ())):\n",
        "        if False:\n",
    ),
    PURSE.guard(
        WHO,
        "a payee that a stranger added",
        "verify/members.py",
        "                members.acted_check(row, str(row[column]), deed)\n",
        "                pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a stranger among the trustees",
        "verify/members.py",
        '            members.acted_check(row, member_id, "became a trustee")\n',
        "            pass\n",
    ),
    PURSE.guard(
        WHO,
        "a statement of a treasurer who had left",
        "verify/members.py",
        "            members.acted_check(row, treasurer, deed)\n",
        "            pass\n",
    ),
    PURSE.guard(
        WHO_ENDED,
        "a receipt that no treasurer allocated",
        "verify/members.py",
        (
            "            if not any(span.holds(row) for span in "
            "members.treasurers.get(treasurer, ())):\n"
        ),
        "            if False:\n",
    ),
    PURSE.guard(
        BACK,
        "a receipt of somebody who was never a member",
        "verify/members.py",
        '        if str(row["member_id"]) not in members.spans:\n',
        "        if False:\n",
    ),
    PURSE.guard(
        WHO,
        "a founder who is a stranger",
        "verify/members.py",
        '    if row["proposer_member_id"] not in members.at(str(row["at"])):\n',
        "    if False:\n",
    ),
    PURSE.guard(
        ENDS,
        "a reversal that reverses nothing",
        "verify/payments.py",
        (
            '        expect(row, "what its entry reverses", entry["reverses_id"], '
            'settlement["entry_id"])\n'
        ),
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "trustees of a decision to spend",
        "verify/payments.py",
        "    if named is None:\n",
        "    if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "trustees who need fewer approvals than decided",
        "verify/payments.py",
        (
            '    expect(row, "approvals_needed", row["approvals_needed"], '
            'effect["approvals_needed"])\n'
        ),
        "    pass\n",
    ),
    PURSE.guard(
        WHO,
        "fewer approvals than the manual asks for",
        "verify/payments.py",
        '    if not amount(parameters, "approvals_needed") <= needed <= seats:\n',
        "    if False:\n",
    ),
    PURSE.guard(
        WHO,
        "more trustees than seats",
        "verify/payments.py",
        (
            '    if seats > amount(parameters, "trustees_seats") or seats != '
            'len(set(row["member_ids"])):\n'
        ),
        "    if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "a mandate for another line than was voted on",
        "verify/payments.py",
        ('        expect(row, "covers_line_id", row["covers_line_id"], effect["bank_line_id"])\n'),
        "        pass\n",
    ),
    PURSE.guard(
        CHAIN,
        "an approval after the expiry",
        "verify/payments.py",
        '    if not version["at"] <= row["at"] < version["expires_at"]:\n',
        "    if False:\n",
    ),
    PURSE.guard(
        CHAIN,
        "more than the mandate allows",
        "verify/payments.py",
        "        if total > bound:\n",
        "        if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "a batch of an entry that is not there",
        "verify/payments.py",
        "    if not entry:\n",
        "    if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "a settlement by word in another book",
        "verify/payments.py",
        '    expect(row, "the book of its entry", entry["book_id"], fund["book_id"])\n',
        "    pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a settlement by a debit of another amount",
        "verify/payments.py",
        (
            '        expect(row, "the amount of its bank line", -amount(line, '
            '"amount_minor"), paid)\n'
        ),
        "        pass\n",
    ),
    PURSE.guard(
        WHO,
        "a standing mandate of an older manual",
        "verify/mandates.py",
        (
            "            continue\n"
            '        newest = tables.newest("manual_versions", row)\n'
            '        expect(row, "manual_version_id", row["manual_version_id"], '
            'newest and newest["id"])\n'
        ),
        "            continue\n",
    ),
    PURSE.guard(
        REWRITE,
        "the end of a mandate before the manual that ends it",
        "verify/mandates.py",
        (
            '        expect(row, "manual_version_id", row["manual_version_id"], '
            'newest and newest["id"])\n'
            '    for row in tables.rows("mandates"):\n'
        ),
        '    for row in tables.rows("mandates"):\n',
    ),
    PURSE.guard(
        REWRITE,
        "an order into another account that cools down",
        "verify/payments.py",
        '        and account["usable_from"] <= row["at"]\n',
        "",
    ),
)
