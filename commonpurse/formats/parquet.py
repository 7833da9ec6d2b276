"""Ballots about a pool as Parquet: one file, or a folder of parts as a database exports them.

The columns are those of the CSV: voter and channel as text, value as whole numbers, decimals or
text, and where wanted age_days as whole numbers and weight as value. A number with a floating point
is none of these: what it was before it was rounded, nobody knows. A part is a file.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from commonpurse.formats.ballots import COLUMNS, NEEDED, ROWS_MAX
from commonpurse.formats.cells import (
    BadCell,
    age_checked,
    channel_checked,
    value_checked,
    voter_checked,
    weight_checked,
)
from commonpurse.rules.exact import shown
from commonpurse.rules.pools.columns import Column, Rows

SUFFIX = ".parquet"
MAGIC = b"PAR1"
UNCOUNTED = (".", "_")
"""How files begin that whoever writes parts leaves beside them, such as `_SUCCESS`."""


def is_parquet(path: Path) -> bool:
    """Whether ballots stand here in Parquet: a folder, or a file that says so."""
    if path.is_dir() or path.suffix == SUFFIX:
        return True
    try:
        with path.open("rb") as source:
            return source.read(len(MAGIC)) == MAGIC
    except OSError:  # Whoever reads it next says why it cannot be read.
        return False


def parts_of(path: Path) -> list[Path]:
    """The files that hold the ballots, in the order of their names.

    ValueError for a folder that holds none, or something else: it might be ballots, left out.
    """
    if not path.is_dir():
        return [path]
    found = []
    for one in sorted(path.rglob("*")):
        if one.is_dir() or one.name.startswith(UNCOUNTED):
            continue
        if one.suffix != SUFFIX:
            raise ValueError(f"{shown(str(one.relative_to(path)))} in it is no {SUFFIX} file")
        found.append(one)
    if not found:
        raise ValueError(f"there is no {SUFFIX} file in this folder")
    return found


def read(path: Path) -> Rows:
    """Read a part. BadCell for one that cannot be right."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as source:
            with pq.ParquetFile(source) as file:
                columns_check(file.schema_arrow)
                if file.metadata.num_rows > ROWS_MAX:
                    raise BadCell(f"it has more than {ROWS_MAX:,} rows: divide it into parts")
            # Names repeat, so they are read as places in a list of names.
            table = pq.read_table(
                source, read_dictionary=["voter", "channel"], page_checksum_verification=True
            )
        table.validate(full=True)
        return rows_of(table)
    except (pa.ArrowException, OSError) as fault:
        said = getattr(fault, "strerror", None) or str(fault).strip().partition("\n")[0]
        raise BadCell(f"it cannot be read as Parquet: {said}") from fault
    except UnicodeDecodeError as fault:
        raise BadCell("it holds text that is not UTF-8") from fault


def columns_check(schema: Any) -> None:
    """Refuse columns that are missing, strange, twice or of a type that is not exact."""
    import pyarrow.types as kinds

    names = list(schema.names)
    for name in names:
        if name not in COLUMNS:
            raise BadCell(f"{shown(name)} is no column of ballots: {', '.join(COLUMNS)}")
    if len(set(names)) != len(names):
        raise BadCell("a column is named twice")
    for name in NEEDED:
        if name not in names:
            raise BadCell(f"the column {name} is missing")
    for field in schema:
        kind = field.type.value_type if kinds.is_dictionary(field.type) else field.type
        is_text = kinds.is_string(kind) or kinds.is_large_string(kind)
        is_whole = kinds.is_integer(kind)
        if kinds.is_floating(kind):
            raise BadCell(
                f"the column {field.name} is of {kind}, which rounds; "
                "write whole numbers, decimals or text"
            )
        if field.name in ("voter", "channel"):
            is_right, wanted = is_text, "text"
        elif field.name == "age_days":
            is_right, wanted = is_whole, "whole numbers"
        else:
            is_right = is_text or is_whole or kinds.is_decimal(kind)
            wanted = "whole numbers, decimals or text"
        if not is_right:
            raise BadCell(f"the column {field.name} is of {kind}; it holds {wanted}")


CHECKED: dict[str, Callable[[Any], Any]] = {
    "voter": voter_checked,
    "channel": channel_checked,
    "value": value_checked,
    "age_days": age_checked,
    "weight": weight_checked,
}


def rows_of(table: Any) -> Rows:
    """The columns of a part, its names and numbers checked."""
    return Rows(**{name: column_of(table, name) for name in table.column_names})


def column_of(table: Any, name: str) -> Column:
    """One column, in which every row has something, with its different values checked."""
    import pyarrow as pa

    column = table.column(name)
    if column.null_count:
        raise BadCell(f"a row has no {name}")
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        # Without any chunk there is nothing to combine.
        return Column([], whole.to_numpy())
    places = whole.indices.to_numpy()
    values = whole.dictionary.to_pylist()
    # A dictionary may say nothing in a place, to which rows then lead.
    if None in values and whole.dictionary.take(whole.indices).null_count:
        raise BadCell(f"a row has no {name}")
    checked = CHECKED[name]
    return Column.of([one if one is None else checked(one) for one in values], places)
