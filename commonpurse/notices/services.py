"""Telling people: mails through an outbox, notices in an inbox."""

import smtplib
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from commonpurse.errors import Invalid
from commonpurse.groups.erasure import Erased
from commonpurse.groups.names import email_checked
from commonpurse.notices.models import SUBJECT_MAX, Mail, Notice
from commonpurse.notices.post import Post, post_open
from commonpurse.notices.selectors import mail_value
from commonpurse.notices.values import MailView
from commonpurse.record.ids import PLATFORM_ID
from commonpurse.record.jobs import job_defer
from commonpurse.record.services import SYSTEM, Actor, audit_add

TRIES_MAX = 12
MAILS_AT_ONCE = 200
KEPT_DAYS = 30


@transaction.atomic
def mail_add(
    *,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    actor: Actor = SYSTEM,
    coop_id: UUID = PLATFORM_ID,
    code: str = "",
) -> MailView:
    """Put a mail into the outbox; it leaves if, and only if, the transaction commits."""
    row = Mail.objects.create(
        coop_id=coop_id,
        to=email_checked(to, field="to"),
        subject=line(subject),
        body=body,
        code=code,
        at=at,
    )
    job_defer("mail_send")
    audit_add(actor, "mail_add", coop_id=coop_id, subject_id=row.id, at=at)
    return mail_value(row)


@transaction.atomic
def notice_add(
    *,
    coop_id: UUID,
    person_ids: Collection[UUID],
    kind: str,
    subject: str,
    path: str,
    key: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Tell these people of something that happened; how many were told now.

    `key` names the fact: telling somebody of it again is nothing. `path` is a page of ours.
    """
    if kind not in Notice.Kind.values:
        raise ValueError(f"no kind of notice: {kind}")
    if not path.startswith("/") or path.startswith("//"):
        raise Invalid("path_wrong", "A notice leads to a page of this site.", field="path")
    known = set(
        Notice.objects.filter(coop_id=coop_id, key=key, person_id__in=list(person_ids)).values_list(
            "person_id", flat=True
        )
    )
    rows = [
        Notice(
            coop_id=coop_id,
            person_id=person_id,
            kind=kind,
            subject=line(subject),
            path=path,
            key=key,
            at=at,
        )
        for person_id in sorted(set(person_ids) - known)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    audit_add(actor, "notice_add", coop_id=coop_id, subject_id=coop_id, at=at, key=key)
    return len(rows)


@transaction.atomic
def notice_read(
    *, person_id: UUID, actor: Actor, at: datetime, notice_id: UUID | None = None
) -> int:
    """Mark one notice, or all, as read; how many were new. Another's notice stays untouched."""
    rows = Notice.objects.filter(person_id=person_id, read_at=None)
    if notice_id is not None:
        rows = rows.filter(id=notice_id)
    count = rows.update(read_at=at)
    audit_add(actor, "notice_read", coop_id=PLATFORM_ID, subject_id=person_id, at=at, count=count)
    return count


def mail_send_due(*, at: datetime) -> int:
    """Send what waits in the outbox; how many mails left. Two workers never send the same one.

    What a server refuses is tried again at the next run, at most twelve times. Each run also
    forgets mails that are thirty days old.
    """
    Mail.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    sent = 0
    waiting = list(
        Mail.objects.filter(sent_at=None, tries__lt=TRIES_MAX)
        .order_by("at", "id")
        .values_list("id", flat=True)[:MAILS_AT_ONCE]
    )
    if not waiting:
        return 0
    with post_open(settings.PURSE_SMTP_URL) as post:
        for mail_id in waiting:
            sent += mail_carry(post, mail_id, at)
    return sent


@transaction.atomic
def mail_carry(post: Post, mail_id: UUID, at: datetime) -> int:
    """Send one mail unless another worker has it; 1 when it left."""
    row = Mail.objects.select_for_update(skip_locked=True).filter(id=mail_id, sent_at=None).first()
    if row is None:
        return 0
    row.tries += 1
    try:
        post.carry(mail_value(row), settings.DEFAULT_FROM_EMAIL)
    except (smtplib.SMTPException, OSError) as fault:
        row.error = line(f"{type(fault).__name__}: {fault}")
    else:
        row.sent_at = at
        row.error = ""
        if post.is_final:
            row.body = ""
            row.code = ""
    row.save()
    return int(row.sent_at is not None)


def mails_and_notices_forget(erased: Erased) -> None:
    """What this room does when a person is erased: their mails and notices go."""
    if erased.email is not None:
        Mail.objects.filter(to=erased.email).delete()
    Notice.objects.filter(person_id=erased.person_id).delete()


def line(text: str) -> str:
    """`text` on one line, short enough for a subject."""
    return " ".join(text.split())[:SUBJECT_MAX]
