"""`purse verify` on small exports: what holds is said to hold, and every lie is named."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commonpurse.cli import verify as command
from commonpurse.proof.canonical import canonical
from commonpurse.proof.faults import Broken, Unreadable
from commonpurse.proof.verify import verify
from tests.proof.exports import (
    COOP,
    SIGNER,
    THIEF,
    Maker,
    books,
    manifest_renew,
    uid,
)

VKEY = str(SIGNER.key(f"commonpurse/{COOP}"))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return books(Maker(), entries=6).write(tmp_path / "export", sizes=(2, 7))


def row_change(export: Path, name: str, line: int, /, **changes: object) -> None:
    """Change a row of a file and make the manifest agree, as whoever holds the key could."""
    lines = (export / name).read_bytes().splitlines()
    lines[line - 1] = canonical(json.loads(lines[line - 1]) | changes)
    (export / name).write_bytes(b"\n".join(lines) + b"\n")
    manifest_renew(export)


def test_what_holds_is_said_to_hold_and_how_far(export: Path) -> None:
    report = verify(export)
    assert report.counts["postings"] == 12
    assert report.head.size == 11
    assert any("Self-consistent only" in line for line in report.sentences)
    note = json.loads((export / "checkpoints.jsonl").read_bytes().splitlines()[0])["note"]
    trusted = verify(export, [VKEY], note)
    assert not any("Self-consistent only" in line for line in trusted.sentences)
    assert "It continues your checkpoint of 2 leaves." in trusted.sentences


def test_every_character_of_every_file_counts(export: Path) -> None:
    for path in sorted(export.iterdir()):
        data = path.read_bytes()
        for place in range(0, len(data), 1 + len(data) // 150):
            changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            path.write_bytes(changed)
            with pytest.raises((Broken, Unreadable)):
                verify(export)
        path.write_bytes(data)
    verify(export)


def test_a_missing_file_is_named(export: Path) -> None:
    (export / "entries.jsonl").unlink()
    with pytest.raises(Broken, match=r"entries\.jsonl: the manifest lists this file"):
        verify(export)


def test_a_changed_row_is_named_by_line_and_id(export: Path) -> None:
    row_change(export, "books.jsonl", 1, name="Mine")
    with pytest.raises(Broken, match=rf"books\.jsonl, line 1, id {uid(2)}: the log holds no leaf"):
        verify(export)


def test_a_removed_row_leaves_a_leaf_that_nothing_explains(export: Path) -> None:
    lines = (export / "entries.jsonl").read_bytes().splitlines(keepends=True)
    (export / "entries.jsonl").write_bytes(b"".join(lines[:-1]))
    (export / "balances.jsonl").unlink()
    manifest = json.loads((export / "manifest.json").read_bytes())
    manifest["files"] = [entry for entry in manifest["files"] if entry["name"] != "balances.jsonl"]
    (export / "manifest.json").write_text(json.dumps(manifest))
    manifest_renew(export)
    with pytest.raises(Broken, match=r"leaves\.jsonl, line 11, id .*: no row of the export"):
        verify(export)


def test_a_row_twice_is_a_row_too_many(export: Path) -> None:
    lines = (export / "books.jsonl").read_bytes()
    (export / "books.jsonl").write_bytes(lines * 2)
    manifest_renew(export)
    with pytest.raises(Broken, match=r"books\.jsonl, line 2"):
        verify(export)


def test_a_record_signed_with_another_key_is_not_the_one_that_is_known(tmp_path: Path) -> None:
    forged = books(Maker()).write(tmp_path / "forged", signer=THIEF)
    assert "Self-consistent only" in "\n".join(verify(forged).sentences)
    with pytest.raises(Broken, match="no known key signed this"):
        verify(forged, [VKEY])


def test_a_log_whose_end_was_cut_does_not_continue_a_kept_checkpoint(tmp_path: Path) -> None:
    whole = books(Maker(), entries=4).write(tmp_path / "whole")
    kept = json.loads((whole / "manifest.json").read_bytes())["checkpoint"]
    cut = books(Maker(), entries=3).write(tmp_path / "cut")
    assert verify(cut, [VKEY]).head.size == 8
    with pytest.raises(Broken, match="the end of the log is missing"):
        verify(cut, [VKEY], kept)


def test_a_rewritten_log_does_not_continue_a_kept_checkpoint(tmp_path: Path) -> None:
    first = books(Maker(), entries=4).write(tmp_path / "first")
    kept = json.loads((first / "manifest.json").read_bytes())["checkpoint"]
    other = Maker()
    books(other, entries=6).rows[0][2]["name"] = "Another story"
    with pytest.raises(Broken, match="the first 9 leaves have the root"):
        verify(other.write(tmp_path / "other"), [VKEY], kept)


def test_an_earlier_checkpoint_of_another_tree_is_found(tmp_path: Path) -> None:
    export = books(Maker(), entries=4).write(tmp_path / "export", sizes=(3,))
    other = Maker()
    books(other, entries=4).rows[0][2]["name"] = "Another story"
    other.write(tmp_path / "other", sizes=(3,))
    stolen = (tmp_path / "other" / "checkpoints.jsonl").read_bytes().splitlines(keepends=True)
    lines = (export / "checkpoints.jsonl").read_bytes().splitlines(keepends=True)
    (export / "checkpoints.jsonl").write_bytes(stolen[0] + lines[1])
    manifest_renew(export)
    with pytest.raises(Broken, match=r"checkpoints\.jsonl, line 1: the first 3 leaves"):
        verify(export)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"amount_minor": "101", "balance_after": "101"}, "do not sum to zero"),
        ({"balance_after": "99"}, "the balance is 100, and 99 stands here"),
        ({"account_version": "2"}, "version"),
        ({"account_id": uid(77)}, "not in the entry's book"),
    ],
)
def test_books_that_do_not_add_up_are_found_even_when_signed(
    tmp_path: Path, change: dict[str, str], says: str
) -> None:
    maker = books(Maker(), entries=1)
    maker.rows[-1][2]["postings"][0] |= change
    with pytest.raises(Broken, match=rf"entries\.jsonl, line 1.*{says}"):
        verify(maker.write(tmp_path / "export"))


def test_postings_may_stand_in_another_order_than_they_were_posted_in(tmp_path: Path) -> None:
    maker = books(Maker(), entries=9)
    maker.rows[5:] = maker.rows[5:][::-1]
    assert verify(maker.write(tmp_path / "export")).counts["entries"] == 9


def test_a_gap_in_an_accounts_chain_is_found(tmp_path: Path) -> None:
    maker = books(Maker(), entries=9)
    del maker.rows[8]
    with pytest.raises(Broken, match=r"version . of account .* is missing"):
        verify(maker.write(tmp_path / "export"))


def test_a_stated_balance_must_be_that_of_the_postings(tmp_path: Path) -> None:
    maker = books(Maker(), entries=4)
    maker.plain["balances"][1]["balance_minor"] = "7"
    with pytest.raises(Broken, match=r"balances\.jsonl, line 2.*the postings give"):
        verify(maker.write(tmp_path / "export"))


def test_a_reversal_is_the_exact_opposite_and_happens_once(tmp_path: Path) -> None:
    maker = books(Maker(), entries=2)
    maker.rows[-1][2]["reverses_id"] = maker.rows[-2][2]["id"]
    with pytest.raises(Broken, match="it is not the opposite of"):
        verify(maker.write(tmp_path / "export"))
    maker.rows[-1][2]["reverses_id"] = uid(500)
    with pytest.raises(Broken, match="which is not there"):
        verify(maker.write(tmp_path / "another"))


def test_long_text_is_hashed_again(tmp_path: Path) -> None:
    maker = books(Maker())
    maker.add("notes", "note.written", text="é" * 5_000)
    export = maker.write(tmp_path / "export")
    verify(export)
    row_change(export, "notes.jsonl", 1, text="è" * 5_000)
    with pytest.raises(Broken, match=r"notes\.jsonl, line 1"):
        verify(export)


def test_what_is_no_export_cannot_be_read(tmp_path: Path, export: Path) -> None:
    with pytest.raises(Unreadable, match="is not a directory"):
        verify(tmp_path / "nowhere")
    with pytest.raises(Unreadable, match="this is not an export"):
        verify(tmp_path)
    with pytest.raises(Unreadable, match="--key"):
        verify(export, ["nonsense"])
    with pytest.raises(Unreadable, match="is not a checkpoint"):
        verify(export, [], "nonsense")
    for text in ("", "[]", "{}", '{"format":"commonpurse-export/1"}', "\xff"):
        (export / "manifest.json").write_text(text, encoding="latin-1")
        with pytest.raises(Unreadable):
            verify(export)


def test_a_file_of_the_manifest_never_leads_out_of_the_export(export: Path) -> None:
    manifest = json.loads((export / "manifest.json").read_bytes())
    manifest["files"][0]["name"] = "../secret"
    (export / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Broken, match="is not the name of a file"):
        verify(export)


def test_verifying_needs_neither_django_nor_a_database(export: Path) -> None:
    script = (
        "import argparse, sys; from pathlib import Path\n"
        "from commonpurse.cli import verify\n"
        "parser = argparse.ArgumentParser(); verify.add_arguments(parser)\n"
        "status = verify.run(parser.parse_args(sys.argv[1:]))\n"
        "found = [m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg')]\n"
        "print(found); sys.exit(status if not found else 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(export), "--key", VKEY],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": "."},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("bill: everything holds.")
    assert done.stdout.endswith("[]\n")


def test_the_exit_status_says_what_happened(
    export: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)

    def status(*words: str) -> int:
        return command.run(parser.parse_args(words))

    assert status(str(export)) == 0
    assert status(str(export), "--since", str(tmp_path / "none")) == 2
    assert status(str(tmp_path / "none")) == 2
    shutil.copy(export / "books.jsonl", export / "coops.jsonl")
    assert status(str(export)) == 1
    assert "coops.jsonl, line 1" in capsys.readouterr().out


def test_strangers_among_the_files_are_mentioned(export: Path) -> None:
    (export / "notes.txt").write_text("mine")
    assert "Not part of the export: notes.txt." in verify(export).sentences
    assert hashlib.sha256(b"").hexdigest()
