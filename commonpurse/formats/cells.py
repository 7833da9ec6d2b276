"""What a cell of ballots may hold where it comes typed, from Parquet or a database, not as text."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from commonpurse.formats.ballots import AGE_MAX, VALUE_MAX, WEIGHT_MAX
from commonpurse.formats.lines import BadLine, name_read
from commonpurse.rules.exact import exact, shown


class BadCell(ValueError):
    """Ballots that cannot be right, and why."""


def name_checked(what: str) -> Callable[[str], str]:
    """Checks names of voters or channels: as the CSV's, and without blanks around them."""

    def checked(name: str) -> str:
        try:
            found = name_read(0, what, name)
        except BadLine as fault:
            raise BadCell(fault.message.removesuffix(".")) from fault
        if found != name:
            raise BadCell(f"The {what} {shown(name)} begins or ends with a blank")
        return name

    return checked


def number_checked(what: str, at_most: int) -> Callable[[int | Decimal | str], Fraction]:
    """Checks numbers from 0 to a limit, and makes them exact."""

    def checked(number: int | Decimal | str) -> Fraction:
        if isinstance(number, Decimal) and not number.is_finite():
            raise BadCell(f"the {what} {number} is no number")
        try:
            found = exact(number.strip()) if isinstance(number, str) else Fraction(number)
        except ValueError as fault:
            raise BadCell(f"a {what}: {fault}") from fault
        if found < 0:
            raise BadCell(f"the {what} {number} is below 0")
        if found > at_most:
            raise BadCell(f"the {what} {number} is more than {at_most}")
        return found

    return checked


voter_checked = name_checked("voter")
channel_checked = name_checked("channel")
value_checked = number_checked("value", VALUE_MAX)
weight_checked = number_checked("weight", WEIGHT_MAX)


def age_checked(days: int) -> int:
    """An age from 0 days to the limit."""
    if not 0 <= days <= AGE_MAX:
        raise BadCell(f"an age has 0 to {AGE_MAX} days, not {days}")
    return days
