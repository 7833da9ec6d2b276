"""Part of verify.py: refusals, Ed25519, signed notes and checkpoints."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

# -- 8< -- Above this line: how the parts find each other. Below: verify.py.


class Broken(Exception):
    """Something does not hold."""


class Unreadable(Exception):
    """Something cannot be read."""


def must(holds: object, where: Any, what: str) -> None:
    """Go on only when this holds; `where` is a row or the name of a file."""
    if not holds:
        if isinstance(where, dict):
            where = f"{where['_file']}, line {where['_line']}, id {where['id']}"
        raise Broken(f"{where}: {what}")


# Ed25519 (RFC 8032, section 5.1), verification only.

Point = tuple[int, int, int, int]

PUBLIC_BYTES = 32
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates (X, Y, Z, T)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, d - c, d + c, f + e
    return (w * x % P, y * z % P, x * y % P, w * z % P)


def point_times(number: int, point: Point) -> Point:
    """`number` times a point."""
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = point_add(found, point)
        point = point_add(point, point)
        number >>= 1
    return found


def point_read(data: bytes) -> Point | None:
    """The point that 32 bytes write; None when they write none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def point_write(point: Point) -> bytes:
    """The 32 bytes of a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_read((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature of `message` is by the key `public`."""
    key = point_read(public) if len(public) == PUBLIC_BYTES else None
    if key is None or len(signature) != 2 * PUBLIC_BYTES:
        return False
    number = int.from_bytes(signature[32:], "little")
    if number >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    minus_key = (P - key[0], key[1], 1, P - key[3])
    challenge = int.from_bytes(digest, "little") % L
    found = point_add(point_times(number, BASE), point_times(challenge, minus_key))
    return point_write(found) == signature[:32]


# Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).


Key = tuple[str, bytes, bytes]


def from_base64(text: str) -> bytes:
    """The bytes of base 64 text; ValueError when it is not written the one right way."""
    data = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base 64")
    return data


def vkey_read(text: str) -> Key:
    """(name, key id, public key) of a verifier key `name+id+key`; ValueError when it is none."""
    name, key_id, encoded = text.split("+", 2)
    data = from_base64(encoded)
    found = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if data[:1] != b"\x01" or len(data) != 1 + PUBLIC_BYTES or found.hex() != key_id:
        raise ValueError("verifier key")
    return name, found, data[1:]


def note_open(note: str, name: str, keys: list[Key], where: Any) -> str:
    """The text of a note that a known key signed under `name`."""
    try:
        text, tail = note.rsplit("\n\n", 1)
        must(tail.endswith("\n"), where, "the note does not end as one")
        signed = []
        for line in tail[:-1].split("\n"):
            dash, signer, encoded = line.split(" ")
            must(dash == "—" and signer, where, "a signature line is malformed")
            signed.append((signer, from_base64(encoded)))
    except ValueError as error:
        raise Broken(f"{where}: this is not a signed note") from error
    text += "\n"
    count = 0
    for signer, data in signed:
        for key_name, key_id, public in keys:
            if (signer, data[:4]) == (key_name, key_id) and signer == name:
                holds = signature_holds(public, text.encode(), data[4:])
                must(holds, where, f"the signature of {name} does not hold")
                count += 1
    must(count, where, "no known key signed this")
    return text


def checkpoint_open(note: str, name: str, keys: list[Key], where: Any) -> tuple[int, bytes]:
    """(size, root) of a signed checkpoint of the log `name`."""
    text = note_open(note, name, keys, where)
    match = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n", text, re.ASCII)
    if match is None or match[1] != name:
        raise Broken(f"{where}: this is not a checkpoint of {name}")
    try:
        return int(match[2]), from_base64(match[3])
    except ValueError as error:
        raise Broken(f"{where}: the root is not base 64") from error
