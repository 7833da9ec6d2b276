"""Mails from notices: the same in text and in HTML, each with the way to stop such mails."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from commonpurse.groups.selectors import CoopView
from commonpurse.notices.leave import leave_write
from commonpurse.notices.models import Mail, Notice
from commonpurse.notices.selectors.inbox import notice_value
from commonpurse.notices.services.mails import line
from commonpurse.notices.values import Leave
from commonpurse.record.ids import PLATFORM_ID, new_id
from commonpurse.wording import in_words


def notice_mail(notice: Notice, *, to: str, language: str, coop: CoopView, at: datetime) -> Mail:
    """The mail of one notice in its reader's language, not written yet."""
    with override(language):
        return notice_mail_here(notice, to=to, coop=coop, at=at)


def notice_mail_here(notice: Notice, *, to: str, coop: CoopView, at: datetime) -> Mail:
    """The mail of one notice in the language that is spoken now."""
    leave = leave_write(Leave(notice.person_id, notice.coop_id, notice.kind))
    told = notice_value(notice)
    subject = in_words(told.subject)
    facts = {
        "notice": {"subject": subject, "text": in_words(told.text)},
        "coop": coop,
        "link": settings.PURSE_URL + notice.path,
        "leave": leave,
        "preferences": f"{settings.PURSE_URL}/c/{coop.slug}/preferences/",
    }
    return Mail(
        id=new_id(),
        coop_id=notice.coop_id,
        to=to,
        subject=line(subject),
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
    language: str,
    coops: dict[UUID, CoopView],
    at: datetime,
) -> Mail:
    """A person's digest in their language, not written yet: by co-op, the oldest first."""
    with override(language):
        return digest_mail_here(notices, person_id=person_id, to=to, coops=coops, at=at)


def digest_mail_here(
    notices: Sequence[Notice],
    *,
    person_id: UUID,
    to: str,
    coops: dict[UUID, CoopView],
    at: datetime,
) -> Mail:
    """The digest in the language that is spoken now."""
    leave = leave_write(Leave(person_id, PLATFORM_ID, "digest"))
    parts = [
        {
            "coop": coop,
            "items": [
                {
                    "subject": in_words(notice_value(each).subject),
                    "link": settings.PURSE_URL + each.path,
                }
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
    count = len(notices)
    subject = (
        in_words(notice_value(notices[0]).subject)
        if count == 1
        else ngettext(
            "%(n)s thing that you have not read", "%(n)s things that you have not read", count
        )
        % {"n": count}
    )
    return Mail(
        id=new_id(),
        coop_id=PLATFORM_ID,
        to=to,
        subject=line(subject),
        body=render_to_string("notices/digest.txt", facts),
        html=render_to_string("notices/digest.html", facts),
        unsubscribe=leave,
        at=at,
    )
