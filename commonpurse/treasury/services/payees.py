"""Knowing whom the co-op pays, and into which account."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotAllowed, NotFound
from commonpurse.formats.iban import iban_clean
from commonpurse.groups.selectors import member_by_id
from commonpurse.groups.values import Member
from commonpurse.manual.selectors import manual_current
from commonpurse.record.ids import new_id
from commonpurse.record.services import (
    Actor,
    audit_add,
    key_erase,
    key_make,
    lock_make,
    lock_take,
    mac,
    row_add,
)
from commonpurse.say import say
from commonpurse.treasury.models import (
    FundAccount,
    Payee,
    PayeeAccount,
    PayeeAccountText,
    PayeeIban,
    PayeeKind,
)
from commonpurse.treasury.selectors.funds import is_trustee
from commonpurse.treasury.selectors.payees import account_views, names_of, payee_view
from commonpurse.treasury.texts import line_clean, name_key
from commonpurse.treasury.values import PayeeAccountView, PayeeView

WORD = re.compile(r"[^\W_]{2,}")


@transaction.atomic
def payee_add(
    *,
    coop_id: UUID,
    kind: str,
    name: str,
    beneficial_owner_member_id: UUID | None,
    actor: Member,
    at: datetime,
) -> PayeeView:
    """Know somebody whom the co-op may pay, and which member gains when they are paid.

    A member who is paid (`kind` member) is named by their member id alone. Raises NotAllowed
    `not_member`, Invalid `kind`, `no_owner`, `unknown_owner`, `empty`, `too_long`,
    `name_taken`.
    """
    check_member(actor, coop_id)
    if kind not in PayeeKind.values:
        raise Invalid("kind", "Choose whether an organisation or a member is paid.", field="kind")
    owner = beneficial_owner_member_id
    if kind == PayeeKind.MEMBER and owner is None:
        raise Invalid("no_owner", "Choose the member who is paid.", field="owner")
    if owner is not None and member_by_id(coop_id=coop_id, member_id=owner) is None:
        raise Invalid("unknown_owner", "Choose one of the co-op’s members.", field="owner")
    title = ""
    if kind == PayeeKind.ORGANISATION:
        title = line_clean(name, field="name", limit=70, what=say("the payee’s name"))
        check_name_free(coop_id, title)
    payee_id = new_id()
    key_make(payee_id)
    lock_make(coop_id=coop_id, subject_id=payee_id)
    row_add(
        Payee(
            id=payee_id,
            coop_id=coop_id,
            at=at,
            kind=kind,
            name=title,
            beneficial_owner_member_id=owner,
            added_by_member_id=actor.member_id,
        )
    )
    audit_add(actor.actor, "payee_add", coop_id=coop_id, subject_id=payee_id, at=at)
    return payee_view(payee_id)


@transaction.atomic
def payee_account_enter(
    *, payee_id: UUID, iban: str, holder: str, bic: str = "", actor: Member, at: datetime
) -> PayeeAccountView:
    """Enter the bank account of a payee; whoever enters it may not approve paying into it.

    A first account may be used at once. A changed one waits out the manual's cooling days, and
    only treasurers, trustees, coordinators and the payee itself may change it. Raises NotFound
    `no_payee`, NotAllowed `may_not_change`, Invalid `iban`, `holder_differs`,
    `account_of_another`, `own_fund`, `same_account`.
    """
    payee = Payee.objects.filter(id=payee_id, coop_id=actor.coop_id).first()
    if payee is None:
        raise NotFound("no_payee", "There is no such payee.")
    check_member(actor, payee.coop_id)
    lock_take(payee_id)
    cleaned = iban_clean(iban)
    name = line_clean(holder, field="holder", limit=70, what=say("the account’s holder"))
    former = PayeeAccount.objects.filter(payee=payee).order_by("-at", "-id").first()
    if former is not None:
        check_may_change(actor, payee)
    check_holder(payee, name)
    check_whose(payee, cleaned)
    if former is not None:
        known = PayeeAccountText.objects.filter(id=former.id).first()
        if known is not None and (known.iban, known.holder) == (cleaned, name):
            raise Invalid("same_account", "This is the account that is known already.")
    waits = timedelta(days=manual_current(payee.coop_id).parameters.cooling_days)
    account = row_add(
        PayeeAccount(
            coop_id=payee.coop_id,
            at=at,
            payee=payee,
            iban_mac=mac(payee_id, "iban", cleaned),
            holder_mac=mac(payee_id, "holder", name),
            entered_by_member_id=actor.member_id,
            usable_from=at + waits if former is not None else at,
        )
    )
    PayeeAccountText.objects.create(
        id=account.id, coop_id=payee.coop_id, iban=cleaned, holder=name, bic=bic_clean(bic)
    )
    audit_add(
        actor.actor, "payee_account_enter", coop_id=payee.coop_id, subject_id=account.id, at=at
    )
    return account_views([account])[0][1]


def bic_clean(bic: str) -> str:
    """The bank's code in capitals, eight or eleven symbols, or nothing."""
    cleaned = "".join(bic.split()).upper()
    if cleaned and not re.fullmatch(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", cleaned):
        raise Invalid(
            "bic", "A BIC has 8 or 11 letters and digits. Leave it out if in doubt.", field="bic"
        )
    return cleaned


def check_member(actor: Member, coop_id: UUID) -> None:
    """Refuse whoever is not a member of this co-op today."""
    if actor.coop_id != coop_id or member_by_id(coop_id=coop_id, member_id=actor.member_id) is None:
        raise NotAllowed("not_member", "Only a member of the co-op may do this.")


def check_name_free(coop_id: UUID, name: str) -> None:
    """Refuse a name that reads like another payee's: votes and lists tell payees by name."""
    # Two who add the same name at once would not see each other's row.
    lock_take(coop_id)
    known = names_of(Payee.objects.filter(coop_id=coop_id)).values()
    if name_key(name) in {name_key(each) for each in known}:
        raise Invalid(
            "name_taken",
            "There is a payee called %(name)s already. Choose that one, or add what tells the two "
            "apart.",
            field="name",
            name=name,
        )


def check_may_change(actor: Member, payee: Payee) -> None:
    """Refuse a change of bank details by somebody who has no business with it."""
    if actor.roles & {"treasurer", "coordinator"}:
        return
    if actor.member_id == payee.beneficial_owner_member_id:
        return
    if not is_trustee(coop_id=payee.coop_id, member_id=actor.member_id):
        raise NotAllowed(
            "may_not_change",
            "Only a treasurer, a trustee, a coordinator or the payee may change bank details.",
        )


def check_holder(payee: Payee, holder: str) -> None:
    """Refuse an account that stands in another name than the payee's.

    An organisation's shorter name must stand wholly in the longer one (“Brine Backup” and
    “Brine Backup BV”); a member's name needs one word in common, as people go by short names.
    """
    ours = words(names_of([payee])[payee.id])
    theirs = words(holder)
    shared = ours & theirs
    is_same = shared in (ours, theirs) if payee.kind == PayeeKind.ORGANISATION else bool(shared)
    if not shared or not is_same:
        raise Invalid(
            "holder_differs",
            "The account stands in another name than the payee’s. Ask the payee for an account in "
            "their own name, or add its holder as a payee.",
            field="holder",
        )


def words(text: str) -> set[str]:
    """The words of a name, for comparing."""
    return set(WORD.findall(text.casefold()))


def check_whose(payee: Payee, iban: str) -> None:
    """Refuse an account of another payee or of the fund itself, and note whose this one is."""
    if FundAccount.objects.filter(coop_id=payee.coop_id, iban=iban).exists():
        raise Invalid("own_fund", "This is the fund’s own account.", field="iban")
    # The unique key decides between two who enter the same number at once.
    whose, _ = PayeeIban.objects.get_or_create(
        coop_id=payee.coop_id, iban=iban, defaults={"payee": payee}
    )
    if whose.payee_id != payee.id:
        raise Invalid(
            "account_of_another",
            "This account belongs to another payee. Choose that payee, or ask for another account.",
            field="iban",
        )


@transaction.atomic
def payee_erase(*, payee_id: UUID, actor: Actor, at: datetime) -> PayeeView:
    """Forget a payee's account numbers and holders; what was paid stays verifiable."""
    payee = Payee.objects.filter(id=payee_id).first()
    if payee is None:
        raise NotFound("no_payee", "There is no such payee.")
    lock_take(payee_id)
    accounts = PayeeAccount.objects.filter(payee=payee).values("id")
    PayeeAccountText.objects.filter(id__in=accounts).delete()
    PayeeIban.objects.filter(payee=payee).delete()
    key_erase(payee_id)
    audit_add(actor, "payee_erase", coop_id=payee.coop_id, subject_id=payee_id, at=at)
    return payee_view(payee_id)
