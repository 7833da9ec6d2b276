"""Feeds of decisions, payments and threads, a calendar of deadlines, and the keys of private ones.

What is public is so without a key. A key stands for its person: it opens what they may read in
this co-op, as long as they belong to it, and they can take it back.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from commonpurse.decisions.selectors import decision_list
from commonpurse.discussion.selectors import thread_list
from commonpurse.errors import NotFound
from commonpurse.groups.selectors import (
    CoopAccess,
    CoopView,
    Member,
    access_coop,
    coop_by_slug,
    person_languages,
)
from commonpurse.notices.selectors import feed_token_find, feed_token_list
from commonpurse.notices.services import feed_token_make, feed_token_revoke
from commonpurse.treasury.selectors import (
    dues_account,
    fund_of,
    payment_list,
    requests_waiting_for,
)
from commonpurse.web.atom import Deadline, Told, atom_answer, calendar_answer
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import TABLE_NAMES, VERDICTS
from commonpurse.wording import money_text

LENGTH = 50


def decisions_told(coop: CoopView, _member: Member | None) -> list[Told]:
    """The co-op's decisions, and where each stands."""
    told = []
    for each in decision_list(coop_id=coop.coop_id, limit=LENGTH):
        steps = [each.opens_at, *(step.at for step in (each.result, each.outcome) if step)]
        verdict = str(VERDICTS[each.result.verdict]) if each.result else ""
        told.append(
            Told(
                id=each.id,
                title=f"{verdict}: {each.question}" if verdict else each.question,
                text=each.outcome.statement if each.outcome else each.details,
                path=reverse("decision", args=[coop.slug, each.number]),
                at=max(steps),
            )
        )
    return told


def payments_told(coop: CoopView, _member: Member | None) -> list[Told]:
    """What left the fund."""
    return [
        Told(
            id=each.settlement_id,
            title=f"{money_text(each.amount_minor, each.currency)}: {each.payee_name}",
            text=each.purpose,
            path=reverse("payment", args=[coop.slug, each.number]),
            at=datetime.combine(each.booked_on, time(), tzinfo=UTC),
        )
        for each in payment_list(coop.coop_id, limit=LENGTH)
    ]


def threads_told(coop: CoopView, member: Member | None) -> list[Told]:
    """Threads, for members alone."""
    if member is None:
        raise no_feed()
    return [
        Told(
            id=each.id,
            title=each.title,
            text=each.body,
            path=reverse("thread", args=[coop.slug, each.id]),
            at=each.last_at,
            author=each.author_name,
        )
        for each in thread_list(coop_id=coop.coop_id, member=member, limit=LENGTH)
    ]


FEEDS: dict[str, tuple[str, Callable[[CoopView, Member | None], list[Told]]]] = {
    "decisions": ("decision_list", decisions_told),
    "payments": ("fund", payments_told),
    "threads": ("thread_list", threads_told),
}


def no_feed() -> NotFound:
    """The refusal for a feed that is not there, or not for whoever asks."""
    return NotFound("no_feed", "There is no such feed. Its key may have been taken back.")


def feed_answer(visit: Visit, access: CoopAccess, name: str) -> HttpResponse:
    """A feed as this reader may have it."""
    if name not in FEEDS:
        raise no_feed()
    page_name, told = FEEDS[name]
    return atom_answer(
        title=f"{access.coop.name}: {name}",
        path=reverse(page_name, args=[access.coop.slug]),
        feed_path=visit.request.path,
        told=told(access.coop, access.member),
    )


