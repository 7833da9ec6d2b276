"""Tables of decisions: what is asked and voted on, and what is drafted before there is a co-op."""

from commonpurse.decisions.models.decisions import (
    DETAILS_MAX,
    QUESTION_MAX,
    REASON_MAX,
    STATEMENT_MAX,
    Ballot,
    BallotReason,
    Choice,
    Decision,
    Enactment,
    EnactmentFailure,
    Kind,
    Outcome,
    Result,
    Verdict,
)
from commonpurse.decisions.models.drafts import (
    Draft,
    DraftChange,
    DraftFounder,
    DraftInvitation,
    Suggestion,
    SuggestionComment,
)

__all__ = [
    "DETAILS_MAX",
    "QUESTION_MAX",
    "REASON_MAX",
    "STATEMENT_MAX",
    "Ballot",
    "BallotReason",
    "Choice",
    "Decision",
    "Draft",
    "DraftChange",
    "DraftFounder",
    "DraftInvitation",
    "Enactment",
    "EnactmentFailure",
    "Kind",
    "Outcome",
    "Result",
    "Suggestion",
    "SuggestionComment",
    "Verdict",
]
