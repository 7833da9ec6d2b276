"""Lies about who may, when and how much, signed with the right key: votes, mandates, members."""

from pathlib import Path
from typing import Any

import pytest

from tests.proof.exports import Row, instant, uid
from tests.proof.lies import (
    Lie,
    asked_again,
    both,
    change,
    covered,
    decided_again,
    id_of,
    ordered_again,
    remove,
    seated_anew,
)
from tests.proof.manuals import PARAMETERS
from tests.proof.story import Story
from tests.proof.story_back import StoryBack
from tests.proof.teller import ANN, DAY, EVE, MEMBERS
from tests.proof.test_lies_money import found, holds, stranger

CAKE = {
    "kind": "spend",
    "payee_id": id_of("payee"),
    "currency": "EUR",
    "amount_minor": "100",
    "purpose": "Cake",
    "valid_until": None,
}
AGAIN = {"purpose": "Cake", "valid_until": None}


def copied(name: str, other: str, **changes: Any) -> Lie:
    """The same row once more, but for what the lie is about."""

    def lie(story: Story) -> None:
        row = story.row[name]
        table, kind = next(item[:2] for item in story.maker.rows if item[2] is row)
        columns = {key: item for key, item in row.items() if key not in ("id", "at")}
        said = {key: item(story) if callable(item) else item for key, item in changes.items()}
        story.add(other, table, kind, **(columns | said))

    return lie


def another_mandate(**changes: Any) -> Lie:
    return copied("mandate", "mandate 2", number="4", **({"valid_from": now} | changes))


def another_standing(**changes: Any) -> Lie:
    return copied("standing", "standing 2", number="4", **({"valid_from": now} | changes))


def now(story: Story) -> str:
    return story.maker.now()


def paid_twice(story: Story) -> None:
    """One decision, two mandates, two payments: everything else is as it should be."""
    another_mandate()(story)
    first = story.row["mandate"]
    story.row["mandate"] = story.row["mandate 2"]
    asked_again()(story)
    story.row["request 2"]["mandate_id"] = story.row["mandate 2"]["id"]
    story.row["mandate"] = first
    version = story.row["version 2"]
    signed = {"version_id": version["id"], "payload_hash": version["payload_hash"]}
    for name in ("bo", "cy"):
        copied(f"approval {name}", f"approval 2 {name}", **signed)(story)
    copied("order", "order 2", version_id=version["id"], end_to_end_id="E2")(story)


def ordered_twice(story: Story) -> None:
    """The mandate has room for both, but only one payload was signed."""
    for row in (story.row["mandate"], story.row["spending"]["effect"]):
        row["max_minor" if "max_minor" in row else "amount_minor"] = "24000"
    copied("order", "order 2", end_to_end_id="E2")(story)


def everywhere(**parameters: object) -> Lie:
    """The manual said so from the founding on."""

    def lie(story: Story) -> None:
        for row in (story.row["manual"], story.row["manual 2"], story.row["founding"]["effect"]):
            row["parameters"] |= parameters

    return lie


def closes(name: str, minutes: int) -> Lie:
    """There were so many minutes to vote, and everybody who voted did so at once."""

    def lie(story: Story) -> None:
        decision = story.row[name]
        decision["closes_at"] = later(decision["opens_at"], minutes)
        for place in range(len(MEMBERS)):
            if ballot := story.row.get(f"{name} ballot {place}"):
                ballot["at"] = decision["opens_at"]

    return lie


def later(text: str, minutes: int) -> str:
    """An instant so many minutes after another."""
    for count in range(100_000):
        if instant(count) == text:
            return instant(count + minutes)
    raise AssertionError(text)


def account_again(**changes: object) -> Lie:
    """The payee's account is entered once more."""
    return copied("payee account", "account 2", **changes)


def waited(days: int) -> Any:
    return lambda story: story.maker.now(days * DAY)


