"""When dues fall due, and when banks work: pure dates, no clock.

A plan has a day of the month (1 to 28, so that every month has it), a length in months and a
first due date. Worked example: day 1, 3 months, from 2026-01-01: due on 2026-01-01, 2026-04-01,
2026-07-01 …; each period is named by its first month, `2026-04`.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = 12
DAY = timedelta(days=1)
SATURDAY = 5


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


def banking_day_after(day: date) -> date:
    """The first day later than `day` on which TARGET, the euro banks' system, is open.

    It is closed on Saturdays, Sundays, New Year's Day, Good Friday, Easter Monday, 1 May and both
    days of Christmas. Worked example: after Thursday, 2 April 2026 comes Tuesday, 7 April 2026.
    """
    found = day + DAY
    while found.weekday() >= SATURDAY or found in target_holidays(found.year):
        found += DAY
    return found


def target_holidays(year: int) -> frozenset[date]:
    """The days of a year, besides weekends, on which TARGET is closed."""
    easter = easter_sunday(year)
    fixed = {date(year, month, day) for month, day in ((1, 1), (5, 1), (12, 25), (12, 26))}
    return frozenset(fixed | {easter - 2 * DAY, easter + DAY})


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar, by the rule of Meeus, Jones and Butcher."""
    century, rest = divmod(year, 100)
    moon = (
        19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
