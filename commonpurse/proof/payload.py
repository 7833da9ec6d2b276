"""The payload of a payment: what trustees sign, its hash, and the short code that stands for it."""

import hashlib

from commonpurse.proof.canonical import canonical

SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 symbols that nobody mistakes for each other: no I, O, 0 or 1."""
CODE_SYMBOLS = 8


def payload_hash(payload: dict[str, object]) -> str:
    """SHA-256 of the payload's canonical JSON: 64 hex digits."""
    return hashlib.sha256(canonical(payload)).hexdigest()


def payload_code(hash_hex: str) -> str:
    """`ABCD-2345`: the first 40 bits of the hash, five a symbol. Screen, mail and file show it."""
    bits = int(hash_hex[: CODE_SYMBOLS * 5 // 4], 16)
    code = "".join(SYMBOLS[bits >> 5 * place & 31] for place in reversed(range(CODE_SYMBOLS)))
    return f"{code[:4]}-{code[4:]}"
