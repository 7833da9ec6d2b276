"""Part of verify.py: votes, manuals, mandates, payments; and the command itself."""

# ruff: noqa: T201, UP017, FURB162  (it prints, and it runs on Python 3.9)

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

from commonpurse.proof.standalone.dues import charges_check, plans_check
from commonpurse.proof.standalone.ends import back_check, ends_check
from commonpurse.proof.standalone.money import (
    accounts_check,
    assigned_check,
    covers_check,
    lines_check,
    reasons_check,
    settlements_check,
    statements_check,
)
from commonpurse.proof.standalone.people import (
    instant_of,
    limits_check,
    mandates_check,
    people_check,
    waiting_check,
)
from commonpurse.proof.standalone.record import Export, Row, books_check, canonical, texts_root
from commonpurse.proof.standalone.signatures import Broken, Unreadable, must, vkey_read

# -- 8< -- Above this line: how the parts find each other. Below: verify.py.

SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CHOICES = ("agree", "abstain", "disagree", "block")


def rules_of(kind: str, parameters: Row) -> Row:
    """The rules that a decision of this kind copies from the manual's parameters."""
    if kind == "founding":
        flags: Row = {"is_block_allowed": False, "is_early_close_allowed": True}
        return {
            **flags,
            "tie_rule": "fails",
            "quorum": "1",
            "threshold": "1",
            "comparison": "at_least",
            "base": "eligible",
            "voting_days": parameters["voting_days"],
        }
    same = ("is_block_allowed", "is_early_close_allowed", "tie_rule", "voting_days")
    rules = {name: parameters[name] for name in same}
    amending = kind in ("amendment", "trustees")
    rules["quorum"] = parameters["amendment_quorum" if amending else "quorum"]
    for name in ("threshold", "comparison", "base"):
        plain = name if name == "threshold" else f"threshold_{name}"
        rules[name] = parameters[f"amendment_{name}" if amending else plain]
    return rules


def verdict_of(counts: dict[str, int], eligible: int, rules: Row) -> str:
    """What the rules make of the counts, in exact fractions."""
    cast = sum(counts.values())
    against = counts["disagree"] + counts["block"]
    if cast < Fraction(rules["quorum"]) * eligible:
        return "no_quorum"
    if rules["is_block_allowed"] and counts["block"]:
        return "blocked"
    bases = {"cast": cast, "for_against": cast - counts["abstain"], "eligible": eligible}
    threshold = Fraction(rules["threshold"])
    needed = threshold * bases[rules["base"]]
    agree = counts["agree"]
    if agree > needed or (agree == needed and agree and rules["comparison"] == "at_least"):
        return "passed"
    is_tie = 0 < agree == against and threshold == Fraction(1, 2)
    return "tied" if is_tie and rules["tie_rule"] == "none" else "failed"


def electorate_check(export: Export, decision: Row) -> None:
    """The electorate is everybody who had joined and not left when the decision opened."""
    opens = decision["opens_at"]
    roots = {row["id"] for row in export.rows("groups") if row["parent_id"] is None}
    left = {row["membership_id"] for row in export.rows("departures") if row["at"] <= opens}
    members = {
        row["member_id"]
        for row in export.rows("memberships")
        if row["group_id"] in roots and row["at"] <= opens and row["id"] not in left
    }
    count = str(len(members))
    must(decision["electorate_count"] == count, decision, f"{count} were members")
    must(decision["electorate_root"] == texts_root(members), decision, "other members could vote")


def rules_check(export: Export, decision: Row) -> None:
    """The rules are those of the manual that was in force when the decision opened."""
    if decision["kind"] == "founding":
        must(decision["manual_version_id"] is None, decision, "no manual was in force")
        parameters = decision["effect"]["parameters"]
    else:
        place = decision["_place"]
        before = [row for row in export.rows("manual_versions") if row["_place"] < place]
        in_force = before and before[-1]["id"] == decision["manual_version_id"]
        must(in_force, decision, "another manual was in force")
        parameters = before[-1]["parameters"]
    for name, value in rules_of(decision["kind"], parameters).items():
        must(decision["rules"].get(name) == value, decision, f"its rule {name} is not the manual's")


