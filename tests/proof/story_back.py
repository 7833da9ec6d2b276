"""The same small co-op, and what does not end as it was meant to.

A member's dues are taken back, the supplier's money comes back, an order goes by hand, one fails,
and three requests end unpaid; a role ends and the books are closed.
"""

from commonpurse.proof.payload import payload_code, payload_hash
from tests.proof.exports import Row, uid
from tests.proof.story import Story
from tests.proof.teller import ANN, BO, CY, DAY, EVE


class StoryBack(Story):
    """The rows of the longer story, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.receive()
        self.take_back()
        self.come_back()
        self.send_by_hand()
        self.fail_order()
        self.end_requests()
        self.close()

    def receive(self) -> None:
        """Ann pays her dues, and a city gives what nobody understands at first."""
        line = self.line("receipt", 500, reference="RF0")
        entry = self.post("receipt", ("1000", 500), ("1100", -500))
        self.book("receipt", "dues")
        self.receipt("received", line, ANN, entry)
        self.line("gift", 700)
        self.post("gift", ("1000", 700), ("2000", -700))
        self.book("gift", "unallocated")
        self.post("allocated", ("2000", 700), ("4100", -700))
        self.add(
            "assignment",
            "line_assignments",
            "bank.assigned",
            booking_id=self.row["gift booking"]["id"],
            kind="grant",
            member_id=None,
            entry_id=self.row["allocated"]["id"],
            assigned_by_member_id=EVE,
        )

    def receipt(self, name: str, line: Row, member_id: str, entry: Row) -> None:
        """What a member paid."""
        self.add(
            name,
            "payments_received",
            "payment.received",
            line_id=line["id"],
            member_id=member_id,
            amount_minor=line["amount_minor"],
            entry_id=entry["id"],
        )

    def take_back(self) -> None:
        """Her bank takes them back, under a mandate that stands in the manual."""
        self.stand("standing back", "manual 2", "returned_debit")
        line = self.line("back", -500)
        entry = self.post("back", ("1100", 500), ("1000", -500))
        self.book("back", "return", mandate="standing back")
        self.add(
            "returned",
            "payments_returned",
            "payment.returned",
            payment_id=self.row["received"]["id"],
            line_id=line["id"],
            amount_minor="500",
            mandate_id=self.row["standing back"]["id"],
            entry_id=entry["id"],
        )

    def come_back(self) -> None:
        """The supplier's bank sends the money back."""
        line = self.line("reversing", 12_000)
        entry = self.post("reversing", ("5000", -12_000), ("1000", 12_000))
        entry["reverses_id"] = self.row["payment"]["id"]
        self.book("reversing", "reversal", order="order", mandate="mandate")
        self.add(
            "reversal",
            "payment_reversals",
            "payment.reversed",
            settlement_id=self.row["settlement"]["id"],
            bank_line_id=line["id"],
            booked_on="2026-03-02",
            entry_id=entry["id"],
        )

    def wish(self, number: int) -> None:
        """Ann asks once more for what she asked for first."""
        columns = {key: self.row["request"][key] for key in ("mandate_id", "requester_member_id")}
        request = self.add(
            f"request {number}",
            "payment_requests",
            "payment.requested",
            number=str(number),
            **columns,
        )
        first = self.row["version"] | {"nonce": f"{number:032x}", "request_id": request["id"]}
        first["expires_at"] = self.maker.now(30 * DAY)
        facts = ("amount_minor", "currency", "purpose", "nonce", "expires_at")
        account = self.row["payee account"]
        digest = payload_hash(
            {
                "v": "1",
                "request": request["id"],
                "fund": self.row["fund"]["id"],
                "payee": first["payee_id"],
                "mandate": request["mandate_id"],
                "iban_mac": account["iban_mac"],
                "holder_mac": account["holder_mac"],
                "trustee_set": "1",
                **{name: first[name] for name in facts},
            }
        )
        columns = {key: value for key, value in first.items() if key not in {"id", "at"}}
        columns |= {"payload_hash": digest, "code": payload_code(digest)}
        self.add(f"version {number}", "request_versions", "payment.payload", **columns)

    def order(self, number: int) -> Row:
        """Ask again; Bo and Cy sign; the order is prepared."""
        self.wish(number)
        version = self.row[f"version {number}"]
        for member in (BO, CY):
            self.add(
                f"approval {number} {member}",
                "approvals",
                "payment.approved",
                version_id=version["id"],
                trustee_member_id=member,
                payload_hash=version["payload_hash"],
            )
        return self.add(
            f"order {number}",
            "payment_orders",
            "payment.ordered",
            version_id=version["id"],
            fund_id=self.row["fund"]["id"],
            end_to_end_id=f"E{number}",
            amount_minor=version["amount_minor"],
            hold_id=uid(910 + number),
        )

    def send_by_hand(self) -> None:
        """The mandate has its room again: the supplier is paid once more, by hand."""
        order = self.order(2)
        self.add(
            "by hand", "orders_by_hand", "orders.by_hand", order_id=order["id"], proof_mac="e" * 64
        )

    def fail_order(self) -> None:
        """The bank does not carry an order out."""
        order = self.order(3)
        self.add(
            "failure", "order_failures", "payment.failed", order_id=order["id"], reason_mac="f" * 64
        )

    def end_requests(self) -> None:
        """One is taken back, one refused, and one waits until its time is over."""
        ends = (("withdrawn", ANN), ("refused", CY), ("expired", None))
        for number, (kind, member_id) in enumerate(ends, start=4):
            self.wish(number)
            self.add(
                kind,
                "request_ends",
                "payment.ended",
                request_id=self.row[f"request {number}"]["id"],
                kind=kind,
                by_member_id=member_id,
                reason_mac=None,
            )
        self.row["expired"]["at"] = self.row["version 6"]["expires_at"]

    def close(self) -> None:
        """Eve was the auditor for a while; February's books are closed."""
        grant = self.add(
            "grant",
            "role_grants",
            "role.granted",
            member_id=EVE,
            role="auditor",
            granted_by_decision=None,
        )
        self.add("role end", "role_ends", "role.ended", grant_id=grant["id"])
        book = self.row["book"]["id"]
        self.add("close", "period_closes", "period.closed", book_id=book, through="2026-02-28")
