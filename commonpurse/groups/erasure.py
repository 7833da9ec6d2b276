"""What else must be forgotten when a person is erased: each room above says it for itself.

Groups know nothing of mails, payees or comments. A room that keeps something about persons
registers a step in its `AppConfig.ready()`; `person_erase` carries out all of them in its own
transaction, so a person is erased everywhere or nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Erased:
    """Who is being erased: the last moment at which their address is known."""

    person_id: UUID
    email: str | None
    member_ids: tuple[tuple[UUID, UUID], ...]
    """Pairs of a co-op's id and the person's member id in it, former standings too."""
    at: datetime


Step = Callable[[Erased], None]

_steps: dict[str, Step] = {}


def erasure_register(name: str, step: Step) -> None:
    """Have `step` carried out whenever a person is erased. Twice by one name is once."""
    _steps[name] = step


def erasure_steps() -> tuple[Step, ...]:
    """All registered steps, in the order of their names."""
    return tuple(_steps[name] for name in sorted(_steps))
