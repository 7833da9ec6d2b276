"""Mails: written into the outbox with what causes them, sent by the worker."""

import smtplib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from commonpurse.groups.erasure import Erased
from commonpurse.groups.names import email_checked
from commonpurse.notices.models import SUBJECT_MAX, Digest, FeedToken, Mail, Notice, Preference
from commonpurse.notices.post import Post, post_open
from commonpurse.notices.selectors.mails import mail_value
from commonpurse.notices.tongue import said_to
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
    """Put a mail into the outbox; it leaves if, and only if, the transaction commits.

    What was made by `say` is said in the language of whoever gets it.
    """
    row = Mail.objects.create(
        coop_id=coop_id,
        to=email_checked(to, field="to"),
        subject=line(said_to(to, subject)),
        body=said_to(to, body),
        code=code,
        at=at,
    )
    job_defer("mail_send")
    audit_add(actor, "mail_add", coop_id=coop_id, subject_id=row.id, at=at)
    return mail_value(row)


def mail_send_due(*, at: datetime) -> int:
    """Send what waits in the outbox; how many mails left. Two workers never send the same one.

    What a server refuses is tried again at the next run, after the others, at most twelve times.
    A run takes what it can carry and leaves a job for the rest. Each run also forgets mails that
    are thirty days old.
    """
    Mail.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    sent = 0
    waiting = list(
        Mail.objects.filter(sent_at=None, tries__lt=TRIES_MAX)
        .order_by("tries", "at", "id")
        .values_list("id", flat=True)[:MAILS_AT_ONCE]
    )
    if not waiting:
        return 0
    with post_open(settings.PURSE_SMTP_URL) as post:
        for mail_id in waiting:
            sent += mail_carry(post, mail_id, at)
    if len(waiting) == MAILS_AT_ONCE:
        with transaction.atomic():
            job_defer("mail_send")
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
            row.html = ""
            row.code = ""
    row.save()
    return int(row.sent_at is not None)


def mails_and_notices_forget(erased: Erased) -> None:
    """What this room does when a person is erased: their mails and notices go."""
    if erased.email is not None:
        Mail.objects.filter(to=erased.email).delete()
    for model in (Notice, Preference, Digest, FeedToken):
        model.objects.filter(person_id=erased.person_id).delete()


def line(text: str) -> str:
    """`text` on one line, short enough for a subject."""
    return " ".join(text.split())[:SUBJECT_MAX]
