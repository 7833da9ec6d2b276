"""Files, log and books of an export, forged by who holds the signing key: each check by itself.

As in `test_checks`, but here the forger works on the files and on plain books.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commonpurse.proof.canonical import canonical
from commonpurse.proof.checkpoints import Checkpoint, origin_of
from commonpurse.proof.faults import Broken, Unreadable
from commonpurse.proof.notes import to_base64
from commonpurse.proof.verify import verify
from tests.proof.exports import (
    COOP,
    SIGNER,
    THIEF,
    Maker,
    Row,
    books,
    instant,
    manifest_renew,
    manifest_write,
    uid,
)
from tests.proof.test_standalone import run

ORIGIN = origin_of(COOP)
OTHER = origin_of(uid(7))
VKEY, VKEY_OTHER = str(SIGNER.key(ORIGIN)), str(SIGNER.key(OTHER))

Args = dict[str, Any]
Forgery = Callable[[Path], Args | None]


def plain(folder: Path) -> Path:
    """An export in which everything holds."""
    return books(Maker(), entries=6).write(folder, sizes=(2, 7))


def manifest_of(folder: Path) -> Row:
    read: Row = json.loads((folder / "manifest.json").read_bytes())
    return read


def manifest_changed(**changes: object) -> Forgery:
    def forge(folder: Path) -> None:
        manifest_write(plain(folder), manifest_of(folder) | changes, SIGNER)

    return forge


def line_changed(name: str, line: int, write: Callable[[Row], bytes]) -> Forgery:
    """One line of a file is written otherwise, and the manifest agrees."""

    def forge(folder: Path) -> None:
        path = plain(folder) / name
        lines = path.read_bytes().splitlines()
        lines[line - 1] = write(json.loads(lines[line - 1]))
        path.write_bytes(b"".join(item + b"\n" for item in lines))
        manifest_renew(folder)

    return forge


def lines_moved(name: str, move: Callable[[list[bytes]], list[bytes]]) -> Forgery:
    def forge(folder: Path) -> None:
        path = plain(folder) / name
        path.write_bytes(b"".join(move(path.read_bytes().splitlines(keepends=True))))
        manifest_renew(folder)

    return forge


def books_changed(change: Callable[[Maker], object], entries: int = 2) -> Forgery:
    """Books that lie, in a log that agrees with them; without stated balances."""

    def forge(folder: Path) -> None:
        maker = books(Maker(), entries=entries)
        maker.plain.clear()
        change(maker)
        maker.write(folder)

    return forge


def unsigned(folder: Path) -> None:
    """The manifest says another day, and nobody signed that."""
    manifest = manifest_of(plain(folder)) | {"made_at": instant(9)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def stranger(folder: Path) -> Args:
    books(Maker()).write(folder, signer=THIEF)
    return {"keys": [VKEY]}


def false_signature(folder: Path) -> None:
    """A signature under the right key's name and id that it did not make."""
    path = plain(folder) / "manifest.sig"
    text, _, _ = path.read_text().rpartition("\n\n")
    data = SIGNER.key(ORIGIN).key_id + THIEF.private.sign(f"{text}\n".encode())
    path.write_text(f"{text}\n\n— {ORIGIN} {to_base64(data)}\n")


def coop_swapped(folder: Path) -> None:
    manifest = manifest_of(plain(folder)) | {"coop_id": uid(7)}
    manifest_write(folder, manifest, SIGNER)


def origin_swapped(folder: Path) -> None:
    """The manifest names another log than its co-op's, signed under the co-op's name."""
    manifest = manifest_of(plain(folder)) | {"origin": OTHER}
    data = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(data)
    text = f"{ORIGIN}/manifest\n{hashlib.sha256(data).hexdigest()}\n"
    (folder / "manifest.sig").write_text(SIGNER.sign(ORIGIN, text))


def log_unlisted(folder: Path) -> None:
    manifest = manifest_of(plain(folder))
    manifest["files"] = [item for item in manifest["files"] if item["name"] != "leaves.jsonl"]
    manifest_write(folder, manifest, SIGNER)


def file_swapped(folder: Path) -> None:
    """A file that no check reads but by its digest."""
    maker = books(Maker())
    maker.plain["notes"] = [{"text": "mine"}]
    (maker.write(folder) / "notes.jsonl").write_bytes(canonical({"text": "thine"}) + b"\n")


def note_of(folder: Path) -> str:
    return str(manifest_of(plain(folder))["checkpoint"])


def foreign_checkpoint(folder: Path) -> Args:
    """A checkpoint of another log that has the same leaves, by the same key."""
    _, size, root, *_ = note_of(folder).split("\n")
    return {
        "keys": [VKEY, VKEY_OTHER],
        "since": SIGNER.sign(OTHER, f"{OTHER}\n{size}\n{root}\n"),
    }


def misnamed_checkpoint(folder: Path) -> Args:
    """A checkpoint that says it is another log's, signed under this log's name."""
    _, size, root, *_ = note_of(folder).split("\n")
    return {"since": SIGNER.sign(ORIGIN, f"{OTHER}\n{size}\n{root}\n")}


def other_history(folder: Path) -> Args:
    plain(folder)
    head = Checkpoint(ORIGIN, 3, bytes(32))
    return {"since": SIGNER.sign(ORIGIN, head.text)}


def leaf_beyond(size: int) -> Forgery:
    """A row and its leaf stand beyond what the head signs; the manifest says `size` leaves."""

    def forge(folder: Path) -> None:
        maker = books(Maker(), entries=6)
        note = manifest_of(maker.write(folder))["checkpoint"]
        heads = (folder / "checkpoints.jsonl").read_bytes()
        maker.add("notes", "note.written", text="late")
        maker.write(folder)
        (folder / "checkpoints.jsonl").write_bytes(heads)
        manifest = manifest_of(folder) | {"checkpoint": note, "size": str(size)}
        manifest_write(folder, manifest, SIGNER)
        manifest_renew(folder)

    return forge


