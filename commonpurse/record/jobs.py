"""Work for later, named in the transaction that makes it necessary.

A job is deferred by its name only, so that no room below the shell knows who carries it out: it
exists if, and only if, the transaction commits. `config/jobs.py` maps names to services.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from commonpurse.record.encoding import leaf_value


def job_defer(name: str, **args: object) -> None:
    """Write down that `name` is to be done with `args`, in the caller's transaction.

    Ids, instants and days travel as text; everything else must be JSON already. A worker may do
    a job more than once, so whatever carries it out must come to the same end the second time.
    """
    assert connection.in_atomic_block, "a job is born in the transaction that needs it"
    plain: dict[str, Any] = {key: plain_value(value) for key, value in args.items()}
    app.configure_task(name, allow_unknown=True).defer(**plain)


def plain_value(value: object) -> object:
    """`value` as JSON can carry it; TypeError for what it cannot."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, UUID | datetime | date):
        return leaf_value(value)
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain_value(item) for key, item in value.items()}
    raise TypeError(f"a job cannot carry {type(value).__name__}: {value!r}")
