"""What a fund holds, what of it may be spent, and which members may release it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import JSONField, QuerySet
from django.db.models.expressions import RawSQL

from commonpurse.errors import NotFound
from commonpurse.ledger.selectors import account_sql
from commonpurse.treasury.models import Fund, FundAccount, Sponsor, TrusteeSet
from commonpurse.treasury.selectors.dues import at_risk_sql
from commonpurse.treasury.selectors.mandates import promised_sql
from commonpurse.treasury.values import (
    FundAccountView,
    FundPosition,
    FundView,
    SponsorView,
    TrusteeSetView,
)

BANK = "1000"
"""The account of a fund's money at the bank, in its chart."""


def sponsor_list() -> tuple[SponsorView, ...]:
    """All sponsors, by name."""
    rows = Sponsor.objects.order_by("name")
    return tuple(SponsorView(id=row.id, name=row.name) for row in rows)


def fund_of(coop_id: UUID) -> FundView | None:
    """The co-op's fund, if one was opened; the oldest where there are several."""
    row = Fund.objects.filter(coop_id=coop_id).select_related("sponsor").order_by("at").first()
    return fund_frozen(row) if row else None


def fund_list(coop_id: UUID) -> tuple[FundView, ...]:
    """All funds of a co-op, oldest first."""
    rows = Fund.objects.filter(coop_id=coop_id).select_related("sponsor").order_by("at")
    return tuple(fund_frozen(row) for row in rows)


def fund_view(fund_id: UUID) -> FundView:
    """One fund. Raises NotFound `no_fund`."""
    row = Fund.objects.filter(id=fund_id).select_related("sponsor").first()
    if row is None:
        raise NotFound("no_fund", "There is no such fund.")
    return fund_frozen(row)


def fund_frozen(row: Fund) -> FundView:
    """The frozen value of a fund's row."""
    return FundView(
        id=row.id,
        coop_id=row.coop_id,
        sponsor_id=row.sponsor_id,
        sponsor_name=row.sponsor.name,
        name=row.name,
        currency=row.currency,
        book_id=row.book_id,
        opened_at=row.at,
        has_account=row.iban_mac is not None,
    )


def fund_account(fund_id: UUID) -> FundAccountView | None:
    """The sponsor's bank account of a fund. Private: for treasurers and trustees."""
    row = FundAccount.objects.filter(id=fund_id).first()
    return FundAccountView(iban=row.iban, holder=row.holder, bic=row.bic) if row else None


@dataclass(frozen=True, slots=True)
class FundStanding:
    """A fund, its account at the bank in the ledger, and what of its money may be spent."""

    fund: FundView
    bank_account_id: UUID
    position: FundPosition


def fund_standing(coop_id: UUID, *, at: datetime) -> FundStanding | None:
    """The co-op's fund as it stands at this instant, if one was opened; one query."""
    return next(_standings(Fund.objects.filter(coop_id=coop_id).order_by("at")[:1], at=at), None)


def fund_standing_by_id(fund_id: UUID, *, at: datetime) -> FundStanding:
    """One fund as it stands at this instant. Raises NotFound `no_fund`."""
    found = next(_standings(Fund.objects.filter(id=fund_id), at=at), None)
    if found is None:
        raise NotFound("no_fund", "There is no such fund.")
    return found


def fund_position(fund_id: UUID, *, at: datetime) -> FundPosition:
    """What the fund holds at this instant and what of it may still be spent.

    balance    what the books say is at the bank
    at risk    received, and a member's bank may still take it back
    cleared    balance - at risk
    held       ordered and not settled yet
    promised   what is left of the valid mandates that members voted
    spendable  cleared - held - promised; below zero no order leaves
    """
    return fund_standing_by_id(fund_id, at=at).position


def fund_positions(funds: Collection[FundView], *, at: datetime) -> dict[UUID, FundPosition]:
    """As `fund_position`, for many funds in one query."""
    rows = Fund.objects.filter(id__in=[fund.id for fund in funds])
    return {found.fund.id: found.position for found in _standings(rows, at=at)}


def _standings(rows: QuerySet[Fund], *, at: datetime) -> Iterator[FundStanding]:
    """These funds, each with all that its position is reckoned from; one query."""
    account = account_sql(coop_id="treasury_fund.coop_id", book_id="treasury_fund.book_id")
    found: QuerySet[Any] = rows.select_related("sponsor").annotate(
        bank=RawSQL(account, [BANK], output_field=JSONField()),  # noqa: S611  (our own text)
        at_risk=at_risk_sql(at.date()),
        promised=promised_sql(at=at),
    )
    for row in found:
        balance, held = row.bank["balance_minor"], row.bank["held_minor"]
        cleared = balance - row.at_risk
        yield FundStanding(
            fund=fund_frozen(row),
            bank_account_id=UUID(row.bank["id"]),
            position=FundPosition(
                currency=row.currency,
                balance_minor=balance,
                at_risk_minor=row.at_risk,
                cleared_minor=cleared,
                held_minor=held,
                promised_minor=row.promised,
                spendable_minor=cleared - held - row.promised,
            ),
        )


def trustee_set_current(coop_id: UUID) -> TrusteeSetView | None:
    """The trustees in force: the set with the highest number."""
    row = TrusteeSet.objects.filter(coop_id=coop_id).order_by("-number").first()
    return trustee_set_frozen(row) if row else None


def trustee_set_list(coop_id: UUID) -> tuple[TrusteeSetView, ...]:
    """All versions of the trustees, newest first."""
    rows = TrusteeSet.objects.filter(coop_id=coop_id).order_by("-number")
    return tuple(trustee_set_frozen(row) for row in rows)


def trustee_set_frozen(row: TrusteeSet) -> TrusteeSetView:
    """The frozen value of a set's row."""
    return TrusteeSetView(
        id=row.id,
        number=row.number,
        member_ids=tuple(UUID(text) for text in row.member_ids),
        approvals_needed=row.approvals_needed,
        decision_id=row.decision_id,
        adopted_at=row.at,
    )


def is_trustee(*, coop_id: UUID, member_id: UUID) -> bool:
    """Whether this member is a trustee now."""
    current = trustee_set_current(coop_id)
    return current is not None and member_id in current.member_ids
