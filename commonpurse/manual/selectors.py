"""Reads of operating manuals."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from commonpurse.errors import NotFound
from commonpurse.manual.clauses import Clause, clauses_from_json
from commonpurse.manual.codec import parameters_from_json
from commonpurse.manual.models import ManualVersion
from commonpurse.manual.parameters import FIELDS, Parameters
from commonpurse.manual.sentences import value_text
from commonpurse.manual.values import Change, ManualView

__all__ = [
    "Change",
    "ManualView",
    "difference",
    "difference_of",
    "manual_at",
    "manual_by_id",
    "manual_current",
    "manual_list",
    "manual_version",
]


def manual_current(coop_id: UUID) -> ManualView:
    """The newest version. Raises NotFound while the co-op is being founded."""
    return _found(ManualVersion.objects.filter(coop_id=coop_id).order_by("-number").first())


def manual_version(coop_id: UUID, number: int) -> ManualView:
    """The version with this number. Raises NotFound."""
    return _found(ManualVersion.objects.filter(coop_id=coop_id, number=number).first())


def manual_by_id(coop_id: UUID, version_id: UUID) -> ManualView:
    """The version with this id. Raises NotFound."""
    return _found(ManualVersion.objects.filter(coop_id=coop_id, id=version_id).first())


def manual_at(coop_id: UUID, at: datetime) -> ManualView:
    """The version in force at an instant: one counts from the instant of its adoption on."""
    rows = ManualVersion.objects.filter(coop_id=coop_id, at__lte=at)
    return _found(rows.order_by("-number").first())


def manual_list(coop_id: UUID) -> tuple[ManualView, ...]:
    """All versions, newest first."""
    rows = ManualVersion.objects.filter(coop_id=coop_id).order_by("-number")
    return tuple(manual_value(row) for row in rows)


def difference(old: ManualView, new: ManualView) -> tuple[Change, ...]:
    """What changed between two versions: parameters first, then clauses."""
    return difference_of(old.parameters, old.clauses, new.parameters, new.clauses)


def difference_of(
    parameters_before: Parameters,
    clauses_before: Sequence[Clause],
    parameters_after: Parameters,
    clauses_after: Sequence[Clause],
) -> tuple[Change, ...]:
    """As `difference`, for a proposal that is not a version yet."""
    changes = [
        Change(
            key=spec.key,
            label=spec.label,
            before=value_text(spec.key, before, parameters_before.currency),
            after=value_text(spec.key, after, parameters_after.currency),
            is_clause=False,
        )
        for spec in FIELDS
        if (before := getattr(parameters_before, spec.key))
        != (after := getattr(parameters_after, spec.key))
    ]
    was = {item.key: item for item in clauses_before}
    will = {item.key: item for item in clauses_after}
    for key in [*was, *(key for key in will if key not in was)]:
        if was.get(key) == will.get(key):
            continue
        titled = will.get(key) or was[key]
        changes.append(
            Change(
                key=key,
                label=titled.title,
                before=was[key].text if key in was else "",
                after=will[key].text if key in will else "",
                is_clause=True,
            )
        )
    return tuple(changes)


def manual_value(row: ManualVersion) -> ManualView:
    """A row as others may read it."""
    return ManualView(
        version_id=row.id,
        coop_id=row.coop_id,
        number=row.number,
        template=row.template,
        parameters=parameters_from_json(row.parameters),
        clauses=clauses_from_json(row.clauses),
        decision_id=row.decision_id,
        at=row.at,
    )


def _found(row: ManualVersion | None) -> ManualView:
    if row is None:
        raise NotFound("no_manual", "There is no such version of this co-op's manual.")
    return manual_value(row)
