"""A new version of a co-op's manual comes into force. Only a decision brings this about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotPossible
from commonpurse.groups.selectors import coop_view
from commonpurse.manual.clauses import Clause, clauses_from_json, clauses_to_json
from commonpurse.manual.codec import parameters_to_json
from commonpurse.manual.models import ManualVersion
from commonpurse.manual.parameters import Parameters
from commonpurse.manual.selectors import manual_value
from commonpurse.manual.templates import template as template_found
from commonpurse.manual.values import ManualView
from commonpurse.record.services import Actor, audit_add, lock_take, row_add


@transaction.atomic
def manual_adopt(
    *,
    coop_id: UUID,
    parameters: Parameters,
    clauses: Sequence[Clause],
    template: str,
    decision_id: UUID | None,
    actor: Actor,
    at: datetime,
) -> ManualView:
    """Adopt the next version of the manual. The same decision twice is once.

    What members decided is carried out also when the co-op has grown since: whether parameters
    suit the number of members is asked when they are proposed (`check_for_members`).

    Raises Invalid when the currency is not the co-op's or the template is unknown; NotPossible for
    an instant before the version that it follows.
    """
    lock_take(coop_id)
    rows = ManualVersion.objects.filter(coop_id=coop_id)
    if decision_id is not None and (same := rows.filter(decision_id=decision_id).first()):
        return manual_value(same)
    template_found(template)
    if parameters.currency != coop_view(coop_id).currency:
        raise Invalid("currency_fixed", "The currency of a co-op cannot change.", field="currency")
    latest = rows.order_by("-number").first()
    if latest is not None and latest.at > at:
        raise NotPossible("before_latest", "A later version of this manual is in force already.")

    row = row_add(
        ManualVersion(
            coop_id=coop_id,
            number=latest.number + 1 if latest else 1,
            template=template,
            parameters=parameters_to_json(parameters),
            clauses=clauses_to_json(clauses_from_json(clauses_to_json(clauses))),
            decision_id=decision_id,
            at=at,
        )
    )
    audit_add(actor, "manual_adopt", coop_id=coop_id, subject_id=row.id, at=at, number=row.number)
    return manual_value(row)
