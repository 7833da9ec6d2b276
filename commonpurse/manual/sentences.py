"""The typed parameters read aloud: what members see beside the prose of their manual."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from commonpurse.manual.fields import Field, Type, fraction_text
from commonpurse.manual.parameters import (
    BASES,
    COMPARISONS,
    FIELDS,
    STANDING_LABELS,
    Parameters,
    StandingMandate,
)
from commonpurse.say import Amount, Said, say, say_all, say_count

PROPOSAL_PASSES = say(
    "A proposal passes when %(compared)s %(threshold)s %(base)s agree and at least %(quorum)s of "
    "all who may vote take part."
)
PROPOSAL_PASSES_ANYHOW = say(
    "A proposal passes when %(compared)s %(threshold)s %(base)s agree, however many take part."
)
CHANGE_PASSES = say(
    "A change of this manual or of the trustees passes when %(compared)s %(threshold)s %(base)s "
    "agree and at least %(quorum)s of all who may vote take part."
)
CHANGE_PASSES_ANYHOW = say(
    "A change of this manual or of the trustees passes when %(compared)s %(threshold)s %(base)s "
    "agree, however many take part."
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the manual that comes from its parameters, and from which."""

    section: str
    text: Said
    keys: tuple[str, ...]


def sentences(given: Parameters) -> tuple[Sentence, ...]:
    """Every parameter in a sentence, in the order money, deciding, amending, paying."""
    return (*_money(given), *_deciding(given), *_amending(given), *_paying(given))


def value_text(key: str, value: object, currency: str) -> Said:
    """One parameter's value as text, for a list of changes."""
    spec = next(item for item in FIELDS if item.key == key)
    if isinstance(value, tuple):
        return standing_texts(value, currency) if value else say("none")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, Fraction):
        return exactly(fraction_text(value))
    if isinstance(value, int):
        return _whole_text(spec, value, currency)
    return dict(spec.choices).get(str(value)) or exactly(value)


def exactly(value: object) -> Said:
    """A value that reads alike in every language."""
    return say("%(value)s", value=value)


def standing_text(mandate: StandingMandate, currency: str) -> Said:
    """One standing mandate in words."""
    return say(
        "%(kind)s up to %(amount)s a month",
        kind=STANDING_LABELS[mandate.kind],
        amount=Amount(mandate.max_minor_per_month, currency),
    )


def standing_texts(mandates: Iterable[StandingMandate], currency: str) -> Said:
    """Standing mandates in a row."""
    return say_all([standing_text(each, currency) for each in mandates], between="; ")


def _whole_text(spec: Field, value: int, currency: str) -> Said:
    if spec.type is Type.MONEY:
        return exactly(Amount(value, currency))
    if spec.unit == "days":
        return days(value)
    return months(value) if spec.unit == "months" else exactly(value)


def days(count: int) -> Said:
    """1 day, 7 days."""
    return say_count("%(number)s day", "%(number)s days", count)


def months(count: int) -> Said:
    """1 month, 3 months."""
    return say_count("%(number)s month", "%(number)s months", count)


def _money(given: Parameters) -> tuple[Sentence, ...]:
    currency = Sentence(
        "money",
        say("The fund is kept in %(currency)s.", currency=given.currency),
        ("currency",),
    )
    keys = ("dues_minor", "dues_period_months", "dues_day")
    if given.dues_minor == 0:
        return (currency, Sentence("money", say("Members owe no dues."), keys))
    owed = say_count(
        "Each member owes %(due)s every month, due on day %(day)s.",
        "Each member owes %(due)s every %(number)s months, due on day %(day)s.",
        given.dues_period_months,
        due=Amount(given.dues_minor, given.currency),
        day=given.dues_day,
    )
    return (currency, Sentence("money", owed, keys))


def passing_text(
    quorate: Said, comparison: str, threshold: Fraction, base: str, quorum: Fraction
) -> Said:
    """When something passes: the threshold, of what, and the quorum."""
    compared = dict(COMPARISONS)[comparison]
    values: dict[str, object] = {
        "compared": compared,
        "threshold": fraction_text(threshold),
        "base": dict(BASES)[base],
        "quorum": fraction_text(quorum),
    }
    return Said(quorate.pattern, values)


def _deciding(given: Parameters) -> tuple[Sentence, ...]:
    block = (
        say("One block stops a proposal.")
        if given.is_block_allowed
        else say("Nobody can block a proposal.")
    )
    early = (
        say("A vote closes early once everybody has voted.")
        if given.is_early_close_allowed
        else say("A vote stays open to its last minute, also when everybody has voted.")
    )
    tie = (
        say("With as many for as against, the proposal fails.")
        if given.tie_rule == "fails"
        else say("With as many for as against, the result is reported as a tie.")
    )
    return (
        Sentence(
            "deciding",
            passing_text(
                PROPOSAL_PASSES if given.quorum else PROPOSAL_PASSES_ANYHOW,
                given.threshold_comparison,
                given.threshold,
                given.threshold_base,
                given.quorum,
            ),
            ("threshold", "threshold_comparison", "threshold_base", "quorum"),
        ),
        Sentence(
            "deciding",
            say(
                "A vote stays open for %(days)s, in the time zone %(timezone)s.",
                days=days(given.voting_days),
                timezone=given.timezone,
            ),
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
                CHANGE_PASSES if given.amendment_quorum else CHANGE_PASSES_ANYHOW,
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
    limited = (
        say(
            "One payee gets at most %(limit)s within %(days)s.",
            limit=Amount(given.payment_limit_minor, given.currency),
            days=days(given.payment_limit_days),
        )
        if given.payment_limit_minor
        else say("No limit is set for one payee; each mandate has its own.")
    )
    cooling = (
        say("Money goes to changed bank details after %(days)s.", days=days(given.cooling_days))
        if given.cooling_days
        else say("Money may go to changed bank details at once.")
    )
    flows = (
        say(
            "Without a new vote there may flow: %(standing)s.",
            standing=standing_texts(given.standing_mandates, given.currency),
        )
        if given.standing_mandates
        else say("Nothing is paid without a vote.")
    )
    approvals = say_count(
        "A payment needs the approval of %(number)s trustee, never of who asked for it or gains "
        "by it. There are at most %(seats)s trustees.",
        "A payment needs the approval of %(number)s trustees, never of who asked for it or gains "
        "by it. There are at most %(seats)s trustees.",
        given.approvals_needed,
        seats=given.trustees_seats,
    )
    over = say(
        "A request that is not approved within %(days)s is over.",
        days=days(given.request_valid_days),
    )
    return (
        Sentence("paying", approvals, ("approvals_needed", "trustees_seats")),
        Sentence("paying", limited, ("payment_limit_minor", "payment_limit_days")),
        Sentence("paying", cooling, ("cooling_days",)),
        Sentence("paying", over, ("request_valid_days",)),
        Sentence("paying", flows, ("standing_mandates",)),
    )
