"""Enacting authorities to spend: from a passed result, or from the operating manual's list."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.selectors import decision_by_id, result_by_id
from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.manual.selectors import manual_by_id
from commonpurse.record.services import (
    Actor,
    audit_add,
    lock_make,
    lock_take,
    row_add,
    rows_add,
)
from commonpurse.say import say
from commonpurse.treasury.models import (
    Fund,
    Mandate,
    MandateEnd,
    MandateKind,
    Payee,
    StandingKind,
)
from commonpurse.treasury.selectors.mandates import mandate_view, mandate_views, with_used
from commonpurse.treasury.texts import line_clean
from commonpurse.treasury.values import MandateView

PURPOSE_MAX = 400


@transaction.atomic
def mandate_enact(*, result_id: UUID, actor: Actor, at: datetime) -> MandateView:
    """Make the mandate that a passed result asks for; the same result gives the same mandate.

    The result's effect is a payment to a payee (`spend`) or the covering of a debit that nothing
    explained (`cover`). Raises NotPossible `not_passed`, NotFound `no_fund` or `no_payee`,
    Invalid `not_spending`, `currency` or `too_late`.
    """
    result = result_by_id(result_id)
    lock_take(result.coop_id)
    known = Mandate.objects.filter(coop_id=result.coop_id, result_id=result_id).first()
    if known is not None:
        return mandate_view(known.id, at=at)
    if result.verdict != "passed":
        raise NotPossible("not_passed", "Only a passed decision gives a mandate.")
    row = mandate_of_effect(
        decision_id=result.decision_id, result_id=result_id, coop_id=result.coop_id, at=at
    )
    lock_make(coop_id=row.coop_id, subject_id=row.id)
    row_add(row)
    audit_add(
        actor,
        "mandate_enact",
        coop_id=row.coop_id,
        subject_id=row.id,
        at=at,
        result_id=result_id,
    )
    return mandate_view(row.id, at=at)


def mandate_of_effect(
    *, decision_id: UUID, result_id: UUID, coop_id: UUID, at: datetime
) -> Mandate:
    """The mandate in memory, checked against the fund and the payee."""
    effect = decision_by_id(decision_id).effect
    fund = fund_of_coop(coop_id)
    mandate = Mandate(
        coop_id=coop_id,
        at=at,
        number=number_next(coop_id),
        kind=MandateKind.DECISION,
        decision_id=decision_id,
        result_id=result_id,
        fund=fund,
        max_minor=int(effect.get("amount_minor", 0)),
        currency=fund.currency,
        valid_from=at,
    )
    if effect["kind"] == "cover":
        mandate.covers_line_id = UUID(effect["bank_line_id"])
        mandate.purpose = effect.get("purpose") or "Covers a debit that nothing explained"
        return mandate
    if effect["kind"] != "spend":
        raise Invalid("not_spending", "This decision does not spend money.")
    if effect["currency"] != fund.currency:
        raise Invalid(
            "currency", "The fund pays in %(currency)s.", field="currency", currency=fund.currency
        )
    payee = Payee.objects.filter(id=effect["payee_id"], coop_id=coop_id).first()
    if payee is None:
        raise NotFound("no_payee", "The payee of this decision is not known any more.")
    mandate.payee = payee
    mandate.purpose = line_clean(
        effect["purpose"], field="purpose", limit=PURPOSE_MAX, what=say("the purpose")
    )
    if effect.get("valid_until"):
        mandate.valid_until = until_of(effect["valid_until"])
        if mandate.valid_until <= at:
            raise Invalid("too_late", "The time to pay this was over before the vote was enacted.")
    return mandate


def until_of(text: str) -> datetime:
    """The instant at which a mandate ends: given itself, or the end of a day given (UTC).

    Raises Invalid `valid_until`.
    """
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return found + timedelta(days=1) if len(text) == len("2026-11-17") else found
    except (ValueError, OverflowError) as fault:
        raise Invalid(
            "valid_until", "Enter the last day as 2026-11-17.", field="valid_until"
        ) from fault


def fund_of_coop(coop_id: UUID) -> Fund:
    """The co-op's fund. Raises NotFound `no_fund`."""
    fund = Fund.objects.filter(coop_id=coop_id).order_by("at").first()
    if fund is None:
        raise NotFound("no_fund", "The co-op has no fund yet.")
    return fund


def number_next(coop_id: UUID) -> int:
    """The next number of a mandate, without gaps. Call it under the co-op's lock."""
    last = Mandate.objects.filter(coop_id=coop_id).order_by("-number").first()
    return last.number + 1 if last else 1


@transaction.atomic
def mandates_standing_enact(
    *, coop_id: UUID, manual_version_id: UUID, actor: Actor, at: datetime
) -> tuple[MandateView, ...]:
    """Put the standing mandates of a manual version in force, and end those of earlier versions.

    Once per version. Raises NotFound `no_fund` or the manual's own refusal.
    """
    lock_take(coop_id)
    manual = manual_by_id(coop_id, manual_version_id)
    known = Mandate.objects.filter(coop_id=coop_id, manual_version_id=manual_version_id)
    if known.exists() or MandateEnd.objects.filter(manual_version_id=manual_version_id).exists():
        return mandate_views(known.order_by("number"), at=at)
    fund = fund_of_coop(coop_id)
    former = list(
        Mandate.objects.filter(coop_id=coop_id, kind=MandateKind.STANDING, ends__isnull=True)
    )
    lock_take(*(row.id for row in former))
    rows_add(
        [
            MandateEnd(coop_id=coop_id, at=at, mandate=row, manual_version_id=manual_version_id)
            for row in former
        ]
    )
    first = number_next(coop_id)
    rows = [
        Mandate(
            coop_id=coop_id,
            at=at,
            number=first + place,
            kind=MandateKind.STANDING,
            manual_version_id=manual_version_id,
            fund=fund,
            standing_kind=standing.kind,
            max_minor=standing.max_minor_per_month,
            currency=fund.currency,
            purpose=f"{StandingKind(standing.kind).label.capitalize()}, as the manual allows",
            valid_from=at,
        )
        for place, standing in enumerate(manual.parameters.standing_mandates)
    ]
    for row in rows:
        lock_make(coop_id=coop_id, subject_id=row.id)
    rows_add(rows)
    audit_add(
        actor, "mandates_standing_enact", coop_id=coop_id, subject_id=manual_version_id, at=at
    )
    return mandate_views(known.order_by("number"), at=at)


def mandate_standing_take(
    *, fund_id: UUID, kind: str, amount_minor: int, booked_on: date
) -> UUID | None:
    """The standing mandate that covers a debit the bank made on this day, or None.

    Runs in the caller's transaction and keeps the mandate locked until it ends. None means that
    the manual names no such mandate, or that the month of `booked_on` has no room left for
    `amount_minor`; the debit then goes to suspense, publicly.
    """
    noon = datetime.combine(booked_on, time(12), tzinfo=UTC)
    row = (
        Mandate.objects.filter(fund_id=fund_id, standing_kind=kind, ends__isnull=True)
        .order_by("-number")
        .first()
    )
    if row is None:
        return None
    lock_take(row.id)
    used = with_used(Mandate.objects.filter(id=row.id), at=noon).get().used_minor
    return row.id if used + amount_minor <= row.max_minor else None
