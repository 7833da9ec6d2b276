"""What the pages of founding call the parts of a draft, and what each clause is there for."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonpurse.manual.parameters import FIELDS

STEP_TITLES: dict[str, str | Promise] = {
    "purpose": _("What it is for"),
    "name": _("Name and address"),
    "money": _("Who holds the money"),
    "dues": _("Dues"),
    "manual": _("The operating manual"),
    "founders": _("Founders"),
    "check": _("Check and open the vote"),
}

CLAUSE_WHY: dict[str, str | Promise] = {
    "purpose": _("Says what the money is for. Members point to it when a proposal strays."),
    "members": _("Says who may belong and how they come in."),
    "grants": _("Says how somebody gets help, and who must know their story."),
    "reserve": _("Keeps the fund from being emptied by one good week."),
    "spending": _("Says what a proposal to spend has to name."),
    "blocking": _("Says what a block is for, so that nobody uses it as a strong no."),
    "service": _("Says who acts when something breaks, and how far they may go."),
    "paying": _(
        "Explains the chain from a payment to the vote behind it. The product keeps to it."
    ),
    "record": _("Says what is public for good, and what never is."),
    "leaving": _("Says what happens to dues and rights when somebody goes."),
    "privacy": _("Says what you keep about each other, and how it is forgotten."),
    "amending": _("Says how this manual changes later: by a vote, never by a hand."),
}
"""Clauses of the templates, each in a sentence; a clause of the founders' own explains itself."""

PARTS: dict[str, str | Promise] = {
    "name": _("Name"),
    "slug": _("Address"),
    "template": _("Manual to begin with"),
    "sponsor": _("Who holds the money"),
    "trustees": _("All founders are trustees"),
    "joined": _("A founder joined"),
    "left": _("A founder left"),
    "removed": _("A founder was taken off"),
    **{f"number:{spec.key}": _(spec.label.pattern) for spec in FIELDS},
}

STATES: dict[str, str | Promise] = {
    "open": _("Waits for an answer"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
}

STATE_TONES = {"open": "brass", "accepted": "good", "declined": "", "withdrawn": ""}
