"""What the demo's people were told in their year, and what of it they have read.

The jobs of the year run when the demo first starts; here the same is told with the year's own
dates, so that whoever looks in finds an inbox of a week and not of a year.
"""

from datetime import datetime, timedelta

from commonpurse.config.demo.year import Year
from commonpurse.decisions.selectors import DecisionView, decision_list
from commonpurse.decisions.services import decision_tell
from commonpurse.groups.selectors import coop_view
from commonpurse.notices.services import notice_read
from commonpurse.rules.schedules import due_instant
from commonpurse.treasury.selectors import dues_overview
from commonpurse.treasury.services import charged_tell

READ = timedelta(days=7)
ALL = 1_000


def tell(year: Year) -> None:
    """Tell all that happened; what is older than a week is read."""
    for decision in decision_list(coop_id=year.coop_id, limit=ALL):
        for fact, at in facts_of(decision):
            decision_tell(decision_id=decision.id, fact=fact, at=at)
    coop = coop_view(year.coop_id)
    for period in dues_overview(year.coop_id, year.now.date()).periods:
        instant = due_instant(period.due_on, coop.timezone)
        charged_tell(
            coop_id=year.coop_id,
            period=period.period,
            due_on=period.due_on,
            instant=instant,
            amount_minor=period.total_minor // period.count,
            currency=coop.currency,
            at=instant,
        )
    for member in year.members.values():
        notice_read(
            person_id=member.person_id, actor=member.actor, at=year.now, until=year.now - READ
        )


def facts_of(decision: DecisionView) -> list[tuple[str, datetime]]:
    """What there was to tell of a decision, and when it happened. Founding has mails of its own."""
    found = [("opened", decision.opens_at)] if decision.kind != "founding" else []
    if decision.result is not None:
        found.append(("closed", decision.result.at))
    if decision.outcome is not None:
        found.append(("outcome", decision.outcome.at))
    return found
