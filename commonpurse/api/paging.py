"""Lists in pages: `items`, and `next`, an opaque cursor for the page after."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from ninja import Schema
from pydantic import Field

from commonpurse.errors import Invalid

LIMIT_MAX = 100
NUMBER_DIGITS = 9
Limit = Annotated[int, Field(ge=1, le=LIMIT_MAX, description="How many, at most.")]
After = Annotated[
    str | None,
    Field(max_length=200, description="The `next` of the page before. None: from the beginning."),
]

Item = TypeVar("Item")
Found = TypeVar("Found")


class Page(Schema, Generic[Item]):
    """One page of a list. `next` is null on the last one."""

    items: list[Item]
    next: str | None = None


def cursor_write(*parts: object) -> str:
    """A cursor from the values at which the next page goes on."""
    text = "|".join(str(part) for part in parts)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cursor_read(cursor: str, count: int) -> list[str]:
    """The values of a cursor. Raises Invalid `cursor_wrong`."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = base64.b64decode(padded, altchars=b"-_", validate=True).decode().split("|")
    except (ValueError, binascii.Error) as error:
        raise cursor_wrong() from error
    if len(parts) != count or "\x00" in cursor or any("\x00" in part for part in parts):
        raise cursor_wrong()
    return parts


def cursor_wrong() -> Invalid:
    """A cursor that no page of ours gave."""
    return Invalid("cursor_wrong", "Take the cursor from `next` of the page before.", field="after")


def cursor_number(cursor: str, digits: int = NUMBER_DIGITS) -> int:
    """The number of at most so many digits that a cursor holds. Raises Invalid `cursor_wrong`."""
    (text,) = cursor_read(cursor, 1)
    if not (text.isascii() and text.isdecimal() and len(text) <= digits):
        raise cursor_wrong()
    return int(text)


def slice_page(
    found: Sequence[Found], after: str | None, limit: int
) -> tuple[list[Found], str | None]:
    """A page of a list that is read whole: short lists, such as mandates or payees."""
    start = cursor_number(after) if after is not None else 0
    items = list(found[start : start + limit])
    more = start + limit < len(found)
    return items, cursor_write(start + limit) if more else None


def page_of(found: Sequence[object], after: str | None, limit: int) -> dict[str, object]:
    """As `slice_page`, as the answer of an operation."""
    items, following = slice_page(found, after, limit)
    return {"items": items, "next": following}
