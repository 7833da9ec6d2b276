"""Secrets that the product must be able to read, sealed: a copy of the database gives none away.

The key is made of the one that signs sessions, apart for each purpose, so what was sealed for one
purpose opens for no other.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str, *, purpose: str) -> str:
    """What is kept in place of `text`: some 100 characters more than it."""
    return sealer(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str | None:
    """What was sealed; None when the key of then is lost, or it was sealed for something else."""
    try:
        return sealer(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def sealer(purpose: str) -> Fernet:
    """What seals and opens for one purpose."""
    key = hashlib.sha256(purpose.encode() + b"\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
