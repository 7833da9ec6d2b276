"""More guards of `purse verify`: bookings, entries, statements, dues.

Each is named by the lie that no other check would find.
"""

from tests.guards.guard import Guard
from tests.guards.verifiers import BACK, CHECK, ENDS, MONEY, PURSE, REWRITE, REWRITE_BACK

PROOF_LIES: tuple[Guard, ...] = (
    PURSE.guard(
        MONEY,
        "a second bank account in the fund's book",
        "verify/bank.py",
        "        if place in seen:\n",
        "        if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "an account in another currency",
        "verify/bank.py",
        '        expect(row, "currency", row["currency"], currencies[place[0]])\n',
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a payment that comes back and does not reach the bank",
        "verify/bank.py",
        '    expect(bookings[0], "what its entry moves", moved(ledger, entry, BANK), total)\n',
        "    pass\n",
    ),
    PURSE.guard(
        REWRITE_BACK,
        "dues that are income at once",
        "verify/bank.py",
        (
            '        expect(bookings[0], "what its entry moves", shape(ledger, entry),\n'
            '               {BANK: total, "1100": -total})  # fmt: skip\n'
        ),
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "an opening of another amount than the statement's",
        "verify/bank.py",
        "        if not is_opening:\n",
        "        if False:\n",
    ),
    PURSE.guard(
        CHECK,
        "a cover of a line that was not in suspense",
        "verify/bookings.py",
        "        if kind not in (OUT if minor < 0 else IN):\n",
        "        if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "a debit in suspense under a mandate",
        "verify/bookings.py",
        '            expect(row, "mandate_id", row["mandate_id"], None)\n',
        "            pass\n",
    ),
    PURSE.guard(
        MONEY,
        "a fee of an order",
        "verify/bookings.py",
        '            expect(row, "order_id", row["order_id"], None)\n',
        "            pass\n",
    ),
    PURSE.guard(
        MONEY,
        "a debit spent at once",
        "verify/bookings.py",
        "                entry_moves_check(ledger, row, *ACCOUNTS[kind], abs(minor))\n",
        "                pass\n",
    ),
    PURSE.guard(
        ENDS,
        "something received that the bank does not say",
        "verify/bookings.py",
        "            if paid is None:\n",
        "            if False:\n",
    ),
    PURSE.guard(
        REWRITE_BACK,
        "a payment of a member by another entry",
        "verify/bookings.py",
        '            expect(row, "entry_id", row["entry_id"], paid["entry_id"])\n',
        "            pass\n",
    ),
    PURSE.guard(
        BACK,
        "dues on a line that names no member",
        "verify/bookings.py",
        '        if kind == OF_DUES and line["reference"] is None:\n',
        "        if False:\n",
    ),
    PURSE.guard(
        BACK,
        "a line of a payment that came back, of another order",
        "verify/bookings.py",
        "    if settlement is None:\n",
        "    if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "a payment under another mandate",
        "verify/bookings.py",
        '    expect(row, "mandate_id", row["mandate_id"], request["mandate_id"])\n',
        "    pass\n",
    ),
    PURSE.guard(
        CHECK,
        "a payment received that no entry books",
        "verify/bookings.py",
        "        if assignment is None:\n",
        "        if False:\n",
    ),
    PURSE.guard(
        REWRITE_BACK,
        "an allocation as dues of another member",
        "verify/bookings.py",
        "            expect(row, column, row[column], assignment[column])\n",
        "            pass\n",
    ),
    PURSE.guard(
        REWRITE_BACK,
        "an allocation as dues that nobody paid",
        "verify/bookings.py",
        "        if is_dues_of_member != (payment is not None):\n",
        "        if False:\n",
    ),
    PURSE.guard(
        BACK,
        "a grant that a member paid",
        "verify/bookings.py",
        (
            '        expect(row, "whether it names a member", row["member_id"] is '
            "not None, is_dues_of_member)\n"
        ),
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE_BACK,
        "an allocation of what came back",
        "verify/bookings.py",
        '        expect(row, "the kind of its booking", booking["kind"], "unallocated")\n',
        "        pass\n",
    ),
    PURSE.guard(
        BACK,
        "an allocation as a refund of what is a grant",
        "verify/bookings.py",
        ('        entry_moves_check(ledger, row, "2000", credit, amount(line, "amount_minor"))\n'),
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a cover of a fee",
        "verify/bookings.py",
        '        expect(row, "the kind of its booking", booking["kind"], "suspense")\n',
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a cover by a mandate to spend",
        "verify/bookings.py",
        (
            '            expect(row, "the line that its mandate covers", '
            'mandate["covers_line_id"], line["id"])\n'
        ),
        "            pass\n",
    ),
    PURSE.guard(
        MONEY,
        "a cover on another account",
        "verify/bookings.py",
        '            entry_moves_check(ledger, row, "5000", "1900", minor)\n',
        "            pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a cover of an order that nobody settled",
        "verify/bookings.py",
        "        if settled is None:\n",
        "        if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "a payment that was spent on fees",
        "verify/bookings.py",
        (
            "        entry_moves_check(ledger, row, spent_on(mandate), source, "
            'amount(order, "amount_minor"))\n'
        ),
        "        pass\n",
    ),
    PURSE.guard(
        MONEY,
        "a settlement by line and by proof",
        "verify/bookings.py",
        '        expect(row, "proof_mac", row["proof_mac"], None)\n',
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a settlement by word without a proof",
        "verify/bookings.py",
        '    if row["proof_mac"] is None:\n',
        "    if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "a settlement by word after the first statement",
        "verify/bookings.py",
        "    by_word_check(tables, row, fund_id)\n",
        "    pass\n",
    ),
    PURSE.guard(
        MONEY,
        "a fee on another account",
        "verify/bookings.py",
        '    expect(row, "what its entry moves", found, {debit: minor, credit: -minor})\n',
        "    pass\n",
    ),
    PURSE.guard(
        MONEY,
        "three times the dues of the plan",
        "verify/dues.py",
        (
            '        expect(batch, "total_minor", charged.total, charged.count * '
            'amount(plan, "amount_minor"))\n'
        ),
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "dues in another book",
        "verify/dues.py",
        '        expect(batch, "the book of its entry", entry["book_id"], fund["book_id"])\n',
        "        pass\n",
    ),
    PURSE.guard(
        MONEY,
        "dues booked before they are due",
        "verify/dues.py",
        '        if entry["booked_on"] < batch["due_on"]:\n',
        "        if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "a charge of another period than its batch's",
        "verify/dues.py",
        '        if (row["period"], row["due_on"]) != (batch["period"], batch["due_on"]):\n',
        "        if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "one reference for two members",
        "verify/dues.py",
        "        if not is_own or payers.setdefault(member_id, reference) != reference:\n",
        "        if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "a batch that charges one more and another less",
        "verify/dues.py",
        "        if minor * charged.count != charged.total:\n",
        "        if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "a plan of a manual that was not in force",
        "verify/dues.py",
        (
            '        expect(plan, "manual_version_id", plan["manual_version_id"], '
            'newest and newest["id"])\n'
        ),
        "        pass\n",
    ),
    PURSE.guard(
        MONEY,
        "a plan in another rhythm",
        "verify/dues.py",
        "            expect(plan, name, plan[name], value)\n",
        "            pass\n",
    ),
    PURSE.guard(
        MONEY,
        "the same plan again",
        "verify/dues.py",
        "        if former and all(former[name] == plan[name] for name in said):\n",
        "        if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "a plan that begins another day",
        "verify/dues.py",
        (
            '        expect(plan, "from_date", plan["from_date"], '
            "first_due(former, today, plan).isoformat())\n"
        ),
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "two batches of a period, of two instants",
        "verify/dues.py",
        "            expect(batch, column, batch[column], first[column])\n",
        "            pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "dues of another day than their plan's",
        "verify/dues.py",
        "    if due_on not in set(every):\n",
        "    if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "dues of a period with another name",
        "verify/dues.py",
        '    expect(first, "period", first["period"], period_name(due_on))\n',
        "    pass\n",
    ),
    PURSE.guard(
        MONEY,
        "dues charged before they are due",
        "verify/dues.py",
        '    if moment(str(first["at"])) < instant:\n',
        "    if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "a member twice in a batch",
        "verify/dues.py",
        "    if twice:\n",
        "    if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "a member who is not charged",
        "verify/dues.py",
        "    if set(charged) != owing:\n",
        "    if False:\n",
    ),
    PURSE.guard(
        BACK,
        "a receipt of another member than its reference",
        "verify/dues.py",
        '            expect(row, "member_id", row["member_id"], member_id)\n',
        "            pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a statement that goes on from another",
        "verify/statements.py",
        (
            '                expect(row, "closing_minor", amount(row, '
            '"closing_minor"), closing + total)\n'
        ),
        "                pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a first statement that leaves out entries",
        "verify/statements.py",
        (
            '                expect(row, "closing_minor", amount(row, '
            '"closing_minor"), opening + total)\n'
        ),
        "                pass\n",
    ),
    PURSE.guard(
        MONEY,
        "a statement that says it adds up and lacks a balance",
        "verify/statements.py",
        (
            '    expect(row, "whether it has both balances", row["balanced"] is '
            "not None, has_both)\n"
        ),
        "    pass\n",
    ),
    PURSE.guard(
        MONEY,
        "a statement that says it does not add up",
        "verify/statements.py",
        '    if row["balanced"] is not True and row["reason_mac"] is None:\n',
        "    if False:\n",
    ),
    PURSE.guard(
        REWRITE,
        "two lines of a statement in one place",
        "verify/statements.py",
        '    if len({line["ordinal"] for line in lines}) != len(lines):\n',
        "    if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "a statement of fewer entries than lines",
        "verify/statements.py",
        "    if len(lines) > entries:\n",
        "    if False:\n",
    ),
    PURSE.guard(
        MONEY,
        "a statement that opens elsewhere",
        "verify/statements.py",
        ('        expect(row, "closing_minor", closing, amount(row, "opening_minor") + total)\n'),
        "        pass\n",
    ),
    PURSE.guard(
        REWRITE,
        "a fee in another book",
        "verify/bookings.py",
        ("        book_check(tables, ledger, row, line)\n        if kind in STANDING:\n"),
        "        if kind in STANDING:\n",
    ),
    PURSE.guard(
        REWRITE,
        "an opening after the first line",
        "verify/bank.py",
        "            and (first is None or version_of(ledger, entry)[1] < first)\n",
        "",
    ),
)
