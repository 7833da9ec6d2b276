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
    "voting_days": "7",
    "approvals_needed": "2",
    "trustees_seats": "3",
    "cooling_days": "7",
    "request_valid_days": "30",
    "payment_limit_minor": "50000",
    "payment_limit_days": "90",
    "dues_minor": "500",
    "dues_day": "2",
    "dues_period_months": "1",
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
