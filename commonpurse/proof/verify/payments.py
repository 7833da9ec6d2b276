"""Every payment rests on signatures, a mandate and a passed decision, and is booked as it says.

From the top of the chain down: the set of trustees is what a passed decision said; a mandate is
what a passed decision, or the manual in force, said; a payload hashes to what trustees signed;
enough of the right trustees signed it; the order is within the mandate; the entry books it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from commonpurse.proof.payload import payload_code, payload_hash
from commonpurse.proof.reader import Row
from commonpurse.proof.verify.decisions import passed_effect
from commonpurse.proof.verify.ledger import Ledger
from commonpurse.proof.verify.mandates import manual_of
from commonpurse.proof.verify.tables import Tables, amount, broken, expect

PAYLOAD_VERSION = "1"
OF_ORDERS = {"settlement", "reversal"}
"""Bookings whose mandate is counted by the order itself."""
DAY_CHARACTERS = len("2026-03-01")
SPENDING = "5000"
SPENT_ON = {"sponsor_fee": "5100", "refund": "4000"}
"""Accounts that standing mandates are spent on, where it is not plain spending."""


def payments_check(tables: Tables, ledger: Ledger) -> dict[str, int]:
    """Check every chain of authority; how many of each there were."""
    for row in tables.rows("trustee_sets"):
        trustee_set_check(tables, row)
    for row in tables.rows("mandates"):
        mandate_check(tables, row)
    approvals = approvals_check(tables)
    for row in tables.rows("request_versions"):
        version_check(tables, row)
    for row in tables.rows("payment_orders"):
        order_check(tables, row, approvals.get(str(row["version_id"]), []))
    mandates_used_check(tables)
    for row in tables.rows("settlements"):
        settlement_check(tables, ledger, row)
    for row in tables.rows("payment_reversals"):
        settlement = tables.get("settlements", row, "settlement_id")
        entry = entry_of(ledger, row)
        expect(row, "what its entry reverses", entry["reverses_id"], settlement["entry_id"])
    return {
        "mandates": len(tables.rows("mandates")),
        "approvals": len(tables.rows("approvals")),
        "payment orders": len(tables.rows("payment_orders")),
        "settlements": len(tables.rows("settlements")),
    }


def trustee_set_check(tables: Tables, row: Row) -> None:
    """Trustees and the approvals they need are those that a passed decision named."""
    decision = tables.get("decisions", row, "decision_id")
    effect = passed_effect(tables, row, decision)
    named = {"trustees": "member_ids", "found": "trustees"}.get(str(effect["kind"]))
    if named is None:
        raise broken(row, f"decision {decision['id']} names no trustees")
    expect(row, "member_ids", row["member_ids"], sorted(effect[named]))
    expect(row, "approvals_needed", row["approvals_needed"], effect["approvals_needed"])
    parameters = manual_of(tables, row)
    seats, needed = len(row["member_ids"]), amount(row, "approvals_needed")
    if not amount(parameters, "approvals_needed") <= needed <= seats:
        raise broken(row, f"{needed} of {seats} approve, and the manual asks for more or for less")
    if seats > amount(parameters, "trustees_seats") or seats != len(set(row["member_ids"])):
        raise broken(row, f"it names {seats} trustees, and the manual has not as many seats")
    place = tables.rows("trustee_sets").index(row) + 1
    expect(row, "number", amount(row, "number"), place)


def mandate_check(tables: Tables, row: Row) -> None:
    """A mandate says what the decision's effect or the manual's parameters say."""
    fund = tables.get("funds", row, "fund_id")
    expect(row, "currency", row["currency"], fund["currency"])
    if row["kind"] == "standing":
        version = tables.get("manual_versions", row, "manual_version_id")
        bounds = {
            str(item["kind"]): item["max_minor_per_month"]
            for item in version["parameters"]["standing_mandates"]
        }
        expect(row, "max_minor", row["max_minor"], bounds.get(str(row["standing_kind"])))
        return
    result = tables.get("results", row, "result_id")
    expect(row, "decision_id", row["decision_id"], result["decision_id"])
    effect = passed_effect(tables, row, tables.get("decisions", row, "decision_id"))
    expect(row, "max_minor", row["max_minor"], effect["amount_minor"])
    if effect["kind"] == "cover":
        expect(row, "covers_line_id", row["covers_line_id"], effect["bank_line_id"])
        return
    expect(row, "payee_id", row["payee_id"], effect["payee_id"])
    expect(row, "currency", row["currency"], effect["currency"])
    expect(row, "purpose", row["purpose"], " ".join(effect["purpose"].split()))
    expect(row, "valid_until", row["valid_until"], until_of(effect.get("valid_until")))


def until_of(text: str | None) -> str | None:
    """When a mandate ends: at the instant that its effect names, or after the day it names."""
    if not text:
        return None
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    if len(text) == DAY_CHARACTERS:
        found += timedelta(days=1)
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def version_check(tables: Tables, row: Row) -> None:
    """The hash of a payload is that of its facts, and the short code is that of the hash."""
    request = tables.get("payment_requests", row, "request_id")
    mandate = tables.get("mandates", request, "mandate_id")
    account = tables.get("payee_accounts", row, "payee_account_id")
    expect(row, "payee_id", row["payee_id"], account["payee_id"])
    expect(row, "currency", row["currency"], mandate["currency"])
    if mandate["payee_id"] is not None:
        expect(row, "payee_id", row["payee_id"], mandate["payee_id"])
    found = payload_hash(
        {
            "v": PAYLOAD_VERSION,
            "request": row["request_id"],
            "fund": mandate["fund_id"],
            "mandate": mandate["id"],
            "payee": row["payee_id"],
            "iban_mac": account["iban_mac"],
            "holder_mac": account["holder_mac"],
            "amount_minor": row["amount_minor"],
            "currency": row["currency"],
            "purpose": row["purpose"],
            "nonce": row["nonce"],
            "expires_at": row["expires_at"],
            "trustee_set": tables.get("trustee_sets", row, "trustee_set_id")["number"],
        }
    )
    expect(row, "payload_hash", row["payload_hash"], found)
    expect(row, "code", row["code"], payload_code(found))


def approvals_check(tables: Tables) -> dict[str, list[Row]]:
    """Each approval is a trustee's, over this payload, by somebody apart; by payload."""
    approvals = tables.grouped("approvals", "version_id")
    for rows in approvals.values():
        signers: set[str] = set()
        for row in rows:
            version = tables.get("request_versions", row, "version_id")
            signer = str(row["trustee_member_id"])
            if signer in signers:
                raise broken(row, f"{signer} signed this payload twice")
            signers.add(signer)
            approval_check(tables, row, version, signer)
    return approvals


