"""What ends and what comes back: the longer story holds, and each lie in it is found, signed."""

from pathlib import Path

import pytest

from commonpurse.proof.faults import Broken
from commonpurse.proof.verify import verify
from tests.proof.exports import uid
from tests.proof.lies import Lie, both, change, points
from tests.proof.story import Story
from tests.proof.story_back import StoryBack
from tests.proof.teller import BO, DI
from tests.proof.test_chain import alone


def twice(name: str, table: str, leaf_kind: str) -> Lie:
    """The same end a second time."""

    def lie(story: Story) -> None:
        row = {key: value for key, value in story.row[name].items() if key not in {"id", "at"}}
        story.maker.add(table, leaf_kind, **row)

    return lie


def filed(story: Story) -> None:
    """The order that went by hand goes out in a file too."""
    story.maker.add(
        "order_files",
        "orders.exported",
        fund_id=story.row["fund"]["id"],
        message_id="CP-1",
        order_ids=[story.row["order 2"]["id"]],
        file_mac="0" * 64,
    )


LIES: dict[str, Lie] = {
    "the end of a role that nobody had": change("role end", grant_id=uid(999)),
    "a role that ended twice": twice("role end", "role_ends", "role.ended"),
    "books closed that are not there": change("close", book_id=uid(999)),
    "a request taken back by somebody else": change("withdrawn", by_member_id=BO),
    "a refusal by who was never a trustee": change("refused", by_member_id=DI),
    "a request that expired before its time": points("expired", "withdrawn", "at", "at"),
    "a request that somebody let expire": change("expired", by_member_id=BO),
    "an end of another kind": change("expired", kind="lost"),
    "the end of a request that is not there": change("withdrawn", request_id=uid(999)),
    "a request that ended twice": points("withdrawn", "request 5", "request_id"),
    "an order by hand that is not there": change("by hand", order_id=uid(999)),
    "an order that went by hand twice": twice("by hand", "orders_by_hand", "orders.by_hand"),
    "an order that went by hand and in a file": filed,
    "a failure of an order that is not there": change("failure", order_id=uid(999)),
    "an order that failed twice": twice("failure", "order_failures", "payment.failed"),
    "more received than the bank says": change("received", amount_minor="600"),
    "something received that the bank does not say": change("received", line_id=uid(999)),
    "more taken back than was received": change("returned", amount_minor="600"),
    "taken back what was not received": change("returned", payment_id=uid(999)),
    "taken back twice": twice("returned", "payments_returned", "payment.returned"),
    "taken back by a line that is something else": points("returned", "fee line", "line_id"),
    "taken back under another mandate": points("returned", "standing", "mandate_id"),
    "taken back by another entry": points("returned", "fee", "entry_id"),
    "received and taken back, but not as much": both(
        change("received", amount_minor="400"), change("returned", amount_minor="400")
    ),
    "a reversal of a payment that is not there": change("reversal", settlement_id=uid(999)),
    "a payment that came back twice": twice("reversal", "payment_reversals", "payment.reversed"),
    "a reversal by another line": points("reversal", "fee line", "bank_line_id"),
    "a reversal by a line that is not there": change("reversal", bank_line_id=uid(999)),
    "a reversal that reverses nothing": change("reversing", reverses_id=None),
}


def test_the_longer_story_holds(tmp_path: Path) -> None:
    export = StoryBack().maker.write(tmp_path / "export")
    assert verify(export).counts["payment orders"] == 3
    done = alone(export)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", LIES)
def test_each_lie_about_an_end_is_found_even_when_it_is_signed(name: str, tmp_path: Path) -> None:
    story = StoryBack()
    LIES[name](story)
    export = story.maker.write(tmp_path / "export")
    with pytest.raises(Broken) as found:
        verify(export)
    assert "not formed as expected" not in str(found.value)
    done = alone(export)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "not formed as expected" not in done.stdout