def gone(name: str, before: str, minutes: int) -> Lie:
    """A member left, and that stands in the log before what they did."""

    def lie(story: Story) -> None:
        acted = story.row[before]
        membership = story.row[f"membership {name}"]["id"]
        row: Row = {"membership_id": membership, "reason": "left"}
        story.add("departure", "departures", "member.left", **row)
        rows = story.maker.rows
        left = rows.pop()
        rows.insert(next(n for n, item in enumerate(rows) if item[2] is acted), left)
        left[2]["at"] = later(acted["at"], -minutes)

    return lie


PLAIN: dict[str, Lie] = {
    "two mandates of one result": another_mandate(),
    "two mandates of one result, and both used": paid_twice,
    "two mandates of one result, each with its enactment": both(
        another_mandate(),
        lambda story: story.enact("enactment 2", "spend", "spending", "mandate 2"),
    ),
    "two standing mandates of one kind": another_standing(),
    "a mandate that takes another's number": decided_again("cake", CAKE, **AGAIN, number="3"),
    "a mandate that leaves a number out": decided_again("cake", CAKE, **AGAIN, number="9"),
    "a standing mandate of an older manual": another_standing(
        manual_version_id=id_of("manual"), standing_kind="returned_debit"
    ),
    "a standing mandate that a result made too": another_standing(
        standing_kind="returned_debit", result_id=id_of("spending result")
    ),
    "a voted mandate of a standing kind": change("mandate", standing_kind="refund"),
    "a mandate of a kind that is none": change("mandate", kind="other"),
    "a mandate that was valid before it was made": change("mandate", valid_from=instant(0)),
    "a standing mandate that outlives its manual": remove("standing end"),
    "a standing mandate that ends for no manual": copied(
        "standing end", "end 2", mandate_id=id_of("standing")
    ),
    "the end of a voted mandate": copied("standing end", "end 2", mandate_id=id_of("mandate")),
    "a fee under a standing mandate that had ended": change("fee booking", mandate_id=None),
    "a fee under the former manual's mandate": lambda story: story.row["fee booking"].update(
        mandate_id=story.row["standing 1"]["id"]
    ),
    "one payload ordered twice": ordered_twice,
    "a payment asked for under the mandate for fees": lambda story: story.add(
        "request 2",
        "payment_requests",
        "payment.requested",
        number="2",
        mandate_id=story.row["standing"]["id"],
        requester_member_id=ANN,
    ),
    "a request that leaves a number out": change("request", number="2"),
    "a vote of an hour": closes("spending", 60),
    "a vote of half a year": closes("failing", 180 * DAY),
    "a founding of two days": closes("founding", 2 * DAY),
    "a vote that opened later than it stands": change("failing", opens_at=instant(4_000)),
    "a vote under other days than the manual's": lambda story: story.row["failing"]["rules"].update(
        voting_days="1"
    ),
    "an amendment as a statement": lambda story: story.row["amending"].update(
        kind="statement", rules=story.row["spending"]["rules"]
    ),
    "a payment as a statement": change("spending", kind="statement"),
    "trustees as a statement": both(
        seated_anew(), lambda story: story.row["seating"].update(kind="amendment")
    ),
    "a statement that spends": lambda story: story.row["failing"].update(
        effect=dict(story.row["spending"]["effect"])
    ),
    "a mandate that no enactment names": remove("enactment"),
    "a manual that no enactment names": remove("amending enactment"),
    "a founding that no enactment names": remove("founding enactment"),
    "trustees that no enactment names": both(seated_anew(), remove("seating enactment")),
    "a cover that was enacted and covers nothing": both(covered(), remove("cover", "covered")),
    "more trustees than seats": everywhere(trustees_seats="2"),
    "fewer approvals than the manual asks for": everywhere(approvals_needed="3"),
    "a proposer who is a stranger": stranger("spending", "proposer_member_id"),
    "a founder who is a stranger": stranger("founding", "proposer_member_id"),
    "a request of a stranger": stranger("request", "requester_member_id"),
    "a payload that a stranger edited": stranger("version", "edited_by_member_id"),
    "a payee that a stranger added": stranger("payee", "added_by_member_id"),
    "a payee from whom a stranger gains": stranger("payee", "beneficial_owner_member_id"),
    "an account that a stranger entered": stranger("payee account", "entered_by_member_id"),
    "a statement that a stranger imported": stranger("fee statement", "imported_by_member_id"),
    "a statement that no treasurer imported": change("fee statement", imported_by_member_id=ANN),
    "trustees who are strangers": lambda story: [
        story.row["trustees"].update(member_ids=sorted([*MEMBERS[:2], uid(666)])),
        story.row["founding"]["effect"].update(trustees=[*MEMBERS[:2], uid(666)]),
        story.row["approval cy"].update(trustee_member_id=uid(666)),
    ],
    "a request of who had left": gone(ANN, "request", 2),
    "a statement of a treasurer who had left": gone(EVE, "fee statement", 2),
    "an account that cools down and does not": account_again(usable_from=now),
    "an account that cools down too shortly": account_again(usable_from=waited(6)),
    "a first account from before it was entered": change("payee account", usable_from=instant(0)),
    "a payload with longer time to sign": everywhere(request_valid_days="20"),
    "more than one payee may get": everywhere(payment_limit_minor="11999"),
    "more than one payee may get, in two payments": both(
        everywhere(payment_limit_minor="12400"), ordered_again()
    ),
    "an order while its account cools down": both(
        everywhere(cooling_days="7"), change("payee account", usable_from=instant(9_000))
    ),
}
BACK: dict[str, Lie] = {
    "a receipt that a stranger allocated": stranger("assignment", "assigned_by_member_id"),
    "a receipt that no treasurer allocated": change("assignment", assigned_by_member_id=ANN),
    "a request that a stranger ended": stranger("refused", "by_member_id"),
    "dues taken back under a mandate of the former manual": lambda story: [
        story.row["standing back"].update(manual_version_id=story.row["manual"]["id"]),
    ],
    "more than one payee may get, whatever came back": everywhere(payment_limit_minor="11000"),
}


