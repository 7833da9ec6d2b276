"""What people type is shown, and nothing that they type can act."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from commonpurse.discussion import markdown
from commonpurse.discussion.markdown import ATTRIBUTES, TAGS, made_safe, safe_html

PIECES = (
    *("<", ">", '"', "'", "&", "script", "a href=", "javascript:", "[", "](", ")", "`", "\n"),
    *("*", "onload=x", "<!--", "-->", "svg", "/", "=", " ", "x", "&#x6A;", "\x00", "|"),
)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/?>")


def test_marks_become_emphasis_lists_tables_and_links() -> None:
    assert safe_html("**Yes**, ~~no~~ `code`") == (
        "<p><strong>Yes</strong>, <s>no</s> <code>code</code></p>"
    )
    assert safe_html("- one\n- two") == "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    assert "<td>71.60</td>" in safe_html("| Payee | € |\n|---|---|\n| Brine | 71.60 |")
    assert safe_html("[here](https://example.org/a?b=1&c=2)") == (
        '<p><a href="https://example.org/a?b=1&amp;c=2"'
        ' rel="nofollow noopener noreferrer ugc">here</a></p>'
    )


def test_headings_stand_below_those_of_the_page() -> None:
    assert safe_html("# Top") == "<h3>Top</h3>"
    assert safe_html("###### Deep") == "<h6>Deep</h6>"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "![x](https://tracker.example/pixel.gif)",
        "<a href='https://example.org' onclick='x()'>x</a>",
        "<iframe src=https://example.org></iframe>",
        "<style>body{display:none}</style>",
        "`</code><script>alert(1)</script>`",
        "```html\n</code></pre><script>alert(1)</script>\n```",
        "[x]: javascript:alert(1)\n\n[x]",
        '<https://example.org/"onmouseover=alert(1)>',
    ],
)
def test_nothing_that_is_typed_can_act(text: str) -> None:
    check_harmless(safe_html(text))


@given(
    st.lists(
        st.sampled_from(PIECES),
        max_size=30,
    )
)
def test_whatever_is_put_together_stays_harmless(pieces: list[str]) -> None:
    check_harmless(safe_html("".join(pieces)))


def check_harmless(html: str) -> None:
    """Only allowed tags stand there, with allowed attributes, and links lead to pages or mails."""
    for _closing, name, attributes in TAG.findall(html):
        assert name in TAGS
        for key, value in re.findall(r'([a-z]+)="([^"]*)"', attributes):
            assert key in {*ATTRIBUTES.get(name, set()), "rel"}
            if key == "href":
                scheme = value.partition(":")[0].lower() if ":" in value else ""
                assert scheme in {"", "http", "https", "mailto"} or "/" in scheme
    assert "<!" not in html


def test_markup_of_strangers_is_shown_as_it_was_typed() -> None:
    assert safe_html("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"


def test_what_is_made_is_cleaned_though_the_reader_lets_it_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lax = MarkdownIt("commonmark", {"html": True})
    monkeypatch.setattr(markdown, "reader", lambda **_: lax)
    for text in ("<script>alert(1)</script>", "![x](https://tracker.example/pixel.gif)"):
        check_harmless(made_safe(text))


LONG = [
    "[a]: /" + "x" * 9_000 + "\n\n" + "[a]" * 3_600,
    "|" * 400 + "\n" + "|-" * 400 + "|\n" + "|\n" * 9_000,
    "[](a)" * 4_000,
    "&nbsp;" * 3_300,
    "> " * 10_000,
    "- " * 10_000,
    "*a **a " * 2_800,
    "`" * 20_000,
]
GROWS_MAX = 15
"""A link of five signs is read as one of sixty: what it asks of browsers is said in each."""


@pytest.mark.parametrize("text", LONG)
def test_a_short_text_never_becomes_a_huge_page(text: str) -> None:
    assert len(safe_html(text)) <= GROWS_MAX * len(text)


def test_a_table_of_a_million_cells_stays_the_words_it_was() -> None:
    row = "|" + "a|" * 400 + "\n"
    text = row + "|" + "-|" * 400 + "\n" + "|\n" * 8_000
    assert "<table" not in safe_html(text)
    assert "<table" in safe_html(row + "|" + "-|" * 400 + "\n" + "|\n" * 20)
