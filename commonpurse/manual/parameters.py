"""The typed numbers of an operating manual. Each parameter is declared once, here.

The parameters belong together, so some are checked against each other:

- Trustees' seats exceed the approvals needed: who asks for a payment never approves it, so with
  as many seats as approvals no trustee could ever ask. With three seats or more, two approve.
- "More than" all can never happen, so it goes with a threshold below 1.
- Amending the manual is never easier than deciding under it.
- A co-op of three members or more needs two approvals (`check_for_members`).
"""

# ruff: noqa: RUF009  (declared() makes a dataclass field)

from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction

from commonpurse.errors import Invalid
from commonpurse.manual.fields import AMOUNT_MAX_MINOR, Field, Type, declared
from commonpurse.say import say

COMPARISONS = (("at_least", say("at least")), ("more_than", say("more than")))
BASES = (
    ("cast", say("of votes cast")),
    ("for_against", say("of votes for and against")),
    ("eligible", say("of all who may vote")),
)
TIE_RULES = (
    ("none", say("it is reported as a tie")),
    ("fails", say("the proposal fails")),
)
MINIMUM_APPROVALS = 2
SEATS_FOR_TWO = 3
MEMBERS_FOR_TWO = 3


class StandingKind(StrEnum):
    """What may flow without a new vote, within a bound for each month."""

    REFUND = "refund"
    SPONSOR_FEE = "sponsor_fee"
    BANK_FEE = "bank_fee"
    RETURNED_DEBIT = "returned_debit"
    ESCROW_RELEASE = "escrow_release"
    SHARE_WITHDRAWAL = "share_withdrawal"


STANDING_LABELS = {
    StandingKind.REFUND: say("refunds to members"),
    StandingKind.SPONSOR_FEE: say("the sponsor's fee"),
    StandingKind.BANK_FEE: say("bank fees"),
    StandingKind.RETURNED_DEBIT: say("returned debits"),
    StandingKind.ESCROW_RELEASE: say("release of escrow"),
    StandingKind.SHARE_WITHDRAWAL: say("withdrawal of shares"),
}


@dataclass(frozen=True, slots=True)
class StandingMandate:
    """An authority to spend that stands in the manual: a kind and a bound for each month."""

    kind: StandingKind
    max_minor_per_month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """All typed parameters of one version of a manual. Consistent by construction."""

    currency: str = declared(
        Type.TEXT,
        "money",
        say("Currency"),
        help=say("The fund is kept in this currency. It cannot change later."),
    )
    timezone: str = declared(
        Type.TEXT,
        "deciding",
        say("Time zone"),
        help=say("Deadlines and due dates are read in this time zone."),
    )
    dues_minor: int = declared(
        Type.MONEY,
        "money",
        say("Dues"),
        help=say("What each member owes for one period. 0 means no dues."),
        unit="minor units",
        minimum=0,
        maximum=AMOUNT_MAX_MINOR,
    )
    dues_period_months: int = declared(
        Type.WHOLE,
        "money",
        say("Dues period"),
        help=say("How many months one period lasts."),
        unit="months",
        minimum=1,
        maximum=12,
    )
    dues_day: int = declared(
        Type.WHOLE,
        "money",
        say("Due day"),
        help=say("The day of the month on which dues fall due, at most the 28th."),
        unit="day of the month",
        minimum=1,
        maximum=28,
    )
    voting_days: int = declared(
        Type.WHOLE,
        "deciding",
        say("Voting time"),
        help=say("How long a vote stays open."),
        unit="days",
        minimum=1,
        maximum=90,
    )
    quorum: Fraction = declared(
        Type.FRACTION,
        "deciding",
        say("Quorum"),
        help=say("The part of all who may vote that must take part. 0 means none."),
        unit="of all who may vote",
        minimum=Fraction(0),
        maximum=Fraction(1),
    )
    threshold: Fraction = declared(
        Type.FRACTION,
        "deciding",
        say("Threshold"),
        help=say("The part that must agree for a proposal to pass."),
        minimum=Fraction(1, 9999),
        maximum=Fraction(1),
    )
    threshold_comparison: str = declared(
        Type.CHOICE,
        "deciding",
        say("Reaching it"),
        help=say("Whether exactly the threshold is enough."),
        choices=COMPARISONS,
    )
    threshold_base: str = declared(
        Type.CHOICE,
        "deciding",
        say("Threshold of what"),
        help=say("What the threshold is a part of. Votes cast include those who abstain."),
        choices=BASES,
    )
    amendment_quorum: Fraction = declared(
        Type.FRACTION,
        "amending",
        say("Quorum for amendments"),
        help=say(
            "The part of all who may vote that must take part to change this manual or trustees."
        ),
        unit="of all who may vote",
        minimum=Fraction(0),
        maximum=Fraction(1),
    )
    amendment_threshold: Fraction = declared(
        Type.FRACTION,
        "amending",
        say("Threshold for amendments"),
        help=say("The part that must agree to change this manual or the trustees."),
        minimum=Fraction(1, 9999),
        maximum=Fraction(1),
    )
    amendment_comparison: str = declared(
        Type.CHOICE,
        "amending",
        say("Reaching it for amendments"),
        help=say("Whether exactly the threshold is enough."),
        choices=COMPARISONS,
    )
    amendment_base: str = declared(
        Type.CHOICE,
        "amending",
        say("Threshold for amendments of what"),
        help=say("What the threshold is a part of. Votes cast include those who abstain."),
        choices=BASES,
    )
    is_block_allowed: bool = declared(
        Type.FLAG,
        "deciding",
        say("A block stops a proposal"),
        help=say("Whether one member may block a proposal that would do the co-op serious harm."),
    )
    is_early_close_allowed: bool = declared(
        Type.FLAG,
        "deciding",
        say("Close when all have voted"),
        help=say("Whether a vote closes before its time once everybody has voted."),
    )
    tie_rule: str = declared(
        Type.CHOICE,
        "deciding",
        say("A tie"),
        help=say("What as many votes for as against means, where the threshold leaves it open."),
        choices=TIE_RULES,
    )
    trustees_seats: int = declared(
        Type.WHOLE,
        "paying",
        say("Trustees' seats"),
        help=say("How many trustees there are at most: more than the approvals needed."),
        unit="people",
        minimum=2,
        maximum=25,
    )
    approvals_needed: int = declared(
        Type.WHOLE,
        "paying",
        say("Approvals for a payment"),
        help=say("How many trustees approve each payment. Who asks for it is never one of them."),
        unit="trustees",
        minimum=1,
        maximum=24,
    )
    payment_limit_minor: int = declared(
        Type.MONEY,
        "paying",
        say("Limit for one payee"),
        help=say("The most that one payee gets within the limit's days. 0 means no limit."),
        unit="minor units",
        minimum=0,
        maximum=AMOUNT_MAX_MINOR,
    )
    payment_limit_days: int = declared(
        Type.WHOLE,
        "paying",
        say("Days of the limit"),
        help=say("Over how many days payments to one payee are counted together."),
        unit="days",
        minimum=1,
        maximum=366,
    )
    cooling_days: int = declared(
        Type.WHOLE,
        "paying",
        say("Waiting after new bank details"),
        help=say("How long changed bank details of a payee rest before money goes there."),
        unit="days",
        minimum=0,
        maximum=60,
    )
    request_valid_days: int = declared(
        Type.WHOLE,
        "paying",
        say("Life of a payment request"),
        help=say("After how many days a request that was not approved is over."),
        unit="days",
        minimum=1,
        maximum=90,
    )
    standing_mandates: tuple[StandingMandate, ...] = declared(
        Type.MANDATES,
        "paying",
        say("Standing mandates"),
        help=say("What may flow without a new vote, and how much of it in one month at most."),
        unit="minor units a month",
    )

    def __post_init__(self) -> None:
        check_together(self)


