"""Every operation, by room."""

from commonpurse.api.routes import (
    bank,
    coops,
    drafts,
    fund,
    manual,
    me,
    months,
    notices,
    payments,
    record,
    search,
    sponsors,
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
    months.router,
    sponsors.router,
    search.router,
    record.router,
)
