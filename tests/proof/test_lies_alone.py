"""Lies that fit everything but one row: each is found by one check of the rewrite, and no other.

As in `test_checks`, a check that is taken away leaves its lie unfound, and so its guard is seen
red (`tests/guards/registry_proof_lies.py`). The books are chained anew after every lie.
"""

from pathlib import Path

import pytest

from commonpurse.proof.canonical import lines_sha256
from tests.proof.exports import Row, uid
from tests.proof.lies import (
    SPEND,
    Lie,
    another_book,
    both,
    change,
    covered,
    decided_again,
    id_of,
    moved_before,
    ordered_again,
    points,
    remove,
    seated_anew,
    second_book,
)
from tests.proof.manuals import CLAUSES, FOUNDING, PARAMETERS
from tests.proof.story import Story
from tests.proof.story_back import StoryBack
from tests.proof.teller import ANN, BO, CY, MEMBERS
from tests.proof.test_lies_money import charge, found, holds, moved, rebatched
from tests.proof.test_lies_people import account_again, copied, everywhere, later, waited

AGAIN = {"purpose": "Cake", "valid_until": None}


def founded_again(story: Story) -> None:
    """All five vote for another founding, and its manual takes the place of theirs."""
    decision = story.vote(
        "again",
        ["agree"] * 5,
        "passed",
        kind="founding",
        effect=story.row["founding"]["effect"],
        rules=FOUNDING,
        manual_version_id=None,
    )
    story.add(
        "manual 3",
        "manual_versions",
        "manual.adopted",
        number="3",
        template="solidarity-fund",
        parameters=PARAMETERS,
        clauses=CLAUSES + story.row["manual 2"]["clauses"][1:],
        decision_id=decision["id"],
    )
    columns = {"mandate_id": story.row["standing"]["id"]}
    columns["manual_version_id"] = story.row["manual 3"]["id"]
    story.add("standing end 2", "mandate_ends", "mandate.ended", **columns)
    story.enact("enactment 3", "found", "again", "manual 3")


def swapped_enactments(story: Story) -> None:
    """Each of two enactments names what the other one made."""
    decided_again("cake", SPEND, **AGAIN)(story)
    points("enactment", "cake mandate")(story)
    points("cake enactment", "mandate")(story)


def matched(minor: int = 12_000) -> Lie:
    """The debit came first and lay in suspense; the order was found to be what it paid."""

    def lie(story: Story) -> None:
        story.row["payment booking"].update(kind="suspense", order_id=None, mandate_id=None)
        entry, line = story.row["payment"], story.row["payment line"]
        entry["postings"][0].update(account_id=story.row["account 1900"]["id"])
        for posting, sign in zip(entry["postings"], ("", "-"), strict=True):
            posting["amount_minor"] = f"{sign}{minor}"
        line["amount_minor"] = f"-{minor}"
        left = 20_000 - minor
        story.row["payment statement"]["closing_minor"] = str(left)
        story.row["fee statement"].update(opening_minor=str(left), closing_minor=str(left - 300))
        settled = story.post("matched", ("5000", 12_000), ("1900", -12_000))
        story.row["settlement"]["entry_id"] = settled["id"]
        columns = {
            "booking_id": story.row["payment booking"]["id"],
            "mandate_id": story.row["mandate"]["id"],
            "order_id": story.row["order"]["id"],
        }
        columns |= {"entry_id": settled["id"], "kind": "settlement"}
        story.add("cover", "suspense_covers", "bank.covered", **columns)

    return lie


def back_in_suspense(story: Story) -> None:
    """What had been matched comes back, and the bank's account, which began at 0, does not move."""
    matched()(story)
    remove("opening")(story)
    story.row["payment statement"].update(opening_minor="0", closing_minor="-12000")
    story.row["fee statement"].update(opening_minor="-12000", closing_minor="-12300")
    story.maker.closing = -12_300
    line = story.line("back", 12_000)
    entry = story.post("back", ("5000", -12_000), ("1900", 12_000))
    entry["reverses_id"] = story.row["matched"]["id"]
    story.book("back", "reversal", order="order", mandate="mandate")
    columns = {"settlement_id": story.row["settlement"]["id"], "booked_on": "2026-03-02"}
    columns |= {"bank_line_id": line["id"], "entry_id": entry["id"]}
    story.add("reversal", "payment_reversals", "payment.reversed", **columns)


