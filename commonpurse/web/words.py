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
    "dues.charged": _("Dues charged"),
    "bank.booked": _("Bank line booked"),
    "entry.posted": _("Entry posted"),
}
