"""What other rooms and pages read of a manual."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commonpurse.manual.clauses import Clause
from commonpurse.manual.parameters import Parameters


@dataclass(frozen=True, slots=True)
class ManualView:
    """One version of a co-op's manual, in force from `at` until the next one."""

    version_id: UUID
    coop_id: UUID
    number: int
    template: str
    parameters: Parameters
    clauses: tuple[Clause, ...]
    decision_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions; an empty side means that it was not there."""

    key: str
    label: str
    before: str
    after: str
    is_clause: bool
