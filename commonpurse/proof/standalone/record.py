"""Part of verify.py: the tree, the files of an export, the books."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from commonpurse.proof.standalone.signatures import (
    Broken,
    Key,
    Unreadable,
    checkpoint_open,
    must,
    note_open,
    vkey_read,
)

# -- 8< -- Above this line: how the parts find each other. Below: verify.py.


# The tree (RFC 6962, section 2.1) and canonical JSON (RFC 8785, without numbers).


def tree_hash(hashes: list[bytes]) -> bytes:
    """The root over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2])  # noqa: B905 — Python 3.9 has no `strict`
        odd = hashes[-1:] if len(hashes) % 2 else []
        hashes = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in pairs] + odd
    return hashes[0]


def texts_root(texts: Iterable[str]) -> str:
    """The root, in hex, over texts in sorted order."""
    leaves = [hashlib.sha256(b"\x00" + text.encode()).digest() for text in sorted(texts)]
    return tree_hash(leaves).hex()


def canonical(value: object) -> bytes:
    """The one way to write a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def shortened(value: object) -> object:
    """A value with every text of more than 2,000 characters replaced by its SHA-256."""
    if isinstance(value, str) and len(value) > TEXT_MAX:
        return "sha256:" + hashlib.sha256(value.encode()).hexdigest()
    if isinstance(value, dict):
        return {key: shortened(item) for key, item in value.items()}
    return [shortened(item) for item in value] if isinstance(value, list) else value


def field_shortened(value: object) -> object:
    """A column's value as a leaf holds it; too long a list or object stands by its SHA-256."""
    short = shortened(value)
    if isinstance(short, (list, dict)) and len(canonical(short)) > JSON_BYTES_MAX:
        return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()
    return short


Row = dict[str, Any]

TEXT_MAX = 2_000
JSON_BYTES_MAX = 48_000


class Export:
    """The files of an export, checked against the log while they are read."""

    def __init__(self, folder: Path, keys: list[Key]) -> None:
        self.folder = folder
        try:
            data = (folder / "manifest.json").read_bytes()
            self.manifest = json.loads(data)
            self.files = {item["name"]: item for item in self.manifest["files"]}
            self.name = "commonpurse/" + self.manifest["coop_id"]
            self.keys = keys or [vkey_read(text) for text in self.manifest["vkeys"]]
            signature = (folder / "manifest.sig").read_bytes().decode()
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unreadable(f"{folder} is not an export that can be read: {error!r}") from error
        text = note_open(signature, self.name, self.keys, "manifest.sig")
        expected = f"{self.name}/manifest\n{hashlib.sha256(data).hexdigest()}\n"
        must(text == expected, "manifest.json", "its SHA-256 is not the one that is signed")
        must(self.manifest["origin"] == self.name, "manifest.json", "the log has another name")
        self.tables: dict[str, list[Row]] = {}
        self.groups: dict[tuple[str, str], dict[Any, list[Row]]] = {}
        self.digests: dict[str, str] = {}

    def lines(self, name: str) -> Iterator[Row]:
        """Each row of a file with its file and line; the file's digest is kept for the end."""
        must(name in self.files and "/" not in name, "manifest.json", f"{name} is not listed")
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            raise Broken(f"{name}: the manifest lists it, and it is not there") from error
        self.digests[name] = hashlib.sha256(data).hexdigest()
        for number, line in enumerate(data.split(b"\n")[:-1], start=1):
            try:
                row = json.loads(line)
                canon = isinstance(row, dict) and canonical(row) == line
            except (ValueError, RecursionError) as error:
                raise Broken(
                    f"{name}, line {number}: this is not JSON, or nests too deep"
                ) from error
            must(canon, f"{name}, line {number}", "this is not in canonical form")
            yield {**row, "_file": name, "_line": number, "id": row.get("id")}

    def log_check(self, since: str | None) -> None:
        """Leaves, tree and checkpoints; then each row must be one leaf, and each leaf one row."""
        hashes: list[bytes] = []
        for row in self.lines("leaves.jsonl"):
            found = hashlib.sha256(b"\x00" + row["body"].encode())
            must(row["index"] == str(len(hashes)), row, f"leaf {len(hashes)} was expected")
            must(row["hash"] == found.hexdigest(), row, "the leaf's bytes have another hash")
            hashes.append(found.digest())
        must(str(len(hashes)) == self.manifest["size"], "leaves.jsonl", "leaves are missing")
        notes: list[tuple[str, Any]] = [
            (row["note"], row) for row in self.lines("checkpoints.jsonl")
        ]
        notes.append((self.manifest["checkpoint"], "manifest.json"))
        notes += [(since, "the earlier checkpoint")] if since else []
        last = 0
        for note, where in notes:
            size, root = checkpoint_open(note, self.name, self.keys, where)
            must(size <= len(hashes), where, "the end of the log is missing")
            must(tree_hash(hashes[:size]) == root, where, "the leaves have another root")
            if isinstance(where, dict):
                said = (where["size"], where["root"])
                must(said == (str(size), root.hex()), where, "it is not what the note says")
                must(size > last, where, "the checkpoints are not in order")
                last = size
            elif where == "manifest.json":
                must(size == len(hashes), where, "its checkpoint is of another size")
                must(size == last, "checkpoints.jsonl", "the last one is not the manifest's")
        places = {found: index for index, found in enumerate(hashes)}
        must(len(places) == len(hashes), "leaves.jsonl", "two leaves are the same")
        for name, item in self.files.items():
            if item.get("leaf_kind"):
                self.tables[name[: -len(".jsonl")]] = [
                    self.placed(row, item["leaf_kind"], places) for row in self.lines(name)
                ]
                self.tables[name[: -len(".jsonl")]].sort(key=lambda row: int(row["_place"]))
        for index in places.values():
            raise Broken(f"leaves.jsonl, line {index + 1}: no row of the export says this")

    def placed(self, row: Row, kind: str, places: dict[bytes, int]) -> Row:
        """A row with its place in the log, taken from `places`."""
        fields = {key: row[key] for key in row if key not in ("id", "at", "_file", "_line")}
        leaf: Row = {"v": "1", "kind": kind, "id": row["id"], "at": row.get("at")}
        leaf["fields"] = {name: field_shortened(value) for name, value in fields.items()}
        place = places.pop(hashlib.sha256(b"\x00" + canonical(leaf)).digest(), None)
        must(place is not None, row, f"the log holds no leaf {kind} that says this")
        return {**row, "_place": place}

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, in the log's order."""
        return self.tables.get(table, [])

    def newest(self, table: str, row: Row) -> Row | None:
        """The last row of a table before `row` in the log: what was in force then."""
        before = [one for one in self.rows(table) if one["_place"] < row["_place"]]
        return before[-1] if before else None

    def manual(self, row: Row) -> Row:
        """The parameters of the manual that was in force when a row was written."""
        version = self.newest("manual_versions", row)
        must(version, row, "no manual was in force")
        parameters: Row = (version or {})["parameters"]
        return parameters

    def by(self, table: str, column: str) -> dict[Any, list[Row]]:
        """The rows of a table by what a column says."""
        if (table, column) not in self.groups:
            found = self.groups[table, column] = defaultdict(list)
            for row in self.rows(table):
                found[row[column]].append(row)
        return self.groups[table, column]

    def one(self, table: str, column: str, value: Any) -> Row | None:
        """The only row of a table in which a column says `value`; None when there is none."""
        found = self.by(table, column).get(value, [])
        must(len(found) <= 1, found[0] if found else table, f"{column} {value} stands twice")
        return found[0] if found else None

    def get(self, table: str, row: Row, column: str) -> Row:
        """The row that a column of `row` points to."""
        found = self.one(table, "id", row[column])
        must(found, row, f"{column} {row[column]} is not in {table}.jsonl")
        return found or {}

    def files_check(self) -> None:
        """Every file has the digest that the signed manifest says."""
        for name, item in self.files.items():
            if name not in self.digests:
                try:
                    data = (self.folder / name).read_bytes()
                except OSError as error:
                    raise Broken(f"{name}: the manifest lists it, and it is not there") from error
                self.digests[name] = hashlib.sha256(data).hexdigest()
            must(self.digests[name] == item["sha256"], name, "its SHA-256 is not the manifest's")


