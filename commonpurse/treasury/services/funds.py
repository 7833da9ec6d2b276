"""Opening a co-op's fund at a sponsor, and adopting who may release its money."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.formats.iban import iban_clean
from commonpurse.groups.selectors import member_by_id
from commonpurse.groups.values import Member
from commonpurse.ledger.services import account_open, book_open
from commonpurse.manual.selectors import manual_current
from commonpurse.record.ids import PLATFORM_ID, new_id
from commonpurse.record.services import (
    Actor,
    audit_add,
    key_make,
    lock_make,
    lock_take,
    mac,
    row_add,
)
from commonpurse.say import say
from commonpurse.treasury.models import Fund, FundAccount, PayeeIban, Sponsor, TrusteeSet
from commonpurse.treasury.selectors.funds import fund_frozen, trustee_set_frozen
from commonpurse.treasury.texts import line_clean
from commonpurse.treasury.values import FundView, SponsorView, TrusteeSetView

CHART = (
    ("1000", "Bank", "asset", 0),
    ("1100", "Dues receivable", "asset", None),
    ("1900", "Suspense", "asset", None),
    ("2000", "Unallocated receipts", "liability", None),
    ("3000", "Equity", "equity", None),
    ("4000", "Dues", "income", None),
    ("4100", "Grants", "income", None),
    ("5000", "Spending", "expense", None),
    ("5100", "Fees", "expense", None),
)
"""A fund's accounts: code, name, kind and floor. The bank account may not go below zero, except
for what the bank has done already."""


@transaction.atomic
def sponsor_add(*, name: str, actor: Actor, at: datetime) -> SponsorView:
    """Know an organisation that holds money for co-ops; the same name is the same sponsor."""
    cleaned = line_clean(name, field="name", limit=120, what=say("the sponsor’s name"))
    row, is_new = Sponsor.objects.get_or_create(name=cleaned, defaults={"created_at": at})
    if is_new:
        audit_add(actor, "sponsor_add", coop_id=PLATFORM_ID, subject_id=row.id, at=at)
    return SponsorView(id=row.id, name=row.name)


@transaction.atomic
def fund_open(
    *,
    coop_id: UUID,
    sponsor_id: UUID,
    name: str,
    currency: str,
    iban: str | None,
    holder: str = "",
    bic: str = "",
    actor: Actor,
    at: datetime,
) -> FundView:
    """Open a co-op's fund at a sponsor, with its book and accounts in the ledger.

    Raises NotFound `no_sponsor`, NotPossible `fund_exists` for a second fund in the same
    currency, and Invalid `iban`.
    """
    lock_take(coop_id)
    sponsor = Sponsor.objects.filter(id=sponsor_id).first()
    if sponsor is None:
        raise NotFound("no_sponsor", "Choose the organisation that holds the money.")
    if Fund.objects.filter(coop_id=coop_id, currency=currency).exists():
        raise NotPossible(
            "fund_exists", "The co-op has a fund in %(currency)s already.", currency=currency
        )
    title = line_clean(name, field="name", limit=100, what=say("the fund’s name"))
    fund_id = new_id()
    lock_make(coop_id=coop_id, subject_id=fund_id)
    key_make(fund_id)
    book = book_open(coop_id=coop_id, owner_id=fund_id, name=title, actor=actor, at=at)
    for code, label, kind, floor_minor in CHART:
        account_open(
            coop_id=coop_id,
            book_id=book.id,
            code=code,
            name=label,
            kind=kind,
            currency=currency,
            floor_minor=floor_minor,
            actor=actor,
            at=at,
        )
    account = account_of(fund_id, coop_id, iban, holder or sponsor.name, bic) if iban else None
    row = row_add(
        Fund(
            id=fund_id,
            coop_id=coop_id,
            at=at,
            sponsor=sponsor,
            name=title,
            currency=currency,
            book_id=book.id,
            iban_mac=mac(fund_id, "iban", account.iban) if account else None,
        )
    )
    if account:
        account.save(force_insert=True)
    audit_add(actor, "fund_open", coop_id=coop_id, subject_id=fund_id, at=at)
    return fund_frozen(row)


def account_of(fund_id: UUID, coop_id: UUID, iban: str, holder: str, bic: str) -> FundAccount:
    """The sponsor's bank account in memory, checked."""
    cleaned = iban_clean(iban)
    if PayeeIban.objects.filter(coop_id=coop_id, iban=cleaned).exists():
        raise Invalid(
            "account_of_another",
            "This is the account of somebody whom the co-op pays.",
            field="iban",
        )
    return FundAccount(
        id=fund_id,
        coop_id=coop_id,
        iban=cleaned,
        holder=line_clean(holder, field="holder", limit=70, what=say("the account’s holder")),
        bic=bic.strip().upper(),
    )


