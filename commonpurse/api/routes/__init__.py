"""Every operation, by room."""

from commonpurse.api.routes import bank, coops, fund, manual, me, payments, record, talk, votes

ROUTERS = (
    me.router,
    coops.router,
    manual.router,
    talk.router,
    votes.router,
    fund.router,
    payments.router,
    bank.router,
    record.router,
)
