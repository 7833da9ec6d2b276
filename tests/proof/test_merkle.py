"""The tree: the published vectors of Certificate Transparency, and pymerkle as a second opinion."""

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from commonpurse.proof.merkle import (
    EMPTY_ROOT,
    Frontier,
    Layers,
    consistency_holds,
    consistency_proof,
    inclusion_holds,
    inclusion_proof,
    leaf_hash,
    root,
    root_of_texts,
    tree_root,
)

DATA = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [leaf_hash(data) for data in DATA]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
"""The roots over the first 0 to 8 leaves, as Certificate Transparency publishes them."""


def hexes(*texts: str) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_are_found(size: int) -> None:
    assert root(LEAVES[:size]) == ROOTS[size]


def test_the_published_inclusion_proofs_are_found() -> None:
    tree = Layers(b"".join(LEAVES))
    assert inclusion_proof(tree, 0, 8) == hexes(
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    )
    assert inclusion_proof(tree, 5, 8) == hexes(
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    )


def test_the_published_consistency_proofs_are_found() -> None:
    tree = Layers(b"".join(LEAVES))
    assert consistency_proof(tree, 6, 8) == hexes(
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    )
    assert consistency_proof(tree, 2, 5) == hexes(
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    )


def test_every_leaf_of_every_small_tree_is_proved_and_nothing_else() -> None:
    for size in range(1, 20):
        leaves = [leaf_hash(bytes([number])) for number in range(size)]
        top = root(leaves)
        tree = Layers(b"".join(leaves))
        for index in range(size):
            path = inclusion_proof(tree, index, size)
            good: dict[str, Any] = {
                "leaf": leaves[index],
                "index": index,
                "size": size,
                "path": path,
                "root": top,
            }
            assert inclusion_holds(**good)
            assert not inclusion_holds(**good | {"leaf": leaf_hash(b"another")})
            assert not inclusion_holds(**good | {"index": size})
            assert not inclusion_holds(**good | {"path": [*path, top]})
            assert not inclusion_holds(**good | {"root": EMPTY_ROOT})
            if path:
                assert not inclusion_holds(**good | {"path": path[:-1]})
                assert not inclusion_holds(**good | {"index": (index + 1) % size})


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=8), min_size=1, max_size=80), st.data())
def test_another_implementation_finds_the_same_roots_and_proofs(
    data: list[bytes], draw: st.DataObject
) -> None:
    oracle = InmemoryTree(algorithm="sha256")
    for item in data:
        oracle.append_entry(item)
    leaves = [leaf_hash(item) for item in data]
    tree = Layers(b"".join(leaves))
    size = len(data)
    assert root(leaves) == oracle.get_root()
    index = draw.draw(st.integers(0, size - 1))
    theirs = oracle.prove_inclusion(index + 1).serialize()["path"]
    assert [step.hex() for step in inclusion_proof(tree, index, size)] == theirs[1:]
    old = draw.draw(st.integers(1, size))
    assert tree_root(tree, old) == oracle.get_root(old)
    path = consistency_proof(tree, old, size)
    good: dict[str, Any] = {
        "old": old,
        "new": size,
        "old_root": oracle.get_root(old),
        "new_root": oracle.get_root(),
        "path": path,
    }
    assert consistency_holds(**good)
    if old < size:
        assert not consistency_holds(**good | {"old_root": hashlib.sha256(b"x").digest()})
        assert not consistency_holds(**good | {"new_root": hashlib.sha256(b"x").digest()})
        assert not consistency_holds(**good | {"path": path[:-1]})


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_growing_log_knows_its_root_from_its_right_edge(data: list[bytes]) -> None:
    frontier = Frontier()
    leaves = [leaf_hash(item) for item in data]
    for count, leaf in enumerate(leaves, start=1):
        frontier.add(leaf)
        frontier = Frontier.read(frontier.size, frontier.write())
        assert frontier.root() == root(leaves[:count])


def test_a_right_edge_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="one hash for each 1"):
        Frontier.read(3, bytes(32))


def test_an_electorate_has_one_root_whoever_computes_it() -> None:
    ids = ["0a", "0b", "0c"]
    hashes = [hashlib.sha256(b"\x00" + text.encode()).digest() for text in ids]
    pair = hashlib.sha256(b"\x01" + hashes[0] + hashes[1]).digest()
    assert root_of_texts(ids) == hashlib.sha256(b"\x01" + pair + hashes[2]).hexdigest()
