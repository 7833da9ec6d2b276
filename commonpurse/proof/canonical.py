"""Canonical JSON: one value, one sequence of bytes (RFC 8785, the part that the record needs).

Numbers never appear: a leaf writes whole numbers as decimal strings, because RFC 8785 rests on
IEEE doubles and cannot hold every integer above 2**53. Keys are ASCII, so sorting them by bytes
is sorting them by UTF-16 code units.
"""

import orjson


def canonical(value: object) -> bytes:
    """The one way to write `value` as bytes. TypeError for a number or an unknown type."""
    check(value)
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