def deadlines_of(access: CoopAccess, at: datetime) -> list[Deadline]:
    """Votes that close; for a member also their dues, and payments that wait for their approval."""
    coop, member = access.coop, access.member
    found = [
        Deadline(
            id=each.id,
            title=_("Vote closes: %(question)s") % {"question": each.question},
            path=reverse("decision", args=[coop.slug, each.number]),
            when=each.closes_at,
        )
        for each in decision_list(coop_id=coop.coop_id, limit=LENGTH)
        if each.is_open(at)
    ]
    if member is None or fund_of(coop.coop_id) is None:
        return found
    found += [
        Deadline(
            id=each.id,
            title=_("Approve or refuse: %(code)s") % {"code": each.code_number},
            path=reverse("request", args=[coop.slug, each.number]),
            when=each.expires_at,
        )
        for each in requests_waiting_for(member, at=at)
    ]
    account = dues_account(coop.coop_id, member.member_id, at.date())
    found += [
        Deadline(
            id=each.id,
            title=_("Dues: %(amount)s")
            % {"amount": money_text(each.amount_minor - each.paid_minor, coop.currency)},
            path=reverse("dues", args=[coop.slug]),
            when=each.due_on,
        )
        for each in account.charges
        if not each.is_paid
    ]
    return found


def calendar_of(access: CoopAccess, at: datetime) -> HttpResponse:
    """The calendar as this reader may have it."""
    return calendar_answer(title=access.coop.name, deadlines=deadlines_of(access, at), at=at)


def access_by_key(slug: str, key: str) -> CoopAccess:
    """What a key opens: its person's access, while they are a member. Raises NotFound."""
    coop = coop_by_slug(slug)
    token = feed_token_find(coop_id=coop.coop_id, secret=key)
    if token is None:
        raise no_feed()
    access = access_coop(slug=slug, person_id=token.person_id)
    if access.member is None:
        raise no_feed()
    return access


def language_of(access: CoopAccess) -> str:
    """The language of the person behind a key: a news reader asks for none."""
    assert access.member is not None, "a key is a member's"
    person_id = access.member.person_id
    return person_languages([person_id])[person_id]


def access_here(visit: Visit) -> CoopAccess:
    """What the visitor may read without a key."""
    return CoopAccess(coop=visit.coop, member=visit.standing)


@page(Who.ANYONE)
def feed(visit: Visit, name: str) -> HttpResponse:
    """A feed of what is public; threads for members who are signed in."""
    return feed_answer(visit, access_here(visit), name)


@page(Who.ANYONE)
def feed_private(visit: Visit, coop: str, key: str, name: str) -> HttpResponse:
    """A feed by a key: what its person may read, in their language."""
    access = access_by_key(coop, key)
    with override(language_of(access)):
        return feed_answer(visit, access, name)


@page(Who.ANYONE)
def calendar(visit: Visit) -> HttpResponse:
    """The deadlines of votes, for calendars."""
    return calendar_of(access_here(visit), visit.at)


@page(Who.ANYONE)
def calendar_private(visit: Visit, coop: str, key: str) -> HttpResponse:
    """Deadlines by a key: votes, the person's dues, payments that wait for them."""
    access = access_by_key(coop, key)
    with override(language_of(access)):
        return calendar_of(access, visit.at)


@page(Who.MEMBER)
def feeds(visit: Visit) -> HttpResponse:
    """Every feed, calendar and table of the co-op, and the keys of my private ones."""
    keys = feed_token_list(person_id=visit.member.person_id, coop_id=visit.coop.coop_id)
    tables = [
        (name, title)
        for name, title in TABLE_NAMES.items()
        if name != "dues" or visit.member.has_role("treasurer")
    ]
    return visit.show("feeds/feeds.html", {"here": "feeds", "keys": keys, "tables": tables})


@page(Who.MEMBER, "POST")
def feed_key(visit: Visit) -> HttpResponse:
    """Make a key; the page that follows shows the addresses, once."""
    made = feed_token_make(actor=visit.member, at=visit.at)
    return visit.show(
        "feeds/key.html", {"here": "feeds", "key": made.secret, "url": settings.PURSE_URL}
    )


@page(Who.MEMBER, "POST")
def feed_key_take_back(visit: Visit, token_id: UUID) -> HttpResponse:
    """Take a key back: its addresses lead nowhere from now on."""
    feed_token_revoke(token_id=token_id, actor=visit.member, at=visit.at)
    return visit.go_here("feed_list", said=_("The key is taken back. Its addresses are dead."))
