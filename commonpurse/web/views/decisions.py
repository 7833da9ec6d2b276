"""Decisions: the list, and the page of one with its vote, its tally and what came of it."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from commonpurse.decisions.selectors import (
    BallotView,
    DecisionView,
    ballot_list,
    decision_by_number,
    decision_list,
    decisions_waiting_for,
    may_vote,
    my_ballot,
)
from commonpurse.decisions.services import outcome_write
from commonpurse.discussion.selectors import is_thread_readable
from commonpurse.errors import Invalid, NotPossible
from commonpurse.groups.selectors import member_names
from commonpurse.manual.clauses import clauses_changed
from commonpurse.manual.codec import changed, parameters_from_json
from commonpurse.manual.selectors import (
    Change,
    ManualView,
    difference_of,
    manual_by_id,
)
from commonpurse.manual.sentences import sentences
from commonpurse.treasury.selectors import (
    MandateView,
    fund_of,
    mandate_of_result,
    payee_names,
)
from commonpurse.web.drawing import Piece, pieces, place
from commonpurse.web.forms import PurseForm
from commonpurse.web.forms.proposals import VoteForm
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import CHOICES, DECISION_KINDS, VERDICT_TONES, VERDICTS

PAGE = 30


@page(Who.ANYONE)
def decisions(visit: Visit) -> HttpResponse:
    """What waits for me, then every decision, newest first."""
    text = visit.request.GET.get("before", "")
    before = int(text[:9]) if text.isascii() and text.isdigit() else None
    found = decision_list(coop_id=visit.coop.coop_id, before=before, limit=PAGE + 1)
    waiting = decisions_waiting_for(member=visit.member, at=visit.at) if visit.standing else ()
    return visit.show(
        "decisions/decisions.html",
        {
            "here": "decisions",
            "waiting": waiting,
            "decisions": found[:PAGE],
            "older": found[PAGE - 1].number if len(found) > PAGE else None,
            "kinds": DECISION_KINDS,
            "verdicts": VERDICTS,
            "tones": VERDICT_TONES,
        },
    )


class OutcomeForm(PurseForm):
    """What a person writes after a vote."""

    statement = forms.CharField(
        label=gettext_lazy("What was decided, and what happens now?"),
        error_messages={"required": gettext_lazy("Write what was decided")},
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 4}),
    )


@page(Who.ANYONE)
def decision(visit: Visit, number: int) -> HttpResponse:
    """A decision."""
    return show_decision(visit, decision_by_number(coop_id=visit.coop.coop_id, number=number))


@page(Who.MEMBER, "POST")
def outcome(visit: Visit, number: int) -> HttpResponse:
    """Write the outcome."""
    shown = decision_by_number(coop_id=visit.coop.coop_id, number=number)
    form = OutcomeForm.of(visit)
    if form.is_valid():
        try:
            outcome_write(
                decision_id=shown.id,
                statement=form.cleaned_data["statement"],
                actor=visit.member,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("decision", number)
    return show_decision(visit, shown, outcome_form=form)


@dataclass(frozen=True, slots=True)
class Row:
    """One choice in the table of the tally."""

    key: str
    name: object
    votes: int


@dataclass(frozen=True, slots=True)
class Gauges:
    """The two bars of a vote: who took part, and who agrees, with marks at their true places."""

    rows: tuple[Row, ...]
    undecided: int
    cast_width: str
    quorum_place: str
    agree_width: str
    agree_place: str
    short_by: int
    bar: tuple[Piece, ...]


def gauges_of(shown: DecisionView) -> Gauges:
    """The figures of the bars."""
    tally = shown.tally
    undecided = tally.eligible - tally.cast
    quorum, threshold = shown.rules["quorum"], shown.rules["threshold"]
    exact = [(key, tally.counts[key]) for key in ("agree", "abstain", "disagree", "block")]
    return Gauges(
        rows=tuple(Row(key, CHOICES[key], votes) for key, votes in exact),
        undecided=undecided,
        cast_width=place(tally.cast, tally.eligible),
        quorum_place=place(Fraction(quorum), 1),
        agree_width=place(tally.agree, tally.base_count),
        agree_place=place(Fraction(threshold), 1),
        short_by=max(0, tally.agree_needed - tally.agree),
        bar=pieces(exact, tally.eligible),
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens when it passes, in values that a template can say."""

    kind: str
    amount_minor: int = 0
    currency: str = ""
    payee: str = ""
    purpose: str = ""
    until: date | None = None
    people: tuple[str, ...] = ()
    approvals_needed: int = 0
    changes: tuple[Change, ...] = ()
    texts: tuple[str, ...] = ()
    sponsor: str = ""