def closing_check(decision: Row) -> None:
    """What a decision does is of its kind, and there was time enough to vote on it."""
    kinds = {"founding": "found", "statement": "none", "amendment": "amend"}
    does = kinds.get(decision["kind"], decision["kind"])
    must(decision["effect"]["kind"] == does, decision, "its effect is another kind's")
    must(decision["opens_at"] == decision["at"], decision, "it opened at another instant")
    time = instant_of(decision["closes_at"]) - instant_of(decision["opens_at"])
    if decision["kind"] == "founding":
        enough = time == timedelta(days=int(decision["rules"]["voting_days"]))
    else:
        enough = timedelta(days=1) <= time <= timedelta(days=90, hours=1)
    must(enough, decision, f"it was open for {time}, which is too short or too long")


def decision_check(export: Export, decision: Row) -> None:
    """Ballots, counts and verdict of one decision come out again."""
    result = export.one("results", "decision_id", decision["id"])
    ballots = export.by("ballots", "decision_id").get(decision["id"], [])
    last = {}
    for row in sorted(ballots, key=lambda row: (row["at"], row["id"])):
        in_time = decision["opens_at"] <= row["at"] < decision["closes_at"]
        must(in_time, row, "the decision was not open then")
        must(not result or row["at"] <= result["at"], row, "the decision was closed already")
        must(row["choice"] in (*CHOICES, "withdrawn"), row, "this is no choice")
        last[row["pseudonym"]] = row
    eligible = int(decision["electorate_count"])
    must(len(last) <= eligible, decision, "more people voted than could")
    if not result:
        return
    counted = [row for row in last.values() if row["choice"] != "withdrawn"]
    counts = {name: sum(row["choice"] == name for row in counted) for name in CHOICES}
    said = {name: result["counts"].get(name) for name in CHOICES}
    must(said == {name: str(count) for name, count in counts.items()}, result, f"it is {counts}")
    must(result["electorate_count"] == str(eligible), result, f"{eligible} could vote")
    root = texts_root(row["id"] for row in counted)
    must(result["ballots_root"] == root, result, "other ballots were counted")
    verdict = verdict_of(counts, eligible, decision["rules"])
    must(result["verdict"] == verdict, result, f"the rules make {verdict} of {counts}")
    is_early = result["at"] < decision["closes_at"]
    may_be = decision["rules"]["is_early_close_allowed"] and len(counted) == eligible
    must(may_be or not is_early, result, "it was closed too early")


def decisions_check(export: Export) -> None:
    """Decisions are numbered as they were opened, and everything about each comes out again."""
    for number, decision in enumerate(export.rows("decisions"), start=1):
        must(decision["number"] == str(number), decision, f"number {number} was expected")
        electorate_check(export, decision)
        rules_check(export, decision)
        closing_check(decision)
        decision_check(export, decision)
    for ballot in export.rows("ballots"):
        export.get("decisions", ballot, "decision_id")


def effect_of(export: Export, row: Row) -> Row:
    """The effect of the passed decision that a row rests on."""
    result = export.one("results", "decision_id", row["decision_id"]) or {}
    must(result.get("verdict") == "passed", row, "its decision has not passed")
    must(result["_place"] < row["_place"], row, "it is older than the result of its decision")
    effect: Row = export.get("decisions", row, "decision_id")["effect"]
    return effect


def manual_check(export: Export) -> None:
    """Each manual is the one before it with what a passed decision changed."""
    parameters: Row = {}
    clauses: Row = {}
    for number, row in enumerate(export.rows("manual_versions"), start=1):
        effect = effect_of(export, row)
        kind = "found" if number == 1 else "amend"
        must(effect["kind"] == kind, row, "its decision does not change the manual")
        template = export.rows("decisions")[0]["effect"]["template"]
        must(row["template"] == template, row, f"its template is {template}")
        parameters.update(effect["parameters"])
        for item in effect["clauses"]:
            if item["text"] == "" and item["key"] in clauses:
                del clauses[item["key"]]
            else:
                clauses[item["key"]] = item
        must(row["number"] == str(number), row, f"number {number} was expected")
        must(row["parameters"] == parameters, row, "its parameters are not what was decided")
        must(row["clauses"] == list(clauses.values()), row, "its clauses are not what was decided")


