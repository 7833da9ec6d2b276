"""Every verdict comes out again: electorate, rules in force, counted ballots, tally, enactment.

The electorate is found again from who had joined and not left at the opening instant; the rules
from the manual in force then; the counts from each pseudonym's last ballot; the verdict from the
rules. What a manual says, and since when, is followed from decision to decision.
"""

from datetime import timedelta

from commonpurse.proof.merkle import root_of_texts
from commonpurse.proof.reader import Row
from commonpurse.proof.verify.members import moment
from commonpurse.proof.verify.rules import rules_of, verdict_of
from commonpurse.proof.verify.tables import Tables, amount, broken, expect

COUNTED = ("agree", "abstain", "disagree", "block")
WITHDRAWN = "withdrawn"
BORN = {
    "found": "manual_versions",
    "amend": "manual_versions",
    "spend": "mandates",
    "cover": "mandates",
    "trustees": "trustee_sets",
}
"""In which table stands what an effect of this kind becomes."""
EFFECTS = {
    "founding": "found",
    "statement": "none",
    "spend": "spend",
    "cover": "cover",
    "trustees": "trustees",
    "amendment": "amend",
}
"""Which effect a decision of each kind has."""
VOTING_MIN = timedelta(days=1)
VOTING_MAX = timedelta(days=90, hours=1)


def decisions_check(tables: Tables) -> dict[str, int]:
    """Check every decision and the manual's versions; how many there were."""
    ballots = tables.grouped("ballots", "decision_id")
    results = tables.single("results", "decision_id")
    for place, decision in enumerate(tables.rows("decisions"), start=1):
        expect(decision, "number", amount(decision, "number"), place)
        electorate_check(tables, decision)
        rules_check(tables, decision)
        closing_check(decision)
        result = results.get(str(decision["id"]))
        cast = ballots.get(str(decision["id"]), [])
        ballots_check(decision, cast, result)
        if result is not None:
            result_check(decision, cast, result)
    for ballot in tables.rows("ballots"):
        tables.get("decisions", ballot, "decision_id")
    manual_check(tables)
    return {
        "decisions": len(tables.rows("decisions")),
        "ballots": len(tables.rows("ballots")),
        "manual versions": len(tables.rows("manual_versions")),
    }


def electorate_check(tables: Tables, decision: Row) -> None:
    """Count and root of the electorate are those of the members at the opening instant."""
    opens_at = str(decision["opens_at"])
    roots = {str(row["id"]) for row in tables.rows("groups") if row["parent_id"] is None}
    left = {str(row["membership_id"]) for row in tables.rows("departures") if row["at"] <= opens_at}
    members = {
        str(row["member_id"])
        for row in tables.rows("memberships")
        if row["group_id"] in roots and row["at"] <= opens_at and row["id"] not in left
    }
    expect(decision, "electorate_count", amount(decision, "electorate_count"), len(members))
    found = root_of_texts(sorted(members))
    expect(decision, "electorate_root", decision["electorate_root"], found)


def rules_check(tables: Tables, decision: Row) -> None:
    """The copied rules are those of the manual that was in force when the decision opened."""
    if decision["kind"] == "founding":
        expect(decision, "manual_version_id", decision["manual_version_id"], None)
        parameters = decision["effect"]["parameters"]
    else:
        version = tables.get("manual_versions", decision, "manual_version_id")
        newest = tables.newest("manual_versions", decision)
        found = decision["manual_version_id"]
        expect(decision, "manual_version_id", found, newest and newest["id"])
        parameters = version["parameters"]
    for name, expected in rules_of(str(decision["kind"]), parameters).items():
        expect(decision, f"rule {name}", decision["rules"].get(name), expected)


def closing_check(decision: Row) -> None:
    """Its effect is of its kind, and there was as much time to vote as the rules give."""
    kind = str(decision["kind"])
    expect(decision, "the effect", decision["effect"]["kind"], EFFECTS.get(kind))
    expect(decision, "opens_at", decision["opens_at"], decision["at"])
    given = moment(str(decision["closes_at"])) - moment(str(decision["opens_at"]))
    if kind == "founding":
        days = int(decision["rules"]["voting_days"])
        expect(decision, "the time to vote", str(given), str(timedelta(days=days)))
    elif not VOTING_MIN <= given <= VOTING_MAX:
        raise broken(
            decision, f"there were {given} to vote, and it is at least a day and at most 90"
        )


def ballots_check(decision: Row, ballots: list[Row], result: Row | None) -> None:
    """Each ballot was cast while the decision was open, and no more people voted than could."""
    for ballot in ballots:
        if ballot["choice"] not in (*COUNTED, WITHDRAWN):
            raise broken(ballot, f"{ballot['choice']!r} is no choice")
        if not decision["opens_at"] <= ballot["at"] < decision["closes_at"]:
            raise broken(ballot, f"decision {decision['id']} was not open then")
        if result is not None and ballot["at"] > result["at"]:
            raise broken(ballot, f"decision {decision['id']} was closed already")
    voters = len({ballot["pseudonym"] for ballot in ballots})
    if voters > amount(decision, "electorate_count"):
        raise broken(decision, f"{voters} voted, and {decision['electorate_count']} may have voted")