FIELDS: tuple[Field, ...] = tuple(
    Field(key=item.name, **item.metadata["declared"]) for item in fields(Parameters)
)
"""Every parameter's declaration, in the order of the manual."""


def check_together(given: Parameters) -> None:
    """Raise Invalid when parameters contradict each other; the field named is the one to change."""
    if given.trustees_seats <= given.approvals_needed:
        raise Invalid(
            "seats_too_few",
            "Have at least %(seats)s trustees' seats: who asks for a payment never approves it.",
            field="trustees_seats",
            seats=given.approvals_needed + 1,
        )
    if given.trustees_seats >= SEATS_FOR_TWO and given.approvals_needed < MINIMUM_APPROVALS:
        raise Invalid(
            "approvals_too_few",
            "Ask for at least two approvals: there are three trustees' seats or more.",
            field="approvals_needed",
        )
    check_reachable("threshold", given.threshold, given.threshold_comparison)
    check_reachable("amendment_threshold", given.amendment_threshold, given.amendment_comparison)
    if given.amendment_quorum < given.quorum:
        raise Invalid(
            "amendment_easier",
            "Enter a quorum for amendments that is not below the quorum for proposals.",
            field="amendment_quorum",
        )
    if given.amendment_base == given.threshold_base and given.amendment_threshold < given.threshold:
        raise Invalid(
            "amendment_easier",
            "Enter a threshold for amendments that is not below the one for proposals.",
            field="amendment_threshold",
        )
    kinds = [mandate.kind for mandate in given.standing_mandates]
    if len(set(kinds)) != len(kinds):
        raise Invalid(
            "standing_twice", "Give each kind of standing mandate once.", field="standing_mandates"
        )


def check_reachable(key: str, threshold: Fraction, comparison: str) -> None:
    """Raise Invalid for "more than all"."""
    if comparison == "more_than" and threshold == 1:
        raise Invalid(
            "threshold_unreachable",
            "More than all can never agree. Enter a smaller fraction, or choose at least.",
            field=key,
        )


def check_for_members(given: Parameters, members: int) -> None:
    """Raise Invalid unless these parameters suit a co-op of so many members.

    Whoever proposes or founds asks this; a manual that was adopted stays valid while the co-op
    grows.
    """
    if members >= MEMBERS_FOR_TWO and given.approvals_needed < MINIMUM_APPROVALS:
        raise Invalid(
            "approvals_too_few",
            "Ask for at least two approvals: the co-op has three members or more.",
            field="approvals_needed",
        )
