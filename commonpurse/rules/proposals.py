"""Whether a proposal passes: quorum, blocks, threshold, tie, in this order, in whole numbers.

A vote is agree, abstain, disagree or block. The quorum is a fraction of the people who may vote and
counts everybody who voted, abstainers too. The threshold is a fraction of one of three bases, and
says whether it must be reached (`at_least`) or passed (`more_than`):

    cast         everybody who voted, abstainers too
    for_against  who voted and did not abstain
    eligible     everybody who may vote

Worked number: 40 may vote; 26 agree, 3 abstain, 4 disagree, 0 block. Quorum 1/4: ceil(40/4) = 10,
and 33 voted. At least 2/3 of votes cast: ceil(33 × 2/3) = 22, and 26 agree. It passes.

Source: members’ and shareholders’ votes as commonly defined, with "of what" made explicit
(base, comparison), as every threshold of an operating manual must name them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

CHOICES = ("agree", "abstain", "disagree", "block")
BASES = ("cast", "for_against", "eligible")
COMPARISONS = ("at_least", "more_than")
TIE_RULES = ("none", "fails")
VERDICTS = ("passed", "failed", "no_quorum", "tied", "blocked")
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that a decision runs under; fractions are exact."""

    quorum: Fraction
    threshold: Fraction
    comparison: str
    base: str
    is_block_allowed: bool
    tie_rule: str
    is_early_close_allowed: bool

    def __post_init__(self) -> None:
        """Refuse, with ValueError, what no tally can follow."""
        if not 0 <= self.quorum <= 1:
            raise ValueError(f"a quorum lies between 0 and 1, not at {self.quorum}")
        if not 0 < self.threshold <= 1:
            raise ValueError(f"a threshold lies above 0 and up to 1, not at {self.threshold}")
        if self.comparison not in COMPARISONS:
            raise ValueError(f"no comparison: {self.comparison}")
        if self.base not in BASES:
            raise ValueError(f"no base: {self.base}")
        if self.tie_rule not in TIE_RULES:
            raise ValueError(f"no tie rule: {self.tie_rule}")


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of a vote, what was needed, and the verdict."""

    verdict: str
    counts: dict[str, int]
    eligible: int
    cast: int
    base_count: int
    quorum_needed: int
    agree_needed: int

    @property
    def agree(self) -> int:
        """How many agree."""
        return self.counts["agree"]

    @property
    def has_quorum(self) -> bool:
        """Enough people voted."""
        return self.cast >= self.quorum_needed

    @property
    def has_threshold(self) -> bool:
        """Enough of them agree."""
        return self.agree >= self.agree_needed


def rules_read(given: Mapping[str, object]) -> Rules:
    """Rules from their JSON, where fractions are text such as "2/3". ValueError when they are not.

    `voting_days` and other keys that no tally needs are passed over.
    """
    try:
        return Rules(
            quorum=Fraction(str(given["quorum"])),
            threshold=Fraction(str(given["threshold"])),
            comparison=str(given["comparison"]),
            base=str(given["base"]),
            is_block_allowed=given["is_block_allowed"] is True,
            tie_rule=str(given["tie_rule"]),
            is_early_close_allowed=given["is_early_close_allowed"] is True,
        )
    except (KeyError, ZeroDivisionError) as fault:
        raise ValueError(f"rules without {fault}") from fault


def ceiling(exact: Fraction) -> int:
    """The smallest whole number that is not below `exact`."""
    return -((-exact.numerator) // exact.denominator)


def agree_needed(*, base_count: int, rules: Rules) -> int:
    """How many must agree: a whole number, and never nobody."""
    exact = rules.threshold * base_count
    if rules.comparison == "at_least":
        return max(1, ceiling(exact))
    return exact.numerator // exact.denominator + 1


def tally(*, counts: Mapping[str, int], eligible: int, rules: Rules) -> Tally:
    """Count a vote of `eligible` people.

    ValueError for counts that cannot be: unknown choices, negative ones, more votes than voters.
    """
    if set(counts) - set(CHOICES) or any(count < 0 for count in counts.values()):
        raise ValueError(f"these are not counts of a vote: {dict(counts)}")
    full = {choice: counts.get(choice, 0) for choice in CHOICES}
    cast = sum(full.values())
    if cast > eligible:
        raise ValueError(f"{cast} voted, but only {eligible} may vote")
    base_count = {"cast": cast, "for_against": cast - full["abstain"], "eligible": eligible}[
        rules.base
    ]
    needed = agree_needed(base_count=base_count, rules=rules)
    quorum_needed = ceiling(rules.quorum * eligible)
    against = full["disagree"] + full["block"]
    if cast < quorum_needed:
        verdict = "no_quorum"
    elif full["block"] and rules.is_block_allowed:
        verdict = "blocked"
    elif full["agree"] >= needed:
        verdict = "passed"
    elif full["agree"] == against > 0 and rules.threshold == HALF and rules.tie_rule == "none":
        verdict = "tied"
    else:
        verdict = "failed"
    return Tally(
        verdict=verdict,
        counts=full,
        eligible=eligible,
        cast=cast,
        base_count=base_count,
        quorum_needed=quorum_needed,
        agree_needed=needed,
    )
