"""The inbox: what happened that concerns me; and in the demo, the mails that were sent of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import ngettext

from commonpurse.errors import NotFound
from commonpurse.groups.selectors import CoopView, coops_by_id
from commonpurse.notices.selectors import (
    NoticeView,
    mail_latest,
    notice_count_unread,
    notice_list,
)
from commonpurse.notices.services import notice_read
from commonpurse.web.demo import is_demo
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import NOTICE_ICONS, NOTICE_KINDS

PAGE = 25
MAILS = 50


@dataclass(frozen=True, slots=True)
class Item:
    """A notice with the co-op that it is of."""

    notice: NoticeView
    coop: CoopView
    icon: str
    kind: str


@page(Who.SIGNED_IN)
def inbox(visit: Visit) -> HttpResponse:
    """What happened that concerns me, newest first, with a mark at what I have not read."""
    person_id = visit.signed_in.person_id
    before = uuid_or_none(visit.request.GET.get("before", ""))
    found = notice_list(person_id=person_id, before=before, limit=PAGE + 1)
    coops = coops_by_id({each.coop_id for each in found})
    items = [
        Item(
            notice=each,
            coop=coops[each.coop_id],
            icon=NOTICE_ICONS.get(each.kind, "bell"),
            kind=str(NOTICE_KINDS.get(each.kind, each.kind)),
        )
        for each in found[:PAGE]
    ]
    return visit.show(
        "notices/inbox.html",
        {
            "items": items,
            "is_first": before is None,
            "waiting": notice_count_unread(person_id=person_id),
            "shown_at": visit.at.isoformat(),
            "older": items[-1].notice.notice_id if len(found) > PAGE else None,
        },
        parts=("inbox",),
    )


@page(Who.SIGNED_IN, "POST")
def inbox_read(visit: Visit) -> HttpResponse:
    """Mark one notice as read, or everything that had come when the page was shown."""
    notice_id = uuid_or_none(visit.request.POST.get("notice", ""))
    count = notice_read(
        person_id=visit.signed_in.person_id,
        actor=visit.actor,
        at=visit.at,
        notice_id=notice_id,
        until=None if notice_id else instant_or_now(visit),
    )
    said = ngettext(
        "%(n)s notice is marked as read.", "%(n)s notices are marked as read.", count
    ) % {"n": count}
    return visit.go("inbox", said=said)


@page(Who.SIGNED_IN)
def demo_mails(visit: Visit) -> HttpResponse:
    """The mails to the persona. Raises NotFound anywhere but in a demo on this machine."""
    if not is_demo(visit.request):
        raise NotFound("no_demo", "There is no such page here.")
    email = visit.signed_in.email
    mails = mail_latest(email=email, limit=MAILS) if email else ()
    return visit.show("notices/mails.html", {"mails": mails})


def uuid_or_none(text: str) -> UUID | None:
    """An id that came with the address or a form; none for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def instant_or_now(visit: Visit) -> datetime:
    """Up to when the page had shown everything; now where a form does not say."""
    try:
        until = datetime.fromisoformat(visit.request.POST.get("until", ""))
    except ValueError:
        return visit.at
    return until if until.tzinfo is not None else visit.at
