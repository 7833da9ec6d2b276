"""Two manuals to begin with. Founders change the numbers and words before they adopt one.

The clauses say what the typed parameters cannot; where a number stands in a parameter, the prose
does not repeat it, so the two can never disagree.
"""

from dataclasses import dataclass
from fractions import Fraction

from commonpurse.errors import Invalid
from commonpurse.manual.clauses import Clause
from commonpurse.manual.parameters import Parameters, StandingKind, StandingMandate
from commonpurse.say import Said, say


@dataclass(frozen=True, slots=True)
class Template:
    """A manual to begin with."""

    key: str
    name: Said
    summary: Said
    parameters: Parameters
    clauses: tuple[Clause, ...]


PAYING = Clause(
    "paying",
    "How money leaves the fund",
    "Every payment names the mandate that allows it, and every mandate names the decision or the "
    "line of this manual that it comes from. A member asks for a payment; trustees approve the "
    "exact payee, account, amount and purpose. Nobody approves what they asked for or gain by. "
    "If anything about a request changes, its approvals are void and it starts again. The sponsor "
    "carries out what was approved; approving is not paying.\n\n"
    "When the bank took money that no mandate explains, the amount stands in suspense on the "
    "public fund page until a decision covers it or the bank gives it back.",
)

RECORD = Clause(
    "record",
    "The public record",
    "What the co-op decides and pays stands in its public record, which can be added to and never "
    "changed. Anyone may copy it and check it. Names, addresses and account numbers are not in "
    "it. A decision that spends money is public, also when a secret group prepared it.",
)

AMENDING = Clause(
    "amending",
    "Changing this manual",
    "This manual changes only by an amendment that members decide. The proposal shows each number "
    "and each clause before and after. A decision runs to its end under the rules that were in "
    "force when it opened. A change of the currency is not an amendment: it is a new co-op.",
)

LEAVING = Clause(
    "leaving",
    "Leaving, and being asked to leave",
    "A member may leave at any time and gives no reason. Dues for a period that has begun stay "
    "owed; what was paid is not given back, unless a mandate for refunds allows it. A coordinator "
    "may end the membership of someone who harms others or has not answered for a year, and says "
    "so to all members. Who was removed may ask the members to decide otherwise.",
)

PRIVACY = Clause(
    "privacy",
    "What we keep about each other",
    "The co-op keeps of each member a name, an e-mail address and what they did here. A member who "
    "asks to be erased is erased: name and address go, and what they wrote and how they voted "
    "stays under “Former member”. The books are kept as long as the law of the sponsor's country "
    "asks.",
)

SOLIDARITY = Template(
    key="solidarity-fund",
    name=say("Solidarity fund"),
    summary=say("Many pay a little; the fund helps members and others who need it."),
    parameters=Parameters(
        currency="EUR",
        timezone="Europe/Berlin",
        dues_minor=500,
        dues_period_months=1,
        dues_day=5,
        voting_days=7,
        quorum=Fraction(1, 5),
        threshold=Fraction(1, 2),
        threshold_comparison="more_than",
        threshold_base="for_against",
        amendment_quorum=Fraction(1, 3),
        amendment_threshold=Fraction(2, 3),
        amendment_comparison="at_least",
        amendment_base="for_against",
        is_block_allowed=False,
        is_early_close_allowed=True,
        tie_rule="fails",
        trustees_seats=5,
        approvals_needed=2,
        payment_limit_minor=100_000,
        payment_limit_days=30,
        cooling_days=3,
        request_valid_days=21,
        standing_mandates=(
            StandingMandate(StandingKind.REFUND, 5_000),
            StandingMandate(StandingKind.SPONSOR_FEE, 5_000),
            StandingMandate(StandingKind.BANK_FEE, 2_000),
            StandingMandate(StandingKind.RETURNED_DEBIT, 10_000),
        ),
    ),
    clauses=(
        Clause(
            "purpose",
            "What we are for",
            "We put small sums together so that a large one is there when somebody needs it. The "
            "fund makes grants to members and to others who share our cause: for rent that is "
            "late, for a lawyer, for the cost of getting somewhere, for work that serves us all. "
            "A grant is a gift. Nobody pays it back and nobody earns it.",
        ),
        Clause(
            "members",
            "Who belongs to us",
            "Members are people who share the purpose and pay dues. They come in by a member's "
            "invitation. Who cannot pay for a while tells the treasurer; nobody is removed for "
            "being poor. Each member has one vote, whatever they paid.",
        ),
        Clause(
            "grants",
            "How a grant is made",
            "Anybody may ask for a grant, for themselves or for somebody else; a member brings it "
            "to the others as a proposal that names the payee, the amount and the purpose. A "
            "person in distress need not tell everybody their story: it is enough that one "
            "facilitator knows it and says that the need is real. Who would get the grant does "
            "not approve its payment. We prefer helping twice a little to helping once a lot.",
        ),
        Clause(
            "reserve",
            "What we keep back",
            "The fund is there to be used. We keep back three months of ordinary grants, so that "
            "the next person who asks does not hear that the purse is empty. A proposal that "
            "would go below says so.",
        ),
        PAYING,
        RECORD,
        LEAVING,
        PRIVACY,
        AMENDING,
    ),
)

