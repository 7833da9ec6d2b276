"""A co-op's first page: what needs me, what the fund is doing, what is being talked about."""

from dataclasses import dataclass

from django.http import HttpResponse

from commonpurse.decisions.selectors import decision_list, decisions_waiting_for
from commonpurse.discussion.selectors import thread_list
from commonpurse.errors import NotFound
from commonpurse.groups.selectors import member_count
from commonpurse.manual.selectors import ManualView, manual_current
from commonpurse.treasury.selectors import (
    DuesAccount,
    FundPosition,
    FundView,
    RequestView,
    dues_account,
    fund_of,
    fund_position,
    requests_waiting_for,
)
from commonpurse.web.drawing import Piece, pieces
from commonpurse.web.visit import Visit, Who, page

TALKS = 6
RECENT = 5


@dataclass(frozen=True, slots=True)
class Purse:
    """The fund as the first page shows it."""

    fund: FundView
    position: FundPosition
    bar: tuple[Piece, ...]


@page(Who.ANYONE)
def coop_home(visit: Visit) -> HttpResponse:
    """For members, the three questions; for others, what the co-op is and what is public."""
    manual = manual_or_none(visit)
    if visit.standing is None:
        return visit.show(
            "coops/public.html",
            {
                "manual": manual,
                "purse": purse_of(visit),
                "count": member_count(coop_id=visit.coop.coop_id),
                "decisions": decision_list(coop_id=visit.coop.coop_id, limit=RECENT),
            },
        )
    votes = decisions_waiting_for(member=visit.member, at=visit.at)
    approvals: tuple[RequestView, ...] = ()
    dues: DuesAccount | None = None
    purse = purse_of(visit)
    if purse is not None:
        approvals = tuple(requests_waiting_for(visit.member, at=visit.at))
        dues = dues_account(visit.coop.coop_id, visit.member.member_id, visit.at.date())
    owes = dues is not None and dues.is_behind
    return visit.show(
        "coops/home.html",
        {
            "here": "home",
            "manual": manual,
            "votes": votes,
            "approvals": approvals,
            "dues": dues,
            "owes": owes,
            "asks": len(votes) + len(approvals) + (1 if owes else 0),
            "purse": purse,
            "threads": thread_list(coop_id=visit.coop.coop_id, member=visit.member, limit=TALKS),
            "decisions": decision_list(coop_id=visit.coop.coop_id, limit=RECENT),
        },
    )


@page(Who.MEMBER)
def coop_more(visit: Visit) -> HttpResponse:
    """The places that the bar of a phone has no room for."""
    return visit.show("coops/more.html", {"here": "more"})


def manual_or_none(visit: Visit) -> ManualView | None:
    """The manual in force; none while the co-op is being founded."""
    try:
        return manual_current(visit.coop.coop_id)
    except NotFound:
        return None


def purse_of(visit: Visit) -> Purse | None:
    """The fund and its position; none while there is no fund."""
    fund = fund_of(visit.coop.coop_id)
    if fund is None:
        return None
    position = fund_position(fund.id, at=visit.at)
    promised = position.promised_minor + position.held_minor
    bar = pieces(
        [
            ("cleared", max(position.spendable_minor, 0)),
            ("promised", promised),
            ("risk", position.at_risk_minor),
        ]
    )
    return Purse(fund=fund, position=position, bar=bar)