def by_word(story: Story) -> None:
    """The order was paid before the fund had statements, and a proof says so."""
    remove("payment line", "payment booking", "payment statement")(story)
    story.row["settlement"].update(bank_line_id=None, proof_mac="a" * 64)
    moved_before("opening", "fee statement")(story)


def last(name: str) -> Lie:
    """The row stands at the end of the log."""

    def lie(story: Story) -> None:
        rows = story.maker.rows
        mine = next(item for item in rows if item[2] is story.row[name])
        rows.remove(mine)
        rows.append(mine)

    return lie


def by_word_elsewhere(story: Story) -> None:
    """The order was paid by word, from a book that is no fund's."""
    another_book(story)
    by_word(story)
    story.row["fee statement"].update(opening_minor="20000", closing_minor="19700")


def fee_elsewhere(story: Story) -> None:
    """The bank's fee is booked in a book that is no fund's."""
    remove("fee")(story)
    second_book(story)
    story.row["fee booking"]["entry_id"] = story.post("fee", ("5100", 300), ("1000", -300))["id"]


def dues_elsewhere(story: Story) -> None:
    """Dues are booked in a book that is no fund's."""
    remove("dues")(story)
    second_book(story)
    entry = story.post("dues", ("1100", 2_500), ("4000", -2_500))
    story.row["batch"]["entry_id"] = entry["id"]


def opened(minor: int) -> Lie:
    """The balance that the fund began with is another one."""

    def lie(story: Story) -> None:
        for posting, sign in zip(story.row["opening"]["postings"], ("", "-"), strict=True):
            posting["amount_minor"] = f"{sign}{minor}"

    return lie


def opened_late(story: Story) -> None:
    """What brings the account to what the first statement opened with comes after its lines."""
    remove("opening")(story)
    story.post("opened", ("1000", 32_300), ("3000", -32_300))


def one_place(story: Story) -> None:
    """Two lines of a statement stand in one place."""
    columns = {key: item for key, item in story.row["fee line"].items() if key not in ("id", "at")}
    story.add("fee 2 line", "bank_lines", "bank.line", **columns | {"amount_minor": "-10"})
    story.row["fee statement"].update(closing_minor="7690", entries_count="2")
    story.post("fee 2", ("5100", 10), ("1000", -10))
    story.book("fee 2", "fee", mandate="standing")


def charged(story: Story, **changes: object) -> Row:
    """The first member's charge once more."""
    row: Row = story.maker.plain["charges"][0] | {"id": uid(790)} | changes
    story.maker.plain["charges"].append(row)
    return row


def member_twice(story: Story) -> None:
    charged(story)
    rebatched(story)


def in_two_batches(story: Story) -> None:
    """Two of the members are charged by a second batch, a minute later."""
    charges = story.maker.plain["charges"]
    entry = story.post("dues 2", ("1100", 1_000), ("4000", -1_000))
    columns = {key: item for key, item in story.row["batch"].items() if key not in ("id", "at")}
    columns |= {"entry_id": entry["id"], "count": "2", "total_minor": "1000"}
    batch = story.add("batch 2", "charge_batches", "dues.charged", **columns)
    for row in charges[3:]:
        row["batch_id"] = batch["id"]
    batch["rows_sha256"] = lines_sha256(charges[3:])
    story.row["batch"].update(count="3", total_minor="1500", rows_sha256=lines_sha256(charges[:3]))
    for posting, sign in zip(story.row["dues"]["postings"], ("", "-"), strict=True):
        posting["amount_minor"] = f"{sign}1500"