def books_check(export: Export) -> None:
    """Entries balance in each currency; each account's postings follow each other."""
    accounts = {row["id"]: row for row in export.rows("accounts")}
    chains: dict[str, list[tuple[int, int, int, Row]]] = defaultdict(list)
    reversed_ids: set[str] = set()
    for entry in export.rows("entries"):
        sums: dict[str, int] = defaultdict(int)
        for posting in entry["postings"]:
            account = accounts.get(posting["account_id"], {"book_id": None})
            in_book = account["book_id"] == entry["book_id"]
            must(in_book, entry, "an account is not in the entry's book")
            sums[account["currency"]] += int(posting["amount_minor"])
            version, after = int(posting["account_version"]), int(posting["balance_after"])
            step = (version, int(posting["amount_minor"]), after, entry)
            chains[posting["account_id"]].append(step)
        must(not any(sums.values()), entry, "its postings do not sum to zero")
        count = len(entry["postings"])
        must(count > 1 and str(count) == entry["postings_count"], entry, "postings are missing")
        if entry["reverses_id"] is not None:
            target = export.get("entries", entry, "reverses_id")
            must(target["id"] not in reversed_ids, entry, "it was reversed before")
            reversed_ids.add(target["id"])
            sides = [
                {item["account_id"]: sign * int(item["amount_minor"]) for item in side["postings"]}
                for sign, side in ((1, entry), (-1, target))
            ]
            must(sides[0] == sides[1], entry, "it is not the opposite of what it reverses")
    balances = {}
    for account_id in accounts:
        balance = version = 0
        for number, moved, after, entry in sorted(chains[account_id], key=lambda item: item[0]):
            version, balance = version + 1, balance + moved
            must(number == version, entry, f"version {version} of account {account_id} is missing")
            must(after == balance, entry, f"account {account_id} has {balance} then, not {after}")
        balances[account_id] = (str(version), str(balance))
    if "balances.jsonl" in export.files:
        for row in export.lines("balances.jsonl"):
            said = (row["version"], row["balance_minor"])
            found = balances.pop(row["account_id"], None)
            must(found == said, row, f"the postings give {found}")
        must(not balances, "balances.jsonl", "an account is missing")
