"""What the treasury forgets when a person is erased."""

from commonpurse.groups.erasure import Erased
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.models import (
    Payee,
    PayeeKind,
    PrivateText,
    RequestEnd,
    SponsorStaff,
)
from commonpurse.treasury.services.bank_review import bank_texts_erase
from commonpurse.treasury.services.payees import payee_erase


def bank_forget(erased: Erased) -> None:
    """Who paid and what they wrote, on the lines of the person's payments in all co-ops."""
    for coop_id, member_id in erased.member_ids:
        bank_texts_erase(coop_id=coop_id, member_id=member_id, actor=SYSTEM, at=erased.at)


def payees_forget(erased: Erased) -> None:
    """The accounts into which the person was paid, and the reasons that they gave."""
    for coop_id, member_id in erased.member_ids:
        payees = Payee.objects.filter(
            coop_id=coop_id, kind=PayeeKind.MEMBER, beneficial_owner_member_id=member_id
        )
        for payee_id in payees.values_list("id", flat=True):
            payee_erase(payee_id=payee_id, actor=SYSTEM, at=erased.at)
        ended = RequestEnd.objects.filter(coop_id=coop_id, by_member_id=member_id)
        PrivateText.objects.filter(id__in=ended.values("id")).delete()


def staff_forget(erased: Erased) -> None:
    """Whom the person acted for: nobody any more."""
    SponsorStaff.objects.filter(person_id=erased.person_id).delete()
