"""More guards of `verify.py`: votes, mandates, members, payments, ends.

Each is named by the lie that no other check would find.
"""

from tests.guards.guard import Guard
from tests.guards.verifiers import (
    ALONE,
    BACK,
    CHAIN,
    CHECK,
    ENDS,
    REWRITE,
    REWRITE_BACK,
    WHO,
    WHO_ENDED,
)

STANDALONE_PEOPLE: tuple[Guard, ...] = (
    ALONE.guard(
        WHO,
        "a payment as a statement",
        "chain.py",
        (
            '    must(decision["effect"]["kind"] == does, decision, "its effect is '
            "another kind's\")\n"
        ),
        "    pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a vote that opened before it stands",
        "chain.py",
        (
            '    must(decision["opens_at"] == decision["at"], decision, "it opened '
            'at another instant")\n'
        ),
        "    pass\n",
    ),
    ALONE.guard(
        WHO,
        "a founding of two days",
        "chain.py",
        ('    must(enough, decision, f"it was open for {time}, which is too short or too long")\n'),
        "    pass\n",
    ),
    ALONE.guard(
        CHECK,
        "a manual older than its result",
        "chain.py",
        (
            '    must(result["_place"] < row["_place"], row, "it is older than the '
            'result of its decision")\n'
        ),
        "    pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a second founding",
        "chain.py",
        ('        must(effect["kind"] == kind, row, "its decision does not change the manual")\n'),
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "trustees of a decision to spend",
        "chain.py",
        '        must(effect["kind"] in names, row, "its decision names no trustees")\n',
        "        pass\n",
    ),
    ALONE.guard(
        CHAIN,
        "trustees that nobody decided on",
        "chain.py",
        (
            '        must(said == (sorted(members), effect["approvals_needed"]), '
            'row, "others were decided on")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "fewer approvals than the manual asks for",
        "chain.py",
        '        must(fits, row, "the manual asks for more approvals, or has fewer seats")\n',
        "        pass\n",
    ),
    ALONE.guard(
        CHAIN,
        "a result that was enacted twice",
        "chain.py",
        '        export.one("enactments", "result_id", row["result_id"])\n',
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "an enactment that says it founded",
        "chain.py",
        '        must(is_kind, row, "its decision asks for something else")\n',
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "two enactments that name each other's mandates",
        "chain.py",
        (
            '        must(subject["decision_id"] == decision["id"], row, "another '
            'decision made this")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "a cover that was enacted and covers nothing",
        "chain.py",
        '            must(len(covers) == 1, row, "it covers no debit, or several")\n',
        "            pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "two sets of trustees of one founding",
        "chain.py",
        '                export.one(table, "decision_id", row["decision_id"])\n',
        "                pass\n",
    ),
    ALONE.guard(
        WHO,
        "a founding that no enactment names",
        "chain.py",
        (
            '            must(founded or row["id"] in named, row, "no enactment '
            'says that this was made")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        CHAIN,
        "an approval after the expiry",
        "chain.py",
        (
            '        must(row["at"] <= approval["at"] < row["expires_at"], '
            'approval, "it was too late to sign")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        CHAIN,
        "more than the mandate allows",
        "chain.py",
        (
            '        must(used[place] <= int(mandate["max_minor"]), row, "its '
            'mandate allows less")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        ENDS,
        "an order by hand that is not there",
        "ends.py",
        "            export.get(ended, row, column)\n",
        "            pass\n",
    ),
    ALONE.guard(
        ENDS,
        "a refusal by who was never a trustee",
        "ends.py",
        '        must(may.get(row["kind"]), row, "this member could not end it then")\n',
        "        pass\n",
    ),
    ALONE.guard(
        ENDS,
        "an order that went by hand and in a file",
        "ends.py",
        '        must(row["order_id"] not in filed, row, "its order went out in a file")\n',
        "        pass\n",
    ),
    ALONE.guard(
        ENDS,
        "taken back under another mandate",
        "ends.py",
        '        must(same, row, "its line is booked as something else")\n',
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE_BACK,
        "a payment of a member of another amount",
        "ends.py",
        (
            '        must(line["amount_minor"] == row["amount_minor"], row, "its '
            'line has another amount")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        ENDS,
        "more taken back than was received",
        "ends.py",
        '        must(same, row, "another amount was paid, or taken back")\n',
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "a founder who is a stranger",
        "people.py",
        (
            '            must(row["proposer_member_id"] in founders, row, "who '
            'proposed it is no founder")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        WHO,
        "a payee from whom a stranger gains",
        "people.py",
        '        must(is_member, row, f"{member_id} was no member then")\n',
        "        pass\n",
    ),
    ALONE.guard(
        BACK,
        "a receipt of somebody who was never a member",
        "people.py",
        (
            '        must(row["member_id"] in memberships, row, '
            "f\"{row['member_id']} was never a member\")\n"
        ),
        "        pass\n",
    ),
    ALONE.guard(
        WHO_ENDED,
        "a receipt that no treasurer allocated",
        "people.py",
        '            must(any(held), row, f"{row[column]} was no treasurer then")\n',
        "            pass\n",
    ),
    ALONE.guard(
        WHO,
        "a mandate that leaves a number out",
        "people.py",
        (
            '        must(is_whole, f"{table}.jsonl", "its numbers are not 1, 2, 3 '
            'and so on, each once")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "a mandate that was valid before it was made",
        "people.py",
        (
            '        must(row["valid_from"] == row["at"], row, "it is valid from '
            'another instant on")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "a mandate of a kind that is none",
        "people.py",
        ('            must(row["kind"] == "decision", row, "a mandate is decided on or stands")\n'),
        "            pass\n",
    ),
    ALONE.guard(
        WHO,
        "a standing mandate that a result made too",
        "people.py",
        ('        must(all(row[name] is None for name in empty), row, "it rests on two things")\n'),
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "two standing mandates of one kind",
        "people.py",
        '        must(place not in seen, row, "the same has made a mandate before")\n',
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "the end of a voted mandate",
        "people.py",
        '        must(mandate["kind"] == "standing", row, "its mandate was decided on")\n',
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "a fee under the former manual's mandate",
        "people.py",
        (
            '            must(not end or end["_place"] > row["_place"], row, "its '
            'mandate had ended")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        WHO,
        "a payment asked for under the mandate for fees",
        "people.py",
        '        must(asked, row, "nobody asks for payments under this mandate")\n',
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "a standing mandate that ends for no manual",
        "people.py",
        (
            '    must(ended_by == (later[0]["id"] if later else None), row, "the '
            'next manual ends it")\n'
        ),
        "    pass\n",
    ),
    ALONE.guard(
        WHO,
        "a first account from before it was entered",
        "people.py",
        (
            '            must(wait == timedelta(days=days), row, f"it must cool '
            'down for {days} days")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        WHO,
        "a payload with longer time to sign",
        "people.py",
        ('        must(wait == timedelta(days=days), row, f"it may be signed for {days} days")\n'),
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "one payload ordered twice",
        "people.py",
        '        export.one("payment_orders", "version_id", row["version_id"])\n',
        "        pass\n",
    ),
    ALONE.guard(
        WHO_ENDED,
        "more than one payee may get, whatever came back",
        "people.py",
        (
            '        must(not limit or total <= limit, row, f"its payee gets '
            '{total} within {days} days")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a ballot of no decision",
        "chain.py",
        '        export.get("decisions", ballot, "decision_id")\n',
        "        pass\n",
    ),
    ALONE.guard(
        WHO,
        "a standing mandate of an older manual",
        "people.py",
        (
            '    must(newest.get("id") == row["manual_version_id"], row, "another '
            'manual was in force")\n'
            "    later ="
        ),
        "    later =",
    ),
    ALONE.guard(
        REWRITE,
        "the end of a mandate before the manual that ends it",
        "people.py",
        (
            '        must(newest.get("id") == row["manual_version_id"], row, '
            '"another manual was in force")\n'
            '    for row in export.rows("line_bookings"):'
        ),
        '    for row in export.rows("line_bookings"):',
    ),
    ALONE.guard(
        REWRITE,
        "an order into another account that cools down",
        "chain.py",
        (
            '    must(account["usable_from"] <= row["at"], row, "its account could '
            'not be paid into yet")\n'
        ),
        "    pass\n",
    ),
    ALONE.guard(
        ENDS,
        "a reversal that reverses nothing",
        "ends.py",
        (
            '        must(entry["reverses_id"] == settlement["entry_id"], row, '
            '"its entry reverses another")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        CHECK,
        "a decision out of number",
        "chain.py",
        (
            '        must(decision["number"] == str(number), decision, f"number '
            '{number} was expected")\n'
        ),
        "        pass\n",
    ),
)
