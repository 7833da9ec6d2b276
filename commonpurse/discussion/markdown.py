"""From what people type to what a page may show: Markdown without HTML, cleaned once more.

Two walls, each enough by itself: the Markdown reader passes no HTML through, and what it makes is
cleaned by an allow-list. Pictures from elsewhere would tell their host who reads what, so they
become links. Headings begin below those of the page.
"""

from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
HEADING_FIRST = 3
HEADING_LAST = 6
TEXTS_REMEMBERED = 512
LETTERS_REMEMBERED = 2_000
CELLS_MAX = 10_000
"""A row has as many cells as the first one, written or not: some lines could mean a million."""


def safe_html(text: str) -> str:
    """The text as HTML that is safe to show to anybody, of a length that the text answers for."""
    return remembered(text) if len(text) <= LETTERS_REMEMBERED else made_safe(text)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def remembered(text: str) -> str:
    """As `safe_html`: a thread is read many times and seldom changed."""
    return made_safe(text)


def made_safe(text: str) -> str:
    """As `safe_html`, made anew."""
    lines = text.split("\n")
    cells = len(lines) * max(line.count("|") for line in lines)
    made = reader(has_tables=cells <= CELLS_MAX).render(text)
    return nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer ugc",
    ).strip()


@cache
def reader(*, has_tables: bool) -> MarkdownIt:
    """CommonMark with tables and struck-out words; no HTML, no pictures.

    And no addresses kept apart from their links: a long one, named once and meant a thousand
    times, would make megabytes of a short text.
    """
    made = MarkdownIt("commonmark", {"html": False, "breaks": True})
    made.enable(["table", "strikethrough"] if has_tables else "strikethrough")
    made.disable(["image", "reference"])
    made.core.ruler.push("headings_lower", headings_lower)
    return made


def headings_lower(state: StateCore) -> None:
    """Let the text's first headings stand below the page's own."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1:]) + HEADING_FIRST - 1
            token.tag = f"h{min(level, HEADING_LAST)}"
