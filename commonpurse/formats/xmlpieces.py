"""Untrusted XML, read piece by piece: no DTD, no entities, never more than one piece held here.

A large file is a long row of like elements (a statement's entries). Its reader says which paths
are pieces; each piece is handed over as a small tree when it ends, and is then forgotten here: what
its reader keeps of it (`camt053` keeps every entry) is the reader's. What a hostile file could grow
without end has a limit: bytes, depth, elements in a piece, one text.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from commonpurse.errors import Invalid

CHUNK_BYTES = 1 << 16
FILE_BYTES_MAX = 256 * 1024 * 1024
DEPTH_MAX = 40
PIECE_ELEMENTS_MAX = 5_000
TEXT_MAX = 20_000

Path = tuple[str, ...]


class Piece:
    """One element with its text, its attributes and the elements inside it."""

    __slots__ = ("attributes", "inside", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.text = ""
        self.inside: list[Piece] = []

    def all(self, path: str) -> Iterator["Piece"]:
        """Every element at `path` (`NtryDtls/TxDtls`), in the order of the file."""
        head, _, rest = path.partition("/")
        for piece in self.inside:
            if piece.name == head:
                if rest:
                    yield from piece.all(rest)
                else:
                    yield piece

    def first(self, *paths: str) -> "Piece | None":
        """The first element at the first of these paths that has one."""
        for path in paths:
            for piece in self.all(path):
                return piece
        return None

    def said(self, *paths: str) -> str:
        """The first text that is not empty at these paths, without blanks around it; else ''."""
        for path in paths:
            for piece in self.all(path):
                if piece.text:
                    return piece.text
        return ""


class _Builder:
    """Gathers pieces from the parser's events."""

    def __init__(
        self,
        is_piece: Callable[[Path], bool],
        on_start: Callable[[Path, str], None],
        on_piece: Callable[[Path, Piece], None],
    ) -> None:
        self.is_piece = is_piece
        self.on_start = on_start
        self.on_piece = on_piece
        self.path: list[str] = []
        self.open: list[Piece] = []
        self.elements_count = 0
        self.texts: list[str] = []
        self.text_size = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition("}")
        self.path.append(name)
        if len(self.path) > DEPTH_MAX:
            raise _too_much("elements nested too deeply")
        self.texts = []
        self.text_size = 0
        if self.open or self.is_piece(tuple(self.path)):
            self.elements_count += 1
            if self.elements_count > PIECE_ELEMENTS_MAX:
                raise _too_much(f"more than {PIECE_ELEMENTS_MAX} elements in one entry")
            piece = Piece(name, attributes)
            if self.open:
                self.open[-1].inside.append(piece)
            self.open.append(piece)
        else:
            self.on_start(tuple(self.path), space[1:])

    def data(self, text: str) -> None:
        if self.open:
            self.text_size += len(text)
            if self.text_size > TEXT_MAX:
                raise _too_much(f"a text of more than {TEXT_MAX} characters")
            self.texts.append(text)

    def end(self, tag: str) -> None:
        del tag
        if self.open:
            piece = self.open.pop()
            if not piece.inside:
                piece.text = "".join(self.texts).strip()
            path = tuple(self.path)
            if self.is_piece(path):
                if self.open:
                    # A piece inside a piece is handed over by itself and weighs nothing more.
                    self.open[-1].inside.pop()
                    self.elements_count -= _weight(piece)
                else:
                    self.elements_count = 0
                self.on_piece(path, piece)
        self.texts = []
        self.text_size = 0
        self.path.pop()

    def close(self) -> None:
        """The parser calls this at the end of the file."""


def pieces_read(
    source: bytes | BinaryIO,
    *,
    is_piece: Callable[[Path], bool],
    on_start: Callable[[Path, str], None],
    on_piece: Callable[[Path, Piece], None],
) -> None:
    """Read `source` to its end, calling `on_start(path, namespace)` for what is outside of pieces.

    Raises Invalid for what is empty, cut off, not XML, carries a DTD or passes a limit.
    """
    stream = BytesIO(source) if isinstance(source, bytes) else source
    parser = DefusedXMLParser(target=_Builder(is_piece, on_start, on_piece), forbid_dtd=True)
    total = 0
    try:
        while chunk := stream.read(CHUNK_BYTES):
            total += len(chunk)
            if total > FILE_BYTES_MAX:
                raise _too_much(f"more than {FILE_BYTES_MAX // 1024 // 1024} MB")
            parser.feed(chunk)
    except DefusedXmlException as refusal:
        raise Invalid(
            "dtd",
            "The file declares a document type or entities (DTD), which a bank's statement never "
            "does. It was not opened.",
        ) from refusal
    except ParseError as fault:
        line = fault.position[0]
        raise Invalid(
            "not_xml", "The file is not XML: it makes no sense at line %(line)s.", line=line
        ) from fault
    except (LookupError, ValueError) as fault:
        raise Invalid("encoding", "The file is written in an encoding unknown here.") from fault
    try:
        parser.close()
    except ParseError as fault:
        raise Invalid(
            "truncated", "The file ends in the middle. Download it from the bank again."
        ) from fault


def _weight(piece: Piece) -> int:
    return 1 + sum(_weight(inner) for inner in piece.inside)


def _too_much(what: str) -> Invalid:
    return Invalid(
        "too_large", "The file has %(what)s: no bank sends that, so it was not read.", what=what
    )
