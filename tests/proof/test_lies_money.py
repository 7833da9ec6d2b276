"""Lies about money, signed with the right key: statements, bookings, entries and dues.

Whoever owns the database and the key can make the books balance and every hash agree. What such a
lie cannot do is fit all the rows that must be there.
"""

from pathlib import Path

import pytest

from commonpurse.proof.canonical import lines_sha256
from commonpurse.proof.faults import Broken
from commonpurse.proof.verify import verify
from tests.proof.exports import uid
from tests.proof.lies import Lie, both, change, covered, id_of, rechained, remove
from tests.proof.story import Story
from tests.proof.story_back import StoryBack
from tests.proof.teller import ANN, BO, EVE, MEMBERS
from tests.proof.test_chain import alone

NO_ORDER = ("settlement", "order", "approval bo", "approval cy")


def relabelled(kind: str, mandate: str = "") -> Lie:
    """The payment's order is gone, and its line is booked as something that needs none."""

    def lie(story: Story) -> None:
        remove(*NO_ORDER)(story)
        mandate_id = story.row[mandate]["id"] if mandate else None
        story.row["payment booking"].update(kind=kind, order_id=None, mandate_id=mandate_id)

    return lie


def moved(name: str, kind: str, amount: int, debit: str, credit: str, mandate: str = "") -> Lie:
    """One more line, and the entry that books it."""

    def lie(story: Story) -> None:
        story.line(name, amount, reference="RF1" if kind == "dues" else None)
        story.post(name, (debit, abs(amount)), (credit, -abs(amount)))
        story.book(name, kind, mandate=mandate)

    return lie


def posted(*moves: tuple[str, int]) -> Lie:
    return lambda story: story.post(f"entry {len(story.maker.rows)}", *moves)


def written_off(story: Story) -> None:
    """An entry takes the debit out of suspense, and nobody decided that."""
    moved("taken", "suspense", -700, "1900", "1000")(story)
    posted(("5000", 700), ("1900", -700))(story)


def twice_assigned(story: Story) -> None:
    story.post("again", ("2000", 700), ("4100", -700))
    columns = {
        key: item for key, item in story.row["assignment"].items() if key not in ("id", "at")
    }
    story.add("assignment 2", "line_assignments", "bank.assigned",
              **columns | {"entry_id": story.row["again"]["id"]})  # fmt: skip


def shared(story: Story) -> None:
    """Two fees, and one entry for both."""
    moved("fee 2", "fee", -300, "5100", "1000", "standing")(story)
    story.row["fee 2 booking"]["entry_id"] = story.row["fee"]["id"]
    remove("fee 2")(story)


def recharged(**changes: object) -> Lie:
    """The charges of the batch say something else, and the batch agrees with them."""

    def lie(story: Story) -> None:
        for row in story.maker.plain["charges"]:
            row.update(changes)
        rebatched(story)

    return lie


def rebatched(story: Story) -> None:
    """The batch and its entry say what the charges say."""
    charges = story.maker.plain["charges"]
    total = sum(int(row["amount_minor"]) for row in charges)
    story.row["batch"].update(
        count=str(len(charges)), total_minor=str(total), rows_sha256=lines_sha256(charges)
    )
    for posting, sign in zip(story.row["dues"]["postings"], ("", "-"), strict=True):
        posting.update(amount_minor=f"{sign}{total}")


def charged_twice(story: Story) -> None:
    """A second batch of the same period."""
    entry = story.post("dues 2", ("1100", 2_500), ("4000", -2_500))
    batch_id = uid(len(story.maker.rows) + 1)
    charges = [
        row | {"id": uid(720 + place), "batch_id": batch_id}
        for place, row in enumerate(story.maker.plain["charges"])
    ]
    story.maker.plain["charges"] += charges
    columns = {key: item for key, item in story.row["batch"].items() if key not in ("id", "at")}
    columns |= {"entry_id": entry["id"], "rows_sha256": lines_sha256(charges)}
    story.add("batch 2", "charge_batches", "dues.charged", **columns)


