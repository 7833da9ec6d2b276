"""From notices to mails: at once, or once a day at seven in the morning of the co-op.

A mail is written in the transaction that marks its notices, so each notice is mailed once. What
is older than two days is not mailed any more: it waits in the inbox.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from commonpurse.groups.selectors import (
    CoopView,
    coop_view,
    person_addresses,
    person_languages,
)
from commonpurse.notices.compose import digest_mail, notice_mail
from commonpurse.notices.models import Mail, Notice
from commonpurse.record.ids import PLATFORM_ID, new_id
from commonpurse.record.jobs import job_defer
from commonpurse.record.services import SYSTEM, audit_add

AT_ONCE = 500
DIGESTS_AT_ONCE = 200
DIGEST_TIME = time(7)
STALE = timedelta(days=2)

PEOPLE_DUE = """
SELECT DISTINCT n.person_id FROM notices_notice n
WHERE n.post = 'digest' AND n.coop_id = %(coop_id)s AND n.read_at IS NULL AND n.at <= %(cut)s
  AND NOT EXISTS (
    SELECT 1 FROM notices_digest d
    WHERE d.coop_id = %(platform)s AND d.person_id = n.person_id AND d."on" >= %(day)s
  )
ORDER BY n.person_id LIMIT %(limit)s
"""

DIGESTS_ADD = """
INSERT INTO notices_digest (id, coop_id, person_id, "on")
SELECT ids.id, %(platform)s, ids.person_id, %(day)s
FROM unnest(%(ids)s::uuid[], %(person_ids)s::uuid[]) AS ids (id, person_id)
ON CONFLICT (coop_id, person_id, "on") DO NOTHING
RETURNING person_id
"""


def notices_post_due(*, at: datetime) -> int:
    """Write the mails of notices that are wanted at once; how many were written."""
    written = 0
    while True:
        found, count = notices_post(at=at)
        written += count
        if found < AT_ONCE:
            return written


@transaction.atomic
def notices_post(*, at: datetime) -> tuple[int, int]:
    """One batch of them: how many notices, how many mails. Two workers never take the same one."""
    rows = list(
        Notice.objects.select_for_update(skip_locked=True)
        .filter(post=Notice.Post.NOW)
        .order_by("at", "id")[:AT_ONCE]
    )
    if not rows:
        return 0, 0
    addresses = person_addresses([row.person_id for row in rows])
    languages = person_languages([row.person_id for row in rows])
    coops = coops_known(row.coop_id for row in rows)
    mails = [
        notice_mail(
            row,
            to=addresses[row.person_id],
            language=languages[row.person_id],
            coop=coops[row.coop_id],
            at=at,
        )
        for row in rows
        if row.person_id in addresses and row.at > at - STALE
    ]
    mails_write(mails)
    Notice.objects.filter(id__in=[row.id for row in rows]).update(post=Notice.Post.SENT)
    audit_add(
        SYSTEM,
        "notices_post",
        coop_id=PLATFORM_ID,
        subject_id=PLATFORM_ID,
        at=at,
        count=len(mails),
    )
    return len(rows), len(mails)


def digests_write_due(*, at: datetime) -> int:
    """Write the digests of every co-op in which it is past seven; how many were written."""
    waiting = Notice.objects.filter(post=Notice.Post.DIGEST, read_at=None)
    written = 0
    for coop_id in sorted(waiting.values_list("coop_id", flat=True).distinct()):
        zone = ZoneInfo(coop_view(coop_id).timezone)
        day = at.astimezone(zone).date()
        cut = datetime.combine(day, DIGEST_TIME, tzinfo=zone)
        while at >= cut:
            found, count = digests_write(coop_id=coop_id, day=day, cut=cut, at=at)
            written += count
            if found < DIGESTS_AT_ONCE:
                break
    return written


@transaction.atomic
def digests_write(*, coop_id: UUID, day: date, cut: datetime, at: datetime) -> tuple[int, int]:
    """One batch of people of one co-op: how many were looked at, how many mails were written.

    A person's digest holds what waits in all of their co-ops, and there is one a day.
    """
    people = people_due(coop_id, day, cut)
    rows = list(
        Notice.objects.select_for_update()
        .filter(person_id__in=people, post=Notice.Post.DIGEST, read_at=None)
        .order_by("at", "id")
    )
    addresses = person_addresses(people)
    languages = person_languages(people)
    coops = coops_known(row.coop_id for row in rows)
    unread: defaultdict[UUID, list[Notice]] = defaultdict(list)
    for row in rows:
        if row.at > at - STALE and row.person_id in addresses:
            unread[row.person_id].append(row)
    mails_write(
        [
            digest_mail(
                told,
                person_id=person_id,
                to=addresses[person_id],
                language=languages[person_id],
                coops=coops,
                at=at,
            )
            for person_id, told in unread.items()
        ]
    )
    Notice.objects.filter(id__in=[row.id for row in rows]).update(post=Notice.Post.SENT)
    audit_add(
        SYSTEM, "digests_write", coop_id=coop_id, subject_id=coop_id, at=at, count=len(unread)
    )
    return len(people), len(unread)


def people_due(coop_id: UUID, day: date, cut: datetime) -> list[UUID]:
    """Who has something to read and no digest of this day yet; from now on they have one."""
    given: dict[str, Any] = {
        "coop_id": coop_id,
        "platform": PLATFORM_ID,
        "day": day,
        "cut": cut,
        "limit": DIGESTS_AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE_DUE, given)
        found = [person_id for (person_id,) in cursor.fetchall()]
        marked: dict[str, Any] = {"ids": [new_id() for _ in found], "person_ids": found}
        cursor.execute(DIGESTS_ADD, given | marked)
        return [person_id for (person_id,) in cursor.fetchall()]


def coops_known(coop_ids: Iterable[UUID]) -> dict[UUID, CoopView]:
    """The co-ops of some notices, each read once."""
    return {coop_id: coop_view(coop_id) for coop_id in set(coop_ids)}


def mails_write(mails: list[Mail]) -> None:
    """Put mails into the outbox, and the job that sends them."""
    if mails:
        Mail.objects.bulk_create(mails)
        job_defer("mail_send")
