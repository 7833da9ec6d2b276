"""Rows of other tables read beside a row, in the same query.

Django joins what a row points to (`select_related`), not what points to it, although a unique key
says that there is one at most. Such a row is read as a JSON object and made a row again.
"""

from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.functions import JSONObject

Found = TypeVar("Found", bound=Model)


def beside(table: type[Model], path: str = "") -> JSONObject:
    """The row of this table that is reached by the path, as a column of a query."""
    names = (field.attname for field in table._meta.concrete_fields)
    return JSONObject(**{name: f"{path}{name}" for name in names})


def beside_read(table: type[Found], value: dict[str, Any] | None) -> Found | None:
    """The row that was read beside another one; None when there was none."""
    if value is None or value["id"] is None:
        return None
    fields = table._meta.concrete_fields
    return table.from_db(
        DEFAULT_DB_ALIAS,
        [field.attname for field in fields],
        [field.to_python(value[field.attname]) for field in fields],
    )