def authority_check(export: Export) -> None:
    """Trustees and mandates are what passed decisions, or the manual, say."""
    for number, row in enumerate(export.rows("trustee_sets"), start=1):
        must(row["number"] == str(number), row, f"number {number} was expected")
        effect = effect_of(export, row)
        names = {"found": "trustees", "trustees": "member_ids"}
        must(effect["kind"] in names, row, "its decision names no trustees")
        members = effect[names[effect["kind"]]]
        said = (row["member_ids"], row["approvals_needed"])
        must(said == (sorted(members), effect["approvals_needed"]), row, "others were decided on")
        manual, seats = export.manual(row), len(row["member_ids"])
        fits = int(manual["approvals_needed"]) <= int(row["approvals_needed"]) <= seats
        fits = fits and seats == len(set(row["member_ids"])) <= int(manual["trustees_seats"])
        must(fits, row, "the manual asks for more approvals, or has fewer seats")
    for row in export.rows("mandates"):
        fund = export.get("funds", row, "fund_id")
        must(row["currency"] == fund["currency"], row, "its fund has another currency")
        if row["kind"] == "standing":
            version = export.get("manual_versions", row, "manual_version_id")
            items = version["parameters"]["standing_mandates"]
            bounds = {item["kind"]: item["max_minor_per_month"] for item in items}
            is_bound = bounds.get(row["standing_kind"]) == row["max_minor"]
            must(is_bound, row, "the manual says otherwise")
            continue
        effect = effect_of(export, row)
        result = export.get("results", row, "result_id")
        must(result["decision_id"] == row["decision_id"], row, "its result is another decision's")
        must(effect["amount_minor"] == row["max_minor"], row, "another amount was decided")
        if effect["kind"] == "cover":
            same = row["covers_line_id"] == effect["bank_line_id"]
        else:
            wish = (row["payee_id"], row["currency"], row["purpose"])
            purpose = " ".join(effect["purpose"].split())
            same = wish == (effect["payee_id"], effect["currency"], purpose)
            same = same and row["valid_until"] == until_of(effect.get("valid_until"))
        must(same, row, "another payee, purpose, end or line was decided")


def enactments_check(export: Export) -> None:
    """What an enactment says it made is what its passed decision made, and it is made once."""
    manuals = "manual_versions"
    born = {"found": manuals, "amend": manuals, "spend": "mandates", "cover": "mandates"}
    born["trustees"] = "trustee_sets"
    for row in export.rows("enactments"):
        export.one("enactments", "result_id", row["result_id"])
        result = export.get("results", row, "result_id")
        decision = export.get("decisions", result, "decision_id")
        is_kind = row["kind"] == decision["effect"]["kind"] and row["kind"] in born
        must(is_kind, row, "its decision asks for something else")
        subject = export.get(born[row["kind"]], row, "subject_id")
        must(subject["decision_id"] == decision["id"], row, "another decision made this")
        if row["kind"] == "cover":
            covers = export.by("suspense_covers", "mandate_id").get(subject["id"], [])
            must(len(covers) == 1, row, "it covers no debit, or several")
    named = {row["subject_id"] for row in export.rows("enactments")}
    for table in (manuals, "mandates", "trustee_sets"):
        for row in export.rows(table):
            if row["decision_id"] is None:
                continue
            if table != "mandates":
                export.one(table, "decision_id", row["decision_id"])
            decision = export.get("decisions", row, "decision_id")
            founded = table == "trustee_sets" and decision["kind"] == "founding"
            must(founded or row["id"] in named, row, "no enactment says that this was made")


