"""`verify.py`, the file that travels with an export: alone, and of one mind with `purse verify`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from commonpurse.proof import standalone
from commonpurse.proof.faults import Broken
from commonpurse.proof.standalone.signatures import BASE, L, P, point_write, signature_holds
from commonpurse.proof.verify import verify
from tests.proof.exports import COOP, SIGNER, THIEF, Maker, books, manifest_renew
from tests.proof.story import Story

VKEY = str(SIGNER.key(f"commonpurse/{COOP}"))

# RFC 8032, section 7.1: secret, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
            "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
            "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
            "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_published_signatures_hold_and_nothing_near_them_does(
    secret: str, public: str, message: str, signature: str
) -> None:
    key, text, signed = (bytes.fromhex(item) for item in (public, message, signature))
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(text) == signed
    assert signature_holds(key, text, signed)
    assert not signature_holds(key, text + b"x", signed)
    for place in range(0, 64, 7):
        changed = bytearray(signed)
        changed[place] ^= 1
        assert not signature_holds(key, text, bytes(changed))
    assert not signature_holds(key, text, signed[:-1])
    assert not signature_holds(key[:-1], text, signed)


def test_a_signature_is_written_in_one_way_only() -> None:
    _, public, message, signature = VECTORS[1]
    key, text, signed = (bytes.fromhex(item) for item in (public, message, signature))
    number = int.from_bytes(signed[32:], "little") + L
    assert not signature_holds(key, text, signed[:32] + number.to_bytes(32, "little"))
    # The neutral point is a key under which whatever is a multiple of the base is signed.
    neutral = point_write(BASE) + (1).to_bytes(32, "little")
    assert not signature_holds((P + 1).to_bytes(32, "little"), text, neutral)


@settings(deadline=None, max_examples=15)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_what_another_library_signs_holds(secret: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(secret)
    public = private.public_key().public_bytes_raw()
    assert signature_holds(public, message, private.sign(message))
    assert not signature_holds(public, message + b"!", private.sign(message))


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier of an export with nothing but Python's own library."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *words],
        capture_output=True,
        text=True,
        check=False,
        env={},
        cwd="/",
    )


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return books(Maker(), entries=6).write(tmp_path / "export", sizes=(2, 7))


def test_the_export_verifies_itself_with_python_alone(export: Path) -> None:
    done = run(export)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Self-consistent only" in done.stdout
    note = export.parent / "note"
    head = (export / "checkpoints.jsonl").read_bytes().splitlines()[1]
    note.write_text(json.loads(head)["note"])
    done = run(export, str(export), "--key", VKEY, "--since", str(note))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "continues your checkpoint" in done.stdout
    assert "Self-consistent" not in done.stdout


def test_every_character_of_every_file_counts_here_too(export: Path) -> None:
    for path in sorted(export.iterdir()):
        data = path.read_bytes()
        if path.name == "verify.py":
            continue
        place = len(data) * 2 // 3
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        done = run(export)
        assert done.returncode in {1, 2}, path.name
        assert "Traceback" not in done.stderr
        path.write_bytes(data)


def test_another_key_a_cut_and_a_gap_are_found_here_too(tmp_path: Path) -> None:
    forged = books(Maker()).write(tmp_path / "forged", signer=THIEF)
    assert run(forged).returncode == 0
    assert "no known key" in run(forged, "--key", VKEY).stdout
    whole = books(Maker(), entries=4).write(tmp_path / "whole")
    note = tmp_path / "note"
    note.write_text(json.loads((whole / "manifest.json").read_bytes())["checkpoint"])
    cut = books(Maker(), entries=3).write(tmp_path / "cut")
    assert "the end of the log is missing" in run(cut, "--since", str(note)).stdout
    maker = books(Maker(), entries=9)
    del maker.rows[8]
    assert "is missing" in run(maker.write(tmp_path / "gap")).stdout
    maker = books(Maker(), entries=2)
    maker.plain["balances"][0]["balance_minor"] = "7"
    assert "balances.jsonl, line 1" in run(maker.write(tmp_path / "balance")).stdout


def test_what_cannot_be_read_is_said_to_be_so(tmp_path: Path, export: Path) -> None:
    done = run(export, str(tmp_path))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert run(export, "--key", "nonsense").returncode == 2
    assert run(export, "--since", str(tmp_path / "none")).returncode == 2
    (export / "books.jsonl").unlink()
    manifest_renew_without(export, "books.jsonl")
    assert run(export).returncode == 1


@pytest.mark.parametrize(
    "line",
    ["[" * 200_000, '{"a":' + "[" * 900 + "]" * 900 + "}", '{"a":' + "[" * 300 + "]" * 300 + "}"],
    ids=["brackets", "900 deep", "300 deep"],
)
@pytest.mark.parametrize("name", ["ballots.jsonl", "leaves.jsonl"])
def test_a_line_that_nests_too_deep_is_refused_in_one_line(
    name: str, line: str, tmp_path: Path
) -> None:
    export = Story().maker.write(tmp_path / "export")
    path = export / name
    path.write_bytes(path.read_bytes() + line.encode() + b"\n")
    manifest_renew(export)
    done = run(export)
    assert (done.returncode, len(done.stdout.splitlines()), done.stderr) == (1, 1, "")
    with pytest.raises(Broken):
        verify(export)


def test_an_answer_that_cannot_be_written_is_two_and_one_line(export: Path) -> None:
    for wrong in (False, True):
        if wrong:
            (export / "books.jsonl").write_bytes(b"")
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(export / "verify.py")],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr


def manifest_renew_without(export: Path, name: str) -> None:
    manifest = json.loads((export / "manifest.json").read_bytes())
    manifest["files"] = [item for item in manifest["files"] if item["name"] != name]
    (export / "manifest.json").write_text(json.dumps(manifest))
    manifest_renew(export)


def test_the_file_says_how_to_use_it_and_imports_only_what_python_has() -> None:
    text = standalone.script()
    assert text.startswith("#!/usr/bin/env python3")
    assert "commonpurse.proof" not in text
    assert "verify.py" in standalone.readme()
