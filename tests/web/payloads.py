"""What people should not be able to do to others by typing, and how a page shows that they did."""

import csv
import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from icalendar import Calendar
from lxml import html as markup
from lxml.html import HtmlElement

from commonpurse.rules.texts import turns_around
from commonpurse.web.sheets import STARTERS

SHOWN = {
    "script": "<script>window.pwned = 1</script>",
    "tag": "<img src=x id=pwned onerror='window.pwned=1'><svg onload=window.pwned=1>",
    "attribute": "\"' autofocus onfocus=window.pwned=1 id=pwned x='",
    "link": "[pwned](javascript:window.pwned=1) <javascript:window.pwned=1> ![x](data:text/html,x)",
    "end of a block": "</textarea></title></style><b id=pwned onclick=window.pwned=1>pwned</b>",
    "formula": '=HYPERLINK("https://example.org?pwned","pwned")',
    "another formula": "@SUM(1+1)*cmd|' /C pwned'!A0",
    "header": "pwned\r\nBcc: pwned@example.org\r\nX-PWNED: 1",
    "template": "{{ pwned }}{% now 'Y' %}%(pwned)s{pwned}",
}
"""What may be kept, and is shown as the words that it is."""

REFUSED = {
    "zero byte": "pwned\x00pwned",
    "override": "pwned \u202e00.17\u20ac",
    "isolate without end": "pwned \u2067",
    "far too long": "pwned " * 20_000,
}
"""What is never kept."""

PLACES = ("href", "src", "action", "formaction", "data", "poster", "xlink:href")
SCHEMES = ("javascript:", "data:", "vbscript:")


def faults(page: bytes, where: str) -> Iterator[tuple[str, str]]:
    """What in this page is more than words."""
    for each in markup.fromstring(page).iter():
        if not isinstance(each, HtmlElement):
            continue
        found = (
            each.get("id") == "pwned"
            or (each.tag == "script" and not each.get("src"))
            or any(name.startswith("on") or name == "style" for name in map(str, each.keys()))
            or any(each.get(name, "").strip().lower().startswith(SCHEMES) for name in PLACES)
        )
        if found:
            yield where, markup.tostring(each, encoding="unicode")[:200]
    if turns_around(page.decode()):
        yield where, "a text that turns round what stands beside it"


def table_faults(content: bytes, where: str) -> Iterator[tuple[str, str]]:
    """The cells of this CSV that a spreadsheet would run."""
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        for cell in row:
            if cell.startswith(STARTERS) and "pwned" in cell:
                yield where, cell[:80]


def workbook_faults(content: bytes, where: str) -> Iterator[tuple[str, str]]:
    """Whether this workbook holds a formula or a link."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            text = book.read(name)
            if b"<f>" in text or b"<f " in text or b"<hyperlink" in text:
                yield where, name


def feed_faults(content: bytes, where: str) -> Iterator[tuple[str, str]]:
    """What in this feed is more than texts."""
    root = ET.fromstring(content)  # noqa: S314  (reads what we wrote ourselves)
    known = {"feed", "title", "link", "id", "updated", "entry", "summary", "author", "name"}
    known |= {"subtitle", "published"}
    for each in root.iter():
        if each.tag.partition("}")[2] not in known:
            yield where, each.tag


def calendar_faults(content: bytes, where: str) -> Iterator[tuple[str, str]]:
    """What in this calendar was put there by a text."""
    for event in Calendar.from_ical(content).walk():
        for name in event:
            if "PWNED" in name.upper() or name.upper() == "BCC":
                yield where, name
