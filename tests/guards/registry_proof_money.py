"""Guards of `purse verify`: mandates, payments, the bank, dues.

Each is named by the lie that no other check would find.
"""

from tests.guards.guard import Guard
from tests.guards.verifiers import PURSE

PROOF_MONEY: tuple[Guard, ...] = (
    PURSE.chain(
        "a line that is not booked",
        "verify/bank.py",
        '        if str(line["id"]) not in bookings:\n',
        "        if False:\n",
    ),
    PURSE.check(
        "a line booked before the bank's day",
        "verify/bank.py",
        '        if entry["booked_on"] < line["booked_on"]:\n',
        "        if False:\n",
    ),
    PURSE.chain(
        "trustees that nobody decided on",
        "verify/payments.py",
        '    expect(row, "member_ids", row["member_ids"], sorted(effect[named]))\n',
        "    pass\n",
    ),
    PURSE.check(
        "trustees out of number",
        "verify/payments.py",
        '    expect(row, "number", amount(row, "number"), place)\n',
        "    pass\n",
    ),
    PURSE.check(
        "a mandate in another currency than its fund",
        "verify/payments.py",
        '    expect(row, "currency", row["currency"], fund["currency"])\n',
        "    pass\n",
    ),
    PURSE.chain(
        "a standing mandate beyond the manual",
        "verify/payments.py",
        (
            '        expect(row, "max_minor", row["max_minor"], '
            'bounds.get(str(row["standing_kind"])))\n'
        ),
        "        pass\n",
    ),
    PURSE.check(
        "a mandate of another result",
        "verify/payments.py",
        '    expect(row, "decision_id", row["decision_id"], result["decision_id"])\n',
        "    pass\n",
    ),
    PURSE.chain(
        "a mandate of another amount",
        "verify/payments.py",
        '    expect(row, "max_minor", row["max_minor"], effect["amount_minor"])\n',
        "    pass\n",
    ),
    PURSE.check(
        "a mandate for somebody else",
        "verify/payments.py",
        '    expect(row, "payee_id", row["payee_id"], effect["payee_id"])\n',
        "    pass\n",
    ),
    PURSE.check(
        "a mandate of a decision in another currency",
        "verify/payments.py",
        '    expect(row, "currency", row["currency"], effect["currency"])\n',
        "    pass\n",
    ),
    PURSE.chain(
        "a mandate for another purpose",
        "verify/payments.py",
        ('    expect(row, "purpose", row["purpose"], " ".join(effect["purpose"].split()))\n'),
        "    pass\n",
    ),
    PURSE.chain(
        "a mandate that ends later",
        "verify/payments.py",
        (
            '    expect(row, "valid_until", row["valid_until"], '
            'until_of(effect.get("valid_until")))\n'
        ),
        "    pass\n",
    ),
    PURSE.check(
        "a payload into somebody else's account",
        "verify/payments.py",
        '    expect(row, "payee_id", row["payee_id"], account["payee_id"])\n',
        "    pass\n",
    ),
    PURSE.check(
        "a payload in another currency",
        "verify/payments.py",
        '    expect(row, "currency", row["currency"], mandate["currency"])\n',
        "    pass\n",
    ),
    PURSE.check(
        "a payload for somebody else than the mandate's payee",
        "verify/payments.py",
        '        expect(row, "payee_id", row["payee_id"], mandate["payee_id"])\n',
        "        pass\n",
    ),
    PURSE.check(
        "a payload with the hash of another",
        "verify/payments.py",
        '    expect(row, "payload_hash", row["payload_hash"], found)\n',
        "    pass\n",
    ),
    PURSE.check(
        "a payload with the code of another",
        "verify/payments.py",
        '    expect(row, "code", row["code"], payload_code(found))\n',
        "    pass\n",
    ),
    PURSE.chain(
        "one trustee twice",
        "verify/payments.py",
        "            if signer in signers:\n",
        "            if False:\n",
    ),
    PURSE.chain(
        "an approval of another payload",
        "verify/payments.py",
        ('    expect(row, "payload_hash", row["payload_hash"], version["payload_hash"])\n'),
        "    pass\n",
    ),
    PURSE.check(
        "an approval by a stranger",
        "verify/payments.py",
        '    if signer not in trustees["member_ids"]:\n',
        "    if False:\n",
    ),
    PURSE.chain(
        "an approval by the requester",
        "verify/payments.py",
        "        if signer == member_id:\n",
        "        if False:\n",
    ),
    PURSE.check(
        "an order of another amount than was signed",
        "verify/payments.py",
        ('    expect(row, "amount_minor", row["amount_minor"], version["amount_minor"])\n'),
        "    pass\n",
    ),
    PURSE.check(
        "an order from another fund",
        "verify/payments.py",
        '    expect(row, "fund_id", row["fund_id"], mandate["fund_id"])\n',
        "    pass\n",
    ),
    PURSE.check(
        "an order of an older payload",
        "verify/payments.py",
        ('    expect(row, "the version that it orders", amount(version, "version"), newest)\n'),
        "    pass\n",
    ),
    PURSE.chain(
        "an order of a withdrawn request",
        "verify/payments.py",
        '    if str(request["id"]) in tables.single("request_ends", "request_id"):\n',
        "    if False:\n",
    ),
    PURSE.chain(
        "an order that one trustee signed",
        "verify/payments.py",
        '    if len(signed) < amount(trustees, "approvals_needed"):\n',
        "    if False:\n",
    ),
    PURSE.check(
        "an order that former trustees signed",
        "verify/payments.py",
        ('    expect(row, "its trustee set", trustees["number"], in_force[-1]["number"])\n'),
        "    pass\n",
    ),
    PURSE.check(
        "an order after its mandate was over",
        "verify/payments.py",
        "    if not is_in_time:\n",
        "    if False:\n",
    ),
    PURSE.chain(
        "a settlement of a failed order",
        "verify/payments.py",
        '    if str(order["id"]) in tables.single("order_failures", "order_id"):\n',
        "    if False:\n",
    ),
    PURSE.check(
        "a settlement on another day than its entry",
        "verify/payments.py",
        '    expect(row, "booked_on", row["booked_on"], entry["booked_on"])\n',
        "    pass\n",
    ),
    PURSE.check(
        "a fee under a mandate for something else",
        "verify/bookings.py",
        (
            '            expect(row, "the kind of its mandate", '
            'mandate["standing_kind"], STANDING[kind])\n'
        ),
        "            pass\n",
    ),
    PURSE.check(
        "a cover of another amount",
        "verify/bookings.py",
        '            expect(row, "max_minor", amount(mandate, "max_minor"), minor)\n',
        "            pass\n",
    ),
    PURSE.check(
        "a charge of no batch",
        "verify/dues.py",
        "        if batch is None:\n",
        "        if False:\n",
    ),
    PURSE.chain(
        "a batch of another digest",
        "verify/dues.py",
        (
            '        expect(batch, "rows_sha256", batch["rows_sha256"], '
            "charged.digest.hexdigest())\n"
        ),
        "        pass\n",
    ),
    PURSE.check(
        "a batch of another count",
        "verify/dues.py",
        '        expect(batch, "count", amount(batch, "count"), charged.count)\n',
        "        pass\n",
    ),
    PURSE.chain(
        "a batch of another sum",
        "verify/dues.py",
        '        expect(batch, "total_minor", amount(batch, "total_minor"), charged.total)\n',
        "        pass\n",
    ),
    PURSE.check(
        "a batch whose entry books more",
        "verify/dues.py",
        '        entry_moves_check(ledger, batch, "1100", "4000", charged.total)\n',
        "        pass\n",
    ),
)
