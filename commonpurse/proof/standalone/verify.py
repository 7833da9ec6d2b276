#!/usr/bin/env python3
"""Checks this export of a co-op's public record. Needs Python 3.9 or newer and nothing else.

    python3 verify.py [DIR] [--key VKEY] [--since CHECKPOINT]

DIR is the directory of the export (the one that holds this file, if none is given). VKEY is the
record's key as you know it from elsewhere; CHECKPOINT is a file with a checkpoint that you kept.
Exit status 0: everything holds; 1: something does not, and it is named; 2: it cannot be read.

This is a second implementation, written apart from the one in Commonpurse: it shares no code with
it, so that a fault in one is found by the other. Read it: it is meant to be read.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import re
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from fractions import Fraction


class Broken(Exception):
    """Something does not hold."""


class Unreadable(Exception):
    """Something cannot be read."""


def must(holds, where, what):
    """Go on only when this holds; `where` is a row or the name of a file."""
    if not holds:
        if isinstance(where, dict):
            where = f"{where['_file']}, line {where['_line']}, id {where['id']}"
        raise Broken(f"{where}: {what}")


# Ed25519 (RFC 8032, section 5.1), verification only.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(a, b):
    """The sum of two points in extended coordinates (X, Y, Z, T)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, d - c, d + c, f + e
    return (w * x % P, y * z % P, x * y % P, w * z % P)


def point_times(number, point):
    """`number` times a point."""
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = point_add(found, point)
        point = point_add(point, point)
        number >>= 1
    return found


def point_read(data):
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


def point_write(point):
    """The 32 bytes of a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_read((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(public, message, signature):
    """Whether an Ed25519 signature of `message` is by the key `public`."""
    key = point_read(public) if len(public) == 32 else None
    if key is None or len(signature) != 64:
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


def from_base64(text):
    """The bytes of base 64 text; ValueError when it is not written the one right way."""
    data = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base 64")
    return data


def vkey_read(text):
    """(name, key id, public key) of a verifier key `name+id+key`; ValueError when it is none."""
    name, key_id, encoded = text.split("+", 2)
    data = from_base64(encoded)
    found = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if data[:1] != b"\x01" or len(data) != 33 or found.hex() != key_id:
        raise ValueError("verifier key")
    return name, found, data[1:]


def note_open(note, name, keys, where):
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


def checkpoint_open(note, name, keys, where):
    """(size, root) of a signed checkpoint of the log `name`."""
    text = note_open(note, name, keys, where)
    match = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n", text, re.ASCII)
    must(match and match[1] == name, where, f"this is not a checkpoint of {name}")
    try:
        return int(match[2]), from_base64(match[3])
    except ValueError as error:
        raise Broken(f"{where}: the root is not base 64") from error


# The tree (RFC 6962, section 2.1) and canonical JSON (RFC 8785, without numbers).


def tree_hash(hashes):
    """The root over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2])
        odd = hashes[-1:] if len(hashes) % 2 else []
        hashes = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in pairs] + odd
    return hashes[0]


def texts_root(texts):
    """The root, in hex, over texts in sorted order."""
    return tree_hash([hashlib.sha256(b"\x00" + text.encode()).digest() for text in sorted(texts)]).hex()


