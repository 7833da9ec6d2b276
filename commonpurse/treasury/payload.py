"""What trustees sign: every fact of a payment that could change where money goes.

The payload is an object of texts, written as canonical JSON and hashed with SHA-256; the short
code stands for the hash wherever a person compares. Account number and holder enter by their
commitments under the payee's erasable key, so the payload itself is public and still binds them.

    {"amount_minor":"7160","currency":"EUR","expires_at":"2026-12-17T10:00:00.000000Z", …}
"""

import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commonpurse.proof.canonical import canonical
from commonpurse.proof.payload import payload_code, payload_hash
from commonpurse.record.encoding import leaf_value

PAYLOAD_VERSION = "1"
NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Payload:
    """The facts that one approval signs."""

    request_id: UUID
    fund_id: UUID
    mandate_id: UUID
    payee_id: UUID
    iban_mac: str
    holder_mac: str
    amount_minor: int
    currency: str
    purpose: str
    nonce: str
    expires_at: datetime
    trustee_set_number: int

    def fields(self) -> dict[str, object]:
        """The payload as the object that is hashed."""
        return {
            "v": PAYLOAD_VERSION,
            "request": str(self.request_id),
            "fund": str(self.fund_id),
            "mandate": str(self.mandate_id),
            "payee": str(self.payee_id),
            "iban_mac": self.iban_mac,
            "holder_mac": self.holder_mac,
            "amount_minor": str(self.amount_minor),
            "currency": self.currency,
            "purpose": self.purpose,
            "nonce": self.nonce,
            "expires_at": leaf_value(self.expires_at),
            "trustee_set": str(self.trustee_set_number),
        }

    @property
    def text(self) -> str:
        """The very characters that are hashed."""
        return canonical(self.fields()).decode()

    @property
    def hash(self) -> str:
        """64 hexadecimal digits."""
        return payload_hash(self.fields())

    @property
    def code(self) -> str:
        """Eight symbols to compare by eye: 7K4Q-M2XD."""
        return payload_code(self.hash)


def nonce_make() -> str:
    """32 hexadecimal digits that were never used before."""
    return os.urandom(NONCE_BYTES).hex()
