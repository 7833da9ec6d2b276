"""Every leaf is the hash of its bytes, and leaves and rows stand for each other one to one."""

import hashlib
from collections.abc import Iterator
from operator import itemgetter

import orjson

from commonpurse.proof.canonical import TEXT_MAX, canonical_read, field_shortened
from commonpurse.proof.faults import Broken
from commonpurse.proof.reader import Export, Row

LEAVES = "leaves.jsonl"
LEAF_VERSION = "1"


def leaves_read(export: Export) -> bytes:
    """The leaf hashes side by side, each found again from the bytes of its leaf."""
    sha256 = hashlib.sha256
    hashes = bytearray()
    count = 0
    for line, _, row in export.rows(LEAVES):
        body = row.get("body")
        if not isinstance(body, str) or row.get("index") != str(count):
            raise Broken(LEAVES, f"leaf {count} was expected here", line=line)
        found = sha256(b"\x00" + body.encode()).digest()
        if row.get("hash") != found.hex():
            raise Broken(
                LEAVES, f"the leaf's bytes hash to {found.hex()}", line=line, subject=body_id(body)
            )
        hashes += found
        count += 1
    if count != export.size:
        raise Broken(LEAVES, f"it has {count} leaves, and the manifest says {export.size}")
    return bytes(hashes)


def body_id(body: str) -> str:
    """The id that a leaf's bytes name, for a message; empty when they name none."""
    try:
        return str(orjson.loads(body)["id"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""


def places_of(hashes: bytes) -> dict[bytes, int]:
    """Where each leaf stands in the log, by its hash."""
    places = {hashes[start : start + 32]: start // 32 for start in range(0, len(hashes), 32)}
    if len(places) * 32 != len(hashes):
        raise Broken(LEAVES, "two leaves are the same")
    return places


def tables_match(export: Export, places: dict[bytes, int], *, but: str) -> dict[str, list[Row]]:
    """Match every table but one with the log, and hold its rows in memory.

    Each row gets its place in the log as `_index`, its file as `_file` and its line as `_line`.
    """
    tables: dict[str, list[Row]] = {}
    for entry in export.files.values():
        if entry.leaf_kind and entry.name != but:
            table = tables[entry.name.removesuffix(".jsonl")] = []
            for line, row, index in rows_placed(export, entry.name, entry.leaf_kind, places):
                row["_index"], row["_line"], row["_file"] = index, line, entry.name
                table.append(row)
            # The file's order is its writer's word; the log's order is what the tree signs.
            table.sort(key=itemgetter("_index"))
    return tables


def rows_placed(
    export: Export, name: str, kind: str, places: dict[bytes, int]
) -> Iterator[tuple[int, Row, int]]:
    """Each row of a file with its line and its place in the log, which is taken from `places`.

    The row's leaf is made again; a leaf that was taken before is not there a second time.
    """
    sha256 = hashlib.sha256
    for line, data, row in export.rows(name):
        fields = {key: value for key, value in row.items() if key not in {"id", "at"}}
        leaf = {
            "v": LEAF_VERSION,
            "kind": kind,
            "id": row.get("id"),
            "at": row.get("at"),
            "fields": fields_shortened(fields) if len(data) > TEXT_MAX else fields,
        }
        digest = sha256(b"\x00" + canonical_read(leaf)).digest()
        index = places.pop(digest, None)
        if index is None:
            raise Broken(
                name,
                f"the log holds no leaf {kind} that says what this row says",
                line=line,
                subject=str(row.get("id")),
            )
        yield line, row, index


def fields_shortened(fields: Row) -> Row:
    """The fields of a leaf, from the columns of its row in full."""
    return {name: field_shortened(value) for name, value in fields.items()}


def leaves_without_row(export: Export, places: dict[bytes, int]) -> None:
    """Name the first leaf that no row of the export stood for."""
    if not places:
        return
    first = min(places.values())
    for line, _, row in export.rows(LEAVES):
        if row["index"] == str(first):
            raise Broken(
                LEAVES, "no row of the export says this", line=line, subject=body_id(row["body"])
            )
