"""The living style sheet: every part in its states, drawn by the same templates as the pages.

What it shows is invented, adds up, and is in English; what draws it is the product's own. A part
that a page needs is added here first.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpResponse

from commonpurse.treasury.values import DayBalance, FundPosition, FundSummary, KindTotal
from commonpurse.web.drawing import pieces, place
from commonpurse.web.forms import MoneyField, PurseForm
from commonpurse.web.templatetags.charts import Part
from commonpurse.web.views.treasury.fund import picture_of
from commonpurse.web.visit import Visit, Who, page

HEAD = re.compile(r"/\* -+ Colour: ([^-(*]+?)\s*(?:\([^)]*\))?\s*-* \*/|(--[a-z0-9-]+):\s*([^;]+);")

COLOUR = re.compile(r"light-dark\(|oklch\(|var\(")


@dataclass(frozen=True, slots=True)
class Swatches:
    """The colours of one heading of `tokens.css`."""

    name: str
    tokens: tuple[str, ...]


class StyleForm(PurseForm):
    """Every kind of field: filled, refused, disabled."""

    purpose = forms.CharField(
        label="What is it for?", help_text="Members see this on the fund page.", max_length=80
    )
    amount = MoneyField(label="Amount", help_text="€540.00 is left under mandate M-0015.")
    group = forms.ChoiceField(
        label="Group", choices=[("tools", "Tools and documents"), ("books", "Bookkeeping circle")]
    )
    details = forms.CharField(
        label="Note to trustees", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    remind = forms.ChoiceField(
        label="Remind me",
        choices=[("day", "A day before a vote closes"), ("never", "Never")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when to be reminded"},
    )
    show = forms.BooleanField(
        label="Show my reason to the whole co-op",
        help_text="Otherwise only this group sees it.",
        required=False,
    )
    sponsor = forms.CharField(
        label="Sponsor",
        help_text="Changes only by decision.",
        disabled=True,
        initial="Harbour Commons Foundation",
    )


TYPED = {"purpose": "Translation of the guide", "amount": "a lot", "group": "tools", "show": "on"}

YEAR = FundSummary(
    from_date=date(2025, 11, 17),
    to_date=date(2026, 11, 17),
    position=FundPosition(
        currency="EUR",
        balance_minor=365_475,
        at_risk_minor=18_000,
        cleared_minor=347_475,
        held_minor=0,
        promised_minor=96_160,
        spendable_minor=251_315,
    ),
    money_in=(KindTotal("dues", 644_500, 430), KindTotal("grant", 80_000, 1)),
    money_out=(KindTotal("payment", 353_025, 8), KindTotal("bank_fee", 6_000, 12)),
    opening_minor=0,
    closing_minor=365_475,
    series=(
        DayBalance(date(2025, 11, 17), 0),
        DayBalance(date(2026, 1, 31), 152_000),
        DayBalance(date(2026, 4, 30), 305_500),
        DayBalance(date(2026, 7, 14), 198_200),
        DayBalance(date(2026, 9, 30), 402_100),
        DayBalance(date(2026, 11, 17), 365_475),
    ),
)
"""A year of The Shared Bill: 7,245.00 in, 3,590.25 out, 3,654.75 held."""

ANSWERS = (("agree", 19), ("abstain", 4), ("disagree", 5), ("block", 1))
SECTIONS = (
    ("brand", "Brand, colour, type"),
    ("buttons", "Buttons"),
    ("forms", "Forms"),
    ("money", "Money"),
    ("charts", "Charts"),
    ("votes", "Votes"),
    ("people", "People and states"),
    ("notices", "Notices"),
    ("waiting", "Empty and waiting"),
    ("timeline", "Timeline"),
)
DUES = (Part("cleared", "Paid up", 34), Part("risk", "Behind", 6))
HELD = (
    Part("cleared", "Cleared and free", 251_315),
    Part("promised", "Promised", 96_160),
    Part("risk", "At risk of reversal", 18_000),
)


@page(Who.ANYONE)
def style_sheet(visit: Visit) -> HttpResponse:
    """Every part in every state, for whoever draws a page."""
    return visit.show(
        "style/style.html",
        {
            "parts": SECTIONS,
            "swatches": swatches(),
            "form": StyleForm(TYPED),
            "empty_form": StyleForm(auto_id="g-%s"),
            "summary": YEAR,
            "picture": picture_of(YEAR),
            "answers": pieces(ANSWERS, 40),
            "gauges": [
                ("Agree", 19, 29, place(19, 29), "66.667%", "⅔", False, 20),
                ("Agree", 28, 36, place(28, 36), "66.667%", "⅔", True, 24),
            ],
            "dues": DUES,
            "held": HELD,
        },
    )


@cache
def swatches() -> tuple[Swatches, ...]:
    """Every colour token, under the headings of `tokens.css`."""
    path = finders.find("purse/tokens.css")
    assert isinstance(path, str), "the tokens are part of the product"
    found: list[tuple[str, list[str]]] = []
    seen: set[str] = set()
    for head, token, value in HEAD.findall(Path(path).read_text(encoding="utf-8")):
        if head:
            found.append((head.strip(), []))
        elif found and token not in seen and COLOUR.match(value):
            found[-1][1].append(token)
            seen.add(token)
    return tuple(Swatches(head, tuple(tokens)) for head, tokens in found)
