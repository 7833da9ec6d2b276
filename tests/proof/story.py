"""A whole small co-op as rows: from founding to a payment that the bank confirmed.

Five members. Decision 1 founds it, with two of three trustees to approve; decision 2 spends 120.00
on a supplier; Ann asks, Bo and Cy approve, the bank's line settles it.
"""

from commonpurse.proof.canonical import lines_sha256
from commonpurse.proof.payload import payload_code, payload_hash
from tests.proof.exports import Row, uid
from tests.proof.manuals import CLAUSES, FOUNDING, PARAMETERS, RULES
from tests.proof.teller import ACCOUNTS, ANN, BO, CY, DAY, DI, EVE, MEMBERS, Teller


class Story(Teller):
    """The rows of the co-op, by name, so that a test can make one of them lie."""

    def __init__(self) -> None:
        super().__init__()
        self.gather()
        self.found()
        self.fund_open()
        self.authorise()
        self.plan()
        self.payee_add()
        self.grant()
        self.amend()
        self.fail()
        self.ask()
        self.sign()
        self.pay()
        self.charge()

    def gather(self) -> None:
        """Five people come together."""
        self.add(
            "coop",
            "coops",
            "coop.founded",
            slug="bill",
            name="The Shared Bill",
            timezone="Europe/Berlin",
        )
        group = self.add("group", "groups", "group.made", parent_id=None, name="The Shared Bill")
        for member in MEMBERS:
            self.add(
                f"membership {member}",
                "memberships",
                "member.joined",
                group_id=group["id"],
                member_id=member,
            )
        self.add(
            "treasurer",
            "role_grants",
            "role.granted",
            member_id=EVE,
            role="treasurer",
            granted_by_decision=None,
        )

    def found(self) -> None:
        """All of them found the co-op, with its first manual."""
        effect = {
            "kind": "found",
            "template": "solidarity-fund",
            "parameters": PARAMETERS,
            "clauses": CLAUSES,
            "trustees": [ANN, BO, CY],
            "approvals_needed": "2",
        }
        decision = self.vote(
            "founding",
            ["agree"] * 5,
            "passed",
            kind="founding",
            effect=effect,
            rules=FOUNDING,
            manual_version_id=None,
        )
        self.add(
            "manual",
            "manual_versions",
            "manual.adopted",
            number="1",
            template="solidarity-fund",
            parameters=PARAMETERS,
            clauses=CLAUSES,
            decision_id=decision["id"],
        )
        self.enact("founding enactment", "found", "founding", "manual")

    def fund_open(self) -> None:
        """A fund, its books and their accounts."""
        book = self.add("book", "books", "book.opened", owner_id=uid(900), name="Fund")
        for code, kind in ACCOUNTS.items():
            self.add(
                f"account {code}",
                "accounts",
                "account.opened",
                book_id=book["id"],
                code=code,
                name=code,
                kind=kind,
                currency="EUR",
                floor_minor=None,
            )
        self.add(
            "fund",
            "funds",
            "fund.opened",
            sponsor_id=uid(901),
            name="Fund",
            currency="EUR",
            book_id=book["id"],
            iban_mac="a",
        )

    def authorise(self) -> None:
        """The trustees that the founding named, and the mandate that stands in the manual."""
        self.add(
            "trustees",
            "trustee_sets",
            "trustees.adopted",
            number="1",
            member_ids=[ANN, BO, CY],
            approvals_needed="2",
            decision_id=self.row["founding"]["id"],
        )
        self.stand("standing 1", "manual", "bank_fee")

    def plan(self) -> None:
        """The dues that the manual says, from the day after."""
        self.add(
            "plan",
            "dues_plans",
            "dues.planned",
            fund_id=self.row["fund"]["id"],
            name="Dues",
            amount_minor="500",
            currency="EUR",
            period_months="1",
            day="2",
            from_date="2026-03-02",
            manual_version_id=self.row["manual"]["id"],
        )

    def payee_add(self) -> None:
        """Ann knows a supplier, from whom Di gains; Eve enters its account."""
        payee = self.add(
            "payee",
            "payees",
            "payee.added",
            kind="organisation",
            name="Host",
            beneficial_owner_member_id=DI,
            added_by_member_id=ANN,
        )
        self.add(
            "payee account",
            "payee_accounts",
            "payee.account_entered",
            payee_id=payee["id"],
            iban_mac="b" * 64,
            holder_mac="c" * 64,
            entered_by_member_id=EVE,
            usable_from=self.maker.now(),
        )

    def grant(self) -> None:
        """The members decide to pay the supplier."""
        payee = self.row["payee"]
        effect = {
            "kind": "spend",
            "payee_id": payee["id"],
            "payee_name": "Host",
            "currency": "EUR",
            "amount_minor": "12000",
            "purpose": "A  server ",
            "valid_until": "2026-12-31",
        }
        decision = self.vote(
            "spending",
            ["agree", "agree", "agree", "disagree"],
            "passed",
            kind="spend",
            effect=effect,
            rules=RULES,
            manual_version_id=self.row["manual"]["id"],
        )
        self.mandate(
            "mandate",
            kind="decision",
            decision_id=decision["id"],
            result_id=self.row["spending result"]["id"],
            payee_id=payee["id"],
            max_minor="12000",
            purpose="A server",
            valid_until="2027-01-01T00:00:00.000000Z",
        )
        self.enact("enactment", "spend", "spending", "mandate")

    def amend(self) -> None:
        """The members amend their manual."""
        effect: Row = {
            "kind": "amend",
            "parameters": {"quorum": "1/3"},
            "clauses": [{"key": "aim", "title": "Aim", "text": "To share"}],
        }
        decision = self.vote(
            "amending",
            ["agree"] * 5,
            "passed",
            kind="amendment",
            effect=effect,
            rules=RULES | {"threshold": "3/4"},
            manual_version_id=self.row["manual"]["id"],
        )
        self.add(
            "manual 2",
            "manual_versions",
            "manual.adopted",
            number="2",
            template="solidarity-fund",
            parameters=PARAMETERS | {"quorum": "1/3"},
            clauses=CLAUSES + effect["clauses"],
            decision_id=decision["id"],
        )
        self.add(
            "standing end",
            "mandate_ends",
            "mandate.ended",
            mandate_id=self.row["standing 1"]["id"],
            manual_version_id=self.row["manual 2"]["id"],
        )
        self.stand("standing", "manual 2", "bank_fee")
        self.enact("amending enactment", "amend", "amending", "manual 2")

    def fail(self) -> None:
        """A question to which too few answer."""
        self.vote(
            "failing",
            ["agree"],
            "no_quorum",
            kind="statement",
            effect={"kind": "none"},
            rules=RULES | {"quorum": "1/3"},
            manual_version_id=self.row["manual 2"]["id"],
        )

    def ask(self) -> None:
        """Ann asks for a payment: what exactly trustees shall sign."""
        request = self.add(
            "request",
            "payment_requests",
            "payment.requested",
            number="1",
            mandate_id=self.row["mandate"]["id"],
            requester_member_id=ANN,
        )
        fund, payee = self.row["fund"]["id"], self.row["payee"]["id"]
        facts = {
            "amount_minor": "12000",
            "currency": "EUR",
            "purpose": "Server, March",
            "nonce": "0" * 32,
            "expires_at": self.maker.now(30 * DAY),
        }
        digest = payload_hash(
            {
                "v": "1",
                "request": request["id"],
                "fund": fund,
                "payee": payee,
                "mandate": self.row["mandate"]["id"],
                "iban_mac": "b" * 64,
                "holder_mac": "c" * 64,
                "trustee_set": "1",
                **facts,
            }
        )
        self.add(
            "version",
            "request_versions",
            "payment.payload",
            request_id=request["id"],
            version="1",
            payee_id=payee,
            payee_account_id=self.row["payee account"]["id"],
            trustee_set_id=self.row["trustees"]["id"],
            payload_hash=digest,
            code=payload_code(digest),
            edited_by_member_id=ANN,
            **facts,
        )

    def sign(self) -> None:
        """Bo and Cy sign it, so it is ordered."""
        version = self.row["version"]
        for name, member in (("bo", BO), ("cy", CY)):
            self.add(
                f"approval {name}",
                "approvals",
                "payment.approved",
                version_id=version["id"],
                trustee_member_id=member,
                payload_hash=version["payload_hash"],
            )
        self.add(
            "order",
            "payment_orders",
            "payment.ordered",
            version_id=version["id"],
            fund_id=self.row["fund"]["id"],
            end_to_end_id="E",
            amount_minor="12000",
            hold_id=uid(903),
        )

    def pay(self) -> None:
        """The bank pays."""
        line = self.line("payment", -12_000)
        entry = self.post("payment", ("5000", 12_000), ("1000", -12_000))
        self.add(
            "settlement",
            "settlements",
            "payment.settled",
            order_id=self.row["order"]["id"],
            bank_line_id=line["id"],
            proof_mac=None,
            booked_on="2026-03-02",
            entry_id=entry["id"],
        )
        self.book("payment", "settlement", order="order", mandate="mandate")

    def charge(self) -> None:
        """A month's dues of all members, as one batch; the bank takes its fee."""
        entry = self.post("dues", ("1100", 2_500), ("4000", -2_500))
        batch_id = uid(len(self.maker.rows) + 1)
        charges = [
            {
                "id": uid(700 + place),
                "batch_id": batch_id,
                "member_id": member,
                "period": "2026-03",
                "amount_minor": "500",
                "due_on": "2026-03-02",
                "reference": f"RF{place}",
            }
            for place, member in enumerate(MEMBERS)
        ]
        self.maker.plain["charges"] = charges
        self.add(
            "batch",
            "charge_batches",
            "dues.charged",
            plan_id=self.row["plan"]["id"],
            period="2026-03",
            due_on="2026-03-02",
            count="5",
            total_minor="2500",
            entry_id=entry["id"],
            rows_sha256=lines_sha256(charges),
        )
        self.line("fee", -300)
        self.post("fee", ("5100", 300), ("1000", -300))
        self.book("fee", "fee", mandate="standing")
