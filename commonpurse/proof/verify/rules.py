"""Which rules a decision must have been copied, and what they make of its counts."""

from commonpurse.proof.reader import Row
from commonpurse.rules.proposals import rules_read, tally

AMENDING = {"amendment", "trustees"}
FOUNDING: Row = {
    "quorum": "1",
    "threshold": "1",
    "comparison": "at_least",
    "base": "eligible",
    "is_block_allowed": False,
    "is_early_close_allowed": True,
    "tie_rule": "fails",
}


def rules_of(kind: str, parameters: Row) -> Row:
    """The rules that the manual's parameters give a decision of this kind."""
    if kind == "founding":
        return FOUNDING | {"voting_days": parameters["voting_days"]}
    if kind in AMENDING:
        names = ("amendment_quorum", "amendment_threshold", "amendment_comparison")
        base = "amendment_base"
    else:
        names = ("quorum", "threshold", "threshold_comparison")
        base = "threshold_base"
    quorum, threshold, comparison = (parameters[name] for name in names)
    return {
        "quorum": quorum,
        "threshold": threshold,
        "comparison": comparison,
        "base": parameters[base],
        "is_block_allowed": parameters["is_block_allowed"],
        "is_early_close_allowed": parameters["is_early_close_allowed"],
        "tie_rule": parameters["tie_rule"],
        "voting_days": parameters["voting_days"],
    }


def verdict_of(counts: dict[str, int], eligible: int, rules: Row) -> str:
    """What the rules make of the counts."""
    return tally(counts=counts, eligible=eligible, rules=rules_read(rules)).verdict
