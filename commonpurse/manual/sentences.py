"""The typed parameters read aloud: what members see beside the prose of their manual."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_currency

from commonpurse.manual.fields import Field, Type, fraction_text
from commonpurse.manual.parameters import (
    BASES,
    FIELDS,
    STANDING_LABELS,
    Parameters,
    StandingMandate,
)
from commonpurse.rules.money import decimal_text

AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the manual that comes from its parameters, and from which."""

    section: str
    text: str
    keys: tuple[str, ...]


def sentences(given: Parameters) -> tuple[Sentence, ...]:
    """Every parameter in a sentence, in the order money, deciding, amending, paying."""
    return (*_money(given), *_deciding(given), *_amending(given), *_paying(given))


def value_text(key: str, value: object, currency: str) -> str:
    """One parameter's value as text, for a list of changes."""
    spec = next(item for item in FIELDS if item.key == key)
    if isinstance(value, tuple):
        return "; ".join(standing_text(item, currency) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, int):
        return _whole_text(spec, value, currency)
    return dict(spec.choices).get(str(value), str(value))


def amount_text(amount_minor: int, currency: str) -> str:
    """Money as one reads it: €12.00."""
    return format_currency(Decimal(decimal_text(amount_minor, currency)), currency, locale="en")


def standing_text(mandate: StandingMandate, currency: str) -> str:
    """One standing mandate in words."""
    most = amount_text(mandate.max_minor_per_month, currency)
    return f"{STANDING_LABELS[mandate.kind]} up to {most} a month"


def _whole_text(spec: Field, value: int, currency: str) -> str:
    if spec.type is Type.MONEY:
        return amount_text(value, currency)
    if spec.unit in {"days", "months"}:
        return counted(value, spec.unit.removesuffix("s"))
    return str(value)


def counted(count: int, noun: str) -> str:
    """A count with its noun: 1 day, 7 days."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _money(given: Parameters) -> tuple[Sentence, ...]:
    currency = Sentence("money", f"The fund is kept in {given.currency}.", ("currency",))
    keys = ("dues_minor", "dues_period_months", "dues_day")
    if given.dues_minor == 0:
        return (currency, Sentence("money", "Members owe no dues.", keys))
    period = counted(given.dues_period_months, "month")
    every = "month" if given.dues_period_months == 1 else period
    due = amount_text(given.dues_minor, given.currency)
    return (
        currency,
        Sentence(
            "money",
            f"Each member owes {due} every {every}, due on day {given.dues_day}.",
            keys,
        ),
    )


def passing_text(
    what: str, comparison: str, threshold: Fraction, base: str, quorum: Fraction
) -> str:
    """When something passes: the threshold, of what, and the quorum."""
    compared = "at least" if comparison == AT_LEAST else "more than"
    agree = f"{compared} {fraction_text(threshold)} {dict(BASES)[base]} agree"
    if quorum == 0:
        return f"{what} passes when {agree}, however many take part."
    taking = f"at least {fraction_text(quorum)} of all who may vote take part"
    return f"{what} passes when {agree} and {taking}."


def _deciding(given: Parameters) -> tuple[Sentence, ...]:
    block = (
        "One block stops a proposal." if given.is_block_allowed else "Nobody can block a proposal."
    )
    early = (
        "A vote closes early once everybody has voted."
        if given.is_early_close_allowed
        else "A vote stays open to its last minute, also when everybody has voted."
    )
    tie = (
        "With as many for as against, the proposal fails."
        if given.tie_rule == "fails"
        else "With as many for as against, the result is reported as a tie."
    )
    return (
        Sentence(
            "deciding",
            passing_text(
                "A proposal",
                given.threshold_comparison,
                given.threshold,
                given.threshold_base,
                given.quorum,
            ),
            ("threshold", "threshold_comparison", "threshold_base", "quorum"),
        ),
        Sentence(
            "deciding",
            f"A vote stays open for {counted(given.voting_days, 'day')}, "
            f"in the time zone {given.timezone}.",
            ("voting_days", "timezone"),
        ),
        Sentence("deciding", block, ("is_block_allowed",)),
        Sentence("deciding", early, ("is_early_close_allowed",)),
        Sentence("deciding", tie, ("tie_rule",)),
    )


def _amending(given: Parameters) -> tuple[Sentence, ...]:
    return (
        Sentence(
            "amending",
            passing_text(
                "A change of this manual or of the trustees",
                given.amendment_comparison,
                given.amendment_threshold,
                given.amendment_base,
                given.amendment_quorum,
            ),
            (
                "amendment_threshold",
                "amendment_comparison",
                "amendment_base",
                "amendment_quorum",
            ),
        ),
    )


def _paying(given: Parameters) -> tuple[Sentence, ...]:
    limit = amount_text(given.payment_limit_minor, given.currency)
    window = counted(given.payment_limit_days, "day")
    limited = (
        f"One payee gets at most {limit} within {window}."
        if given.payment_limit_minor
        else "No limit is set for one payee; each mandate has its own."
    )
    cooling = (
        f"Money goes to changed bank details after {counted(given.cooling_days, 'day')}."
        if given.cooling_days
        else "Money may go to changed bank details at once."
    )
    standing = "; ".join(standing_text(item, given.currency) for item in given.standing_mandates)
    flows = (
        f"Without a new vote there may flow: {standing}."
        if standing
        else "Nothing is paid without a vote."
    )
    trustees = counted(given.approvals_needed, "trustee")
    return (
        Sentence(
            "paying",
            f"A payment needs the approval of {trustees}, never of who asked for it or gains by "
            f"it. There are at most {given.trustees_seats} trustees.",
            ("approvals_needed", "trustees_seats"),
        ),
        Sentence("paying", limited, ("payment_limit_minor", "payment_limit_days")),
        Sentence("paying", cooling, ("cooling_days",)),
        Sentence(
            "paying",
            f"A request that is not approved within "
            f"{counted(given.request_valid_days, 'day')} is over.",
            ("request_valid_days",),
        ),
        Sentence("paying", flows, ("standing_mandates",)),
    )