SOFTWARE = Template(
    key="software-users",
    name=say("Software users' co-op"),
    summary=say(
        "People who use the same software pay for it together and decide what it should do."
    ),
    parameters=Parameters(
        currency="EUR",
        timezone="Europe/Berlin",
        dues_minor=1_500,
        dues_period_months=1,
        dues_day=1,
        voting_days=7,
        quorum=Fraction(1, 4),
        threshold=Fraction(2, 3),
        threshold_comparison="at_least",
        threshold_base="cast",
        amendment_quorum=Fraction(1, 2),
        amendment_threshold=Fraction(3, 4),
        amendment_comparison="at_least",
        amendment_base="cast",
        is_block_allowed=True,
        is_early_close_allowed=True,
        tie_rule="fails",
        trustees_seats=4,
        approvals_needed=2,
        payment_limit_minor=500_000,
        payment_limit_days=90,
        cooling_days=5,
        request_valid_days=30,
        standing_mandates=(
            StandingMandate(StandingKind.REFUND, 6_000),
            StandingMandate(StandingKind.SPONSOR_FEE, 10_000),
            StandingMandate(StandingKind.BANK_FEE, 2_000),
            StandingMandate(StandingKind.RETURNED_DEBIT, 20_000),
        ),
    ),
    clauses=(
        Clause(
            "purpose",
            "What we are for",
            "We use the same software and pay its bill together: hosting, support, and the work "
            "that makes it better for all of us. Paying together we can ask for things that none "
            "of us could ask for alone. We prefer software that we may read, change and take with "
            "us, and we give back what we paid to have made.",
        ),
        Clause(
            "members",
            "Who belongs to us",
            "Members are people and organisations that use the software and pay dues. They come "
            "in by a member's invitation. Each has one vote; an organisation names the person who "
            "casts it. A supplier may be a member, and does not vote on what it would be paid.",
        ),
        Clause(
            "spending",
            "What we spend on",
            "A proposal to spend names the supplier, the amount, what we get for it and until "
            "when it may be paid. For work that is new to us we ask for two offers where there "
            "are two suppliers. Running costs are decided once a year with a bound for the year. "
            "What we pay to have written is published under a free licence.",
        ),
        Clause(
            "blocking",
            "When to block",
            "A block says: this would do the co-op such harm that I cannot stand by. It is not a "
            "strong no. Who blocks gives the reason in public and helps to find another way. A "
            "proposal that was blocked may come back changed.",
        ),
        Clause(
            "service",
            "When the service fails",
            "If the software is down or a supplier goes quiet, the coordinators may act within the "
            "mandates that exist, and tell members the same day. We keep our own copy of our data, "
            "and once a quarter somebody checks that it can be read.",
        ),
        PAYING,
        RECORD,
        LEAVING,
        PRIVACY,
        AMENDING,
    ),
)

TEMPLATES: dict[str, Template] = {item.key: item for item in (SOLIDARITY, SOFTWARE)}


def template(key: str) -> Template:
    """The template with this key. Raises Invalid."""
    if key not in TEMPLATES:
        raise Invalid(
            "template_unknown",
            "Choose one of: %(choices)s.",
            choices=tuple(item.name for item in TEMPLATES.values()),
            field="template",
        )
    return TEMPLATES[key]
