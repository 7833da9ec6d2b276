"""The same small co-op, and what does not end as it was meant to.

A member's dues are taken back, the supplier's money comes back, an order goes by hand, one fails,
and three requests end unpaid; a role ends and the books are closed.
"""

from commonpurse.proof.payload import payload_code, payload_hash
from tests.proof.exports import Row, instant, uid
from tests.proof.story import ANN, BO, CY, EVE, Story


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

    def line(self, name: str, amount: int) -> Row:
        """A line of the bank's statement."""
        return self.add(
            f"{name} line",
            "bank_lines",
            "bank.line",
            statement_id=uid(902),
            ordinal=str(3 + len(self.row)),
            booked_on="2026-03-02",
            amount_minor=str(amount),
        )

    def book(self, name: str, kind: str, order: str = "", mandate: str = "") -> None:
        """How the line of this name is booked: by the entry of this name."""
        self.add(
            f"{name} booking",
            "line_bookings",
            "bank.booked",
            line_id=self.row[f"{name} line"]["id"],
            kind=kind,
            entry_id=self.row[name]["id"],
            order_id=self.row[order]["id"] if order else None,
            mandate_id=self.row[mandate]["id"] if mandate else None,
        )

    def receive(self) -> None:
        """Ann pays her dues."""
        entry = self.post("receipt", ("1000", 500), ("4000", -500))
        line = self.line("receipt", 500)
        self.book("receipt", "dues")
        self.add(
            "received",
            "payments_received",
            "payment.received",
            line_id=line["id"],
            member_id=ANN,
            amount_minor="500",
            entry_id=entry["id"],
        )

    def take_back(self) -> None:
        """Her bank takes them back, under a mandate that stands in the manual."""
        standing = self.row["standing"] | {"number": "3", "standing_kind": "returned_debit"}
        columns = {key: value for key, value in standing.items() if key not in {"id", "at"}}
        self.add("standing back", "mandates", "mandate.enacted", **columns)
        entry = self.post("back", ("4000", 500), ("1000", -500))
        line = self.line("back", -500)
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
        entry = self.post("reversing", ("5000", -12_000), ("1000", 12_000))
        entry["reverses_id"] = self.row["payment"]["id"]
        line = self.line("reversing", 12_000)
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
        self.row["expired"]["at"] = instant(5_000)

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
