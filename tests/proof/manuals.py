"""What the manual of the small co-op in `tests.proof.story` says, and the rules that follow."""

from tests.proof.exports import Row

PARAMETERS: Row = {
    "currency": "EUR",
    "quorum": "1/2",
    "threshold": "2/3",
    "threshold_comparison": "at_least",
    "threshold_base": "cast",
    "amendment_quorum": "1/2",
    "amendment_threshold": "3/4",
    "amendment_comparison": "at_least",
    "amendment_base": "cast",
    "is_block_allowed": True,
    "is_early_close_allowed": True,
    "tie_rule": "none",
    "standing_mandates": [
        {"kind": "bank_fee", "max_minor_per_month": "1000"},
        {"kind": "returned_debit", "max_minor_per_month": "1000"},
    ],
}
RULES: Row = {
    "quorum": "1/2",
    "threshold": "2/3",
    "comparison": "at_least",
    "base": "cast",
    "is_block_allowed": True,
    "is_early_close_allowed": True,
    "tie_rule": "none",
    "voting_days": "7",
}
FOUNDING = RULES | {
    "quorum": "1",
    "threshold": "1",
    "base": "eligible",
    "is_block_allowed": False,
    "tie_rule": "fails",
}
CLAUSES = [{"key": "name", "title": "Name", "text": "The Shared Bill"}]
