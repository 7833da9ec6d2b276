"""Reads of decisions: frozen values, with the tally as it stands."""

from commonpurse.decisions.selectors.ballots import (
    ballot_list,
    ballots_of,
    counted_ballot_ids,
    counts_of,
    my_ballot,
    voters_of,
)
from commonpurse.decisions.selectors.decisions import (
    decision_by_id,
    decision_by_number,
    decision_list,
    decisions_closing,
    decisions_due,
    decisions_waiting_for,
    may_vote,
    result_by_id,
)
from commonpurse.decisions.selectors.search import decisions_found
from commonpurse.decisions.values import (
    BallotView,
    DecisionView,
    EnactmentView,
    Foundation,
    OutcomeView,
    ResultView,
)

__all__ = [
    "BallotView",
    "DecisionView",
    "EnactmentView",
    "Foundation",
    "OutcomeView",
    "ResultView",
    "ballot_list",
    "ballots_of",
    "counted_ballot_ids",
    "counts_of",
    "decision_by_id",
    "decision_by_number",
    "decision_list",
    "decisions_closing",
    "decisions_due",
    "decisions_found",
    "decisions_waiting_for",
    "may_vote",
    "my_ballot",
    "result_by_id",
    "voters_of",
]
