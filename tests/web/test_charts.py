"""The charts say the figures that they draw, and draw them at their true places."""

import re
from itertools import pairwise
from typing import cast

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils.translation import gettext, override

from commonpurse.web.pictures import LINE_HEIGHT, LINE_MAX, Amount, flow
from commonpurse.web.templatetags.charts import Part, distribution, progress_bar, threshold_bar
from commonpurse.web.views.style import HEAD, swatches
from commonpurse.web.views.treasury.fund import label_of


def drawn(text: str, **facts: object) -> str:
    return Template("{% load charts %}" + text).render(Context(facts))


def test_a_distribution_names_each_part_its_share_and_the_whole():
    parts = (Part("cleared", "Free", 251_315), Part("risk", "At risk", 18_000), Part("in", "No", 0))
    shown = distribution(parts, "Money", "EUR")
    rows = cast("list[tuple[str, str, str, str]]", shown["rows"])
    assert [row[3] for row in rows] == ["93.3%", "6.7%"]
    assert "2,693" in str(shown["whole"])
    text = drawn('{% distribution parts "Money" "EUR" %}', parts=parts)
    assert text.count("<rect") == len(rows) + 2, "a track, two parts, and the hatching"
    assert "<table" in text


def test_hatching_is_named_apart_where_two_bars_stand_on_one_page():
    one, two = Part("risk", "Behind", 1), Part("risk", "Behind", 2)
    whole = Part("cleared", "Paid up", 7)
    text = drawn("{% distribution a 'A' %}{% distribution b 'B' %}", a=(whole, one), b=(whole, two))
    names = re.findall(r'id="(hatch-\w+)"', text)
    assert len(set(names)) == len(names) == 2


@pytest.mark.parametrize(
    ("done", "target", "width"),
    [(0, 10, "0%"), (5, 10, "50.000%"), (25, 10, "100.000%"), (3, 0, "0%"), (-5, 10, "0%")],
)
def test_progress_stops_at_both_ends(done: int, target: int, width: str):
    assert progress_bar(done, target)["width"] == width


@pytest.mark.parametrize(("at", "anchor"), [("100.000%", "end"), ("66.667%", "middle")])
def test_a_mark_at_the_end_stays_inside_the_drawing(at: str, anchor: str):
    assert threshold_bar("50.000%", "agree", at, "⅔")["anchor"] == anchor
    assert "<text" not in drawn("{% threshold_bar '5%' 'agree' %}")


@pytest.mark.django_db
def test_the_style_sheet_shows_every_colour_token_once(client: Client):
    page = client.get("/style/").content.decode()
    tokens = [token for group in swatches() for token in group.tokens]
    assert len(tokens) == len(set(tokens))
    assert {"--paper", "--ink", "--brass", "--agree", "--money-risk", "--series-6"} <= set(tokens)
    assert all(f'fill="var({token})"' in page for token in tokens)
    assert HEAD.findall("/* ---- Colour: surfaces ---- */"), "the headings of the tokens are found"


KINDS = """
    dues grant refund unallocated return returned_debit settlement payment reversal fee bank_fee
    sponsor_fee suspense cover opening
"""
HELD = (
    "Held for orders on their way",
    "Cleared and free",
    "At risk of reversal",
    "Promised, not yet paid",
)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_each_label_of_the_picture_of_money_has_room_beside_its_bar(language: str):
    with override(language):
        words = [*(label_of(kind) for kind in KINDS.split()), *map(gettext, HELD)]
    lines = {word: Amount(word, 1, "f-in").lines for word in words}
    assert [one for one in lines.items() if max(map(len, one[1])) > LINE_MAX] == []
    assert all(" ".join(cut) == word and len(cut) <= 2 for word, cut in lines.items())


def test_words_beside_small_bars_never_stand_on_one_another():
    small = [Amount("Payments that came back", minor, "f-in") for minor in (1, 2, 1)]
    drawing = flow(sources=small, held=[Amount("Free", 100_000, "f-cleared")], out=())
    feet = [(bar.words[0][1], bar.amount_y) for bar in drawing.sources]
    assert all(above < top - LINE_HEIGHT for (_, above), (top, _) in pairwise(feet))
    assert all(len(bar.words) == 2 for bar in drawing.sources)
    assert feet[0][0] >= LINE_HEIGHT, "the first line stands inside the drawing"
