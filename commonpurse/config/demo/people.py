"""The forty of The Shared Bill, and the six whom a visitor may become with one click."""

from dataclasses import dataclass

from commonpurse.say import say

FOUNDERS = ("Wenke", "Halvard", "Marisol", "Sunniva", "Tobin", "Ilario")
TRUSTEES = ("Wenke", "Halvard", "Marisol", "Sunniva", "Tobin")
APPROVALS_NEEDED = 3

MEMBERS = (
    *FOUNDERS,
    "Noor",
    "Ysolde",
    "Anselm",
    "Birgit",
    "Casimir",
    "Dagny",
    "Ebele",
    "Fionn",
    "Gudrun",
    "Hamza",
    "Imke",
    "Jorun",
    "Kwame",
    "Leocadia",
    "Mirren",
    "Nils",
    "Oyelaran",
    "Petra",
    "Quirin",
    "Rosalind",
    "Sefa",
    "Thandiwe",
    "Ulrike",
    "Vasco",
    "Wiebke",
    "Xenia",
    "Yara",
    "Zdenek",
    "Alma",
    "Bastian",
    "Clio",
    "Dorrit",
    "Emre",
    "Freya",
)
"""All forty, in the order in which they joined."""

JOINED_AT_START = 24
"""How many were there when the first dues were charged; the others joined month by month."""

BOOKKEEPER = "Solveig"
"""Acts for the sponsor, and is a member of no co-op."""

STRANGER = "Pax"
"""Not a member: somebody who found the public page."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody whom a visitor of the demo may become, and what there is to see then."""

    key: str
    name: str
    role: str
    sees: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return email_of(self.name)


PERSONAS = (
    Persona("member", "Noor", say("Member"), say("A vote that waits, her dues, the threads.")),
    Persona(
        "coordinator", "Halvard", say("Coordinator"), say("Invitations, roles, outcomes to write.")
    ),
    Persona("trustee", "Wenke", say("Trustee"), say("A payment that waits for her approval.")),
    Persona("treasurer", "Ilario", say("Treasurer"), say("Dues, orders, the bank's statements.")),
    Persona(
        "sponsor", "Solveig", say("Sponsor’s bookkeeper"), say("Funds held, orders to carry out.")
    ),
    Persona("visitor", "Pax", say("Not a member"), say("What everybody may see.")),
)


def email_of(name: str) -> str:
    """The address of one of the demo's people; `.example` never receives mail (RFC 2606)."""
    return f"{name.lower()}@shared-bill.example"
