"""Canonical JSON: one value, one sequence of bytes (RFC 8785, the part that the record needs).

Numbers never appear: a leaf writes whole numbers as decimal strings, because RFC 8785 rests on
IEEE doubles and cannot hold every integer above 2**53. Keys are ASCII, so sorting them by bytes
is sorting them by UTF-16 code units.
"""

import hashlib
from collections.abc import Iterable

import orjson

TEXT_MAX = 2_000
"""Longer text stands in a leaf by its SHA-256, so that a leaf stays small."""

JSON_BYTES_MAX = 48_000
"""A longer list or object stands in a leaf by the SHA-256 of its canonical form."""


def canonical(value: object) -> bytes:
    """The one way to write `value` as bytes. TypeError for a number or an unknown type."""
    check(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def canonical_read(value: object) -> bytes:
    """As `canonical`, for a value that came out of a JSON reader and is to be compared.

    A number in it makes different bytes than the text that should stand there, so nothing is lost
    by leaving out the check, and a million rows are read in half the time.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def check(value: object) -> None:
    """Raise TypeError unless `value` is made of strings, truth values, null, lists and objects."""
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise TypeError(f"a key must be ASCII text: {key!r}")
            check(item)
        return
    if isinstance(value, list):
        for item in value:
            check(item)
        return
    raise TypeError(f"{type(value).__name__} has no canonical form here: {value!r}")


def text_value(text: str) -> str:
    """Short text as it is, long text as `sha256:` and the digest of its UTF-8 bytes."""
    if len(text) <= TEXT_MAX:
        return text
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def text_shortened(value: object) -> object:
    """A row's value as its leaf holds it: every long text in it replaced by its digest."""
    if isinstance(value, str):
        return text_value(value)
    if isinstance(value, dict):
        return {key: text_shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [text_shortened(item) for item in value]
    return value


def field_shortened(value: object) -> object:
    """A column's value as its leaf holds it.

    Long texts stand by their digests, and a list or object that is still too long for a leaf
    stands by the digest of its canonical form.
    """
    short = text_shortened(value)
    if isinstance(short, list | dict) and len(canonical_read(short)) > JSON_BYTES_MAX:
        return "sha256:" + hashlib.sha256(canonical_read(value)).hexdigest()
    return short


def lines_sha256(rows: Iterable[object]) -> str:
    """SHA-256 over the canonical lines of many rows, each ended by a newline: 64 hex digits."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(canonical(row) + b"\n")
    return digest.hexdigest()
