"""Ballots as Parquet are read exactly, whatever exact types they have, and nonsense is refused."""

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonpurse.formats import parquet
from commonpurse.formats.cells import BadCell
from commonpurse.rules.pools.columns import Column

BENDS = 200
ROW: dict[str, list[Any]] = {"voter": ["ann"], "channel": ["news"], "value": [1]}


def written(path: Path, columns: dict[str, Any], **more: Any) -> Path:
    pq.write_table(pa.table(columns), path, **more)
    return path


def cells(column: Column | None) -> list[Any]:
    assert column is not None
    return [column.values[place] for place in column.places]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (pa.array([25, 50, 25], pa.int8()), ["25", "50", "25"]),
        (pa.array([2**40, 0, 1], pa.uint64()), [str(2**40), "0", "1"]),
        (pa.array([Decimal("0.25"), Decimal("0.50"), Decimal("1.00")]), ["1/4", "1/2", "1"]),
        (pa.array([Decimal("0.1"), Decimal(0), Decimal(1)], pa.decimal256(60, 30)), ["1/10", 0, 1]),
        (pa.array(["0.50", "1/2", " .5 "]), ["1/2", "1/2", "1/2"]),
        (pa.array(["1e-3", "1/3", "0"], pa.large_string()), ["1/1000", "1/3", "0"]),
        (pa.array(["1/3", "0", "1/3"]).dictionary_encode(), ["1/3", "0", "1/3"]),
    ],
)
def test_values_of_every_exact_type(tmp_path: Path, values: Any, found: list[str | int]) -> None:
    columns = {"voter": ["1", "2", "3"], "channel": ["a", "b", "a"], "value": values}
    rows = parquet.read(written(tmp_path / "part.parquet", columns))
    assert cells(rows.value) == [Fraction(one) for one in found]
    assert len(set(rows.value.values)) == len(rows.value.values)
    assert (cells(rows.voter), cells(rows.channel)) == (["1", "2", "3"], ["a", "b", "a"])
    assert (rows.age_days, rows.weight) == (None, None)


def test_ages_weights_and_names_over_several_row_groups(tmp_path: Path) -> None:
    columns = {
        "weight": ["1/3", "2", "2"],
        "channel": pa.array(["é", "b", "é"]).dictionary_encode(),
        "age_days": pa.array([0, 100_000, 7], pa.uint32()),
        "voter": ["ann", "ann", "bo"],
        "value": [0, 0, 5],
    }
    path = written(tmp_path / "part", columns, row_group_size=1)
    rows = parquet.read(path)
    assert cells(rows.weight) == [Fraction(1, 3), 2, 2]
    assert cells(rows.age_days) == [0, 100_000, 7]
    assert cells(rows.channel) == ["é", "b", "é"]
    assert cells(rows.voter) == ["ann", "ann", "bo"]
    assert rows.channel.values == ["é", "b"]
    assert parquet.is_parquet(path)


def test_a_part_without_rows_is_a_part(tmp_path: Path) -> None:
    empty = pa.table(ROW).schema.empty_table()
    pq.write_table(empty, tmp_path / "part.parquet")
    assert parquet.read(tmp_path / "part.parquet").voter.values == []


