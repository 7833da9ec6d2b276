"""Tables as files: CSV and XLSX, in which no cell is ever taken for a formula.

A spreadsheet runs what begins with = + - @ or a tab. What people wrote is therefore put behind an
apostrophe in CSV, and written as a text, never as a formula, in XLSX; the apostrophe stands there
too, so that both files say the same.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

from commonpurse.errors import NotFound

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_MAX = 32_000
"""Letters that a cell of a spreadsheet holds."""
STARTERS = tuple("=+-@\t\r\n＝＋－＠")

Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, and its rows in the order of the page."""

    name: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def text_safe(text: str) -> str:
    """`text` such that no spreadsheet runs it."""
    cut = text[:CELL_MAX]
    return "'" + cut if cut.lstrip(" \u00a0").startswith(STARTERS) or cut[:1] in STARTERS else cut


def sheet(table: Table, form: str) -> HttpResponse:
    """The table as a file. Raises NotFound for a form that we do not write."""
    writers = {"csv": (csv_write, CSV), "xlsx": (xlsx_write, XLSX)}
    if form not in writers:
        raise NotFound("no_table", "There is no such table. Choose csv or xlsx.")
    write, media = writers[form]
    answer = HttpResponse(write(table), content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def csv_write(table: Table) -> bytes:
    """The table as CSV (RFC 4180), in UTF-8 with a mark by which spreadsheets know it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([text_safe(each) for each in table.head])
    for row in table.rows:
        writer.writerow([plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def plain(cell: Cell) -> str:
    """A cell as CSV has it: numbers and days as they are, texts made safe."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return text_safe(cell)
    if isinstance(cell, datetime):
        return timezone.localtime(cell).isoformat(timespec="seconds")
    return str(cell)


def xlsx_write(table: Table) -> bytes:
    """The table as a workbook with one sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet(table.name[:31])
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    amount = book.add_format({"num_format": "#,##0.00"})
    for column, title in enumerate(table.head):
        page.write_string(0, column, text_safe(title), bold)
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, column, text_safe(cell))
            elif isinstance(cell, Decimal):
                page.write_number(number, column, cell, amount)
            elif isinstance(cell, int):
                page.write_number(number, column, cell)
            elif isinstance(cell, datetime):
                local = timezone.localtime(cell).replace(tzinfo=None)
                page.write_datetime(number, column, local, moment)
            elif isinstance(cell, date):
                page.write_datetime(number, column, cell, day)
    page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
