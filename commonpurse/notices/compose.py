"""Mails from notices: the same in text and in HTML, each with the way to stop such mails."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from commonpurse.groups.selectors import CoopView
from commonpurse.notices.leave import leave_write
from commonpurse.notices.models import Mail, Notice
from commonpurse.notices.values import Leave
from commonpurse.record.ids import PLATFORM_ID, new_id


def notice_mail(notice: Notice, *, to: str, coop: CoopView, at: datetime) -> Mail:
    """The mail of one notice, not written yet."""
    leave = leave_write(Leave(notice.person_id, notice.coop_id, notice.kind))
    facts = {
        "notice": notice,
        "coop": coop,
        "link": settings.PURSE_URL + notice.path,
        "leave": leave,
        "preferences": f"{settings.PURSE_URL}/c/{coop.slug}/preferences/",
    }
    return Mail(
        id=new_id(),
        coop_id=notice.coop_id,
        to=to,
        subject=notice.subject,
        body=render_to_string("notices/mail.txt", facts),
        html=render_to_string("notices/mail.html", facts),
        unsubscribe=leave,
        at=at,
    )


def digest_mail(
    notices: Sequence[Notice],
    *,
    person_id: UUID,
    to: str,
    coops: dict[UUID, CoopView],
    at: datetime,
) -> Mail:
    """A person's digest, not written yet: what was not read, by co-op, the oldest first."""
    leave = leave_write(Leave(person_id, PLATFORM_ID, "digest"))
    parts = [
        {
            "coop": coop,
            "items": [
                {"notice": each, "link": settings.PURSE_URL + each.path}
                for each in notices
                if each.coop_id == coop.coop_id
            ],
        }
        for coop in sorted(coops.values(), key=lambda coop: coop.name.casefold())
    ]
    facts = {
        "parts": [part for part in parts if part["items"]],
        "count": len(notices),
        "inbox": f"{settings.PURSE_URL}/inbox/",
        "leave": leave,
    }
    subject = (
        notices[0].subject if len(notices) == 1 else f"{len(notices)} things that you have not read"
    )
    return Mail(
        id=new_id(),
        coop_id=PLATFORM_ID,
        to=to,
        subject=subject,
        body=render_to_string("notices/digest.txt", facts),
        html=render_to_string("notices/digest.html", facts),
        unsubscribe=leave,
        at=at,
    )