BAD: list[tuple[dict[str, Any], str]] = [
    ({"value": [0.5]}, "column value is of double, which rounds"),
    ({"value": pa.array([0.5], pa.float32())}, "column value is of float, which rounds"),
    ({"weight": [1.0]}, "column weight is of double, which rounds"),
    ({"value": [True]}, "column value is of bool"),
    ({"value": [-1]}, "value -1 is below 0"),
    ({"value": [Decimal("-0.01")]}, "value -0.01 is below 0"),
    ({"value": ["-1"]}, "not a number from 0 on"),
    ({"value": ["1/0"]}, "divides by nothing"),
    ({"value": [10**15 + 1]}, "is more than"),
    ({"weight": [10**9 + 1]}, "is more than"),
    ({"value": pa.array([None], pa.int64())}, "a row has no value"),
    ({"channel": pa.array([None], pa.string())}, "a row has no channel"),
    ({"voter": [7]}, "column voter is of int64; it holds text"),
    ({"channel": [b"news"]}, "column channel is of binary"),
    ({"age_days": [-1]}, "an age has 0 to"),
    ({"age_days": [100_001]}, "an age has 0 to"),
    ({"age_days": ["3"]}, "column age_days is of string"),
    ({"voter": [""]}, "The voter is missing"),
    ({"channel": [" news"]}, "begins or ends with a blank"),
    ({"channel": ["ne\nws"]}, "cannot be printed"),
    ({"channel": ["n" * 201]}, "more than 200 letters"),
    ({"colour": ["red"]}, "“colour” is no column of ballots"),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_cells_and_columns_that_cannot_be_right(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    path = written(tmp_path / "part.parquet", ROW | change)
    with pytest.raises(BadCell, match=said):
        parquet.read(path)


@pytest.mark.parametrize("name", ["voter", "channel", "value"])
def test_a_missing_column_is_named(tmp_path: Path, name: str) -> None:
    columns = {key: value for key, value in ROW.items() if key != name}
    with pytest.raises(BadCell, match=f"the column {name} is missing"):
        parquet.read(written(tmp_path / "part.parquet", columns))


def test_a_column_that_is_named_twice(tmp_path: Path) -> None:
    table = pa.table([["ann"], ["news"], [1], [2]], names=["voter", "channel", "value", "value"])
    pq.write_table(table, tmp_path / "part.parquet")
    with pytest.raises(BadCell, match="named twice"):
        parquet.read(tmp_path / "part.parquet")


def test_a_bent_file_is_read_or_refused(tmp_path: Path) -> None:
    more = ROW | {"weight": ["1/3"], "age_days": [4]}
    path = written(tmp_path / "part.parquet", more, compression="none", write_page_checksum=True)
    chance = random.Random(1)
    refused = 0
    for _ in range(BENDS):
        bent = bytearray(path.read_bytes())
        bent[chance.randrange(len(bent))] ^= chance.randrange(1, 256)
        (tmp_path / "bent.parquet").write_bytes(bent)
        try:
            parquet.read(tmp_path / "bent.parquet")
        except BadCell:
            refused += 1
    assert refused > BENDS // 2


def test_every_shortened_file_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path / "part.parquet", ROW, compression="none").read_bytes()
    broken = tmp_path / "broken.parquet"
    for end in range(0, len(whole), 7):
        broken.write_bytes(whole[:end])
        with pytest.raises(BadCell, match="cannot be read as Parquet"):
            parquet.read(broken)
    broken.write_bytes(b"voter,channel,value\nann,news,1\n")
    with pytest.raises(BadCell, match="cannot be read as Parquet"):
        parquet.read(broken)
    with pytest.raises(BadCell, match="cannot be read as Parquet: No such file"):
        parquet.read(tmp_path / "none.parquet")


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    raw = pa.array([b"n\xffws"], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 1, raw.buffers())
    path = written(tmp_path / "part.parquet", ROW | {"channel": text})
    with pytest.raises(BadCell, match=r"(?i)utf-?8"):
        parquet.read(path)


def test_the_parts_of_a_folder_in_order_and_what_is_no_part(tmp_path: Path) -> None:
    deep = tmp_path / "shard=2"
    deep.mkdir()
    names = ["b.parquet", "a.parquet", "shard=2/c.parquet"]
    for name in names:
        written(tmp_path / name, ROW)
    for beside in ("_SUCCESS", ".part.crc"):
        (tmp_path / beside).touch()
    assert parquet.parts_of(tmp_path) == [tmp_path / name for name in sorted(names)]
    (deep / "more.csv").write_text("voter,channel,value\nbo,news,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"shard=2/more.csv” in it is no .parquet file"):
        parquet.parts_of(tmp_path)


def test_an_empty_folder_holds_no_ballots(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no .parquet file in this folder"):
        parquet.parts_of(tmp_path)
