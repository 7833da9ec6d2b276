"""Mails about a draft: an invitation, a first suggestion, the vote that stands open."""

from datetime import datetime

from django.conf import settings

from commonpurse.decisions.draft_values import DraftView
from commonpurse.decisions.models import Draft
from commonpurse.decisions.values import Foundation
from commonpurse.groups.selectors import person_view
from commonpurse.notices.services import mail_add
from commonpurse.record.services import Actor
from commonpurse.say import say


def named(row: Draft) -> str:
    """What the draft is called, also before it has a name."""
    return row.name or say("a new co-op")


def invited_mail(row: Draft, email: str, token: str, *, actor: Actor, at: datetime) -> None:
    """To who is invited: by whom, to what, and where to look at it first."""
    facts: dict[str, object] = {
        "name": actor.name,
        "coop": named(row),
        "link": f"{settings.PURSE_URL}/found/join/{token}/",
    }
    mail_add(
        to=email,
        subject=say("%(name)s wants to found %(coop)s with you", **facts),
        body=say(
            "%(name)s is drafting %(coop)s on Commonpurse and wants you as a founder.\n\n"
            "Look at it, and join if you like:\n\n%(link)s\n\n"
            "Founders read the operating manual, suggest changes, and vote on it. The link is for "
            "this address alone, for 30 days. If you do not want to, do nothing.",
            **facts,
        ),
        actor=actor,
        coop_id=row.coop_id,
        at=at,
    )


def suggested_mail(row: Draft, title: str, *, actor: Actor, at: datetime) -> None:
    """To who leads the draft: a suggestion waits."""
    email = person_view(row.led_by_id).email
    if email is None:
        return
    facts: dict[str, object] = {
        "name": actor.name,
        "coop": named(row),
        "clause": title,
        "link": f"{settings.PURSE_URL}/found/{row.id}/",
    }
    mail_add(
        to=email,
        subject=say("%(name)s suggests a change to %(coop)s", **facts),
        body=say(
            "%(name)s suggests other words for “%(clause)s”.\n\n"
            "Read it, then accept or decline it:\n\n%(link)s\n\n"
            "We write again when all suggestions are answered and another one comes.",
            **facts,
        ),
        actor=actor,
        coop_id=row.coop_id,
        at=at,
    )


def opened_mails(draft: DraftView, made: Foundation, *, actor: Actor, at: datetime) -> None:
    """To every other founder: the vote is open, and where."""
    facts: dict[str, object] = {
        "name": actor.name,
        "coop": made.coop.name,
        "link": f"{settings.PURSE_URL}/c/{made.coop.slug}/decisions/{made.decision.number}/",
    }
    for founder in draft.founders:
        email = person_view(founder.person_id).email
        if email is None or founder.person_id == actor.person_id:
            continue
        mail_add(
            to=email,
            subject=say("%(name)s founds %(coop)s with you", **facts),
            body=say(
                "%(name)s has opened the founding vote of %(coop)s.\n\n"
                "Read the operating manual once more and vote on it here:\n\n%(link)s\n\n"
                "With the last agreement, it is founded.",
                **facts,
            ),
            actor=actor,
            coop_id=made.coop.coop_id,
            at=at,
        )