def canonical(value):
    """The one way to write a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def shortened(value):
    """A value with every text of more than 2,000 characters replaced by its SHA-256."""
    if isinstance(value, str) and len(value) > 2000:
        return "sha256:" + hashlib.sha256(value.encode()).hexdigest()
    if isinstance(value, dict):
        return {key: shortened(item) for key, item in value.items()}
    return [shortened(item) for item in value] if isinstance(value, list) else value


class Export:
    """The files of an export, checked against the log while they are read."""

    def __init__(self, folder, keys):
        self.folder = folder
        try:
            data = (folder / "manifest.json").read_bytes()
            self.manifest = json.loads(data)
            self.files = {item["name"]: item for item in self.manifest["files"]}
            self.name = "commonpurse/" + self.manifest["coop_id"]
            self.keys = keys or [vkey_read(text) for text in self.manifest["vkeys"]]
            signature = (folder / "manifest.sig").read_bytes().decode()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"{folder} is not an export that can be read: {error!r}") from error
        text = note_open(signature, self.name, self.keys, "manifest.sig")
        expected = f"{self.name}/manifest\n{hashlib.sha256(data).hexdigest()}\n"
        must(text == expected, "manifest.json", "its SHA-256 is not the one that is signed")
        must(self.manifest["origin"] == self.name, "manifest.json", "the log has another name")
        self.tables = {}
        self.groups = {}
        self.digests = {}

    def lines(self, name):
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
            except ValueError as error:
                raise Broken(f"{name}, line {number}: this is not JSON") from error
            canon = isinstance(row, dict) and canonical(row) == line
            must(canon, f"{name}, line {number}", "this is not in canonical form")
            yield {**row, "_file": name, "_line": number, "id": row.get("id")}

    def log_check(self, since):
        """Leaves, tree and checkpoints; then each row must be one leaf, and each leaf one row."""
        hashes, ids = [], []
        for row in self.lines("leaves.jsonl"):
            found = hashlib.sha256(b"\x00" + row["body"].encode())
            must(row["index"] == str(len(hashes)), row, f"leaf {len(hashes)} was expected")
            must(row["hash"] == found.hexdigest(), row, "the leaf's bytes have another hash")
            hashes.append(found.digest())
        must(str(len(hashes)) == self.manifest["size"], "leaves.jsonl", "leaves are missing")
        notes = [(row["note"], row) for row in self.lines("checkpoints.jsonl")]
        notes.append((self.manifest["checkpoint"], "manifest.json"))
        notes += [(since, "the earlier checkpoint")] if since else []
        for note, where in notes:
            size, root = checkpoint_open(note, self.name, self.keys, where)
            must(size <= len(hashes), where, "the end of the log is missing")
            must(tree_hash(hashes[:size]) == root, where, "the leaves have another root")
            if isinstance(where, dict):
                said = (where["size"], where["root"])
                must(said == (str(size), root.hex()), where, "it is not what the note says")
            elif where == "manifest.json":
                must(size == len(hashes), where, "its checkpoint is of another size")
        places = {found: index for index, found in enumerate(hashes)}
        for name, item in self.files.items():
            if item.get("leaf_kind"):
                self.tables[name[: -len(".jsonl")]] = [
                    self.placed(row, item["leaf_kind"], places) for row in self.lines(name)
                ]
        for index in places.values():
            raise Broken(f"leaves.jsonl, line {index + 1}: no row of the export says this")

    def placed(self, row, kind, places):
        """A row with its place in the log, taken from `places`."""
        fields = {key: row[key] for key in row if key not in ("id", "at", "_file", "_line")}
        leaf = {"v": "1", "kind": kind, "id": row["id"], "at": row.get("at")}
        leaf["fields"] = shortened(fields)
        place = places.pop(hashlib.sha256(b"\x00" + canonical(leaf)).digest(), None)
        must(place is not None, row, f"the log holds no leaf {kind} that says this")
        return {**row, "_place": place}

    def rows(self, table):
        """The rows of a table, in the log's order."""
        return self.tables.get(table, [])

    def by(self, table, column):
        """The rows of a table by what a column says."""
        if (table, column) not in self.groups:
            found = self.groups[table, column] = defaultdict(list)
            for row in self.rows(table):
                found[row[column]].append(row)
        return self.groups[table, column]

    def one(self, table, column, value):
        """The only row of a table in which a column says `value`; None when there is none."""
        found = self.by(table, column).get(value, [])
        must(len(found) < 2, found[0] if found else table, f"{column} {value} stands twice")
        return found[0] if found else None

    def get(self, table, row, column):
        """The row that a column of `row` points to."""
        found = self.one(table, "id", row[column])
        must(found is not None, row, f"{column} {row[column]} is not in {table}.jsonl")
        return found

    def files_check(self):
        """Every file has the digest that the signed manifest says."""
        for name, item in self.files.items():
            if name not in self.digests:
                try:
                    data = (self.folder / name).read_bytes()
                except OSError as error:
                    raise Broken(f"{name}: the manifest lists it, and it is not there") from error
                self.digests[name] = hashlib.sha256(data).hexdigest()
            must(self.digests[name] == item["sha256"], name, "its SHA-256 is not the manifest's")


def books_check(export):
    """Entries balance in each currency; each account's postings follow each other."""
    accounts = {row["id"]: row for row in export.rows("accounts")}
    chains = defaultdict(list)
    reversed_ids = set()
    for entry in export.rows("entries"):
        sums = defaultdict(int)
        for posting in entry["postings"]:
            account = accounts.get(posting["account_id"])
            is_there = account is not None and account["book_id"] == entry["book_id"]
            must(is_there, entry, "an account is not in the entry's book")
            sums[account["currency"]] += int(posting["amount_minor"])
            numbers = [int(posting[name]) for name in ("account_version", "amount_minor", "balance_after")]
            chains[posting["account_id"]].append((*numbers, entry))
        must(not any(sums.values()), entry, "its postings do not sum to zero")
        count = len(entry["postings"])
        must(count > 1 and str(count) == entry["postings_count"], entry, "postings are missing")
        if entry["reverses_id"] is not None:
            target = export.get("entries", entry, "reverses_id")
            must(target["id"] not in reversed_ids, entry, "it was reversed before")
            reversed_ids.add(target["id"])
            sides = [{p["account_id"]: sign * int(p["amount_minor"]) for p in side["postings"]}
                     for sign, side in ((1, entry), (-1, target))]
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
            must(balances.pop(row["account_id"], None) == said, row, "the postings give another balance")
        must(not balances, "balances.jsonl", "an account is missing")
