"""How a forger who holds the signing key changes the story: words to make lies from."""

from collections.abc import Callable
from typing import Any

from commonpurse.proof.payload import payload_code, payload_hash
from tests.proof.exports import Row, uid
from tests.proof.manuals import RULES
from tests.proof.story import Story
from tests.proof.teller import DAY

Lie = Callable[[Story], object]

FACTS = ("amount_minor", "currency", "purpose", "nonce", "expires_at")
AMENDING_RULES = RULES | {"threshold": "3/4", "quorum": "1/2"}


def change(name: str, **columns: object) -> Lie:
    return lambda story: story.row[name].update(columns)


def points(name: str, other: str, column: str = "subject_id", says: str = "id") -> Lie:
    """A row that points to another row than it did, or says what that one says."""
    return lambda story: story.row[name].update({column: story.row[other][says]})


def remove(*names: str) -> Lie:
    def lie(story: Story) -> None:
        for name in names:
            gone = story.row[name]
            story.maker.rows = [item for item in story.maker.rows if item[2] is not gone]

    return lie


def both(*lies: Lie) -> Lie:
    def lie(story: Story) -> None:
        for one in lies:
            one(story)

    return lie


def moved_before(name: str, other: str) -> Lie:
    """The row stands in the log just before another, and says that it is as old."""

    def lie(story: Story) -> None:
        rows = story.maker.rows
        mine = next(item for item in rows if item[2] is story.row[name])
        rows.remove(mine)
        place = next(n for n, item in enumerate(rows) if item[2] is story.row[other])
        rows.insert(place, mine)
        mine[2]["at"] = rows[place - 1][2]["at"]

    return lie


def rechained(story: Story) -> None:
    """Every posting gets the version and the balance that follow from those before it."""
    chain: dict[str, tuple[int, int]] = {}
    for table, _, row in story.maker.rows:
        for posting in row["postings"] if table == "entries" else ():
            version, balance = chain.get(posting["account_id"], (0, 0))
            balance += int(posting["amount_minor"])
            chain[posting["account_id"]] = version + 1, balance
            posting |= {"account_version": str(version + 1), "balance_after": str(balance)}


def added(name: str, table: str, leaf_kind: str, /, **columns: object) -> Lie:
    """One more row; a column given as a function is asked what the story says by then."""

    def lie(story: Story) -> None:
        said = {key: item(story) if callable(item) else item for key, item in columns.items()}
        story.add(name, table, leaf_kind, **said)

    return lie


def id_of(name: str) -> Callable[[Story], object]:
    return lambda story: story.row[name]["id"]


def voted_down(name: str, ballots: int) -> Lie:
    """Enough of a decision's ballots are turned that it fails, and its result says so."""

    def lie(story: Story) -> None:
        result = story.row[f"{name} result"]
        for place in range(ballots):
            story.row[f"{name} ballot {place}"]["choice"] = "disagree"
        agree, disagree = (int(result["counts"][key]) for key in ("agree", "disagree"))
        result["verdict"] = "failed"
        result["counts"] |= {"agree": str(agree - ballots), "disagree": str(disagree + ballots)}

    return lie


def asked_again(**changes: Any) -> Lie:
    """A second request and its payload, rightly hashed, that nobody has signed."""

    def lie(story: Story) -> None:
        first = story.row["version"]
        request = story.row["request"]
        if "version" not in changes:
            columns = {key: request[key] for key in ("mandate_id", "requester_member_id")}
            request = story.add(
                "request 2", "payment_requests", "payment.requested", number="2", **columns
            )
        row = {key: item for key, item in first.items() if key not in ("id", "at")}
        row |= {"request_id": request["id"], "nonce": "1" * 32}
        row |= {"expires_at": story.maker.now(30 * DAY)}
        row |= {key: item(story) if callable(item) else item for key, item in changes.items()}
        story.add("version 2", "request_versions", "payment.payload", **hashed(story, row, changes))

    return lie


def hashed(story: Story, row: Row, changes: Row) -> Row:
    """The payload with its hash and its code, unless the lie is about them."""
    account = next(item for _, _, item in story.maker.rows if item["id"] == row["payee_account_id"])
    trustees = next(item for _, _, item in story.maker.rows if item["id"] == row["trustee_set_id"])
    digest = payload_hash(
        {
            "v": "1",
            "request": row["request_id"],
            "fund": story.row["fund"]["id"],
            "mandate": story.row["mandate"]["id"],
            "payee": row["payee_id"],
            "iban_mac": account["iban_mac"],
            "holder_mac": account["holder_mac"],
            "trustee_set": trustees["number"],
            **{name: row[name] for name in FACTS},
        }
    )
    row["payload_hash"] = changes.get("payload_hash", digest)
    row["code"] = changes.get("code", payload_code(digest))
    return row


def ordered_again(**changes: Any) -> Lie:
    """The mandate allows more; a second payment is asked for, signed by both and ordered."""

    def lie(story: Story) -> None:
        story.row["mandate"]["max_minor"] = "20000"
        story.row["spending"]["effect"]["amount_minor"] = "20000"
        asked_again(amount_minor="500")(story)
        version = story.row["version 2"]
        for name in ("bo", "cy"):
            approval = {
                key: item
                for key, item in story.row[f"approval {name}"].items()
                if key not in ("id", "at")
            } | {"version_id": version["id"], "payload_hash": version["payload_hash"]}
            story.add(f"approval 2 {name}", "approvals", "payment.approved", **approval)
        columns = {"version_id": version["id"], "fund_id": story.row["fund"]["id"]}
        columns |= {"end_to_end_id": "E2", "amount_minor": "500", "hold_id": uid(905)}
        story.add("order 2", "payment_orders", "payment.ordered", **(columns | changes))

    return lie


