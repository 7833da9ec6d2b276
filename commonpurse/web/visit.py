"""One request as a view sees it: who came, to which co-op, and at which instant.

A view is a function of a `Visit`. The decorator `page` says who may come in, with which methods,
and asks the clock once; it resolves the co-op of the address through `access_*` selectors, so a
view never meets a co-op that its visitor may not know of.
"""

import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from commonpurse.errors import NotAllowed
from commonpurse.groups.selectors import (
    CoopView,
    Member,
    PersonView,
    access_coop,
    person_signed_in,
)
from commonpurse.record.selectors import database_now
from commonpurse.record.services import Actor
from commonpurse.treasury.selectors import SponsorPerson, access_sponsor
from commonpurse.web.once import answered_once
from commonpurse.web.proving import is_fresh, limit_of, to_proving
from commonpurse.web.views.errors import wrong_method


class Who(StrEnum):
    """Who may come in: one word on each view, read by the table of access in the tests."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    MEMBER = "member"
    COORDINATOR = "coordinator"
    TREASURER = "treasurer"
    SPONSOR = "sponsor"


READERS = ("GET", "HEAD")
STATUS_WRONG = 422


@dataclass(frozen=True)
class Visit:
    """Who came, where, and when."""

    request: HttpRequest
    at: datetime
    person: PersonView | None
    place: CoopView | None
    standing: Member | None
    acting: SponsorPerson | None = None

    @property
    def sponsor(self) -> SponsorPerson:
        """The person who came, as one of the sponsor of this address."""
        assert self.acting is not None, "an address without a sponsor"
        return self.acting

    @property
    def coop(self) -> CoopView:
        """The co-op of this address."""
        assert self.place is not None, "an address without a co-op"
        return self.place

    @property
    def member(self) -> Member:
        """The visitor's standing in the co-op. Raises NotAllowed for who is no member."""
        if self.standing is None:
            raise NotAllowed(
                "not_member",
                "Only members of %(coop)s see this page. A coordinator can invite you.",
                coop=self.coop.name,
            )
        return self.standing

    @property
    def signed_in(self) -> PersonView:
        """The person who came."""
        assert self.person is not None, "a view for people who signed in"
        return self.person

    @property
    def actor(self) -> Actor:
        """The person who came, as the one who acts."""
        return Actor(person_id=self.signed_in.person_id, name=self.signed_in.name)

    @property
    def is_proved(self) -> bool:
        """Whether the person proved who they are within the last ten minutes."""
        return is_fresh(self.request, at=self.at)

    @property
    def is_post(self) -> bool:
        """Whether something was sent to be done."""
        return self.request.method == "POST"

    @property
    def part(self) -> str:
        """The part of the page that is asked for alone; empty for a whole page."""
        details: HtmxDetails = self.request.htmx  # type: ignore[attr-defined]
        return details.target or "" if details else ""

    def show(
        self,
        template: str,
        context: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        parts: Collection[str] = (),
    ) -> HttpResponse:
        """A page. Every page gets `visit`, `coop`, `member`, `person`, `at` and `layout` besides.

        The layout is the house with its sidebar for members, the public one for everybody else.
        One of `parts` is answered alone, by the partial of that name in the same template, when
        it is asked for so.
        """
        known = {
            "layout": "purse/inside.html" if self.standing else "purse/public.html",
            "visit": self,
            "coop": self.place,
            "member": self.standing,
            "person": self.person,
            "at": self.at,
        }
        if self.part in parts:
            known["part"] = self.part
            template = f"{template}#{self.part}"
        answer = render(self.request, template, known | dict(context or {}), status=status)
        if parts:
            patch_vary_headers(answer, ["HX-Request", "HX-Target"])
        return answer

    def show_form(
        self,
        template: str,
        form: Any,
        context: Mapping[str, Any] | None = None,
        *,
        parts: Collection[str] = (),
    ) -> HttpResponse:
        """A page with a form: 422 when what was typed could not stand."""
        status = STATUS_WRONG if form.is_bound and form.errors else 200
        given = {"form": form} | dict(context or {})
        return self.show(template, given, status=status, parts=parts)

    def go(self, name: str, *args: object, said: str = "") -> HttpResponseRedirect:
        """Lead on to another page, which then says `said` once."""
        if said:
            messages.success(self.request, said)
        return redirect(resolve_url(name, *args))

    def go_here(self, name: str, *args: object, said: str = "") -> HttpResponseRedirect:
        """As `go`, to a page of this co-op."""
        return self.go(name, self.coop.slug, *args, said=said)


