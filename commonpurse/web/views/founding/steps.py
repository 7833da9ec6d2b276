"""The wizard: one question a page, each answer kept at once, back and forth without loss."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from commonpurse.decisions.draft_values import DraftAccess, DraftView
from commonpurse.decisions.drafts import STEPS, draft_problems
from commonpurse.decisions.founding import slug_free, slug_suggested
from commonpurse.decisions.selectors import (
    access_draft_led,
    draft_invitations,
    drafts_of,
    suggestions_open_by_clause,
)
from commonpurse.decisions.services import DraftWish, draft_begin, draft_change, draft_open
from commonpurse.errors import Invalid, NotFound, NotPossible, PurseError
from commonpurse.manual.sentences import sentences
from commonpurse.web.forms import PurseForm
from commonpurse.web.views.founding.forms import (
    DuesForm,
    NameForm,
    NothingForm,
    NumbersForm,
    PurposeForm,
    SponsorForm,
)
from commonpurse.web.views.founding.words import CLAUSE_WHY, STEP_TITLES
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import SECTIONS
from commonpurse.wording import in_words

CHECK = "check"
ORDER = (*STEPS, CHECK)
FORMS: dict[str, type[PurseForm]] = {
    "purpose": PurposeForm,
    "name": NameForm,
    "money": SponsorForm,
    "dues": DuesForm,
}
FIELDS_OF = {"sponsor_name": "sponsor", "dues_minor": "dues", "dues_period_months": "period"}
"""Which field of a form a service's refusal belongs to."""

STEP_OF = {
    "name": "name",
    "slug": "name",
    "approvals_needed": "manual",
    "has_trustees": "founders",
}
"""On which step a problem of the whole draft is mended; suggestions are answered on the draft."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page of another shows it."""

    key: str
    title: str | Promise
    state: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps the vote from being opened, and the page where it is mended."""

    path: str
    text: str


@page(Who.SIGNED_IN, "GET", "POST")
def found(visit: Visit) -> HttpResponse:
    """Go on with a draft, or begin one with what it is for."""
    first = {"template": "software-users"}
    form = PurposeForm.of(visit, initial=first)
    if visit.is_post and form.is_valid():
        try:
            made = draft_begin(wish=form.wish(), actor=visit.actor, at=visit.at)
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            return visit.go("draft_step", made.draft_id, "name")
    drafts = drafts_of(visit.signed_in.person_id)
    context = {"drafts": drafts, "steps": steps_of((), "purpose"), "step": "purpose", "number": 1}
    return visit.show_form("founding/begin.html", form, context | {"count": len(ORDER)})


@page(Who.SIGNED_IN, "GET", "POST")
def draft_step(visit: Visit, draft_id: UUID, step: str) -> HttpResponse:
    """One question of the wizard, for who leads the draft."""
    access = access_draft_led(draft_id=draft_id, person_id=visit.signed_in.person_id)
    if step not in ORDER:
        raise NotFound("no_step", "There is no such step.")
    if access.draft.opened_at is not None:
        return visit.go("draft", draft_id)
    if step == CHECK:
        return check(visit, access)
    if step in ("manual", "founders"):
        return looked_at(visit, access, step)
    return asked(visit, access, step)


def asked(visit: Visit, access: DraftAccess, step: str) -> HttpResponse:
    """A step that is a form."""
    draft = access.draft
    facts: dict[str, Any] = {"draft": draft} if step == "dues" else {}
    form: Any = FORMS[step].of(visit, initial=FORMS[step].first(draft), **facts)  # type: ignore[attr-defined]
    if visit.is_post and form.is_valid():
        try:
            draft_change(draft_id=draft.draft_id, wish=form.wish(), actor=visit.actor, at=visit.at)
        except (Invalid, NotPossible) as refusal:
            refuse(form, refusal)
        else:
            return on_from(visit, draft, step)
    return visit.show_form(f"founding/{step}.html", form, step_context(draft, step))


def refuse(form: PurseForm, refusal: PurseError) -> None:
    """Show a refusal at the field of the form that it belongs to."""
    refusal.field = FIELDS_OF.get(refusal.field, refusal.field)
    form.refuse(refusal)


def on_from(visit: Visit, draft: DraftView, step: str) -> HttpResponse:
    """To the next step; to the draft for who goes on later; to the check once all is answered."""
    if visit.request.POST.get("then") == "later":
        said = _("Everything is kept. Go on whenever you like, on any device.")
        return visit.go("draft", draft.draft_id, said=said)
    if set(STEPS) <= set(draft.steps):
        return visit.go("draft_step", draft.draft_id, CHECK)
    return visit.go("draft_step", draft.draft_id, ORDER[ORDER.index(step) + 1])


def looked_at(visit: Visit, access: DraftAccess, step: str) -> HttpResponse:
    """A step that is looked through: the manual, the founders."""
    draft = access.draft
    form = NothingForm.of(visit)
    if visit.is_post:
        draft_change(
            draft_id=draft.draft_id,
            wish=DraftWish(step=step, has_trustees=trustees_wanted(visit, step)),
            actor=visit.actor,
            at=visit.at,
        )
        return on_from(visit, draft, step)
    context = step_context(draft, step)
    if step == "manual":
        context |= manual_context(draft)
    else:
        context |= {"invitations": draft_invitations(draft.draft_id, at=visit.at)}
    return visit.show_form(f"founding/{step}.html", form, context | {"access": access})


def trustees_wanted(visit: Visit, step: str) -> bool | None:
    """Whether the founders' page says that all of them are trustees."""
    return "trustees" in visit.request.POST if step == "founders" else None


