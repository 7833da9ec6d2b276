"""Each check by itself: a lie that no other check would find, told by who holds the signing key.

`test_chain` asks whether lies are found; here each stands alone, so that a check which is taken
away leaves its lie unfound (`tests/guards/registry_proof.py`). Both verifiers find every one.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from commonpurse.proof.faults import Broken
from commonpurse.proof.verify import verify
from tests.proof.exports import instant, uid
from tests.proof.lies import (
    SPEND,
    Lie,
    added,
    another_book,
    asked_again,
    both,
    change,
    covered,
    decided_again,
    id_of,
    moved_before,
    ordered_again,
    remove,
    seated_anew,
    second_book,
    strangers_cast,
    voted_down,
)
from tests.proof.story import Story
from tests.proof.teller import ANN, BO, CY, DI, EVE
from tests.proof.test_chain import alone

AGAIN = {"purpose": "Cake", "valid_until": None}


def at_of(name: str) -> Callable[[Story], object]:
    return lambda story: story.row[name]["at"]


def said(name: str, **columns: Callable[[Story], object]) -> Lie:
    return lambda story: story.row[name].update({key: item(story) for key, item in columns.items()})


def settled_by_dues(story: Story) -> None:
    """The settlement names an entry that pays nobody; the bank's line stays in suspense."""
    story.row["settlement"]["entry_id"] = story.row["dues"]["id"]
    story.row["payment booking"] |= {"kind": "suspense", "order_id": None, "mandate_id": None}


def paid_twice(story: Story) -> None:
    """The order's money leaves twice: once as its settlement, once as its bank line."""
    entry = story.post("paid again", ("5000", 12_000), ("1000", -12_000))
    story.row["settlement"]["entry_id"] = entry["id"]


def reversing(story: Story, of: str, *moves: tuple[str, int]) -> None:
    story.post(f"back {len(story.maker.rows)}", *moves)["reverses_id"] = story.row[of]["id"]


def fee_taken_back(story: Story) -> None:
    """What came back was the bank's fee, and the payment is said to have come back."""
    entry = story.post("fee back", ("1000", 300), ("5100", -300))
    entry["reverses_id"] = story.row["fee"]["id"]
    settlement = story.row["settlement"]["id"]
    story.add(
        "reversal",
        "payment_reversals",
        "payment.reversed",
        settlement_id=settlement,
        bank_line_id=None,
        entry_id=entry["id"],
    )


def reversed_elsewhere(*amounts: int) -> Lie:
    """In a book that is no fund's, an entry of 25.00 is reversed by others."""

    def lie(story: Story) -> None:
        second_book(story)
        story.post("moved", ("1100", 2_500), ("4000", -2_500))
        for minor in amounts:
            reversing(story, "moved", ("1100", -minor), ("4000", minor))

    return lie


def amount_pushed(story: Story) -> None:
    """An entry books twice its batch."""
    for posting, amount in zip(story.row["dues"]["postings"], ("5000", "-5000"), strict=True):
        posting |= {"amount_minor": amount, "balance_after": amount}


def cut_in_two(story: Story) -> None:
    """The newest posting of an account is missing the one before it."""
    for posting in story.row["fee"]["postings"]:
        posting["account_version"] = "4"


