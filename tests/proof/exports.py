"""Small exports made by hand, so that verification is tested without a database."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from commonpurse.proof import standalone
from commonpurse.proof.canonical import canonical, field_shortened
from commonpurse.proof.checkpoints import Checkpoint, checkpoint_sign, origin_of
from commonpurse.proof.merkle import Layers, leaf_hash, tree_root
from commonpurse.proof.notes import Signer

SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
THIEF = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
COOP = "0192a000-0000-7000-8000-000000000001"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

Row = dict[str, Any]


def uid(number: int) -> str:
    return str(UUID(int=number))


def instant(minutes: int) -> str:
    return (NOON + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Maker:
    """Collects rows with their kinds and writes them as an export, as `purse export` does."""

    def __init__(self, slug: str = "bill") -> None:
        self.slug = slug
        self.rows: list[tuple[str, str, Row]] = []
        self.plain: dict[str, list[Row]] = {}
        self.minutes = 0
        self.chain: dict[str, tuple[int, int]] = {}
        self.closing = 20_000

    def add(self, table: str, leaf_kind: str, /, **row: Any) -> Row:
        """One row with its leaf, at the end of the log."""
        count = len(self.rows) + 1
        full = {"id": uid(count), "at": instant(count + self.minutes)} | row
        self.rows.append((table, leaf_kind, full))
        return full

    def now(self, minutes: int = 0) -> str:
        """The instant of the row that is added next, and so many minutes."""
        return instant(len(self.rows) + 1 + self.minutes + minutes)

    def log(self) -> list[bytes]:
        """The leaves' bytes, in the log's order."""
        return [
            canonical(
                {
                    "v": "1",
                    "kind": kind,
                    "id": row["id"],
                    "at": row["at"],
                    "fields": {
                        key: field_shortened(value)
                        for key, value in row.items()
                        if key not in {"id", "at"}
                    },
                }
            )
            for _, kind, row in self.rows
        ]

    def write(self, directory: Path, *, signer: Signer = SIGNER, sizes: Iterable[int] = ()) -> Path:
        """Write the export; `sizes` are those of earlier checkpoints."""
        directory.mkdir(parents=True, exist_ok=True)
        bodies = self.log()
        hashes = [leaf_hash(body) for body in bodies]
        heads = heads_of(hashes, (*sizes, len(bodies)), signer)
        files = self.files(bodies, hashes, heads)
        script = standalone.script().encode()
        listed = [file_write(directory, "verify.py", script)]
        for name, (leaf_kind, rows) in files.items():
            data = b"".join(canonical(row) + b"\n" for row in rows)
            written = file_write(directory, name, data)
            listed.append(written | ({"leaf_kind": leaf_kind} if leaf_kind else {}))
        manifest = {
            "format": "commonpurse-export/1",
            "made_by": "commonpurse 0",
            "made_at": instant(0),
            "coop_id": COOP,
            "slug": self.slug,
            "origin": origin_of(COOP),
            "size": str(len(bodies)),
            "pending": "0",
            "checkpoint": heads[-1]["note"],
            "vkeys": [str(signer.key(origin_of(COOP)))],
            "files": listed,
        }
        manifest_write(directory, manifest, signer)
        return directory

    def files(
        self, bodies: list[bytes], hashes: list[bytes], heads: list[Row]
    ) -> dict[str, tuple[str | None, list[Row]]]:
        """What each file holds, with the kind of leaf of its rows."""
        leaves = [
            {"index": str(index), "hash": hashes[index].hex(), "body": body.decode()}
            for index, body in enumerate(bodies)
        ]
        files: dict[str, tuple[str | None, list[Row]]] = {
            "leaves.jsonl": (None, leaves),
            "checkpoints.jsonl": (None, heads),
        }
        for table, kind, row in self.rows:
            files.setdefault(f"{table}.jsonl", (kind, []))[1].append(row)
        return files | {f"{table}.jsonl": (None, rows) for table, rows in self.plain.items()}


def heads_of(hashes: list[bytes], sizes: Iterable[int], signer: Signer) -> list[Row]:
    """Signed checkpoints of these sizes, as an export tells them."""
    tree = Layers(b"".join(hashes))
    heads: list[Row] = []
    for size in sizes:
        head = Checkpoint(origin_of(COOP), size, tree_root(tree, size))
        heads.append(
            {
                "size": str(size),
                "root": head.root.hex(),
                "note": checkpoint_sign(head, signer),
                "at": instant(size),
                "vkey": str(signer.key(head.origin)),
            }
        )
    return heads


def file_write(directory: Path, name: str, data: bytes) -> Row:
    """Write a file; how the manifest names it."""
    (directory / name).write_bytes(data)
    return {
        "name": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": str(len(data)),
        "lines": str(data.count(b"\n")),
    }


def manifest_write(directory: Path, manifest: Row, signer: Signer) -> None:
    data = (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
    (directory / "manifest.json").write_bytes(data)
    text = f"{manifest['origin']}/manifest\n{hashlib.sha256(data).hexdigest()}\n"
    (directory / "manifest.sig").write_text(signer.sign(manifest["origin"], text))


def manifest_renew(directory: Path, signer: Signer = SIGNER) -> None:
    """Make the manifest agree with files that were changed, as a forger with the key would."""
    manifest = json.loads((directory / "manifest.json").read_bytes())
    for entry in manifest["files"]:
        data = (directory / entry["name"]).read_bytes()
        entry["sha256"] = hashlib.sha256(data).hexdigest()
        entry["bytes"], entry["lines"] = str(len(data)), str(data.count(b"\n"))
    manifest_write(directory, manifest, signer)


def books(maker: Maker, entries: int = 2) -> Maker:
    """A co-op with a book, three accounts, and entries that move 100 from one to the next."""
    maker.add("coops", "coop.founded", slug=maker.slug, name="The Shared Bill")
    book = maker.add("books", "book.opened", owner_id=uid(900), name="Fund")
    accounts = [
        maker.add(
            "accounts",
            "account.opened",
            book_id=book["id"],
            code=str(code),
            name="A",
            kind="asset",
            currency="EUR",
            floor_minor=None,
        )
        for code in (1000, 3000, 5000)
    ]
    balances = [0, 0, 0]
    versions = [0, 0, 0]
    for count in range(entries):
        postings = []
        for place, amount in ((count % 3, 100), ((count + 1) % 3, -100)):
            balances[place] += amount
            versions[place] += 1
            postings.append(
                {
                    "account_id": accounts[place]["id"],
                    "amount_minor": str(amount),
                    "account_version": str(versions[place]),
                    "balance_after": str(balances[place]),
                }
            )
        postings.sort(key=lambda posting: posting["account_id"])
        maker.add(
            "entries",
            "entry.posted",
            book_id=book["id"],
            booked_on="2026-03-01",
            kind="transfer",
            memo="Moved",
            reverses_id=None,
            postings_count="2",
            postings=postings,
        )
    maker.plain["balances"] = [
        {"account_id": account["id"], "version": str(version), "balance_minor": str(balance)}
        for account, version, balance in zip(accounts, versions, balances, strict=True)
    ]
    return maker