def due_otherwise(story: Story) -> None:
    """Dues fall due on a day that is not their plan's."""
    for row in (*story.maker.plain["charges"], story.row["batch"]):
        row["due_on"] = "2026-03-03"
    story.row["dues"]["booked_on"] = "2026-03-03"
    rebatched(story)


def covered_fee(story: Story) -> None:
    """A decision covers the bank's fee, which never was in suspense."""
    line = story.row["fee line"]
    effect = {"kind": "cover", "bank_line_id": line["id"], "amount_minor": "300"}
    nothing = {"payee_id": None, "purpose": "Covered", "valid_until": None}
    decided_again("covering", effect, covers_line_id=line["id"], **nothing)(story)
    columns = {
        "booking_id": story.row["fee booking"]["id"],
        "mandate_id": story.row["covering mandate"]["id"],
        "entry_id": story.post("covered", ("5000", 300), ("1900", -300))["id"],
    }
    story.add("cover", "suspense_covers", "bank.covered", kind="decision", order_id=None, **columns)


def received_again(story: Story, minor: int = 600) -> None:
    """Ann pays once more."""
    assert isinstance(story, StoryBack)
    line = story.line("more", 600, reference="RF0")
    entry = story.post("more", ("1000", 600), ("1100", -600))
    story.book("more", "dues")
    story.receipt("received 2", line, ANN, entry)
    story.row["received 2"]["amount_minor"] = str(minor)


def taken_back_less(story: Story) -> None:
    """All of it is said to be taken back, and the bank took less."""
    received_again(story)
    line = story.line("less", -500)
    entry = story.post("less", ("1100", 500), ("1000", -500))
    story.book("less", "return", mandate="standing back")
    copied(
        "returned",
        "returned 2",
        payment_id=story.row["received 2"]["id"],
        line_id=line["id"],
        amount_minor="600",
        entry_id=entry["id"],
    )(story)


def as_dues(member_id: str | None) -> Lie:
    """The receipt turned out to be dues of Ann, and so it was booked."""

    def lie(story: Story) -> None:
        assert isinstance(story, StoryBack)
        story.row["assignment"].update(kind="dues", member_id=ANN)
        entry = story.row["allocated"]
        entry["postings"][1].update(account_id=story.row["account 1100"]["id"])
        if member_id:
            story.receipt("received 2", story.row["gift line"], member_id, entry)

    return lie


def allocated_anew(story: Story) -> None:
    """What came back of a payment is allocated as if nobody had understood it."""
    for posting, sign in zip(story.row["allocated"]["postings"], ("", "-"), strict=True):
        posting["amount_minor"] = f"{sign}12000"
    points("assignment", "reversing booking", "booking_id")(story)


def ordered_too_soon(story: Story) -> None:
    """The payee has another account, and is paid there while it cools down."""
    account_again(usable_from=waited(7))(story)
    version = story.row["version"] | {"payee_account_id": story.row["account 2"]["id"]}
    story.row["version"] = version
    ordered_again()(story)


