"""Feeds and calendars as files: Atom (RFC 4287) and iCalendar (RFC 5545)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from icalendar import Calendar, Event

ATOM = "application/atom+xml; charset=utf-8"
ICAL = "text/calendar; charset=utf-8"
KEPT_BY_LINES = "\n\t"


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a feed. `path` is a page of ours."""

    id: UUID
    title: str
    text: str
    path: str
    at: datetime
    author: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One entry of a calendar: an instant, or a whole day."""

    id: UUID
    title: str
    path: str
    when: datetime | date


def readable(text: str) -> str:
    """`text` without the signs that XML and calendars cannot carry."""
    return "".join(
        sign for sign in text if sign in KEPT_BY_LINES or unicodedata.category(sign) != "Cc"
    )


def atom_answer(*, title: str, path: str, feed_path: str, told: Sequence[Told]) -> HttpResponse:
    """An Atom feed."""
    feed = Atom1Feed(
        title=readable(title),
        link=settings.PURSE_URL + path,
        description="",
        feed_url=settings.PURSE_URL + feed_path,
    )
    for each in told:
        feed.add_item(
            title=readable(each.title),
            link=settings.PURSE_URL + each.path,
            description=readable(each.text),
            unique_id=each.id.urn,
            updateddate=each.at,
            author_name=readable(each.author) or readable(title),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=ATOM)


def calendar_answer(*, title: str, deadlines: Sequence[Deadline], at: datetime) -> HttpResponse:
    """An iCalendar file of deadlines."""
    made = Calendar()
    made.add("prodid", "-//Commonpurse//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", readable(title))
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for each in deadlines:
        event = Event()
        event.add("uid", f"{each.id}@commonpurse")
        event.add("dtstamp", at)
        event.add("dtstart", each.when)
        event.add("summary", readable(each.title))
        event.add("url", settings.PURSE_URL + each.path)
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return HttpResponse(made.to_ical(), content_type=ICAL)