@page(Who.SIGNED_IN, "GET", "POST")
def draft_numbers(visit: Visit, draft_id: UUID) -> HttpResponse:
    """The numbers of the manual: how one votes, who approves."""
    access = access_draft_led(draft_id=draft_id, person_id=visit.signed_in.person_id)
    draft = access.draft
    if draft.opened_at is not None:
        return visit.go("draft", draft_id)
    form = NumbersForm.of(visit, initial=NumbersForm.first(draft), draft=draft)
    if visit.is_post and form.is_valid():
        try:
            draft_change(draft_id=draft_id, wish=form.wish(), actor=visit.actor, at=visit.at)
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            said = _("The numbers are kept.")
            return visit.go("draft_step", draft_id, "manual", said=said)
    return visit.show_form("founding/numbers.html", form, step_context(draft, "manual"))


def check(visit: Visit, access: DraftAccess) -> HttpResponse:
    """Everything on one page, what is missing, and the button that opens the vote."""
    draft = access.draft
    form = NothingForm.of(visit)
    if visit.is_post:
        seen = visit.request.POST.get("seen", "")
        try:
            made = draft_open(
                draft_id=draft.draft_id,
                seen=int(seen) if seen.isdecimal() and len(seen) < len("1000000") else 0,
                actor=visit.actor,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            said = _("The vote is open: you can cast yours now.")
            return visit.go("decision", made.coop.slug, made.decision.number, said=said)
    context = step_context(draft, CHECK) | manual_context(draft)
    problems = draft_problems(draft, suggestions_open=context["waiting_count"])
    context |= {
        "problems": [problem_of(draft, each) for each in problems],
        "invitations": draft_invitations(draft.draft_id, at=visit.at),
        "has_trustees": draft.has_trustees
        and len(draft.founders) > draft.parameters.approvals_needed,
    }
    return visit.show_form("founding/check.html", form, context)


def problem_of(draft: DraftView, refusal: PurseError) -> Problem:
    """What to mend, and where."""
    if refusal.field == "suggestions":
        return Problem(reverse("draft", args=[draft.draft_id]), in_words(refusal.message))
    step = STEP_OF.get(refusal.field, "name")
    return Problem(reverse("draft_step", args=[draft.draft_id, step]), in_words(refusal.message))


@page(Who.SIGNED_IN)
def slug_look(visit: Visit) -> HttpResponse:
    """Whether an address is free, or which one a name would get: for the script of the page."""
    asked_for = visit.request.GET.get("slug", "")[:80].strip()
    slug = asked_for or slug_suggested(visit.request.GET.get("name", "")[:80])
    if not slug:
        return JsonResponse({"slug": "", "is_free": False, "said": ""})
    try:
        slug_free(slug)
    except PurseError as refusal:
        return JsonResponse({"slug": slug, "is_free": False, "said": in_words(refusal.message)})
    said = _("Free: the co-op will live at /c/%(slug)s/") % {"slug": slug.lower()}
    return JsonResponse({"slug": slug.lower(), "is_free": True, "said": said})


def steps_of(done: tuple[str, ...], here: str) -> list[Step]:
    """Every step with whether it is done."""
    return [
        Step(
            key,
            STEP_TITLES[key],
            "here" if key == here else "done" if key in done else "",
        )
        for key in ORDER
    ]


def step_context(draft: DraftView, step: str) -> dict[str, Any]:
    """What every step's page shows: where one is, and the way back."""
    place = ORDER.index(step)
    return {
        "draft": draft,
        "steps": steps_of(draft.steps, step),
        "step": step,
        "number": place + 1,
        "count": len(ORDER),
        "back": ORDER[place - 1] if place else "",
        "is_whole": set(STEPS) <= set(draft.steps),
    }


def manual_context(draft: DraftView) -> dict[str, Any]:
    """The manual as it would be opened: its numbers as sentences, its clauses."""
    found_sentences = sentences(draft.parameters)
    waiting = suggestions_open_by_clause(draft)
    return {
        "parts": [
            (title, [each.text for each in found_sentences if each.section == key])
            for key, title in SECTIONS.items()
        ],
        "waiting": waiting,
        "waiting_count": sum(waiting.values()),
        "why": CLAUSE_WHY,
    }