def seated_anew(number: str = "2", kind: str = "trustees") -> Lie:
    """Other trustees are decided on, and stand in the record from then on."""

    def lie(story: Story) -> None:
        members = story.row["trustees"]["member_ids"]
        decision = story.vote(
            "seating",
            ["agree"] * 5,
            "passed",
            kind="trustees",
            effect={"kind": kind, "member_ids": members, "approvals_needed": "2"},
            rules=AMENDING_RULES,
            manual_version_id=story.row["manual 2"]["id"],
        )
        story.add(
            "trustees 2",
            "trustee_sets",
            "trustees.adopted",
            number=number,
            member_ids=list(members),
            approvals_needed="2",
            decision_id=decision["id"],
        )
        story.enact("seating enactment", kind, "seating", "trustees 2")

    return lie


def decided_again(name: str, effect: Row, **changes: object) -> Lie:
    """One more decision passes, and a mandate stands on it."""

    def lie(story: Story) -> None:
        told = {key: item(story) if callable(item) else item for key, item in effect.items()}
        decision = story.vote(
            name,
            ["agree"] * 5,
            "passed",
            kind=told["kind"],
            effect=told,
            rules=RULES | {"quorum": "1/3"},
            manual_version_id=story.row["manual 2"]["id"],
        )
        former = story.row["mandate"]
        columns = {key: former[key] for key in ("payee_id", "purpose", "valid_until")} | {
            "kind": "decision",
            "decision_id": decision["id"],
            "result_id": story.row[f"{name} result"]["id"],
            "max_minor": told["amount_minor"],
        }
        said = {key: item(story) if callable(item) else item for key, item in changes.items()}
        story.mandate(f"{name} mandate", **(columns | said))
        story.enact(f"{name} enactment", told["kind"], name, f"{name} mandate")

    return lie


def covered(**cover: object) -> Lie:
    """A debit of 7.00 that nothing explained, and the decision that takes it out of suspense."""

    def lie(story: Story) -> None:
        line = story.line("taken", -700)
        story.post("taken", ("1900", 700), ("1000", -700))
        story.book("taken", "suspense")
        effect = {"kind": "cover", "bank_line_id": line["id"], "amount_minor": "700"}
        nothing = {"payee_id": None, "purpose": "Covered", "valid_until": None}
        decided_again("covering", effect, covers_line_id=line["id"], **nothing)(story)
        settled = story.post("covered", ("5000", 700), ("1900", -700))
        columns = {
            "booking_id": story.row["taken booking"]["id"],
            "mandate_id": story.row["covering mandate"]["id"],
            "entry_id": settled["id"],
            "kind": "decision",
            "order_id": None,
        }
        said = {key: item(story) if callable(item) else item for key, item in cover.items()}
        story.add("cover", "suspense_covers", "bank.covered", **(columns | said))

    return lie


def second_book(story: Story) -> None:
    """A book that is no fund's: what is posted from now on is posted there."""
    story.add("book", "books", "book.opened", owner_id=uid(906), name="Elsewhere")
    for code in ("1000", "1100", "4000", "5000", "5100"):
        former = story.row[f"account {code}"]
        columns = {key: item for key, item in former.items() if key not in ("id", "at")}
        columns["book_id"] = story.row["book"]["id"]
        story.add(f"account {code}", "accounts", "account.opened", **columns)


def another_book(story: Story) -> None:
    """The order's money is booked as leaving an account that is in no fund's book."""
    remove("payment")(story)
    story.row["fee"]["postings"][1] |= {"account_version": "2", "balance_after": "19700"}
    story.add("book 2", "books", "book.opened", owner_id=uid(906), name="Elsewhere")
    for code in ("1000", "5000"):
        columns = {"code": code, "name": code, "kind": "asset", "currency": "EUR"}
        book = story.row["book 2"]["id"]
        story.add(
            f"account {code}",
            "accounts",
            "account.opened",
            book_id=book,
            floor_minor=None,
            **columns,
        )
    entry = story.post("elsewhere", ("5000", 12_000), ("1000", -12_000))
    entry["book_id"] = story.row["book 2"]["id"]
    for name in ("settlement", "payment booking"):
        story.row[name]["entry_id"] = entry["id"]


SPEND: Row = {
    "kind": "spend",
    "payee_id": id_of("payee"),
    "currency": "EUR",
    "amount_minor": "100",
    "purpose": "Cake",
    "valid_until": None,
}


def strangers_cast(choice: str) -> Lie:
    """Three who never could vote stand among the ballots of the spending decision."""

    def lie(story: Story) -> None:
        for place in range(3):
            story.maker.add(
                "ballots",
                "ballot.cast",
                decision_id=story.row["spending"]["id"],
                pseudonym=f"{90 + place:016x}",
                choice=choice,
                reason_mac=None,
            )
            story.maker.rows[-1][2]["at"] = story.row["spending"]["opens_at"]

    return lie
