"""Tiles (c2sp.org/tlog-tiles): the tree cut into pieces of 256 hashes that never change.

Tile n of level L holds the hashes over 256**L leaves each, from the (256 n)-th on. Full tiles are
stored once; the one at the right edge is partial and is made when somebody asks. Any proof is
made from a handful of tiles, so nobody hashes the whole log again.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from commonpurse.proof.faults import Malformed
from commonpurse.proof.merkle import HASH_BYTES, layer_above

TILE_WIDTH = 256
TILE_HEIGHT = 8
ENTRY_BYTES_MAX = 65_535
LEVEL_MAX = 63
INDEX_MAX = 2**63 - 1
PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)"
    r"/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class TilePath:
    """What a tile's path asks for; `level` is None for a bundle of entries."""

    level: int | None
    index: int
    width: int = TILE_WIDTH


def tile_path(path: TilePath) -> str:
    """`tile/0/x001/x234/067.p/8`: level, index in groups of three digits, width when partial."""
    level = "entries" if path.level is None else str(path.level)
    digits = f"{path.index % 1000:03d}"
    rest = path.index // 1000
    while rest:
        digits = f"x{rest % 1000:03d}/{digits}"
        rest //= 1000
    partial = "" if path.width == TILE_WIDTH else f".p/{path.width}"
    return f"tile/{level}/{digits}{partial}"


def tile_path_read(text: str) -> TilePath:
    """What a path asks for. Malformed unless it is written exactly as `tile_path` writes it."""
    match = PATH.fullmatch(text)
    if not match:
        raise Malformed("this is not the path of a tile")
    level = None if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("x", "").replace("/", ""))
    path = TilePath(level, index, int(match["width"] or TILE_WIDTH))
    if tile_path(path) != text or (level or 0) > LEVEL_MAX or index > INDEX_MAX:
        raise Malformed("this is not the path of a tile")
    return path


def tile_width(size: int, level: int, index: int) -> int:
    """How many hashes tile `index` of `level` has in a log of `size` leaves: 0 when none."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - index * TILE_WIDTH))


def tile_root(data: bytes) -> bytes:
    """The hash over a full tile: one entry of a tile one level up."""
    assert len(data) == TILE_WIDTH * HASH_BYTES
    while len(data) > HASH_BYTES:
        data = layer_above(data)
    return data


class Tiles:
    """The nodes of a log of `size` leaves, read from its tiles, each at most once."""

    def __init__(self, size: int, read: Callable[[int, int, int], bytes]) -> None:
        self.size = size
        self.read = read
        self.seen: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash over leaves `[index * 2**level, (index + 1) * 2**level)`."""
        tile_level, height = divmod(level, TILE_HEIGHT)
        start = index << height
        number = start // TILE_WIDTH
        layers = self._layers(tile_level, number)
        place = (start % TILE_WIDTH >> height) * HASH_BYTES
        found = layers[height][place : place + HASH_BYTES]
        assert len(found) == HASH_BYTES, "no such node"
        return found

    def _layers(self, level: int, number: int) -> list[bytes]:
        if (level, number) not in self.seen:
            width = tile_width(self.size, level, number)
            data = self.read(level, number, width)
            assert len(data) == width * HASH_BYTES, "a tile of another width"
            layers = [data]
            for _ in range(TILE_HEIGHT):
                layers.append(layer_above(layers[-1]))
            self.seen[level, number] = layers
        return self.seen[level, number]


def bundle_write(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each after its length in two bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def bundle_read(data: bytes) -> list[bytes]:
    """The entries of a bundle. Malformed when it ends within one."""
    entries = []
    place = 0
    while place < len(data):
        length = int.from_bytes(data[place : place + 2], "big")
        entry = data[place + 2 : place + 2 + length]
        if place + 2 > len(data) or len(entry) != length:
            raise Malformed("the bundle ends within an entry")
        entries.append(entry)
        place += 2 + length
    return entries
