"""The public record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class Checkpoint(Schema):
    """The signed head of the log; `note` is the text to keep."""

    origin: str
    size: int
    root: str
    note: str
    vkey: str
    at: datetime


class Leaf(Schema):
    """A public fact with its place in the log."""

    index: int
    id: UUID
    kind: str
    at: datetime
    leaf_hash: str
    body: dict[str, Any]


class Receipt(Schema):
    """What to keep of a fact. `proof` is null until the leaf has its place, within a minute."""

    leaf_id: UUID
    kind: str
    at: datetime
    leaf_hash: str
    body: dict[str, Any]
    index: int | None
    proof: str | None
