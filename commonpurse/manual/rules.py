"""Which rules a decision runs under: copied from the manual when it opens, by its kind.

Founding asks every founder to agree. Changing the manual or the trustees follows the rules for
amendments, everything else the rules for proposals.
"""

from commonpurse.manual.fields import fraction_text
from commonpurse.manual.parameters import Parameters

AMENDING = {"amendment", "trustees"}
FOUNDING = "founding"


def rules_for(kind: str, parameters: Parameters) -> dict[str, object]:
    """The rules for a decision of this kind, as JSON: fractions as text."""
    if kind == FOUNDING:
        return {
            "quorum": "1",
            "threshold": "1",
            "comparison": "at_least",
            "base": "eligible",
            "is_block_allowed": False,
            "is_early_close_allowed": True,
            "tie_rule": "fails",
            "voting_days": parameters.voting_days,
        }
    amending = kind in AMENDING
    given = parameters
    return {
        "quorum": fraction_text(given.amendment_quorum if amending else given.quorum),
        "threshold": fraction_text(given.amendment_threshold if amending else given.threshold),
        "comparison": given.amendment_comparison if amending else given.threshold_comparison,
        "base": given.amendment_base if amending else given.threshold_base,
        "is_block_allowed": given.is_block_allowed,
        "is_early_close_allowed": given.is_early_close_allowed,
        "tie_rule": given.tie_rule,
        "voting_days": given.voting_days,
    }
