"""Signatures of what webhooks get, by Standard Webhooks (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from commonpurse.record.sealing import seal, unseal

PREFIX = "whsec_"
SEALED_FOR = "commonpurse.notices.webhook"
SECRET_BYTES = 32


def secret_new() -> str:
    """A fresh secret: `whsec_` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def secret_sealed(secret: str) -> str:
    """A secret as the database keeps it."""
    return seal(secret, purpose=SEALED_FOR)


def secret_opened(sealed: str) -> str | None:
    """A kept secret; None when the key that sealed it is lost."""
    return unseal(sealed, purpose=SEALED_FOR)


def signature(secret: str, message_id: str, stamp: int, body: bytes) -> str:
    """One signature: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_of(
    secrets_held: Sequence[str], *, message_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """The headers of one message; while a secret is being changed, both sign."""
    stamp = int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Commonpurse",
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(
            signature(secret, message_id, stamp, body) for secret in secrets_held
        ),
    }
