"""What a decision does when it passes, checked before anybody votes on it.

An effect is a JSON object with a `kind`. What rooms above know (payees, funds, bank lines) they
check themselves: they register a check here when the product starts.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from commonpurse.errors import Invalid
from commonpurse.groups.selectors import electorate_at, member_count
from commonpurse.manual.clauses import clauses_changed, clauses_to_json
from commonpurse.manual.codec import changed, parameters_to_json
from commonpurse.manual.parameters import check_for_members
from commonpurse.manual.selectors import manual_current
from commonpurse.manual.values import ManualView

Effect = dict[str, Any]
Check = Callable[[UUID, Effect, datetime], Effect]

KIND_OF = {
    "statement": "none",
    "spend": "spend",
    "trustees": "trustees",
    "amendment": "amend",
    "cover": "cover",
    "founding": "found",
}
"""Which effect each kind of decision has."""

_checks: dict[str, Check] = {}


def effect_check_register(kind: str, check: Check) -> None:
    """Have effects of this kind checked by a room above before a decision on them opens.

    `check` takes the co-op's id, the effect and when the vote closes, and gives back the effect
    as it shall stand; it raises Invalid, naming the field.
    """
    _checks[kind] = check


def effect_checked(
    *, kind: str, effect: Effect, coop_id: UUID, closes_at: datetime, at: datetime
) -> Effect:
    """The effect of a decision of this kind, cleaned. Raises Invalid, naming the field."""
    if effect.get("kind") != KIND_OF[kind]:
        raise Invalid("effect_wrong", "This kind of decision cannot do that.", field="kind")
    if kind == "statement":
        return {"kind": "none"}
    if kind == "amendment":
        return amendment_checked(effect, manual_current(coop_id))
    if kind == "trustees":
        effect = trustees_checked(effect, coop_id, manual_current(coop_id), at)
    check = _checks.get(effect["kind"])
    if check is None and kind in ("spend", "cover"):
        raise Invalid("effect_unknown", "Nothing here carries out such a decision.", field="kind")
    return check(coop_id, effect, closes_at) if check else effect


def amendment_checked(effect: Effect, manual: ManualView) -> Effect:
    """A change of the manual that changes something and leaves it whole."""
    changes = effect.get("parameters", {})
    after = changed(manual.parameters, changes)
    check_for_members(after, member_count(coop_id=manual.coop_id))
    clauses = clauses_changed(manual.clauses, effect.get("clauses", []))
    before_json, after_json = parameters_to_json(manual.parameters), parameters_to_json(after)
    different = {key: value for key, value in after_json.items() if value != before_json[key]}
    if not different and clauses == manual.clauses:
        raise Invalid("nothing_changes", "Change at least one thing in the manual.")
    kept = {item["key"]: item for item in clauses_to_json(manual.clauses)}
    then = {item["key"]: item for item in clauses_to_json(clauses)}
    wanted = [item for key, item in then.items() if kept.get(key) != item]
    wanted += [item | {"text": ""} for key, item in kept.items() if key not in then]
    return {"kind": "amend", "parameters": different, "clauses": wanted}


def trustees_checked(effect: Effect, coop_id: UUID, manual: ManualView, at: Any) -> Effect:
    """A set of present members within the manual's seats, and how many of them must approve."""
    members = {str(member_id) for member_id in electorate_at(coop_id=coop_id, at=at).member_ids}
    chosen = sorted({str(member_id) for member_id in effect.get("member_ids", [])})
    needed = manual.parameters.approvals_needed
    seats = manual.parameters.trustees_seats
    if not set(chosen) <= members:
        raise Invalid("not_members", "Choose trustees from the members.", field="member_ids")
    if not needed < len(chosen) <= seats:
        raise Invalid(
            "trustees_number",
            "Choose more than %(needed)s and up to %(seats)s trustees: %(needed)s must "
            "approve a payment, and whoever asks for it may not.",
            field="member_ids",
            needed=needed,
            seats=seats,
        )
    return {"kind": "trustees", "member_ids": chosen, "approvals_needed": needed}
