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
TEXTS_MAX = 512
"""How many texts a process remembers as HTML: a thread is read many times and seldom changed."""


@lru_cache(maxsize=TEXTS_MAX)
def safe_html(text: str) -> str:
    """The text as HTML that is safe to show to anybody."""
    made = reader().render(text)
    return nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer ugc",
    ).strip()


@cache
def reader() -> MarkdownIt:
    """CommonMark with tables and struck-out words; no HTML, no pictures."""
    made = MarkdownIt("commonmark", {"html": False, "breaks": True})
    made.enable(["table", "strikethrough"])
    made.disable("image")
    made.core.ruler.push("headings_lower", headings_lower)
    return made


def headings_lower(state: StateCore) -> None:
    """Let the text's first headings stand below the page's own."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1:]) + HEADING_FIRST - 1
            token.tag = f"h{min(level, HEADING_LAST)}"