def counted_of(ballots: list[Row]) -> list[Row]:
    """The ballots that count: each pseudonym's last, unless it withdrew."""
    last: dict[str, Row] = {}
    for ballot in sorted(ballots, key=lambda row: (row["at"], row["id"])):
        last[str(ballot["pseudonym"])] = ballot
    return [ballot for ballot in last.values() if ballot["choice"] != WITHDRAWN]


def result_check(decision: Row, ballots: list[Row], result: Row) -> None:
    """Counts, root and verdict of a result come out again from the ballots and the rules."""
    counted = counted_of(ballots)
    counts = {choice: sum(ballot["choice"] == choice for ballot in counted) for choice in COUNTED}
    for choice, count in counts.items():
        expect(result, f"the count of {choice}", result["counts"].get(choice), str(count))
    expect(result, "electorate_count", result["electorate_count"], decision["electorate_count"])
    expect(
        result,
        "ballots_root",
        result["ballots_root"],
        root_of_texts(sorted(str(ballot["id"]) for ballot in counted)),
    )
    eligible = amount(decision, "electorate_count")
    expect(result, "verdict", result["verdict"], verdict_of(counts, eligible, decision["rules"]))
    if result["at"] < decision["closes_at"]:
        is_allowed = decision["rules"].get("is_early_close_allowed") is True
        if not is_allowed or len(counted) != eligible:
            raise broken(result, "it closed early, and not everybody had voted")


def passed_effect(tables: Tables, row: Row, decision: Row) -> Row:
    """The effect of a decision that passed; Broken when it did not, or not before `row`."""
    result = tables.single("results", "decision_id").get(str(decision["id"]))
    if result is None or result["verdict"] != "passed":
        raise broken(row, f"decision {decision['id']} has not passed")
    if result["at"] > row["at"] or result["_index"] > row["_index"]:
        raise broken(row, f"it is older than the result of decision {decision['id']}")
    effect: Row = decision["effect"]
    return effect


def manual_check(tables: Tables) -> None:
    """Each version of the manual is the one before it with what a passed decision changed."""
    before: Row | None = None
    for place, version in enumerate(tables.rows("manual_versions"), start=1):
        expect(version, "number", amount(version, "number"), place)
        decision = tables.get("decisions", version, "decision_id")
        effect = passed_effect(tables, version, decision)
        template = effect["template"] if before is None else before["template"]
        expect(version, "template", version["template"], template)
        if before is None:
            expect(version, "the effect of its decision", effect["kind"], "found")
            parameters, clauses = effect["parameters"], effect["clauses"]
        else:
            expect(version, "the effect of its decision", effect["kind"], "amend")
            parameters = before["parameters"] | effect["parameters"]
            clauses = clauses_changed(before["clauses"], effect["clauses"])
        for name in sorted({*parameters, *version["parameters"]}):
            expect(
                version, f"parameter {name}", version["parameters"].get(name), parameters.get(name)
            )
        expect(version, "clauses", version["clauses"], clauses)
        before = version


def clauses_changed(clauses: list[Row], changes: list[Row]) -> list[Row]:
    """Clauses with some replaced by their keys, added at the end, or (no text) struck out."""
    after = {str(item["key"]): item for item in clauses}
    for item in changes:
        if item["text"] == "" and str(item["key"]) in after:
            del after[str(item["key"])]
        else:
            after[str(item["key"])] = item
    return list(after.values())


def enactments_check(tables: Tables) -> None:
    """What was enacted is what the passed result asked for, and its subject was born from it.

    And the other way round: whatever a passed result has made, an enactment says so.
    """
    made = {str(row["subject_id"]) for row in tables.rows("enactments")}
    for row in tables.single("enactments", "result_id").values():
        result = tables.get("results", row, "result_id")
        decision = tables.get("decisions", result, "decision_id")
        expect(row, "kind", row["kind"], decision["effect"]["kind"])
        table = BORN.get(str(row["kind"]))
        if table is None:
            raise broken(row, f"nothing is enacted by an effect of the kind {row['kind']}")
        subject = tables.get(table, row, "subject_id")
        expect(row, "the decision of its subject", subject["decision_id"], decision["id"])
        if row["kind"] == "cover":
            covers = tables.grouped("suspense_covers", "mandate_id").get(str(subject["id"]), [])
            expect(row, "how many debits it covers", len(covers), 1)
    for table in ("manual_versions", "mandates", "trustee_sets"):
        for row in tables.rows(table):
            founded = table == "trustee_sets" and is_of_founding(tables, row)
            if row["decision_id"] is not None and not founded and str(row["id"]) not in made:
                raise broken(row, "no enactment says that its decision made it")
    for table in ("manual_versions", "trustee_sets"):
        tables.single(table, "decision_id")


def is_of_founding(tables: Tables, row: Row) -> bool:
    """Whether the founding made it: its enactment names the manual, and its trustees stand by."""
    return bool(tables.get("decisions", row, "decision_id")["kind"] == "founding")
