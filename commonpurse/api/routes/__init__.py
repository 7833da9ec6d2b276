"""Every operation, by room."""

from commonpurse.api.routes import (
    bank,
    coops,
    drafts,
    fund,
    manual,
    me,
    notices,
    payments,
    record,
    suggestions,
    talk,
    votes,
)

ROUTERS = (
    me.router,
    notices.router,
    coops.router,
    drafts.router,
    suggestions.router,
    manual.router,
    talk.router,
    votes.router,
    fund.router,
    payments.router,
    bank.router,
    record.router,
)