def effect_of(shown: DecisionView, manual: ManualView | None) -> Effect:
    """Read the effect of a decision for its page."""
    effect, kind = shown.effect, str(shown.effect["kind"])
    if kind == "spend":
        payee_id = UUID(effect["payee_id"])
        until = effect.get("valid_until")
        return Effect(
            kind=kind,
            amount_minor=int(effect["amount_minor"]),
            currency=effect["currency"],
            payee=payee_names([payee_id]).get(payee_id, ""),
            purpose=effect["purpose"],
            until=date.fromisoformat(until) if until else None,
        )
    if kind == "cover":
        return Effect(
            kind=kind,
            amount_minor=int(effect["amount_minor"]),
            currency=effect["currency"],
            purpose=effect["purpose"],
        )
    if kind == "trustees":
        people = names_of(shown.coop_id, effect["member_ids"])
        return Effect(kind=kind, people=people, approvals_needed=int(effect["approvals_needed"]))
    if kind == "amend" and manual is not None:
        return Effect(kind=kind, changes=changes_of(effect, manual))
    if kind == "found":
        parameters = parameters_from_json(effect["parameters"])
        return Effect(
            kind=kind,
            people=names_of(shown.coop_id, effect["trustees"]),
            approvals_needed=int(effect["approvals_needed"]),
            texts=tuple(each.text for each in sentences(parameters)),
            sponsor=effect["sponsor"],
        )
    return Effect(kind=kind)


def changes_of(effect: dict[str, Any], manual: ManualView) -> tuple[Change, ...]:
    """What an amendment changes of the manual that was in force when the vote opened."""
    return difference_of(
        manual.parameters,
        manual.clauses,
        changed(manual.parameters, effect["parameters"]),
        clauses_changed(manual.clauses, effect["clauses"]),
    )


def names_of(coop_id: UUID, member_ids: list[str]) -> tuple[str, ...]:
    """The names of members, in the order of the alphabet."""
    wanted = [UUID(each) for each in member_ids]
    return tuple(sorted(member_names(coop_id=coop_id, member_ids=wanted).values()))


def show_decision(
    visit: Visit,
    shown: DecisionView,
    *,
    form: VoteForm | None = None,
    outcome_form: OutcomeForm | None = None,
) -> HttpResponse:
    """The page of a decision, with its forms as they stand."""
    member = visit.standing
    manual = (
        manual_by_id(shown.coop_id, shown.manual_version_id) if shown.manual_version_id else None
    )
    mine: BallotView | None = None
    is_voter = False
    if member is not None:
        mine = my_ballot(decision_id=shown.id, member_id=member.member_id)
        is_voter = may_vote(decision=shown, member_id=member.member_id)
    begun = {"choice": mine.choice, "reason": mine.reason} if mine else {}
    form = form or VoteForm(initial=begun)
    mandate: MandateView | None = None
    if shown.enactment is not None and shown.result is not None and fund_of(shown.coop_id):
        mandate = mandate_of_result(shown.result.id, at=visit.at)
    ballots = ballot_list(shown.id)
    people = {shown.proposer_member_id} | {each.voter_member_id for each in ballots}
    if shown.outcome is not None:
        people.add(shown.outcome.author_member_id)
    wrong = next(
        (each for each in (form, outcome_form) if each and each.is_bound and each.errors), None
    )
    return visit.show(
        "decisions/decision.html",
        {
            "here": "decisions",
            "decision": shown,
            "kind_name": DECISION_KINDS[shown.kind],
            "verdict_name": VERDICTS[shown.result.verdict] if shown.result else "",
            "tone": VERDICT_TONES[shown.result.verdict] if shown.result else "",
            "is_open": shown.is_open(visit.at),
            "manual": manual,
            "effect": effect_of(shown, manual),
            "gauges": gauges_of(shown),
            "mine": mine,
            "is_voter": is_voter,
            "form": form,
            "wrong": wrong,
            "outcome_form": outcome_form or OutcomeForm(),
            "may_write": may_write(visit, shown),
            "has_thread": has_thread(visit, shown),
            "mandate": mandate,
            "ballots": ballots,
            "reasons": [each for each in ballots if each.reason] if member else (),
            "choice_names": CHOICES,
            "names": member_names(coop_id=shown.coop_id, member_ids=people),
        },
        status=422 if wrong else 200,
        parts=("vote",),
    )


def has_thread(visit: Visit, shown: DecisionView) -> bool:
    """Whether the decision comes from a thread that the visitor may read."""
    if shown.thread_id is None or visit.standing is None:
        return False
    return is_thread_readable(thread_id=shown.thread_id, member=visit.standing)


def may_write(visit: Visit, shown: DecisionView) -> bool:
    """Whether the form for the outcome is offered; the service judges."""
    member = visit.standing
    if member is None or not shown.is_closed:
        return False
    return (
        member.member_id == shown.proposer_member_id
        or member.has_role("facilitator")
        or member.has_role("coordinator")
    )
