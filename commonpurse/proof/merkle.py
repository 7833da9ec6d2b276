"""The Merkle tree of RFC 6962, section 2.1 (RFC 9162 keeps it): hashes, roots and proofs.

A leaf is hashed after a zero byte, a node after a one byte. A tree of n leaves splits at the
largest power of two below n. Worked example: for three leaves a, b, c the root is
H(1, H(1, H(0, a), H(0, b)), H(0, c)), and the proof that b is in it is [H(0, a), H(0, c)].

Every function works over a `Nodes`: something that knows the hash of each perfect subtree. That
is a list of leaf hashes here and a set of stored tiles in `proof.tiles`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Nodes(Protocol):
    """The hashes of a tree's perfect subtrees."""

    def node(self, level: int, index: int) -> bytes:
        """The hash over leaves `[index * 2**level, (index + 1) * 2**level)`."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def layer_above(layer: bytes) -> bytes:
    """The hashes one level up, from those of a level side by side; an odd last one is dropped."""
    sha256 = hashlib.sha256
    return b"".join(
        [
            sha256(b"\x01" + layer[start : start + 64]).digest()
            for start in range(0, len(layer) - 63, 64)
        ]
    )


class Layers:
    """A whole tree in memory: all leaf hashes side by side, and each layer above them."""

    def __init__(self, hashes: bytes) -> None:
        assert len(hashes) % HASH_BYTES == 0
        self.size = len(hashes) // HASH_BYTES
        self.layers = [hashes]
        while len(self.layers[-1]) > HASH_BYTES:
            self.layers.append(layer_above(self.layers[-1]))

    def node(self, level: int, index: int) -> bytes:
        """The hash over leaves `[index * 2**level, (index + 1) * 2**level)`."""
        found = self.layers[level][index * HASH_BYTES : (index + 1) * HASH_BYTES]
        assert len(found) == HASH_BYTES, "no such node"
        return found


def split(size: int) -> int:
    """The largest power of two below `size` (2 or more)."""
    return 1 << (size - 1).bit_length() - 1


def range_hash(nodes: Nodes, start: int, end: int) -> bytes:
    """The hash of the subtree over leaves `[start, end)`, which stands where a tree has one."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes.node(level, start >> level)
    middle = start + split(size)
    return node_hash(
        nodes.node(split(size).bit_length() - 1, start // split(size)),
        range_hash(nodes, middle, end),
    )


def tree_root(nodes: Nodes, size: int) -> bytes:
    """The root over the first `size` leaves."""
    return range_hash(nodes, 0, size) if size else EMPTY_ROOT


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    return tree_root(Layers(b"".join(hashes)), len(hashes))


def root_of_texts(texts: Iterable[str]) -> str:
    """The root, in hex digits, over texts as leaves in the order given (ids of an electorate)."""
    return root([leaf_hash(text.encode()) for text in texts]).hex()


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves, from the leaf upwards."""
    assert 0 <= index < size
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The proof that the tree of `old` leaves is a prefix of the tree of `new` leaves."""
    assert 0 < old <= new
    start, end = 0, new
    is_whole = True
    path: list[bytes] = []
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start = middle
            is_whole = False
    if not is_whole:
        path.append(range_hash(nodes, start, end))
    return path[::-1]


def inclusion_holds(
    *, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether `path` proves that the leaf hash stands at `index` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    inner, outer = index, size - 1
    found = leaf
    for step in path:
        if outer == 0:
            return False
        if inner & 1 or inner == outer:
            found = node_hash(step, found)
            while not inner & 1 and inner:
                inner >>= 1
                outer >>= 1
        else:
            found = node_hash(found, step)
        inner >>= 1
        outer >>= 1
    return outer == 0 and found == root


def consistency_holds(
    *, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether `path` proves that the old tree is a prefix of the new (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    inner, outer = old - 1, new - 1
    while inner & 1:
        inner >>= 1
        outer >>= 1
    first = second = steps[0]
    for step in steps[1:]:
        if outer == 0:
            return False
        if inner & 1 or inner == outer:
            first = node_hash(step, first)
            second = node_hash(step, second)
            while not inner & 1 and inner:
                inner >>= 1
                outer >>= 1
        else:
            second = node_hash(second, step)
        inner >>= 1
        outer >>= 1
    return outer == 0 and first == old_root and second == new_root


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: enough to add leaves and to know the root, no more.

    `peaks` holds the hashes of the perfect subtrees that the size's binary digits name, the
    largest first: for 6 leaves the one over four and the one over two.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Put one more leaf hash at the end."""
        found, carry = leaf, self.size
        while carry & 1:
            found = node_hash(self.peaks.pop(), found)
            carry >>= 1
        self.peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        """The root over everything added so far."""
        if not self.peaks:
            return EMPTY_ROOT
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found

    @classmethod
    def read(cls, size: int, data: bytes) -> "Frontier":
        """A frontier from its stored peaks. ValueError when they do not fit the size."""
        peaks = [data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES)]
        if len(peaks) != size.bit_count() or len(data) % HASH_BYTES:
            raise ValueError("a frontier has one hash for each 1 in its size's binary digits")
        return cls(size, peaks)

    def write(self) -> bytes:
        """The peaks side by side."""
        return b"".join(self.peaks)
