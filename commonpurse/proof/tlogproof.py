"""The proof that one leaf is in the log, as a text to keep (c2sp.org/tlog-proof).

    c2sp.org/tlog-proof@v1
    index 73
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=

    commonpurse/0192…
    …the signed checkpoint

Whoever holds the leaf's bytes, this text and the log's key needs nothing else, now or later.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from commonpurse.proof.checkpoints import Checkpoint, checkpoint_open
from commonpurse.proof.faults import Malformed
from commonpurse.proof.merkle import HASH_BYTES, inclusion_holds, leaf_hash
from commonpurse.proof.notes import VerifierKey, from_base64, to_base64

HEADER = "c2sp.org/tlog-proof@v1"
INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
STEPS_MAX = 63


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A leaf's index, its audit path, and the checkpoint that it leads to, as a signed note."""

    index: int
    path: tuple[bytes, ...]
    note: str


def tlog_proof_write(proof: TlogProof) -> str:
    """The proof as a text."""
    steps = "".join(f"{to_base64(step)}\n" for step in proof.path)
    return f"{HEADER}\nindex {proof.index}\n{steps}\n{proof.note}"


def tlog_proof_read(text: str) -> TlogProof:
    """The proof that a text writes. Malformed when it is not exactly one (no `extra` line)."""
    head, blank, note = text.partition("\n\n")
    header, _, rest = head.partition("\n")
    first, *lines = rest.split("\n")
    if not blank or header != HEADER:
        raise Malformed("this is not a tlog-proof")
    match = INDEX.fullmatch(first)
    if not match or len(lines) > STEPS_MAX:
        raise Malformed("a tlog-proof says the leaf's index, then at most 63 hashes")
    path = tuple(from_base64(line) for line in lines)
    if any(len(step) != HASH_BYTES for step in path):
        raise Malformed("a hash of the path has not 32 bytes")
    return TlogProof(int(match[1]), path, note)


def tlog_proof_open(text: str, body: bytes, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The signed checkpoint under which `body` is proved to be in the log. Malformed if not."""
    proof = tlog_proof_read(text)
    checkpoint = checkpoint_open(proof.note, keys)
    if not inclusion_holds(
        leaf=leaf_hash(body),
        index=proof.index,
        size=checkpoint.size,
        path=proof.path,
        root=checkpoint.root,
    ):
        raise Malformed("the leaf does not stand at this index of the log")
    return checkpoint