PLAIN: dict[str, Lie] = {
    "an order into another account that cools down": ordered_too_soon,
    "a ballot of no decision": copied("failing ballot 0", "ballot", decision_id=uid(999)),
    "a vote that opened before it stands": lambda story: story.row["failing"].update(
        opens_at=later(story.row["failing"]["at"], -1)
    ),
    "a second founding": founded_again,
    "an enactment that says it founded": change("amending enactment", kind="found"),
    "two enactments that name each other's mandates": swapped_enactments,
    "two sets of trustees of one founding": copied("trustees", "trustees 2", number="2"),
    "trustees of a decision to spend": both(
        seated_anew(), points("trustees 2", "spending", "decision_id")
    ),
    "trustees who need fewer approvals than decided": both(
        everywhere(approvals_needed="1"), change("trustees", approvals_needed="1")
    ),
    "a stranger among the trustees": both(
        everywhere(trustees_seats="4"),
        change("trustees", member_ids=[ANN, BO, CY, uid(666)]),
        lambda story: story.row["founding"]["effect"].update(trustees=[ANN, BO, CY, uid(666)]),
    ),
    "the end of a mandate before the manual that ends it": moved_before("standing end", "manual 2"),
    "a mandate for another line than was voted on": both(
        covered(),
        lambda story: story.row["covering"]["effect"].update(
            bank_line_id=story.row["fee line"]["id"]
        ),
    ),
    "a debit in suspense under a mandate": moved(
        "odd", "suspense", -10, "1900", "1000", "standing"
    ),
    "a payment that comes back and does not reach the bank": back_in_suspense,
    "a settlement by a debit of another amount": matched(11_000),
    "a settlement by word in another book": by_word_elsewhere,
    "a settlement by word without a proof": both(by_word, change("settlement", proof_mac=None)),
    "a settlement by word after the first statement": both(by_word, last("settlement")),
    "a fee in another book": fee_elsewhere,
    "dues in another book": dues_elsewhere,
    "a cover of a fee": covered_fee,
    "a cover by a mandate to spend": both(
        decided_again("cake", SPEND | {"amount_minor": "700"}, **AGAIN),
        covered(mandate_id=id_of("cake mandate")),
        remove("covering enactment", "covering mandate"),
    ),
    "a cover of an order that nobody settled": both(
        covered(kind="settlement", order_id=uid(999), entry_id=id_of("fee")), remove("covered")
    ),
    "an opening of another amount than the statement's": opened(20_001),
    "an opening after the first line": opened_late,
    "a statement that goes on from another": change(
        "fee statement", opening_minor="9000", closing_minor="8700"
    ),
    "a first statement that leaves out entries": both(
        change("payment statement", opening_minor="25000", entries_count="2"), opened(25_000)
    ),
    "two lines of a statement in one place": one_place,
    "a batch that charges one more and another less": both(
        charge(0, amount_minor="400"), charge(1, amount_minor="600")
    ),
    "a member twice in a batch": member_twice,
    "two batches of a period, of two instants": in_two_batches,
    "dues of another day than their plan's": due_otherwise,
    "a batch of an entry that is not there": both(
        change("batch", entry_id=uid(999)), remove("dues")
    ),
}
BACK: dict[str, Lie] = {
    "a payment of a member by another entry": points("received", "gift", "entry_id"),
    "a payment of a member of another amount": lambda story: received_again(story, 700),
    "dues that are income at once": lambda story: story.row["receipt"]["postings"][1].update(
        account_id=story.row["account 4100"]["id"]
    ),
    "taken back of another payment": both(
        received_again, points("returned", "received 2", "payment_id")
    ),
    "taken back less than it says": taken_back_less,
    "an allocation as dues that nobody paid": as_dues(None),
    "an allocation as dues of another member": as_dues(BO),
    "an allocation of what came back": allocated_anew,
}


def test_the_stories_that_these_lies_begin_with_hold(tmp_path: Path) -> None:
    for number, truth in enumerate((matched(), by_word, second_book, opened(20_000))):
        story = Story()
        truth(story)
        holds(story, tmp_path / str(number))
    for number, truth in enumerate((received_again, as_dues(ANN))):
        story = StoryBack()
        truth(story)
        holds(story, tmp_path / f"back {number}")
    assert [row["member_id"] for row in Story().maker.plain["charges"]] == MEMBERS


@pytest.mark.parametrize("name", PLAIN)
def test_a_lie_that_one_check_of_the_rewrite_finds_is_found_by_both(
    name: str, tmp_path: Path
) -> None:
    story = Story()
    PLAIN[name](story)
    found(story, tmp_path)


@pytest.mark.parametrize("name", BACK)
def test_a_lie_about_what_came_in_that_one_check_finds_is_found_by_both(
    name: str, tmp_path: Path
) -> None:
    story = StoryBack()
    BACK[name](story)
    found(story, tmp_path)
