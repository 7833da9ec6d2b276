"""Words for keys: what a page calls a role, a kind, a verdict. The glossary's, and no others."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: dict[str, str | Promise] = {
    "member": _("Member"),
    "facilitator": _("Facilitator"),
    "coordinator": _("Coordinator"),
    "trustee": _("Trustee"),
    "treasurer": _("Treasurer"),
    "auditor": _("Auditor"),
}

SECTIONS: dict[str, str | Promise] = {
    "money": _("Money and dues"),
    "deciding": _("Deciding"),
    "amending": _("Changing this manual"),
    "paying": _("Paying"),
}

MONTH_CHECKS: dict[str, str | Promise] = {
    "over": _("The month is over"),
    "statements": _("The bank’s statements are in, up to the last day"),
    "balance": _("The newest statement and the books show the same balance"),
    "suspense": _("No debit stands in suspense"),
    "unallocated": _("Every receipt is assigned"),
    "dues": _("The dues of the month are charged"),
    "held": _("What is held belongs to orders on their way"),
    "behind": _("Nobody was behind on the last day"),
    "orders": _("Every order is paid, refused or came back"),
    "promised": _("What votes promise and is not ordered yet"),
    "fees": _("Fees of the bank and the sponsor"),
}

FOUND_KINDS: dict[str, str | Promise] = {
    "coop": _("Co-ops"),
    "thread": _("Threads"),
    "comment": _("Comments"),
    "decision": _("Decisions"),
    "outcome": _("Outcomes"),
    "clause": _("Clauses of the manual"),
    "member": _("Members"),
    "payee": _("Payees"),
    "request": _("Payment requests"),
    "payment": _("Payments"),
}

FOUND_KIND: dict[str, str | Promise] = {
    "coop": _("Co-op"),
    "thread": _("Thread"),
    "comment": _("Comment"),
    "decision": _("Decision"),
    "outcome": _("Outcome"),
    "clause": _("Clause of the manual"),
    "member": _("Member"),
    "payee": _("Payee"),
    "request": _("Payment request"),
    "payment": _("Payment"),
}

DECISION_KINDS: dict[str, str | Promise] = {
    "founding": _("Founding"),
    "statement": _("Statement"),
    "spend": _("Spending"),
    "trustees": _("Choice of trustees"),
    "amendment": _("Amendment of the manual"),
    "cover": _("Cover for a debit"),
}

VERDICTS: dict[str, str | Promise] = {
    "passed": _("Passed"),
    "failed": _("Not passed"),
    "no_quorum": _("No quorum"),
    "tied": _("Tie"),
    "blocked": _("Blocked"),
}

VERDICT_TONES = {
    "passed": "good",
    "failed": "",
    "no_quorum": "warn",
    "tied": "info",
    "blocked": "danger",
}

CHOICES: dict[str, str | Promise] = {
    "agree": _("Agree"),
    "abstain": _("Abstain"),
    "disagree": _("Disagree"),
    "block": _("Block"),
    "withdrawn": _("Withdrawn"),
}

NOTICE_KINDS: dict[str, str | Promise] = {
    "decision_opened": _("A vote opened"),
    "decision_closing": _("A vote closes within a day, and I have not voted"),
    "decision_closed": _("A vote closed, with its result"),
    "outcome": _("An outcome was written"),
    "approval_wanted": _("A payment waits for my approval"),
    "payment_settled": _("A payment was made"),
    "payment_refused": _("My request was refused or ran out"),
    "dues_charged": _("My dues were charged"),
    "comment": _("Somebody answered me"),
    "invitation": _("Somebody invites me"),
    "webhook_stopped": _("A webhook was stopped"),
}

NOTICE_ICONS = {
    "decision_opened": "decide",
    "decision_closing": "clock",
    "decision_closed": "decide",
    "outcome": "flag",
    "approval_wanted": "key",
    "payment_settled": "fund",
    "payment_refused": "cross",
    "dues_charged": "coin",
    "comment": "talk",
    "invitation": "mail",
    "webhook_stopped": "alert",
}

TABLE_NAMES: dict[str, str | Promise] = {
    "members": _("Members"),
    "decisions": _("Decisions"),
    "payments": _("Payments"),
    "mandates": _("Mandates"),
    "requests": _("Payment requests"),
    "entries": _("Entries of the books"),
    "dues": _("Members who are behind with their dues"),
    "payees": _("Payees"),
}

DELIVERY_STATES: dict[str, str | Promise] = {
    "waiting": _("Waiting"),
    "taken": _("Delivered"),
    "failed": _("Not delivered"),
}

DELIVERY_TONES = {"waiting": "info", "taken": "good", "failed": "danger"}

LEAF_KINDS: dict[str, str | Promise] = {
    "coop.founded": _("Co-op founded"),
    "group.made": _("Group made"),
    "member.joined": _("Member joined"),
    "member.left": _("Member left"),
    "role.granted": _("Role given"),
    "role.ended": _("Role ended"),
    "manual.adopted": _("Manual adopted"),
    "decision.opened": _("Decision opened"),
    "ballot.cast": _("Ballot cast"),
    "decision.closed": _("Decision closed"),
    "decision.outcome": _("Outcome written"),
    "decision.enacted": _("Decision enacted"),
    "fund.opened": _("Fund opened"),
    "trustees.adopted": _("Trustees chosen"),
    "mandate.enacted": _("Mandate enacted"),
    "mandate.ended": _("Mandate ended"),
    "payee.added": _("Payee added"),
    "payee.account_entered": _("Payee’s account entered"),
    "payment.requested": _("Payment requested"),
    "payment.payload": _("Payment’s details fixed"),
    "payment.approved": _("Payment approved"),
    "payment.ended": _("Request ended"),
    "payment.ordered": _("Payment ordered"),
    "orders.exported": _("Orders sent to the bank"),
    "payment.failed": _("Payment failed"),
    "payment.settled": _("Payment settled"),
    "payment.reversed": _("Payment reversed"),
    "payment.received": _("Money received"),
    "payment.returned": _("Money taken back"),
    "dues.charged": _("Dues charged"),
    "bank.booked": _("Bank line booked"),
    "entry.posted": _("Entry posted"),
}
