"""The chain of authority: the story holds, and each lie in it is found by both verifiers.

The forger here holds the signing key, so the log, the tree and the manifest all agree with the
lie; only what the rows say of each other gives it away.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from commonpurse.proof.canonical import lines_sha256
from commonpurse.proof.faults import Broken
from commonpurse.proof.merkle import root_of_texts
from commonpurse.proof.payload import payload_code, payload_hash
from commonpurse.proof.verify import verify
from tests.proof.exports import instant, uid
from tests.proof.lies import Lie, both, change, points, remove, strangers_cast
from tests.proof.manuals import PARAMETERS, RULES
from tests.proof.story import Story
from tests.proof.teller import ANN, BO, CY, DI, EVE, MEMBERS


def turn_ballot(story: Story) -> None:
    """The second ballot of the spending decision is turned round, and the counts with it."""
    story.row["spending ballot 1"]["choice"] = "disagree"
    story.row["spending result"]["counts"] |= {"agree": "2", "disagree": "2"}


def pay_more(story: Story) -> None:
    """A second order under the same mandate, signed and all."""
    version = story.row["version"]
    again = dict(version) | {"nonce": "1" * 32}
    facts = ("amount_minor", "currency", "purpose", "nonce", "expires_at")
    request = dict(story.row["request"]) | {"id": uid(800), "number": "2"}
    digest = payload_hash(
        {
            "v": "1",
            "request": uid(800),
            "fund": story.row["fund"]["id"],
            "mandate": story.row["mandate"]["id"],
            "payee": version["payee_id"],
            "iban_mac": "b" * 64,
            "holder_mac": "c" * 64,
            "trustee_set": "1",
            **{name: again[name] for name in facts},
        }
    )
    again |= {
        "id": uid(801),
        "request_id": uid(800),
        "payload_hash": digest,
        "code": payload_code(digest),
    }
    rows = [
        ("payment_requests", "payment.requested", request),
        ("request_versions", "payment.payload", again),
    ]
    for place, name in enumerate(("bo", "cy")):
        approval = dict(story.row[f"approval {name}"])
        approval |= {"id": uid(810 + place), "version_id": uid(801), "payload_hash": digest}
        rows.append(("approvals", "payment.approved", approval))
    order = dict(story.row["order"]) | {"id": uid(820), "version_id": uid(801)}
    rows.append(("payment_orders", "payment.ordered", order))
    story.maker.rows += rows


def charges_swapped(story: Story) -> None:
    story.maker.plain["charges"][0]["member_id"] = CY


LIES: dict[str, Lie] = {
    "an electorate of others": change("spending", electorate_root=root_of_texts(MEMBERS[:4])),
    "an electorate of another size": change("spending", electorate_count="4"),
    "a member added to the electorate after the opening": change(
        f"membership {EVE}", at=instant(4_000)
    ),
    "a member who had left counted in the electorate": lambda story: story.maker.add(
        "departures",
        "member.left",
        reason="left",
        membership_id=story.row[f"membership {EVE}"]["id"],
    ).update(at=instant(1)),
    "rules that are not the manual's": change("spending", rules=RULES | {"threshold": "1/3"}),
    "rules that are not founding's": change("founding", rules=RULES),
    "a manual that was not in force": change("failing", manual_version_id=uid(999)),
    "an older manual than the one in force": lambda story: story.row["failing"].update(
        manual_version_id=story.row["manual"]["id"], rules=RULES
    ),
    "a ballot after closing": change("spending ballot 0", at=instant(4_000)),
    "a ballot before opening": change("spending ballot 0", at=instant(-5)),
    "a ballot with a choice that is none": change("spending ballot 0", choice="maybe"),
    "more voters than members": strangers_cast("agree"),
    "a ballot that was not counted": remove("spending ballot 1"),
    "counts that are not the ballots'": change(
        "spending result", counts={"agree": "4", "abstain": "0", "disagree": "0", "block": "0"}
    ),
    "a ballot turned round": turn_ballot,
    "another verdict": change("failing result", verdict="passed"),
    "a root of other ballots": change("spending result", ballots_root="0" * 64),
    "a result before the end": change("spending result", at=instant(20)),
    "two results of one decision": lambda story: story.maker.add(
        "results",
        "decision.closed",
        **{
            key: value
            for key, value in story.row["spending result"].items()
            if key not in {"id", "at"}
        },
    ),
    "a manual that nobody decided": change("manual 2", decision_id=uid(999)),
    "a parameter that nobody changed": change(
        "manual 2", parameters=PARAMETERS | {"quorum": "1/3", "currency": "GBP"}
    ),
    "a clause that nobody changed": change(
        "manual 2", clauses=[{"key": "name", "title": "Name", "text": "Mine"}]
    ),
    "a manual of a failed decision": lambda story: story.row["manual 2"].update(
        decision_id=story.row["failing"]["id"]
    ),
    "trustees that nobody decided on": change("trustees", member_ids=[BO, CY, EVE]),
    "fewer approvals than decided": change("trustees", approvals_needed="1"),
    "a mandate of another amount": change("mandate", max_minor="99900"),
    "a mandate for another payee": change("mandate", payee_id=uid(999)),
    "a mandate for another purpose": change("mandate", purpose="Holidays"),
    "a mandate that ends later": change("mandate", valid_until=None),
    "a mandate of a failed decision": lambda story: story.row["mandate"].update(
        decision_id=story.row["failing"]["id"], result_id=story.row["failing result"]["id"]
    ),
    "a standing mandate beyond the manual": change("standing", max_minor="5000"),
    "a payload of another amount": change("version", amount_minor="11000"),
    "a payload of another account": change("payee account", iban_mac="d" * 64),
    "a payload of another expiry": change("version", expires_at=instant(9_000)),
    "an approval of another payload": change("approval bo", payload_hash="0" * 64),
    "an approval by the requester": change("approval bo", trustee_member_id=ANN),
    "an approval by somebody who is no trustee": change("approval bo", trustee_member_id=DI),
    "an approval by who is paid": change("payee", beneficial_owner_member_id=BO),
    "an approval by who entered the account": change("payee account", entered_by_member_id=BO),
    "one trustee twice": change("approval bo", trustee_member_id=CY),
    "an approval after the expiry": change("approval bo", at=instant(90_000)),
    "an order that one trustee signed": remove("approval cy"),
    "an order of another amount": change("order", amount_minor="11000"),
    "an order of a withdrawn request": lambda story: story.maker.add(
        "request_ends",
        "payment.ended",
        request_id=story.row["request"]["id"],
        kind="withdrawn",
        by_member_id=ANN,
        reason_mac=None,
    ),
    "more than the mandate allows": pay_more,
    "a settlement of a failed order": lambda story: story.maker.add(
        "order_failures", "payment.failed", order_id=story.row["order"]["id"], reason_mac=None
    ),
    "a settlement without an entry": change("settlement", entry_id=uid(999)),
    "a settlement by another entry": lambda story: story.row["settlement"].update(
        entry_id=story.row["fee"]["id"]
    ),
    "money that left without a word": remove("settlement", "payment booking", "payment line"),
    "a line that is not booked": remove("fee booking", "fee"),
    "a line of another amount": change("fee line", amount_minor="-400"),
    "a fee beyond the standing mandate": both(
        change("standing", max_minor="200"),
        lambda story: [
            row["parameters"].update(
                standing_mandates=[{"kind": "bank_fee", "max_minor_per_month": "200"}]
            )
            for row in (story.row["manual"], story.row["manual 2"], story.row["founding"]["effect"])
        ],
    ),
    "a charge of somebody else": charges_swapped,
    "a batch of another sum": change("batch", total_minor="2000"),
    "a batch of another digest": change("batch", rows_sha256=lines_sha256([])),
    "an enactment that made another mandate": change("enactment", subject_id=uid(999)),
    "an enactment that made a mandate of the manual": points("enactment", "standing"),
    "an enactment that made what another decision made": points("enactment", "manual 2"),
    "a founding that made a later manual": points("founding enactment", "manual 2"),
    "an amendment that made an earlier manual": points("amending enactment", "manual"),
    "an enactment of another kind": change("enactment", kind="cover"),
    "an enactment of a kind that is none": change("enactment", kind="none"),
    "an enactment of a failed decision": points("enactment", "failing result", "result_id"),
    "an enactment of nobody's result": change("enactment", result_id=uid(999)),
    "a result that was enacted twice": lambda story: story.enact(
        "again", "spend", "spending", "mandate"
    ),
    "another slug": change("coop", slug="bull"),
}


def alone(export: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", str(export / "verify.py")],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )


def test_the_story_holds(tmp_path: Path) -> None:
    export = Story().maker.write(tmp_path / "export")
    report = verify(export)
    assert report.counts["settlements"] == 1
    assert report.counts["ballots"] == 15
    done = alone(export)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", LIES)
def test_each_lie_is_found_even_when_it_is_signed(name: str, tmp_path: Path) -> None:
    story = Story()
    LIES[name](story)
    export = story.maker.write(tmp_path / "export")
    with pytest.raises(Broken) as found:
        verify(export)
    assert "not formed as expected" not in str(found.value)
    done = alone(export)
    assert done.returncode == 1, done.stdout + done.stderr


def test_a_changed_mind_counts_once_and_a_withdrawn_ballot_not_at_all(tmp_path: Path) -> None:
    story = Story()
    first = story.row["spending ballot 3"]
    columns = {key: first[key] for key in ("decision_id", "pseudonym", "reason_mac")}
    row = story.maker.add("ballots", "ballot.cast", choice="withdrawn", **columns)
    row["at"] = first["at"]
    story.row["spending result"]["counts"] |= {"disagree": "0"}
    story.row["spending result"]["ballots_root"] = root_of_texts(
        sorted(story.row[f"spending ballot {place}"]["id"] for place in range(3))
    )
    export = story.maker.write(tmp_path / "export")
    verify(export)
    assert alone(export).returncode == 0