NARROW: dict[str, Lie] = {
    "a decision out of number": change("failing", number="9"),
    "an electorate counted wrongly twice": both(
        change("spending", electorate_count="4"), change("spending result", electorate_count="4")
    ),
    "a result of another electorate": change("spending result", electorate_count="6"),
    "a founding under a manual": change("founding", manual_version_id=uid(5)),
    "a ballot after the result": said("amending result", at=at_of("amending ballot 3")),
    "a choice that is none, and that nobody counted": both(
        change("spending ballot 3", choice="maybe"),
        lambda story: story.row["spending result"]["counts"].update(disagree="0"),
    ),
    "a crowd that withdrew": strangers_cast("withdrawn"),
    "a result before everybody had voted": said("spending result", at=at_of("spending ballot 3")),
    "a manual out of number": change("manual 2", number="3"),
    "a manual of another template": change("manual", template="other"),
    "a manual that changed its template": change("manual 2", template="other"),
    "a first manual that nobody founded": lambda story: story.row["founding"]["effect"].update(
        kind="trustees", member_ids=[ANN, BO, CY]
    ),
    "a manual of a decision that amends nothing": lambda story: story.row["amending"][
        "effect"
    ].update(kind="none"),
    "a manual that was voted down": voted_down("amending", 3),
    "a manual older than its result": moved_before("manual 2", "amending result"),
    "a mandate that was voted down": voted_down("spending", 2),
    "a mandate older than its result": moved_before("mandate", "spending result"),
    "an enactment of what failed": added(
        "enactment 2",
        "enactments",
        "decision.enacted",
        kind="none",
        result_id=id_of("failing result"),
        subject_id=uid(1),
    ),
    "trustees of a decision about something else": seated_anew(kind="none"),
    "trustees out of number": seated_anew("7"),
    "a mandate in another currency than its fund": change("standing", currency="USD"),
    "a mandate of another result": said("mandate", result_id=id_of("founding result")),
    "a mandate of a decision that spends nothing": lambda story: story.row["spending"][
        "effect"
    ].update(kind="none"),
    "a mandate for somebody else": decided_again("cake", SPEND, **AGAIN, payee_id=uid(999)),
    "a mandate of a decision in another currency": decided_again(
        "cake", SPEND | {"currency": "USD"}, **AGAIN
    ),
    "a payload for somebody else than the mandate's payee": both(
        added(
            "payee 2",
            "payees",
            "payee.added",
            beneficial_owner_member_id=None,
            added_by_member_id=ANN,
        ),
        added(
            "account 2",
            "payee_accounts",
            "payee.account_entered",
            payee_id=id_of("payee 2"),
            iban_mac="e" * 64,
            holder_mac="f" * 64,
            entered_by_member_id=EVE,
            usable_from=lambda story: story.maker.now(),
        ),
        asked_again(payee_id=id_of("payee 2"), payee_account_id=id_of("account 2")),
    ),
    "a payload into somebody else's account": both(
        added(
            "account 2",
            "payee_accounts",
            "payee.account_entered",
            payee_id=uid(999),
            iban_mac="e" * 64,
            holder_mac="f" * 64,
            entered_by_member_id=EVE,
            usable_from=lambda story: story.maker.now(),
        ),
        asked_again(payee_account_id=id_of("account 2")),
    ),
    "a payload in another currency": asked_again(currency="USD"),
    "a payload with the hash of another": asked_again(payload_hash="0" * 64),
    "a payload with the code of another": asked_again(code="AAAA-AAAA"),
    "an approval by a stranger": both(
        change("payee", beneficial_owner_member_id=None),
        change("approval bo", trustee_member_id=DI),
    ),
    "an approval before the payload": said("approval bo", at=lambda _: instant(1)),
    "an order of an older payload": asked_again(
        request_id=id_of("request"), version="2", edited_by_member_id=ANN
    ),
    "an order of another amount than was signed": ordered_again(amount_minor="400"),
    "an order from another fund": ordered_again(fund_id=uid(999)),
    "an order that former trustees signed": both(seated_anew(), ordered_again()),
    "an order before its mandate began": change("mandate", valid_from=instant(9_000)),
    "an order after its mandate was over": both(
        change("mandate", valid_until=instant(5)),
        lambda story: story.row["spending"]["effect"].update(valid_until=instant(5)),
    ),
    "an order after its payload expired": change("order", at=instant(90_000)),
    "an order into an account that cools down": change("payee account", usable_from=instant(9_000)),
    "an order under a mandate that had ended": both(
        added(
            "end",
            "mandate_ends",
            "mandate.ended",
            mandate_id=id_of("mandate"),
            manual_version_id=id_of("manual 2"),
        ),
        moved_before("end", "order"),
    ),
    "a fee under a mandate that is not there": change("fee booking", mandate_id=uid(999)),
    "a fee under a mandate for something else": change("standing", standing_kind="returned_debit"),
    "a settlement by an entry that pays nobody": settled_by_dues,
    "a payment that leaves twice": paid_twice,
    "a settlement on another day than its entry": change("settlement", booked_on="2026-03-05"),
    "a settlement by another bank line": said("settlement", bank_line_id=id_of("fee line")),
    "a settlement in another book": another_book,
    "a payment that came back as something else": fee_taken_back,
    "a line booked before the bank's day": change("fee line", booked_on="2026-03-09"),
    "a cover of a line that was not in suspense": both(
        covered(), change("taken booking", kind="other")
    ),
    "a cover under a mandate that covers nothing": both(
        decided_again("cake", SPEND | {"amount_minor": "700"}, **AGAIN),
        covered(mandate_id=id_of("cake mandate")),
    ),
    "a mandate for another line than was decided": both(
        covered(), remove("cover"), said("covering mandate", covers_line_id=id_of("fee line"))
    ),
    "a cover of another amount": both(
        covered(),
        change("covering mandate", max_minor="900"),
        lambda story: story.row["covering"]["effect"].update(amount_minor="900"),
    ),
    "a cover as the payment of an order that is not settled": both(
        covered(kind="order", order_id=uid(999))
    ),
    "a payment received that no entry books": added(
        "received",
        "payments_received",
        "payment.received",
        line_id=id_of("fee line"),
        member_id=ANN,
        amount_minor="-300",
        entry_id=uid(999),
    ),
    "a charge of no batch": lambda story: story.maker.plain["charges"][0].update(batch_id=uid(999)),
    "a batch of another count": change("batch", count="3"),
    "a batch that no entry books": change("batch", entry_id=uid(999)),
    "a batch whose entry books more": amount_pushed,
    "an entry that is reversed twice": reversed_elsewhere(2_500, 2_500),
    "a reversal that is not the opposite": reversed_elsewhere(500),
    "a reversal of what is not there": both(
        reversed_elsewhere(2_500),
        lambda story: story.maker.rows[-1][2].update(reverses_id=uid(999)),
    ),
    "an account with a gap": cut_in_two,
}


def test_the_stories_that_lies_begin_with_hold(tmp_path: Path) -> None:
    story = Story()
    for truth in (asked_again(), seated_anew(), covered(), decided_again("cake", SPEND, **AGAIN)):
        truth(story)
    verify(story.maker.write(tmp_path / "export"))
    assert alone(tmp_path / "export").returncode == 0
    story = Story()
    ordered_again()(story)
    verify(story.maker.write(tmp_path / "ordered"))
    assert alone(tmp_path / "ordered").returncode == 0


@pytest.mark.parametrize("name", NARROW)
def test_a_lie_that_one_check_alone_would_find_is_found_by_both(name: str, tmp_path: Path) -> None:
    story = Story()
    NARROW[name](story)
    export = story.maker.write(tmp_path / "export")
    with pytest.raises(Broken) as found:
        verify(export)
    assert "not formed as expected" not in str(found.value)
    done = alone(export)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "not formed as expected" not in done.stdout
