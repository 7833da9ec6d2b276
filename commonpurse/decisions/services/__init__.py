"""Writes of decisions: drafting, founding, opening, voting, closing, outcomes, enactment."""

from commonpurse.decisions.services.ballots import ballot_cast, ballot_withdraw
from commonpurse.decisions.services.closing import decision_close, decisions_close_due
from commonpurse.decisions.services.drafting.drafts import (
    DraftWish,
    draft_begin,
    draft_change,
    draft_clause_set,
    draft_discard,
)
from commonpurse.decisions.services.drafting.founders import (
    draft_founder_remove,
    draft_invitation_revoke,
    draft_invite,
    draft_join,
    draft_leave,
)
from commonpurse.decisions.services.drafting.opening import (
    coop_begin,
    draft_again,
    draft_open,
    drafts_forget_due,
)
from commonpurse.decisions.services.drafting.suggestions import (
    suggestion_accept,
    suggestion_comment,
    suggestion_decline,
    suggestion_make,
    suggestion_withdraw,
)
from commonpurse.decisions.services.enactments import enactment_add, enactment_fail
from commonpurse.decisions.services.founding import coop_found
from commonpurse.decisions.services.opening import decision_open
from commonpurse.decisions.services.outcomes import outcome_write
from commonpurse.decisions.services.telling import decision_tell, decisions_closing_tell_due

__all__ = [
    "DraftWish",
    "ballot_cast",
    "ballot_withdraw",
    "coop_begin",
    "coop_found",
    "decision_close",
    "decision_open",
    "decision_tell",
    "decisions_close_due",
    "decisions_closing_tell_due",
    "draft_again",
    "draft_begin",
    "draft_change",
    "draft_clause_set",
    "draft_discard",
    "draft_founder_remove",
    "draft_invitation_revoke",
    "draft_invite",
    "draft_join",
    "draft_leave",
    "draft_open",
    "drafts_forget_due",
    "enactment_add",
    "enactment_fail",
    "outcome_write",
    "suggestion_accept",
    "suggestion_comment",
    "suggestion_decline",
    "suggestion_make",
    "suggestion_withdraw",
]
