"""Canonical JSON, payload codes and tiles."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonpurse.proof.canonical import (
    canonical,
    canonical_read,
    lines_sha256,
    text_shortened,
    text_value,
)
from commonpurse.proof.faults import Malformed
from commonpurse.proof.merkle import Layers, inclusion_proof, leaf_hash, tree_root
from commonpurse.proof.payload import payload_code, payload_hash
from commonpurse.proof.tiles import (
    TILE_WIDTH,
    TilePath,
    Tiles,
    bundle_read,
    bundle_write,
    tile_path,
    tile_path_read,
    tile_root,
    tile_width,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ASCII = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ASCII, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_the_standard_library_writes_the_same_bytes(value: object) -> None:
    theirs = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == theirs.encode() == canonical_read(json.loads(canonical(value)))


@pytest.mark.parametrize("value", [1, 1.5, {"a": 1}, [b""], {"é": "x"}, {1: "x"}, object()])
def test_numbers_and_strangers_have_no_canonical_form(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_long_text_stands_by_its_digest_wherever_it_is() -> None:
    text = "é" * 2_001
    short = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    assert text_value(text) == short
    assert text_value("é" * 2_000) == "é" * 2_000
    assert text_shortened({"a": [text, None, True]}) == {"a": [short, None, True]}


def test_lines_are_hashed_each_with_its_newline() -> None:
    expected = hashlib.sha256(b'{"a":"1"}\n{"a":"2"}\n').hexdigest()
    assert lines_sha256([{"a": "1"}, {"a": "2"}]) == expected


def test_a_payment_code_is_eight_clear_symbols_of_the_hash() -> None:
    assert payload_code("0" * 64) == "2222-2222"
    assert payload_code("f" * 64) == "ZZZZ-ZZZZ"
    digest = payload_hash({"amount_minor": "12000"})
    assert digest == hashlib.sha256(b'{"amount_minor":"12000"}').hexdigest()
    assert payload_code("08421084210000") == "3333-3333"


def test_tile_paths_are_those_of_the_specification() -> None:
    assert tile_path(TilePath(0, 1_234_067)) == "tile/0/x001/x234/067"
    assert tile_path(TilePath(None, 5, 8)) == "tile/entries/005.p/8"
    assert tile_path_read("tile/63/x001/000.p/255") == TilePath(63, 1_000, 255)


@pytest.mark.parametrize(
    "text",
    [
        "tile/0/1",
        "tile/0/x000/001",
        "tile/00/001",
        "tile/64/001",
        "tile/0/001.p/256",
        "tile/0/001.p/0",
        "tile/0/001.p/08",
        "tile/-1/001",
        "tile/0/001/",
        "/tile/0/001",
        "tile/0/٠٠١",
        "tile/data/001",
        "tile/0/" + "x999/" * 9 + "999",
    ],
)
def test_any_other_path_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        tile_path_read(text)


@given(st.integers(0, 2**63 - 1), st.integers(0, 63), st.integers(1, 256))
def test_every_path_reads_back(index: int, level: int, width: int) -> None:
    path = TilePath(level, index, width)
    assert tile_path_read(tile_path(path)) == path


def test_the_specification_counts_tiles_so() -> None:
    size = 70_000
    assert tile_width(size, 0, 272) == TILE_WIDTH
    assert tile_width(size, 0, 273) == 112
    assert tile_width(size, 1, 0) == TILE_WIDTH
    assert tile_width(size, 1, 1) == 17
    assert tile_width(size, 2, 0) == 1
    assert tile_width(size, 3, 0) == 0
    assert tile_width(256, 1, 0) == 1


def test_proofs_from_tiles_are_those_from_the_whole_tree() -> None:
    size = 66_000
    hashes = b"".join(leaf_hash(number.to_bytes(4, "big")) for number in range(size))
    tree = Layers(hashes)

    def read(level: int, index: int, width: int) -> bytes:
        start = index * TILE_WIDTH
        return b"".join(tree.node(8 * level, start + place) for place in range(width))

    tiles = Tiles(size, read)
    assert tree_root(tiles, size) == tree_root(tree, size)
    for index in (0, 255, 256, 65_535, 65_536, 65_999):
        assert inclusion_proof(tiles, index, size) == inclusion_proof(tree, index, size)
    assert tile_root(read(0, 3, TILE_WIDTH)) == tree.node(8, 3)


@given(st.lists(st.binary(max_size=300), max_size=9))
def test_bundles_give_back_their_entries(entries: list[bytes]) -> None:
    data = bundle_write(entries)
    assert bundle_read(data) == entries
    if data:
        with pytest.raises(Malformed):
            bundle_read(data[:-1])
