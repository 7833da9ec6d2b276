"""Rows of other tables read beside a row, in the same query.

Django joins what a row points to (`select_related`), not what points to it, although a unique key
says that there is one at most. Such a row is read as a JSON object and made a row again.
"""

from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, JSONField, Model
from django.db.models.sql.compiler import SQLCompiler

Found = TypeVar("Found", bound=Model)


class WholeRow(Func):
    """The whole row that a column of it was found in, as JSON: quicker said than its columns."""

    output_field = JSONField()

    def as_sql(  # type: ignore[override]  # the template of Func is fixed here
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,  # noqa: ARG002  (one database knows `to_jsonb`)
    ) -> tuple[str, tuple[str | int, ...]]:
        """`to_jsonb` of the row; NULL where a join found none."""
        (column,) = self.get_source_expressions()
        return f"to_jsonb({compiler.quote_name_unless_alias(column.alias)}.*)", ()


def beside(table: type[Model], path: str = "") -> WholeRow:
    """The row of this table that is reached by the path, as a column of a query."""
    return WholeRow(f"{path}{table._meta.pk.attname}")


def beside_read(table: type[Found], value: dict[str, Any] | None) -> Found | None:
    """The row that was read beside another one; None when there was none."""
    if value is None:
        return None
    fields = table._meta.concrete_fields
    return table.from_db(
        DEFAULT_DB_ALIAS,
        [field.attname for field in fields],
        [field.to_python(value[field.attname]) for field in fields],
    )
