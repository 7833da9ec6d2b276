"""A co-op's first page: what needs me, what the fund is doing, what is being talked about."""

from dataclasses import dataclass

from django.http import HttpResponse

from commonpurse.decisions.selectors import decision_list, decisions_waiting_for
from commonpurse.discussion.selectors import thread_list
from commonpurse.errors import NotFound
from commonpurse.groups.selectors import member_count
from commonpurse.manual.selectors import ManualView, manual_current
from commonpurse.treasury.selectors import (
    FundPosition,
    FundView,
    RequestAsk,
    dues_behind_of,
    fund_standing,
    requests_asking,
)
from commonpurse.web.drawing import Piece, pieces
from commonpurse.web.visit import Visit, Who, page

TALKS = 6
RECENT = 5
FEW = 2
"""With so many members a co-op has hardly begun: its coordinators are led to inviting others."""


@dataclass(frozen=True, slots=True)
class Purse:
    """The fund as the first page shows it."""

    fund: FundView
    position: FundPosition
    bar: tuple[Piece, ...]


@page(Who.ANYONE)
def coop_home(visit: Visit) -> HttpResponse:
    """For members, the three questions; for others, what the co-op is and what is public."""
    if visit.standing is None:
        return visit.show(
            "coops/public.html",
            {
                "manual": manual_or_none(visit),
                "purse": purse_of(visit),
                "count": member_count(coop_id=visit.coop.coop_id),
                "decisions": decision_list(coop_id=visit.coop.coop_id, limit=RECENT),
            },
        )
    votes = decisions_waiting_for(member=visit.member, at=visit.at)
    approvals: tuple[RequestAsk, ...] = ()
    owed_minor = 0
    purse = purse_of(visit)
    if purse is not None:
        approvals = requests_asking(visit.member, at=visit.at)
        owed_minor = dues_behind_of(visit.coop.coop_id, visit.member.member_id, visit.at.date())
    few = few_of(visit) if purse is not None else 0
    wants_account = (
        purse is not None and not purse.fund.has_account and visit.member.has_role("treasurer")
    )
    return visit.show(
        "coops/home.html",
        {
            "here": "home",
            "votes": votes,
            "approvals": approvals,
            "owed_minor": owed_minor,
            "few": few,
            "wants_account": wants_account,
            "asks": len(votes) + len(approvals) + sum(map(bool, (owed_minor, few, wants_account))),
            "purse": purse,
            "threads": thread_list(coop_id=visit.coop.coop_id, member=visit.member, limit=TALKS),
        },
    )


@page(Who.MEMBER)
def coop_more(visit: Visit) -> HttpResponse:
    """The places that the bar of a phone has no room for."""
    return visit.show("coops/more.html", {"here": "more"})


def few_of(visit: Visit) -> int:
    """How many members there are, for a coordinator of a co-op of few; else none."""
    if not visit.member.may_coordinate:
        return 0
    count = member_count(coop_id=visit.coop.coop_id)
    return count if count <= FEW else 0


def manual_or_none(visit: Visit) -> ManualView | None:
    """The manual in force; none while the co-op is being founded."""
    try:
        return manual_current(visit.coop.coop_id)
    except NotFound:
        return None


def purse_of(visit: Visit) -> Purse | None:
    """The fund and its position; none while there is no fund."""
    standing = fund_standing(visit.coop.coop_id, at=visit.at)
    if standing is None:
        return None
    position = standing.position
    promised = position.promised_minor + position.held_minor
    bar = pieces(
        [
            ("cleared", max(position.spendable_minor, 0)),
            ("promised", promised),
            ("risk", position.at_risk_minor),
        ]
    )
    return Purse(fund=standing.fund, position=position, bar=bar)
