"""When banks work: weekends and the holidays of TARGET."""

from datetime import date

import pytest

from commonpurse.rules.schedules import banking_day_after, easter_sunday, target_holidays

EASTERS = {
    1818: (3, 22),
    1943: (4, 25),
    2000: (4, 23),
    2024: (3, 31),
    2025: (4, 20),
    2026: (4, 5),
    2027: (3, 28),
    2038: (4, 25),
    2285: (3, 22),
}


@pytest.mark.parametrize("year", EASTERS)
def test_easter_is_where_the_church_puts_it(year: int) -> None:
    assert easter_sunday(year) == date(year, *EASTERS[year])


def test_easter_is_always_a_sunday_between_the_same_two_days() -> None:
    for year in range(1600, 2600):
        found = easter_sunday(year)
        assert found.weekday() == 6
        assert date(year, 3, 22) <= found <= date(year, 4, 25)


@pytest.mark.parametrize(
    ("day", "then"),
    [
        ("2026-11-25", "2026-11-26"),  # an ordinary Wednesday
        ("2026-11-27", "2026-11-30"),  # Friday
        ("2026-11-28", "2026-11-30"),  # Saturday
        ("2026-11-29", "2026-11-30"),  # Sunday
        ("2026-04-02", "2026-04-07"),  # before Easter
        ("2026-04-30", "2026-05-04"),  # 1 May is a Friday
        ("2026-12-24", "2026-12-28"),
        ("2025-12-24", "2025-12-29"),
        ("2026-12-31", "2027-01-04"),
        ("2028-12-31", "2029-01-02"),
    ],
)
def test_the_next_banking_day(day: str, then: str) -> None:
    assert banking_day_after(date.fromisoformat(day)) == date.fromisoformat(then)


def test_a_year_has_six_such_holidays() -> None:
    assert sorted(target_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]