def leaf_twice(folder: Path) -> None:
    """The log says one thing twice, and one row stands for both."""
    maker = books(Maker())
    maker.rows.append(maker.rows[0])
    maker.write(folder)
    path = folder / "coops.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    manifest_renew(folder)


def row_twice(folder: Path) -> None:
    path = plain(folder) / "books.jsonl"
    path.write_bytes(path.read_bytes() * 2)
    manifest_renew(folder)


def row_gone(folder: Path) -> None:
    maker = books(Maker())
    maker.add("notes", "note.written", text="gone")
    path = maker.write(folder) / "notes.jsonl"
    path.write_bytes(b"")
    manifest_renew(folder)


def posting(maker: Maker, place: int, **changes: str) -> None:
    maker.rows[-1][2]["postings"][place] |= changes


def elsewhere(maker: Maker) -> None:
    maker.rows[3][2]["book_id"] = uid(77)


def unbalanced(maker: Maker) -> None:
    posting(maker, 0, amount_minor="101", balance_after="101")


def versions_twice(maker: Maker) -> None:
    """Of an account's postings two are the third, and both come before the second."""
    entry = dict(maker.rows[-1][2])
    accounts = [item["account_id"] for item in entry["postings"]]
    for one, other in (
        ((3, 250, 50), (2, -150)),
        ((3, 250, 50), (3, -200)),
        ((2, 200, 100), (4, -300)),
    ):
        version, after, amount = one
        maker.add(
            "entries",
            "entry.posted",
            **{key: item for key, item in entry.items() if key not in ("id", "at", "postings")},
            postings=[
                {
                    "account_id": accounts[0],
                    "amount_minor": str(amount),
                    "account_version": str(version),
                    "balance_after": str(after),
                },
                {
                    "account_id": accounts[1],
                    "amount_minor": str(-amount),
                    "account_version": str(other[0]),
                    "balance_after": str(other[1]),
                },
            ],
        )


def balances_changed(change: Callable[[list[Row]], object]) -> Forgery:
    def forge(folder: Path) -> None:
        maker = books(Maker(), entries=4)
        change(maker.plain["balances"])
        maker.write(folder)

    return forge


FORGERIES: dict[str, Forgery] = {
    "a manifest that nobody signed": unsigned,
    "a record that somebody else signed": stranger,
    "a signature that does not hold": false_signature,
    "a manifest of another co-op": coop_swapped,
    "a manifest of another log": origin_swapped,
    "a log that the manifest does not list": log_unlisted,
    "a file with other bytes": file_swapped,
    "a line in another form": line_changed("books.jsonl", 1, lambda row: json.dumps(row).encode()),
    "a leaf in another place": line_changed(
        "leaves.jsonl", 5, lambda row: canonical(row | {"index": "9"})
    ),
    "a leaf with another hash": line_changed(
        "leaves.jsonl", 5, lambda row: canonical(row | {"hash": "0" * 64})
    ),
    "a manifest that counts more leaves": manifest_changed(size="99"),
    "a leaf that no head signs": leaf_beyond(11),
    "a leaf that no head signs, and that the manifest counts": leaf_beyond(12),
    "a leaf twice": leaf_twice,
    "a row twice": row_twice,
    "a leaf without its row": row_gone,
    "a head that says another size than its note": line_changed(
        "checkpoints.jsonl", 1, lambda row: canonical(row | {"size": "3"})
    ),
    "heads in another order": lines_moved(
        "checkpoints.jsonl", lambda lines: [lines[1], lines[0], lines[2]]
    ),
    "a last head that is missing": lines_moved("checkpoints.jsonl", lambda lines: lines[:-1]),
    "a checkpoint of another log": foreign_checkpoint,
    "a checkpoint under another log's name": misnamed_checkpoint,
    "a checkpoint of another history": other_history,
    "an entry that counts its postings wrongly": books_changed(
        lambda maker: maker.rows[-1][2].update(postings_count="3")
    ),
    "an entry on an account of another book": books_changed(elsewhere),
    "an entry that does not sum to zero": books_changed(unbalanced, entries=1),
    "a balance that does not follow": books_changed(
        lambda maker: posting(maker, 0, balance_after="99"), entries=1
    ),
    "a version that stands twice": books_changed(versions_twice, entries=1),
    "a version that is missing": books_changed(
        lambda maker: posting(maker, 0, account_version="2"), entries=1
    ),
    "a stated balance that is not the postings'": balances_changed(
        lambda rows: rows[1].update(balance_minor="7")
    ),
    "a balance that is not stated": balances_changed(lambda rows: rows.pop()),
}


def test_what_the_forger_begins_with_holds(tmp_path: Path) -> None:
    verify(plain(tmp_path / "export"))
    assert run(tmp_path / "export").returncode == 0


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_that_one_check_alone_would_find_is_found_by_both(
    name: str, tmp_path: Path
) -> None:
    export = tmp_path / "export"
    args = FORGERIES[name](export) or {}
    with pytest.raises((Broken, Unreadable)) as found:
        verify(export, args.get("keys", []), args.get("since"))
    assert "not formed as expected" not in str(found.value)
    words = [word for key in args.get("keys", []) for word in ("--key", key)]
    if "since" in args:
        (tmp_path / "note").write_text(args["since"])
        words += ["--since", str(tmp_path / "note")]
    done = run(export, str(export), *words)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "not formed as expected" not in done.stdout
