"""Every operation, by room."""

from commonpurse.api.routes import (
    bank,
    coops,
    fund,
    manual,
    me,
    months,
    notices,
    payments,
    record,
    search,
    sponsors,
    talk,
    votes,
)

ROUTERS = (
    me.router,
    notices.router,
    coops.router,
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
