"""Checkpoints (c2sp.org/tlog-checkpoint): how long the log is, and the root of its tree, signed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from commonpurse.proof.faults import Malformed
from commonpurse.proof.merkle import HASH_BYTES
from commonpurse.proof.notes import (
    Signer,
    VerifierKey,
    from_base64,
    note_open,
    note_read,
    to_base64,
)

CHECKPOINT = re.compile(
    r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[^\n]+)\n", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of one log: its name, its number of leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def origin_of(coop_id: UUID | str) -> str:
    """The name of a co-op's log, which is also the name of its key."""
    return f"commonpurse/{coop_id}"


def checkpoint_sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """A checkpoint as a note signed under the log's name."""
    return signer.sign(checkpoint.origin, checkpoint.text)


def checkpoint_read(text: str) -> Checkpoint:
    """The checkpoint that a note's text writes. Our logs use no extension lines: refused."""
    match = CHECKPOINT.fullmatch(text)
    if not match:
        raise Malformed("a checkpoint has three lines: origin, size, root")
    root = from_base64(match["root"])
    if len(root) != HASH_BYTES:
        raise Malformed("a checkpoint's root has 32 bytes")
    return Checkpoint(match["origin"], int(match["size"]), root)


def checkpoint_open(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint of a note that one of `keys` signed under the log's own name."""
    origin = checkpoint_peek(note).origin
    return checkpoint_read(note_open(note, [key for key in keys if key.name == origin]))


def checkpoint_peek(note: str) -> Checkpoint:
    """The checkpoint of a note whose signature is not verified here."""
    return checkpoint_read(note_read(note)[0])