Rest = ParamSpec("Rest")
View = Callable[..., HttpResponse]


def page(
    who: Who, *methods: str, proof: Collection[str] = (), back: str = "", limit: str = ""
) -> Callable[[Callable[Concatenate[Visit, Rest], HttpResponse]], View]:
    """A view for `who`, answering to `methods` (GET alone unless said).

    Methods in `proof` ask for a fresh proof first and lead to the page `back` afterwards (to this
    very page unless said); what was sent is not done then. Each POST counts for the `limit`.
    """
    allowed = methods or ("GET",)

    def decorate(view: Callable[Concatenate[Visit, Rest], HttpResponse]) -> View:
        @functools.wraps(view)
        def shell(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in (*allowed, *(READERS if "GET" in allowed else ())):
                return wrong_method(request, allowed)
            if who is not Who.ANYONE and not request.user.is_authenticated:
                return to_sign_in(request)
            sponsor_id = kwargs.pop("sponsor_id", None)
            visit = visit_begin(request, kwargs.pop("slug", None), sponsor_id)
            admit(visit, who)
            if request.method in proof and not visit.is_proved:
                return to_proving(way_back(request, back))
            if request.method == "POST":
                often = limit_of(request, limit) if limit else None
                return often or answered_once(
                    request,
                    coop_id=visit.place.coop_id if visit.place else None,
                    at=visit.at,
                    view=lambda: view(visit, *args, **kwargs),
                )
            return view(visit, *args, **kwargs)

        shell.who = who  # type: ignore[attr-defined]
        shell.methods = allowed  # type: ignore[attr-defined]
        shell.proof = tuple(proof)  # type: ignore[attr-defined]
        return shell

    return decorate


def way_back(request: HttpRequest, name: str) -> str:
    """The address to come back to after a proof; it never does anything by itself.

    The payload that somebody read goes along, so that the page can say if it is another one now.
    """
    if not name:
        return request.path
    assert request.resolver_match is not None
    path = resolve_url(name, *request.resolver_match.args, **request.resolver_match.kwargs)
    payload = request.POST.get("payload_hash", "")[:64]
    return f"{path}?{urlencode({'payload': payload})}" if payload else path


def visit_begin(request: HttpRequest, slug: str | None, sponsor_id: UUID | None = None) -> Visit:
    """Look up who came and where.

    Raises NotFound for a co-op that is none of their business, and for a sponsor for whom they
    do not act.
    """
    person = person_signed_in(request.user)
    person_id = person.person_id if person else None
    access = access_coop(slug=slug, person_id=person_id) if slug is not None else None
    acting = None
    if sponsor_id is not None:
        acting = access_sponsor(sponsor_id=sponsor_id, person_id=person_id)
    visit = Visit(
        request=request,
        at=database_now(),
        person=person,
        place=access.coop if access else None,
        standing=access.member if access else None,
        acting=acting,
    )
    if access is not None:
        timezone.activate(ZoneInfo(access.coop.timezone))
    request.visit = visit  # type: ignore[attr-defined]
    return visit


def admit(visit: Visit, who: Who) -> None:
    """Let the visitor in, or raise NotAllowed with what to do now."""
    if who in (Who.ANYONE, Who.SIGNED_IN):
        return
    if who is Who.SPONSOR:
        assert visit.acting is not None, "whoever does not act for the sponsor did not get here"
        return
    member = visit.member
    if who is Who.COORDINATOR and not member.may_coordinate:
        raise NotAllowed("not_coordinator", "Only coordinators may do this here. Ask one of them.")
    if who is Who.TREASURER and not member.has_role("treasurer"):
        raise NotAllowed("not_treasurer", "Only treasurers may do this here. Ask one of them.")


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the page that asks for an address, and back afterwards to a page that changes nothing.

    Who sent something is told that it was not taken: else what was typed would be lost silently.
    """
    if request.method in READERS:
        back = request.get_full_path()
    else:
        back = page_before(request)
        messages.error(
            request,
            _("Your session had ended, so nothing was saved. Sign in and send it again."),
        )
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def page_before(request: HttpRequest) -> str:
    """The page of what was sent: its own address if that can be looked at, else the co-op's home.

    It is made of addresses of ours alone, never of what the browser says about where it was.
    """
    match = request.resolver_match
    assert match is not None
    if "GET" in getattr(match.func, "methods", ()):
        return request.get_full_path()
    if "slug" in match.kwargs:
        return resolve_url("coop_home", match.kwargs["slug"])
    return resolve_url("landing")