def until_of(text: str | None) -> str | None:
    """The instant at which a mandate ends that names an instant, or a day (its whole length)."""
    if not text:
        return None
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone.utc)
    if len(text) == len("2026-03-01"):
        found += timedelta(days=1)
    return found.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def payload_check(export: Export, row: Row) -> None:
    """A payload's hash is that of its facts, and trustees who are apart from it signed the hash."""
    request = export.get("payment_requests", row, "request_id")
    mandate = export.get("mandates", request, "mandate_id")
    account = export.get("payee_accounts", row, "payee_account_id")
    trustees = export.get("trustee_sets", row, "trustee_set_id")
    payee = export.get("payees", row, "payee_id")
    must(mandate["payee_id"] in (None, payee["id"]), row, "the mandate pays another payee")
    must(account["payee_id"] == payee["id"], row, "the account is another payee's")
    must(row["currency"] == mandate["currency"], row, "the mandate has another currency")
    same = ("amount_minor", "currency", "purpose", "nonce", "expires_at")
    payload = {name: row[name] for name in same}
    payload.update(v="1", request=request["id"], fund=mandate["fund_id"], mandate=mandate["id"])
    payload.update(payee=payee["id"], trustee_set=trustees["number"])
    payload.update(iban_mac=account["iban_mac"], holder_mac=account["holder_mac"])
    found = hashlib.sha256(canonical(payload)).hexdigest()
    must(row["payload_hash"] == found, row, f"the payload's hash is {found}")
    must(row["code"] == code_of(found), row, f"the payload's code is {code_of(found)}")
    apart = {
        request["requester_member_id"],
        row["edited_by_member_id"],
        payee["beneficial_owner_member_id"],
        account["entered_by_member_id"],
    }
    signers = set()
    for approval in export.by("approvals", "version_id").get(row["id"], []):
        signer = approval["trustee_member_id"]
        must(approval["payload_hash"] == found, approval, "another payload was signed")
        must(signer in trustees["member_ids"], approval, "this is no trustee")
        must(signer not in apart, approval, "this trustee has a part in the payment")
        must(signer not in signers, approval, "this trustee signed before")
        must(row["at"] <= approval["at"] < row["expires_at"], approval, "it was too late to sign")
        signers.add(signer)


def code_of(digest: str) -> str:
    """The short code of a payload: the first 40 bits of its hash, five a symbol."""
    bits = int(digest[:10], 16)
    code = "".join(SYMBOLS[bits >> place & 31] for place in range(35, -1, -5))
    return f"{code[:4]}-{code[4:]}"


def order_check(export: Export, row: Row) -> None:
    """An order has the amount of the newest payload of its request, and signatures enough."""
    version = export.get("request_versions", row, "version_id")
    request = export.get("payment_requests", version, "request_id")
    mandate = export.get("mandates", request, "mandate_id")
    trustees = export.get("trustee_sets", version, "trustee_set_id")
    needed = int(trustees["approvals_needed"])
    approvals = export.by("approvals", "version_id").get(version["id"], [])
    signed = sum(item["_place"] < row["_place"] for item in approvals)
    must(signed >= needed, row, f"{signed} trustees signed it, and {needed} were needed")
    seated = [item for item in export.rows("trustee_sets") if item["_place"] < row["_place"]]
    must(seated[-1] is trustees, row, "other trustees were in office")
    must(row["fund_id"] == mandate["fund_id"], row, "its mandate is another fund's")
    newest = max(
        export.by("request_versions", "request_id")[request["id"]],
        key=lambda item: int(item["version"]),
    )
    must(newest is version, row, "a newer payload stands")
    must(row["amount_minor"] == version["amount_minor"], row, "another amount was signed")
    must(not export.one("request_ends", "request_id", request["id"]), row, "its request had ended")
    until = mandate["valid_until"]
    in_time = mandate["valid_from"] <= row["at"] and (until is None or row["at"] < until)
    must(in_time, row, "its mandate was not in force")
    ended = export.one("mandate_ends", "mandate_id", mandate["id"])
    must(not ended or ended["_place"] > row["_place"], row, "its mandate had ended")
    account = export.get("payee_accounts", version, "payee_account_id")
    must(account["usable_from"] <= row["at"], row, "its account could not be paid into yet")
    must(row["at"] < version["expires_at"], row, "its payload had expired")


