"""Closing a month of a fund: for good, and only when nothing is missing."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.values import Member
from commonpurse.ledger.services import period_close
from commonpurse.record.services import audit_add, lock_take
from commonpurse.treasury.models import Fund
from commonpurse.treasury.month_values import MISSING, MonthView
from commonpurse.treasury.selectors.months import month_view
from commonpurse.treasury.services.payees import check_member


@transaction.atomic
def month_close(*, fund_id: UUID, first: date, actor: Member, at: datetime) -> MonthView:
    """Close a fund's books through the last day of a month, and every month before it.

    A month that is closed already stays as it is and is given back. Raises NotFound `no_fund`,
    NotAllowed `not_member`, `not_treasurer`, Invalid `month`, and NotPossible `month_open`, which
    names everything that is missing.
    """
    fund = Fund.objects.filter(id=fund_id, coop_id=actor.coop_id).first()
    if fund is None:
        raise NotFound("no_fund", "There is no such fund.")
    # Imports, orders and settlements queue here, so what is read now holds until it is closed.
    lock_take(fund_id)
    check_member(actor, fund.coop_id)
    if not actor.has_role("treasurer"):
        raise NotAllowed("not_treasurer", "Only a treasurer closes a month.")
    if first.day != 1:
        raise Invalid("month", "Name a month by its first day.", field="first")
    found = month_view(fund_id, first, at=at)
    if found.closed is not None:
        return found
    if found.missing:
        raise NotPossible(
            "month_open",
            "The month cannot be closed yet: %(missing)s.",
            missing=tuple(MISSING[check.key] for check in found.missing),
        )
    period = period_close(
        coop_id=fund.coop_id, book_id=fund.book_id, through=found.last, actor=actor.actor, at=at
    )
    audit_add(
        actor.actor,
        "month_close",
        coop_id=fund.coop_id,
        subject_id=period.id,
        at=at,
        through=found.last,
    )
    return month_view(fund_id, first, at=at)