def charge(place: int, **changes: object) -> Lie:
    def lie(story: Story) -> None:
        story.maker.plain["charges"][place].update(changes)
        rebatched(story)

    return lie


def forgotten(story: Story) -> None:
    story.maker.plain["charges"].pop()
    rebatched(story)


def swapped(story: Story) -> None:
    """The batch's entry credits what it should debit."""
    for posting, sign in zip(story.row["dues"]["postings"], ("-", ""), strict=True):
        posting.update(amount_minor=f"{sign}2500")


def planned(**changes: object) -> Lie:
    """A further plan."""

    def lie(story: Story) -> None:
        columns = {key: item for key, item in story.row["plan"].items() if key not in ("id", "at")}
        columns |= {"manual_version_id": story.row["manual 2"]["id"], "from_date": "2026-04-02"}
        story.add("plan 2", "dues_plans", "dues.planned", **(columns | changes))

    return lie


def stranger(name: str, column: str) -> Lie:
    return change(name, **{column: uid(666)})


PLAIN: dict[str, Lie] = {
    "a payment without an order, as dues": relabelled("dues"),
    "a payment without an order, as a grant": relabelled("grant"),
    "a payment without an order, as a receipt": relabelled("unallocated"),
    "a payment without an order, as one that came back": relabelled("reversal"),
    "a payment without an order, as suspense": relabelled("suspense"),
    "a payment without an order, as a fee": relabelled("fee", "standing"),
    "a payment without an order, as one taken back": relabelled("return", "standing"),
    "a payment without an order": remove(*NO_ORDER),
    "money in as a fee": moved("odd", "fee", 10, "1000", "5100", "standing"),
    "money in as suspense": moved("odd", "suspense", 10, "1000", "1900"),
    "money in as a settlement": moved("odd", "settlement", 10, "1000", "5000", "mandate"),
    "a fee on another account": moved("odd", "fee", -10, "5000", "1000", "standing"),
    "a debit spent at once": moved("odd", "suspense", -10, "5000", "1000"),
    "a receipt that is income at once": moved("odd", "unallocated", 10, "1000", "4100"),
    "dues that nobody paid": moved("odd", "dues", 500, "1000", "1100"),
    "money taken back that nobody paid": moved("odd", "return", -500, "1100", "1000", "standing"),
    "suspense under a mandate": both(
        moved("odd", "suspense", -10, "1900", "1000"),
        lambda story: story.row["odd booking"].update(mandate_id=story.row["mandate"]["id"]),
    ),
    "a fee of an order": lambda story: story.row["fee booking"].update(
        order_id=story.row["order"]["id"]
    ),
    "a payment under another mandate": lambda story: story.row["payment booking"].update(
        mandate_id=story.row["standing"]["id"]
    ),
    "a payment that was spent on fees": lambda story: story.row["payment"]["postings"][0].update(
        account_id=story.row["account 4100"]["id"]
    ),
    "suspense written off": written_off,
    "an entry that nothing explains": posted(("5000", 100), ("3000", -100)),
    "money that came in without a line": posted(("1000", 100), ("3000", -100)),
    "an opening once lines are booked": posted(("1000", 12_300), ("3000", -12_300)),
    "an opening of another amount": lambda story: story.row["payment statement"].update(
        opening_minor="21000"
    ),
    "one entry for two lines": shared,
    "a second bank account in the fund's book": lambda story: story.add(
        "account 2",
        "accounts",
        "account.opened",
        **{k: v for k, v in story.row["account 1000"].items() if k not in ("id", "at")},
    ),
    "an account in another currency": change("account 4100", currency="USD"),
    "a settlement by neither line nor proof": change("settlement", bank_line_id=None),
    "a settlement by line and by proof": change("settlement", proof_mac="a" * 64),
    "a settlement by proof although the bank has lines": change(
        "settlement", bank_line_id=None, proof_mac="a" * 64
    ),
    "a cover on another account": both(
        covered(),
        lambda story: story.row["covered"]["postings"][0].update(
            account_id=story.row["account 4100"]["id"]
        ),
    ),
    "a cover that is neither decided nor an order's": both(covered(), change("cover", kind="x")),
    "a debit covered twice": both(
        covered(),
        lambda story: story.add(
            "cover 2",
            "suspense_covers",
            "bank.covered",
            **{
                **{k: v for k, v in story.row["cover"].items() if k not in ("id", "at")},
                "entry_id": story.post("more", ("5000", 700), ("1900", -700))["id"],
            },
        ),
    ),
    "a statement that does not sum": change("payment statement", closing_minor="1"),
    "a statement that does not go on": change("fee statement", closing_minor="1"),
    "a statement that opens elsewhere": change("fee statement", opening_minor="8001"),
    "a statement without a reason for what it lacks": change(
        "fee statement", balanced=None, opening_minor=None
    ),
    "a statement that says it does not add up": change("fee statement", balanced=False),
    "a statement that says it adds up and lacks a balance": change(
        "fee statement", opening_minor=None, reason_mac="a" * 64
    ),
    "a statement of fewer entries than lines": change("fee statement", entries_count="0"),
    "a line of a statement that is not there": change("fee line", statement_id=uid(999)),
    "a period charged twice": charged_twice,
    "a member charged twice": charge(1, member_id=ANN, reference="RF0"),
    "dues of a stranger": charge(0, member_id=uid(666)),
    "a member who is not charged": forgotten,
    "three times the dues of the plan": recharged(amount_minor="1500"),
    "dues of one member that differ": charge(0, amount_minor="700"),
    "dues of a day that is not due": both(
        recharged(due_on="2026-03-01"), change("batch", due_on="2026-03-01")
    ),
    "dues of a period with another name": both(
        recharged(period="2026-02"), change("batch", period="2026-02")
    ),
    "a charge of another period than its batch's": charge(0, period="2026-01"),
    "dues charged before they are due": change("batch", at="2026-03-01T22:59:59.000000Z"),
    "dues booked before they are due": change("dues", booked_on="2026-03-01"),
    "dues that the entry turns round": swapped,
    "dues on another account": lambda story: story.row["dues"]["postings"][1].update(
        account_id=story.row["account 4100"]["id"]
    ),
    "one reference for two members": charge(1, reference="RF0"),
    "a plan that is not the manual's": change("plan", amount_minor="900"),
    "a plan in another rhythm": change("plan", period_months="2"),
    "a plan that begins another day": change("plan", from_date="2026-02-02"),
    "a plan of a manual that was not in force": lambda story: story.row["plan"].update(
        manual_version_id=story.row["manual 2"]["id"]
    ),
    "the same plan again": planned(),
}
BACK: dict[str, Lie] = {
    "a receipt of another amount than its line": change("received", amount_minor="9999"),
    "a receipt of another member than its reference": change("received", member_id=BO),
    "a receipt of somebody who was never a member": both(
        stranger("received", "member_id"), change("receipt line", reference="RF99")
    ),
    "dues on a line that names no member": change("receipt line", reference=None),
    "a receipt of a line that nobody explained": lambda story: story.receipt(  # type: ignore[attr-defined]
        "odd", story.row["gift line"], ANN, story.row["gift"]
    ),
    "a grant that a member paid": change("assignment", member_id=ANN),
    "an allocation as something else": change("assignment", kind="gift"),
    "an allocation as a refund of what is a grant": change("assignment", kind="refund"),
    "an allocation as dues that no member paid": change("assignment", kind="dues"),
    "an allocation of what was understood": lambda story: story.row["assignment"].update(
        booking_id=story.row["receipt booking"]["id"]
    ),
    "a receipt that was allocated twice": twice_assigned,
    "a payment that came back by no line": change("reversal", bank_line_id=None),
    "a line of a payment that came back, of another order": lambda story: story.row[
        "reversing booking"
    ].update(order_id=story.row["order 2"]["id"]),
    "a payment that came back and nothing says so": remove("reversal"),
}


