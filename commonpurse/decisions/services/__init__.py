"""Writes of decisions: opening, voting, closing, outcomes, founding, enactment."""

from commonpurse.decisions.services.ballots import ballot_cast, ballot_withdraw
from commonpurse.decisions.services.closing import decision_close, decisions_close_due
from commonpurse.decisions.services.enactments import enactment_add, enactment_fail
from commonpurse.decisions.services.founding import coop_found
from commonpurse.decisions.services.opening import decision_open
from commonpurse.decisions.services.outcomes import outcome_write
from commonpurse.decisions.services.telling import decision_tell, decisions_closing_tell_due

__all__ = [
    "ballot_cast",
    "ballot_withdraw",
    "coop_found",
    "decision_close",
    "decision_open",
    "decision_tell",
    "decisions_close_due",
    "decisions_closing_tell_due",
    "enactment_add",
    "enactment_fail",
    "outcome_write",
]