def approval_check(tables: Tables, row: Row, version: Row, signer: str) -> None:
    """One approval: of the right hash, in time, by a trustee who is not part of the payment."""
    expect(row, "payload_hash", row["payload_hash"], version["payload_hash"])
    trustees = tables.get("trustee_sets", version, "trustee_set_id")
    if signer not in trustees["member_ids"]:
        raise broken(row, f"{signer} is not in trustee set {trustees['number']}")
    if not version["at"] <= row["at"] < version["expires_at"]:
        raise broken(row, "it was not given while the payload could be signed")
    request = tables.get("payment_requests", version, "request_id")
    account = tables.get("payee_accounts", version, "payee_account_id")
    payee = tables.get("payees", version, "payee_id")
    apart = {
        "asked for the payment": request["requester_member_id"],
        "edited the payload": version["edited_by_member_id"],
        "gains from the payment": payee["beneficial_owner_member_id"],
        "entered the account": account["entered_by_member_id"],
    }
    for deed, member_id in apart.items():
        if signer == member_id:
            raise broken(row, f"{signer} {deed} and may not approve it")


def order_check(tables: Tables, row: Row, approvals: list[Row]) -> None:
    """An order: the newest payload of its request, signed by enough trustees, under a mandate."""
    version = tables.get("request_versions", row, "version_id")
    request = tables.get("payment_requests", version, "request_id")
    mandate = tables.get("mandates", request, "mandate_id")
    expect(row, "amount_minor", row["amount_minor"], version["amount_minor"])
    expect(row, "fund_id", row["fund_id"], mandate["fund_id"])
    newest = max(
        amount(other, "version")
        for other in tables.grouped("request_versions", "request_id")[str(request["id"])]
    )
    expect(row, "the version that it orders", amount(version, "version"), newest)
    if str(request["id"]) in tables.single("request_ends", "request_id"):
        raise broken(row, f"request {request['id']} had ended without a payment")
    trustees = tables.get("trustee_sets", version, "trustee_set_id")
    signed = [one for one in approvals if one["_index"] < row["_index"]]
    if len(signed) < amount(trustees, "approvals_needed"):
        raise broken(
            row,
            f"{len(signed)} trustees signed it, and {trustees['approvals_needed']} were needed",
        )
    in_force = [one for one in tables.rows("trustee_sets") if one["_index"] < row["_index"]]
    expect(row, "its trustee set", trustees["number"], in_force[-1]["number"])
    account = tables.get("payee_accounts", version, "payee_account_id")
    ended = tables.single("mandate_ends", "mandate_id").get(str(mandate["id"]))
    is_in_time = (
        mandate["valid_from"] <= row["at"]
        and row["at"] < version["expires_at"]
        and account["usable_from"] <= row["at"]
        and (mandate["valid_until"] is None or row["at"] < mandate["valid_until"])
        and (ended is None or ended["_index"] > row["_index"])
    )
    if not is_in_time:
        raise broken(row, "mandate, payload or account were not in force when it was ordered")


