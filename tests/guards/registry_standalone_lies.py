"""More guards of `verify.py`: bookings, entries, statements, dues.

Each is named by the lie that no other check would find.
"""

from tests.guards.guard import Guard
from tests.guards.verifiers import ALONE, BACK, CHECK, MONEY, REWRITE, REWRITE_BACK

STANDALONE_LIES: tuple[Guard, ...] = (
    ALONE.guard(
        MONEY,
        "a plan of a manual that was not in force",
        "dues.py",
        (
            '        must(plan["manual_version_id"] == version["id"], plan, '
            '"another manual was in force")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a plan in another rhythm",
        "dues.py",
        (
            '        must(same and plan["currency"] == fund["currency"], plan, '
            '"the manual says otherwise")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "the same plan again",
        "dues.py",
        '        must(is_new, plan, "it says what the plan before it said")\n',
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a plan that begins another day",
        "dues.py",
        ('        must(plan["from_date"] == begins.isoformat(), plan, f"it begins on {begins}")\n'),
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "one reference for two members",
        "dues.py",
        '            must(same, row, "its reference is another member\'s")\n',
        "            pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "two batches of a period, of two instants",
        "dues.py",
        '        must(len(days) == 1, of_period[-1], "its period was charged before")\n',
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a member twice in a batch",
        "dues.py",
        (
            '        must(len(charged) == len(set(charged)), of_period[-1], "a '
            'member owes it twice")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a member who is not charged",
        "dues.py",
        (
            '        must(set(charged) == owing, of_period[-1], "it is not owed by '
            'who was a member then")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        BACK,
        "a receipt of another member than its reference",
        "dues.py",
        '        must(is_owner, row, "the reference on its line is another member\'s")\n',
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a charge of another period than its batch's",
        "dues.py",
        (
            "        must(\n"
            '            tuple(row[name] for name in names) == expected, row, "its '
            'plan and batch say otherwise"\n'
            "        )\n"
        ),
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "dues in another book",
        "dues.py",
        ('    must(entry["book_id"] == fund["book_id"], batch, "its entry is in another book")\n'),
        "    pass\n",
    ),
    ALONE.guard(
        MONEY,
        "dues booked before they are due",
        "dues.py",
        (
            '    must(entry["booked_on"] >= batch["due_on"], batch, "its entry is '
            'booked before it is due")\n'
        ),
        "    pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "dues of another day than their plan's",
        "dues.py",
        (
            '    must(due_on in list(due_days(plan, due_on)), batch, "nothing '
            'falls due that day by its plan")\n'
        ),
        "    pass\n",
    ),
    ALONE.guard(
        MONEY,
        "dues of a period with another name",
        "dues.py",
        (
            '    must(batch["period"] == batch["due_on"][:7], batch, "its period '
            'has another name")\n'
        ),
        "    pass\n",
    ),
    ALONE.guard(
        MONEY,
        "dues charged before they are due",
        "dues.py",
        (
            '    must(instant_of(batch["at"]) >= begins, batch, "it was charged '
            'before it was due")\n'
        ),
        "    pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a cover on another account",
        "money.py",
        '    must(found == {debit: minor, credit: -minor}, row, f"its entry moves {found}")\n',
        "    pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "two lines of a statement in one place",
        "money.py",
        (
            '            must(len(places) == len(lines), row, "two of its lines '
            'stand in one place")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a statement of fewer entries than lines",
        "money.py",
        (
            '            must(len(lines) <= entries, row, f"it has {len(lines)} '
            'lines of {entries} entries")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a statement that says it adds up and lacks a balance",
        "money.py",
        (
            '            must(whole == (row["balanced"] is not None), row, "a '
            'balance is missing, or is not")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a statement that says it does not add up",
        "money.py",
        (
            '            must(not unsure or row["reason_mac"] is not None, row, '
            '"it does not add up")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a statement that opens elsewhere",
        "money.py",
        (
            '                must(adds, row, f"its lines sum to {total}, which its '
            'balances do not")\n'
        ),
        "                pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a statement that goes on from another",
        "money.py",
        '                must(is_said, row, "it does not continue the last one")\n',
        "                pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a second bank account in the fund's book",
        "money.py",
        (
            '            must(row["code"] not in others, row, "its book has such '
            'an account already")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        MONEY,
        "an account in another currency",
        "money.py",
        (
            '            must(row["currency"] == fund["currency"], row, "its fund '
            'has another currency")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a payment that was spent on fees",
        "money.py",
        "        moves_check(export, row, spent, source, paid)\n",
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a settlement by line and by proof",
        "money.py",
        '        must(one, row, "it takes a line of the bank or a proof, one of the two")\n',
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a settlement by a debit of another amount",
        "money.py",
        (
            '        must(-int(line["amount_minor"]) == paid, row, "its bank line '
            'is of another amount")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a payment that comes back and does not reach the bank",
        "money.py",
        ('        must(found.get("1000") == total, rows[0], f"its entry\'s lines move {total}")\n'),
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE_BACK,
        "dues that are income at once",
        "money.py",
        '        must(only, rows[0], "its entry moves other accounts")\n',
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a payment without an order, as a grant",
        "money.py",
        ('    must(WAYS.get(kind, 0) * minor > 0, row, f"money does not go that way as {kind}")\n'),
        "    pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a payment under another mandate",
        "money.py",
        (
            '        must(mandate_of(export, order)["id"] == mandate_id, row, "its '
            'order has another mandate")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        BACK,
        "a line of a payment that came back, of another order",
        "money.py",
        (
            '        must(other and other["bank_line_id"] == line["id"], row, '
            '"nothing says that it is this")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a fee of an order",
        "money.py",
        '        must(row["order_id"] is None, row, "it names an order")\n',
        "        pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a debit spent at once",
        "money.py",
        '            moves_check(export, row, debits[kind], "1000", -minor)\n',
        "            pass\n",
    ),
    ALONE.guard(
        MONEY,
        "a receipt that is income at once",
        "money.py",
        '            moves_check(export, row, "1000", "2000", minor)\n',
        "            pass\n",
    ),
    ALONE.guard(
        MONEY,
        "dues that nobody paid",
        "money.py",
        '        must(other, row, "no payment of a member stands behind it")\n',
        "        pass\n",
    ),
    ALONE.guard(
        BACK,
        "dues on a line that names no member",
        "money.py",
        (
            '        must(kind != "dues" or line["reference"] is not None, row, '
            '"its line names no member")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE_BACK,
        "a payment of a member by another entry",
        "money.py",
        '    must(same, row, "it is booked by another entry")\n',
        "    pass\n",
    ),
    ALONE.guard(
        BACK,
        "a receipt that was allocated twice",
        "money.py",
        '        export.one("line_assignments", "booking_id", row["booking_id"])\n',
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE_BACK,
        "an allocation of what came back",
        "money.py",
        (
            '        must(booking["kind"] == "unallocated", row, "its line was '
            'understood already")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        BACK,
        "an allocation as something else",
        "money.py",
        '        must(row["kind"] in codes, row, "a receipt is nothing of that kind")\n',
        "        pass\n",
    ),
    ALONE.guard(
        BACK,
        "an allocation as a refund of what is a grant",
        "money.py",
        (
            '        moves_check(export, row, "2000", codes[row["kind"]], '
            'int(line["amount_minor"]))\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        BACK,
        "a grant that a member paid",
        "money.py",
        (
            '        must(of_member if row["kind"] == "dues" else nobody, row, "it '
            'is not as a receipt is")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        CHECK,
        "a payment received that no entry books",
        "money.py",
        '            must(same, row, "its line is booked as something else")\n',
        "            pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a cover of a fee",
        "money.py",
        '        must(booking["kind"] == "suspense", row, "its line was not in suspense")\n',
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a cover by a mandate to spend",
        "money.py",
        (
            '            must(mandate["covers_line_id"] == line["id"], row, "its '
            'mandate covers another line")\n'
        ),
        "            pass\n",
    ),
    ALONE.guard(
        MONEY,
        "an entry that nothing explains",
        "money.py",
        '        must(is_opening and is_first, entry, "nothing says why this was posted")\n',
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a fee in another book",
        "money.py",
        (
            '    must(entry["book_id"] == fund["book_id"], row, "its entry is in another book")\n'
            "    mandate_id,"
        ),
        "    mandate_id,",
    ),
    ALONE.guard(
        REWRITE,
        "a settlement by word in another book",
        "money.py",
        (
            '        must(entry["book_id"] == fund["book_id"], row, "its entry is '
            'in another book")\n'
            '        must(entry["booked_on"] == row["booked_on"], row'
        ),
        '        must(entry["booked_on"] == row["booked_on"], row',
    ),
    ALONE.guard(
        REWRITE,
        "a settlement by word after the first statement",
        "money.py",
        ('            must(not late, row, "no line of the bank shows it")\n            continue\n'),
        "            continue\n",
    ),
    ALONE.guard(
        REWRITE,
        "an opening after the first line",
        "money.py",
        "        is_first = place < lines.get(book, place + 1) and book not in opened\n",
        "        is_first = book not in opened\n",
    ),
)