def found(story: Story, folder: Path) -> None:
    """Both verifiers find a lie, whose books agree with it, and neither stumbles over it."""
    rechained(story)
    export = story.maker.write(folder / "export")
    with pytest.raises(Broken) as fault:
        verify(export)
    assert "not formed as expected" not in str(fault.value)
    done = alone(export)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "not formed as expected" not in done.stdout


def holds(story: Story, folder: Path) -> str:
    """Both verifiers are content; what the standalone one says."""
    rechained(story)
    export = story.maker.write(folder / "export")
    verify(export)
    done = alone(export)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", PLAIN)
def test_each_lie_about_money_is_found_by_both(name: str, tmp_path: Path) -> None:
    story = Story()
    PLAIN[name](story)
    found(story, tmp_path)


@pytest.mark.parametrize("name", BACK)
def test_each_lie_about_what_came_in_and_back_is_found_by_both(name: str, tmp_path: Path) -> None:
    story = StoryBack()
    BACK[name](story)
    found(story, tmp_path)


def test_an_order_that_a_debit_in_suspense_had_paid_holds(tmp_path: Path) -> None:
    """As `lines_match` writes it: the debit came first, and the order was sent later."""
    story = Story()
    story.row["payment booking"].update(kind="suspense", order_id=None, mandate_id=None)
    story.row["payment"]["postings"][0].update(account_id=story.row["account 1900"]["id"])
    settled = story.post("matched", ("5000", 12_000), ("1900", -12_000))
    story.row["settlement"]["entry_id"] = settled["id"]
    story.add(
        "cover",
        "suspense_covers",
        "bank.covered",
        booking_id=story.row["payment booking"]["id"],
        mandate_id=story.row["mandate"]["id"],
        entry_id=settled["id"],
        kind="settlement",
        order_id=story.row["order"]["id"],
    )
    holds(story, tmp_path)
    story.row["cover"]["entry_id"] = story.row["fee"]["id"]
    found(story, tmp_path)


