"""From a row to the fields of its leaf, and from a value to the text that a leaf carries.

Whole numbers become decimal strings, instants RFC 3339 with microseconds in UTC, days ISO 8601,
bytes hexadecimal digits. A text of more than 2,000 characters stands by its SHA-256, and so does a
JSON value of more than 48,000 bytes, so that a leaf stays small; the export carries the whole and
the verifier hashes it again.
"""

from datetime import UTC, date, datetime
from uuid import UUID

from commonpurse.proof.canonical import field_shortened
from commonpurse.record.models import AuditedModel
from commonpurse.record.unaudited import UNAUDITED


def leaf_value(value: object) -> object:
    """`value` in the only types that a leaf knows: text, truth values, null, lists, objects."""
    return field_shortened(leaf_value_whole(value))


def leaf_value_whole(value: object) -> object:
    """As `leaf_value`, with long text in full: what an export writes beside the leaf."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict):
        return {str(key): leaf_value_whole(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [leaf_value_whole(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in a leaf: {value!r}")


def row_columns(model: type[AuditedModel]) -> list[str]:
    """The columns of an audited table that its leaf carries, besides id and instant."""
    label = model._meta.label.replace("commonpurse.", "")
    names = [field.attname for field in model._meta.concrete_fields]
    skipped = {"id", "coop_id", "at"}
    return [name for name in names if name not in skipped and f"{label}.{name}" not in UNAUDITED]


def row_fields(row: AuditedModel) -> dict[str, object]:
    """The fields of a row's leaf."""
    return {name: leaf_value(getattr(row, name)) for name in row_columns(type(row))}