def uses_check(export: Export) -> None:
    """No mandate is used beyond its bound: in all, or within a month where it stands."""
    void = {row["order_id"] for row in export.rows("order_failures")}
    for row in export.rows("payment_reversals"):
        void.add(export.get("settlements", row, "settlement_id")["order_id"])
    uses = []
    for row in export.rows("payment_orders"):
        if row["id"] not in void:
            version = export.get("request_versions", row, "version_id")
            request = export.get("payment_requests", version, "request_id")
            uses.append((request["mandate_id"], row["at"], int(row["amount_minor"]), row))
    for row in export.rows("line_bookings"):
        if row["mandate_id"] is not None and row["kind"] not in ("settlement", "reversal"):
            line = export.get("bank_lines", row, "line_id")
            uses.append((row["mandate_id"], line["booked_on"], -int(line["amount_minor"]), row))
    used: dict[tuple[str, str], int] = {}
    for mandate_id, day, amount, row in uses:
        mandate = export.one("mandates", "id", mandate_id) or {}
        must(mandate, row, "it names no mandate")
        place = (mandate_id, day[:7] if mandate["kind"] == "standing" else "")
        used[place] = used.get(place, 0) + amount
        must(used[place] <= int(mandate["max_minor"]), row, "its mandate allows less")


def verify(folder: Path, vkeys: list[str], since: str | None) -> list[str]:
    """Check everything; what to say about it."""
    try:
        keys = [vkey_read(text) for text in vkeys]
    except ValueError as error:
        raise Unreadable("--key is not a verifier key, name+id+key") from error
    export = Export(folder, keys)
    try:
        export.log_check(since)
        books_check(export)
        decisions_check(export)
        manual_check(export)
        authority_check(export)
        enactments_check(export)
        for row in export.rows("request_versions"):
            payload_check(export, row)
        for row in export.rows("payment_orders"):
            order_check(export, row)
        uses_check(export)
        accounts_check(export)
        reasons = statements_check(export)
        settlements_check(export)
        lines_check(export)
        assigned_check(export)
        covers_check(export)
        reasons_check(export)
        ends_check(export)
        back_check(export)
        plans_check(export)
        charges_check(export)
        mandates_check(export)
        waiting_check(export)
        limits_check(export)
        people_check(export)
    except RecursionError as error:
        raise Broken("a row nests too deep") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Broken(f"a row is not formed as expected: {error!r}") from error
    for coop in export.rows("coops"):
        must(coop["slug"] == export.manifest["slug"], "manifest.json", "the co-op has another slug")
    export.files_check()
    counted = ", ".join(f"{len(rows):,} {name}" for name, rows in export.tables.items() if rows)
    lines = [f"{export.manifest['slug']}: everything holds. {counted}."]
    if export.rows("ballots"):
        lines.append(
            "Not proved: that each ballot is a member's own. Ballots stand under pseudonyms, so "
            "whoever keeps the record could cast some for members who did not vote."
        )
    if reasons:
        lines.append(f"{reasons} statements were imported for a reason; their sums are not proved.")
    if since:
        lines.append("It continues your checkpoint.")
    if not keys:
        lines.append("Self-consistent only: give --key, and --since with a checkpoint you kept.")
    return lines


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Checks an export of a co-op's public record.")
    here = Path(__file__).parent
    parser.add_argument("folder", nargs="?", type=Path, default=here, metavar="DIR")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY")
    parser.add_argument("--since", type=Path, metavar="CHECKPOINT")
    args = parser.parse_args()
    code = 0
    try:
        since = args.since.read_text(encoding="utf-8") if args.since else None
        answer = "\n".join(verify(args.folder, args.key, since))
    except Broken as fault:
        answer, code = f"This does not hold. {fault}", 1
    except (Unreadable, OSError, UnicodeDecodeError) as fault:
        print(f"This cannot be read. {fault}", file=sys.stderr)
        return 2
    try:
        print(answer, flush=True)
    except OSError as fault:
        # Python would try once more at its exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"The answer cannot be written. {fault}", file=sys.stderr)
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())