def test_a_statement_taken_for_a_reason_holds_and_both_verdicts_say_so(tmp_path: Path) -> None:
    story = Story()
    story.row["fee statement"].update(
        balanced=None, opening_minor=None, closing_minor=None, reason_mac="a" * 64
    )
    assert "1 statements were imported for a reason" in holds(story, tmp_path)
    [said] = [line for line in verify(tmp_path / "export").sentences if "reason" in line]
    assert said.startswith("1 bank statements did not reconcile")


def test_a_statement_that_repeats_earlier_days_holds(tmp_path: Path) -> None:
    """It has more entries than lines, and opens where an earlier one did."""
    story = Story()
    story.row["fee statement"].update(opening_minor="20000", entries_count="2")
    holds(story, tmp_path)


def test_dues_follow_who_joined_and_left_in_time(tmp_path: Path) -> None:
    """Eve leaves after the due date began, and owes; a newcomer of later owes nothing."""
    story = StoryBack()
    story.add(
        "newcomer",
        "memberships",
        "member.joined",
        group_id=story.row["group"]["id"],
        member_id=uid(106),
    )
    story.add(
        "departure",
        "departures",
        "member.left",
        reason="left",
        membership_id=story.row[f"membership {EVE}"]["id"],
    )
    holds(story, tmp_path)


def test_each_member_was_charged_by_the_story() -> None:
    charges = Story().maker.plain["charges"]
    assert [row["member_id"] for row in charges] == MEMBERS
    assert id_of("batch")(Story()) == charges[0]["batch_id"]
