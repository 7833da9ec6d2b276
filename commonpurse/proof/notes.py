"""Signed notes (c2sp.org/signed-note): a text, a blank line, and lines that sign the text.

    commonpurse/0192…
    1042
    sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

    — commonpurse/0192… hI2DJw…roloI=

A signature line names a key and carries the key's 4-byte id and the Ed25519 signature of the text.
A verifier key is written `name+hex id+base64(1, public key)`. Whatever departs from the format by
one character is refused: a note that two programs read differently proves nothing.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from commonpurse.proof.faults import Malformed

ED25519 = b"\x01"
PUBLIC_BYTES = 32
KEY_ID_BYTES = 4
NOTE_CHARACTERS_MAX = 1_000_000
SIGNATURES_MAX = 100
CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, as a vkey writes it."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand for the key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[
            :KEY_ID_BYTES
        ]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class Signer:
    """The private key of a record, and the names under which it signs."""

    private: Ed25519PrivateKey

    def key(self, name: str) -> VerifierKey:
        """The verifier key of this signer under `name`."""
        return VerifierKey(name_checked(name), self.private.public_key().public_bytes_raw())

    def sign(self, name: str, text: str) -> str:
        """`text` as a note signed under `name`."""
        if not text.endswith("\n") or CONTROL.search(text):
            raise Malformed("a note's text ends with a newline and has no control characters")
        key = self.key(name)
        signature = to_base64(key.key_id + self.private.sign(text.encode()))
        return f"{text}\n— {name} {signature}\n"


def to_base64(data: bytes) -> str:
    """Standard base 64 with padding."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """The bytes of standard base 64. Malformed when any other text writes the same bytes."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Malformed("this is not base 64") from error
    if to_base64(data) != text:
        raise Malformed("this base 64 is not written the one right way")
    return data


def name_checked(name: str) -> str:
    """A key's name: not empty, no space, no plus sign."""
    if not name or "+" in name or CONTROL.search(name) or any(char.isspace() for char in name):
        raise Malformed("a key's name is not empty and has neither spaces nor plus signs")
    return name


def vkey_read(text: str) -> VerifierKey:
    """The key that a vkey writes. Malformed when its id is not that of its name and key."""
    name, _, rest = text.partition("+")
    key_id, plus, encoded = rest.partition("+")
    if not plus:
        raise Malformed("a verifier key is written name+id+key")
    data = from_base64(encoded)
    if len(data) != len(ED25519) + PUBLIC_BYTES or data[:1] != ED25519:
        raise Malformed("the verifier key is not an Ed25519 key")
    key = VerifierKey(name_checked(name), data[1:])
    if key_id != key.key_id.hex():
        raise Malformed("the verifier key's id does not fit its name and key")
    return key


def note_read(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A note's text, and its signatures as (name, id and signature), nothing verified yet."""
    if len(note) > NOTE_CHARACTERS_MAX or CONTROL.search(note):
        raise Malformed("the note is too long or has control characters")
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise Malformed("a note is a text, a blank line, and signature lines")
    text += "\n"
    lines = tail[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise Malformed("the note has too many signatures")
    signatures = []
    for line in lines:
        name, space, encoded = line.removeprefix("— ").partition(" ")
        if not line.startswith("— ") or not space:
            raise Malformed("a signature line is written: — name signature")
        data = from_base64(encoded)
        if len(data) <= KEY_ID_BYTES:
            raise Malformed("a signature is too short")
        signatures.append((name_checked(name), data))
    return text, signatures


def note_open(note: str, keys: Iterable[VerifierKey]) -> str:
    """The text of a note that a known key signed.

    Malformed when the note is, when no key of `keys` signed it, or when a known key's signature
    does not hold: other keys' signatures are passed over.
    """
    text, signatures = note_read(note)
    known = {(key.name, key.key_id): key for key in keys}
    is_signed = False
    for name, data in signatures:
        key = known.get((name, data[:KEY_ID_BYTES]))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(
                data[KEY_ID_BYTES:], text.encode()
            )
        except InvalidSignature as error:
            raise Malformed(f"the signature of {name} does not hold") from error
        is_signed = True
    if not is_signed:
        raise Malformed("no known key signed this")
    return text
