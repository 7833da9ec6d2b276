"""What the record's selectors answer with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CheckpointView:
    """A signed head of a log; `note` is the text to publish and to keep."""

    coop_id: UUID
    size: int
    root: bytes
    note: str
    vkey: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LeafView:
    """A leaf with its place in the log."""

    index: int
    id: UUID
    kind: str
    at: datetime
    body: str
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a member keeps of a fact: the leaf, and its place once the sequencer gave it one.

    While `index` is None the receipt is a promise: the leaf is written, and it will have a place
    within a minute.
    """

    leaf_id: UUID
    kind: str
    at: datetime
    leaf_hash: bytes
    body: str
    index: int | None
    checkpoint: CheckpointView | None

    @property
    def is_sequenced(self) -> bool:
        """Whether a signed checkpoint covers the leaf."""
        return self.index is not None