@transaction.atomic
def fund_account_enter(
    *, fund_id: UUID, iban: str, holder: str, bic: str = "", actor: Member, at: datetime
) -> FundView:
    """Enter the sponsor's bank account of a fund that was opened without one.

    Private: the account pays no one by itself, and the record carries no trace of it but the
    audit row. Raises NotAllowed `not_treasurer`, NotPossible `account_known`, Invalid `iban`.
    """
    fund = Fund.objects.filter(id=fund_id, coop_id=actor.coop_id).select_related("sponsor").first()
    if fund is None:
        raise NotFound("no_fund", "There is no such fund.")
    lock_take(fund_id)
    if not actor.roles & {"treasurer", "coordinator"}:
        raise NotAllowed(
            "not_treasurer", "Only a treasurer or a coordinator enters the fund’s account."
        )
    if FundAccount.objects.filter(id=fund_id).exists():
        raise NotPossible("account_known", "The fund’s account is known already.")
    account_of(fund_id, fund.coop_id, iban, holder, bic).save(force_insert=True)
    audit_add(actor.actor, "fund_account_enter", coop_id=fund.coop_id, subject_id=fund_id, at=at)
    return fund_frozen(fund)


@transaction.atomic
def trustee_set_adopt(
    *,
    coop_id: UUID,
    member_ids: Sequence[UUID],
    approvals_needed: int,
    decision_id: UUID,
    actor: Actor,
    at: datetime,
) -> TrusteeSetView:
    """Put a decided set of trustees in force; once per decision.

    Every approval of a payload that names an earlier set is void from now on. Raises Invalid
    `trustee_twice`, `not_member`, `too_many_trustees`, `too_few_approvals` or
    `too_many_approvals`, by the bounds of the operating manual.
    """
    lock_take(coop_id)
    # Approvals queue at the fund: none is under way while the trustees change.
    lock_take(*Fund.objects.filter(coop_id=coop_id).values_list("id", flat=True))
    known = TrusteeSet.objects.filter(coop_id=coop_id, decision_id=decision_id).first()
    if known is not None:
        return trustee_set_frozen(known)
    check_trustees(coop_id, member_ids, approvals_needed)
    last = TrusteeSet.objects.filter(coop_id=coop_id).order_by("-number").first()
    row = row_add(
        TrusteeSet(
            coop_id=coop_id,
            at=at,
            number=last.number + 1 if last else 1,
            member_ids=sorted(str(member_id) for member_id in member_ids),
            approvals_needed=approvals_needed,
            decision_id=decision_id,
        )
    )
    audit_add(
        actor,
        "trustee_set_adopt",
        coop_id=coop_id,
        subject_id=row.id,
        at=at,
        decision_id=decision_id,
    )
    return trustee_set_frozen(row)


def check_trustees(coop_id: UUID, member_ids: Sequence[UUID], approvals_needed: int) -> None:
    """Refuse a set of trustees that the manual or common sense does not allow."""
    rules = manual_current(coop_id).parameters
    if len(set(member_ids)) != len(member_ids):
        raise Invalid("trustee_twice", "Name each trustee once.", field="member_ids")
    gone = [one for one in member_ids if member_by_id(coop_id=coop_id, member_id=one) is None]
    if gone:
        raise Invalid("not_member", "A trustee must be a member today.", field="member_ids")
    if len(member_ids) > rules.trustees_seats:
        raise Invalid(
            "too_many_trustees",
            "The operating manual has %(trustees_seats)s trustees’ seats.",
            field="member_ids",
            trustees_seats=rules.trustees_seats,
        )
    if approvals_needed < rules.approvals_needed:
        raise Invalid(
            "too_few_approvals",
            "The operating manual asks for at least %(approvals_needed)s approvals.",
            field="approvals_needed",
            approvals_needed=rules.approvals_needed,
        )
    if approvals_needed > len(member_ids):
        raise Invalid(
            "too_many_approvals",
            "%(approvals_needed)s approvals need at least as many trustees.",
            field="approvals_needed",
            approvals_needed=approvals_needed,
        )
