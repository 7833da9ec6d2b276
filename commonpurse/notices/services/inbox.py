"""Telling people: a notice for each, in one statement however many they are."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, F, Value, When
from psycopg.types.json import Jsonb

from commonpurse.errors import Invalid
from commonpurse.groups.selectors import CoopView, InvitationMade, Member, person_by_email
from commonpurse.notices.models import Notice
from commonpurse.notices.services.mails import line
from commonpurse.notices.values import POST_BORN
from commonpurse.record.ids import PLATFORM_ID, new_id
from commonpurse.record.jobs import job_defer
from commonpurse.record.services import Actor, audit_add
from commonpurse.say import Said, packed, say

NOTICES_ADD = """
INSERT INTO notices_notice
    (id, coop_id, person_id, kind, subject, text, said, path, key, at, post)
SELECT told.id, %(coop_id)s, told.person_id, %(kind)s, %(subject)s, %(text)s, %(said)s,
       %(path)s, %(key)s,
       %(at)s, coalesce(p.post, %(born)s)
FROM unnest(%(ids)s::uuid[], %(person_ids)s::uuid[]) AS told (id, person_id)
LEFT JOIN notices_preference p
    ON p.coop_id = %(coop_id)s AND p.person_id = told.person_id AND p.kind = %(kind)s
ON CONFLICT (coop_id, person_id, key) DO NOTHING
"""


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
    text: str = "",
) -> int:
    """Tell these people of something that happened; how many were told now.

    `key` names the fact: telling somebody of it again is nothing. `path` is a page of ours. What
    each wants by mail is fixed here, and the worker mails it.
    """
    if kind not in Notice.Kind.values:
        raise ValueError(f"no kind of notice: {kind}")
    if not path.startswith("/") or path.startswith("//"):
        raise Invalid("path_wrong", "A notice leads to a page of this site.", field="path")
    told = sorted(set(person_ids))
    given: dict[str, Any] = {
        "coop_id": coop_id,
        "ids": [new_id() for _ in told],
        "person_ids": told,
        "kind": kind,
        "subject": line(subject),
        "text": text.strip(),
        "said": Jsonb(
            {
                "subject": packed(subject if isinstance(subject, Said) else line(subject)),
                "text": packed(text if isinstance(text, Said) else text.strip()),
            }
        ),
        "path": path,
        "key": key,
        "at": at,
        "born": POST_BORN.get(kind, "none"),
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTICES_ADD, given)
        count = int(cursor.rowcount)
    if count:
        job_defer("notices_post")
    audit_add(actor, "notice_add", coop_id=coop_id, subject_id=coop_id, at=at, key=key)
    return count


@transaction.atomic
def notice_read(
    *,
    person_id: UUID,
    actor: Actor,
    at: datetime,
    notice_id: UUID | None = None,
    until: datetime | None = None,
) -> int:
    """Mark one notice, or all (that happened by `until`), as read; how many were new.

    Another's notice stays untouched. What is read before the digest leaves is not in it.
    """
    rows = Notice.objects.filter(person_id=person_id, read_at=None)
    if notice_id is not None:
        rows = rows.filter(id=notice_id)
    if until is not None:
        rows = rows.filter(at__lte=until)
    count = rows.update(
        read_at=at,
        post=Case(When(post=Notice.Post.DIGEST, then=Value("sent")), default=F("post")),
    )
    audit_add(actor, "notice_read", coop_id=PLATFORM_ID, subject_id=person_id, at=at, count=count)
    return count


def invited_tell(made: InvitationMade, *, coop: CoopView, by: Member, at: datetime) -> None:
    """Leave a notice for who is invited, where they have an account; the mail is another's deed."""
    invited = person_by_email(made.invitation.email) if made.invitation.email else None
    if invited is None:
        return
    notice_add(
        coop_id=coop.coop_id,
        person_ids=[invited.person_id],
        kind="invitation",
        subject=say("%(name)s invites you to %(coop)s", name=by.name, coop=coop.name),
        path=f"/invitation/{made.token}/",
        key=f"invitation:{made.invitation.invitation_id}",
        actor=by.actor,
        at=at,
    )
