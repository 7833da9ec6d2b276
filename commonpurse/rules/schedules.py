"""When dues fall due: pure dates, no clock.

A plan has a day of the month (1 to 28, so that every month has it), a length in months and a
first due date. Worked example: day 1, 3 months, from 2026-01-01: due on 2026-01-01, 2026-04-01,
2026-07-01 …; each period is named by its first month, `2026-04`.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

MONTHS = 12


def due_dates(*, from_date: date, period_months: int) -> Iterator[date]:
    """All due dates of a plan, without end."""
    assert period_months >= 1
    number = 0
    while True:
        yield months_after(from_date, number * period_months)
        number += 1


def months_after(day: date, months: int) -> date:
    """The same day of the month, so many months later. The day is 28 or less."""
    count = day.year * MONTHS + day.month - 1 + months
    return date(count // MONTHS, count % MONTHS + 1, day.day)


def due_date_after(day: date, day_of_month: int) -> date:
    """The first `day_of_month` later than `day`."""
    found = date(day.year, day.month, day_of_month)
    return found if found > day else months_after(found, 1)


def period_name(due_on: date) -> str:
    """What a period is called: `2026-03`."""
    return f"{due_on:%Y-%m}"


def due_instant(due_on: date, timezone: str) -> datetime:
    """The instant at which a due date begins where the co-op is: who is a member then, owes."""
    return datetime.combine(due_on, time(0), tzinfo=ZoneInfo(timezone))


def day_in(at: datetime, timezone: str) -> date:
    """The civil date of an instant where the co-op is."""
    return at.astimezone(ZoneInfo(timezone)).date()
