"""The tokens of unsubscribing links: signed, and good for one person and one sort of mail.

They hold without a time limit, as a mail does, and open nothing but the way out.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing

from commonpurse.errors import NotFound
from commonpurse.notices.values import Leave

SALT = "purse.unsubscribe"
TOKEN_MAX = 250


def leave_write(leave: Leave) -> str:
    """The address at which this person may stop this sort of mail."""
    token = signing.Signer(salt=SALT).sign_object(
        [leave.person_id.hex, leave.coop_id.hex, leave.kind]
    )
    return f"{settings.PURSE_URL}/unsubscribe/{token}/"


def leave_read(token: str) -> Leave:
    """What a token stops. Raises NotFound `no_leave`."""
    try:
        person, coop, kind = signing.Signer(salt=SALT).unsign_object(token[:TOKEN_MAX])
    except signing.BadSignature as fault:
        raise NotFound(
            "no_leave", "This link is not whole. Open it from the mail, or choose in your settings."
        ) from fault
    return Leave(person_id=UUID(person), coop_id=UUID(coop), kind=kind)