def mandates_used_check(tables: Tables) -> None:
    """No mandate was used beyond its bound: in all, or within each month where it is standing."""
    used: dict[tuple[str, str], int] = defaultdict(int)
    last: dict[tuple[str, str], Row] = {}
    for mandate_id, day, used_minor, row in uses_of_mandates(tables):
        mandate = tables.by_id("mandates")[mandate_id]
        place = (mandate_id, day[: len("2026-03")] if mandate["kind"] == "standing" else "")
        used[place] += used_minor
        last[place] = row
    for (mandate_id, month), total in used.items():
        bound = amount(tables.by_id("mandates")[mandate_id], "max_minor")
        if total > bound:
            when = f" in {month}" if month else ""
            raise broken(
                last[mandate_id, month],
                f"mandate {mandate_id} allows {bound}{when}, and {total} was used",
            )


def uses_of_mandates(tables: Tables) -> Iterable[tuple[str, str, int, Row]]:
    """What counts against mandates: orders that stand, and debits that the bank made itself."""
    failed = {str(row["order_id"]) for row in tables.rows("order_failures")}
    back = {str(row["settlement_id"]) for row in tables.rows("payment_reversals")}
    settled = {str(row["order_id"]) for row in tables.rows("settlements") if str(row["id"]) in back}
    for row in tables.rows("payment_orders"):
        if str(row["id"]) not in failed | settled:
            version = tables.get("request_versions", row, "version_id")
            request = tables.get("payment_requests", version, "request_id")
            yield str(request["mandate_id"]), str(row["at"]), amount(row, "amount_minor"), row
    for row in tables.rows("line_bookings"):
        if row["mandate_id"] is not None and row["kind"] not in OF_ORDERS:
            tables.get("mandates", row, "mandate_id")
            line = tables.get("bank_lines", row, "line_id")
            yield str(row["mandate_id"]), str(line["booked_on"]), -amount(line, "amount_minor"), row


def entry_of(ledger: Ledger, row: Row) -> Row:
    """The entry that a row says it was booked by."""
    entry = ledger.kept.get(str(row["entry_id"]))
    if not entry:
        raise broken(row, f"entry {row['entry_id']} is not in the books")
    return entry


def moved(ledger: Ledger, entry: Row, code: str) -> int:
    """By how much an entry changes the account of this code in its book."""
    return sum(
        int(posting["amount_minor"])
        for posting in entry["postings"]
        if ledger.accounts[str(posting["account_id"])]["code"] == code
    )


def shape(ledger: Ledger, entry: Row) -> dict[str, int]:
    """By how much an entry changes each of its accounts, by their codes."""
    found: dict[str, int] = defaultdict(int)
    for posting in entry["postings"]:
        found[str(ledger.accounts[str(posting["account_id"])]["code"])] += int(
            posting["amount_minor"]
        )
    return dict(found)


def spent_on(mandate: Row) -> str:
    """The code of the account that a payment under this mandate is spent on."""
    return SPENT_ON.get(str(mandate["standing_kind"]), SPENDING)


def settlement_check(tables: Tables, ledger: Ledger, row: Row) -> None:
    """The entry of a settlement is of its day and in its fund's book; its line is of its amount."""
    order = tables.get("payment_orders", row, "order_id")
    if str(order["id"]) in tables.single("order_failures", "order_id"):
        raise broken(row, f"order {order['id']} failed")
    fund = tables.get("funds", order, "fund_id")
    entry = entry_of(ledger, row)
    expect(row, "the book of its entry", entry["book_id"], fund["book_id"])
    expect(row, "booked_on", row["booked_on"], entry["booked_on"])
    paid = amount(order, "amount_minor")
    if row["bank_line_id"] is not None:
        line = tables.get("bank_lines", row, "bank_line_id")
        expect(row, "the amount of its bank line", -amount(line, "amount_minor"), paid)
