"""What the treasury forgets when a person is erased."""

from commonpurse.groups.erasure import Erased
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.services.bank_review import bank_texts_erase


def bank_forget(erased: Erased) -> None:
    """Who paid and what they wrote, on the lines of the person's payments in all co-ops."""
    for coop_id, member_id in erased.member_ids:
        bank_texts_erase(coop_id=coop_id, member_id=member_id, actor=SYSTEM, at=erased.at)
