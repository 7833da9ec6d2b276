"""Signed notes, checkpoints and proofs as texts: the published vectors, and what is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from commonpurse.proof.checkpoints import (
    Checkpoint,
    checkpoint_open,
    checkpoint_peek,
    checkpoint_read,
    checkpoint_sign,
)
from commonpurse.proof.faults import Malformed
from commonpurse.proof.merkle import Layers, inclusion_proof, leaf_hash, root
from commonpurse.proof.notes import Signer, note_open, vkey_read
from commonpurse.proof.tlogproof import (
    TlogProof,
    tlog_proof_open,
    tlog_proof_read,
    tlog_proof_write,
)

# The key and note of golang.org/x/mod/sumdb/note, which the specification grew from.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng"
    "otpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(SEED))
OTHER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))


def test_the_published_note_is_signed_and_opened_byte_for_byte() -> None:
    assert SIGNER.sign("PeterNeumann", TEXT) == NOTE
    assert str(SIGNER.key("PeterNeumann")) == VKEY
    assert note_open(NOTE, [vkey_read(VKEY)]) == TEXT


def test_no_vkey_changed_by_one_character_is_a_key() -> None:
    for place in range(len(VKEY)):
        for char in ("A", "+", "=", " ", "é"):
            changed = VKEY[:place] + char + VKEY[place + 1 :]
            if changed != VKEY:
                with pytest.raises(Malformed):
                    vkey_read(changed)
    for place in range(len(VKEY)):
        with pytest.raises(Malformed):
            vkey_read(VKEY[:place])


def test_no_note_changed_by_one_character_opens() -> None:
    key = vkey_read(VKEY)
    for place in range(len(NOTE)):
        for char in ("A", "\n", " ", "\t", ""):
            changed = NOTE[:place] + char + NOTE[place + 1 :]
            if changed != NOTE:
                with pytest.raises(Malformed):
                    note_open(changed, [key])


def test_a_signature_is_written_in_one_way_only() -> None:
    """The last letter before the padding carries two bits that stand for nothing."""
    same = NOTE.replace("BwJnAM=", "BwJnAN=")
    assert same != NOTE
    with pytest.raises(Malformed, match="one right way"):
        note_open(same, [vkey_read(VKEY)])


def test_signatures_of_others_are_passed_over_and_alone_are_not_enough() -> None:
    line = OTHER.sign("someone.example", TEXT).rpartition("\n\n")[2]
    assert note_open(NOTE + line, [vkey_read(VKEY)]) == TEXT
    with pytest.raises(Malformed, match="no known key"):
        note_open(NOTE, [OTHER.key("PeterNeumann")])
    with pytest.raises(Malformed, match="no known key"):
        note_open(NOTE, [])


def test_a_known_key_with_a_false_signature_spoils_the_note() -> None:
    forged = NOTE.replace("problem is.", "problem was.")
    with pytest.raises(Malformed, match="does not hold"):
        note_open(forged, [vkey_read(VKEY)])


def test_text_without_a_last_newline_cannot_be_signed() -> None:
    with pytest.raises(Malformed):
        SIGNER.sign("PeterNeumann", "no end")
    with pytest.raises(Malformed):
        SIGNER.sign("Peter Neumann", TEXT)


@given(st.text(max_size=200))
def test_reading_any_text_as_a_note_or_proof_fails_politely(text: str) -> None:
    for read in (checkpoint_peek, tlog_proof_read, vkey_read, checkpoint_read):
        with pytest.raises(Malformed):
            read(text)


def test_a_checkpoint_is_opened_only_under_its_own_name() -> None:
    checkpoint = Checkpoint("commonpurse/one", 3, bytes(32))
    note = checkpoint_sign(checkpoint, SIGNER)
    assert checkpoint_open(note, [SIGNER.key("commonpurse/one")]) == checkpoint
    with pytest.raises(Malformed):
        checkpoint_open(note, [SIGNER.key("commonpurse/two")])
    with pytest.raises(Malformed):
        checkpoint_open(
            SIGNER.sign("commonpurse/two", checkpoint.text), [SIGNER.key("commonpurse/two")]
        )


@pytest.mark.parametrize(
    "text",
    [
        "origin\n01\n" + "A" * 43 + "=\n",
        "origin\n-1\n" + "A" * 43 + "=\n",
        "origin\n1\n" + "A" * 44 + "\n",
        "origin\n1\n" + "A" * 43 + "=\nmore\n",
        "\n1\n" + "A" * 43 + "=\n",
        "origin\n1\n" + "A" * 43 + "=",
        "origin\n٣\n" + "A" * 43 + "=\n",
        "origin\n99999999999999999999\n" + "A" * 43 + "=\n",
    ],
)
def test_a_checkpoint_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(Malformed):
        checkpoint_read(text)


def test_a_kept_proof_convinces_whoever_has_the_leaf_and_the_key() -> None:
    bodies = [bytes([number]) for number in range(5)]
    leaves = [leaf_hash(body) for body in bodies]
    note = checkpoint_sign(Checkpoint("commonpurse/one", 5, root(leaves)), SIGNER)
    path = inclusion_proof(Layers(b"".join(leaves)), 3, 5)
    text = tlog_proof_write(TlogProof(3, tuple(path), note))
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 3\n")
    assert tlog_proof_read(text) == TlogProof(3, tuple(path), note)
    keys = [SIGNER.key("commonpurse/one")]
    assert tlog_proof_open(text, bodies[3], keys).size == 5
    with pytest.raises(Malformed):
        tlog_proof_open(text, bodies[2], keys)
    with pytest.raises(Malformed):
        tlog_proof_open(text.replace("index 3", "index 4"), bodies[3], keys)