@pytest.mark.parametrize("name", PLAIN)
def test_each_lie_about_who_may_is_found_by_both(name: str, tmp_path: Path) -> None:
    story = Story()
    PLAIN[name](story)
    found(story, tmp_path)


@pytest.mark.parametrize("name", BACK)
def test_each_lie_about_who_ended_what_is_found_by_both(name: str, tmp_path: Path) -> None:
    story = StoryBack()
    BACK[name](story)
    found(story, tmp_path)


def test_what_came_back_or_failed_counts_against_no_limit(tmp_path: Path) -> None:
    """Three payments of 120.00 to one payee: one came back before the next, and one failed."""
    story = StoryBack()
    everywhere(payment_limit_minor="24000")(story)
    holds(story, tmp_path)


def test_two_payments_up_to_the_limit_hold(tmp_path: Path) -> None:
    story = Story()
    everywhere(payment_limit_minor="12500")(story)
    ordered_again()(story)
    holds(story, tmp_path)


def test_a_limit_of_nought_is_none(tmp_path: Path) -> None:
    story = Story()
    everywhere(payment_limit_minor="0")(story)
    holds(story, tmp_path)


def test_a_second_account_that_cools_down_holds(tmp_path: Path) -> None:
    story = Story()
    account_again(usable_from=waited(int(PARAMETERS["cooling_days"])))(story)
    holds(story, tmp_path)


def test_who_leaves_while_their_import_is_under_way_imported_as_a_member(tmp_path: Path) -> None:
    """The departure is written down just before what they were doing is."""
    story = Story()
    gone(EVE, "fee statement", 0)(story)
    holds(story, tmp_path)


def test_both_verdicts_say_what_is_not_proved_of_ballots(tmp_path: Path) -> None:
    said = holds(Story(), tmp_path)
    assert "Not proved: that each ballot is a member's own." in said
