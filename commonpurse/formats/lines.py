"""Text files line by line: UTF-8, with or without a byte order mark, ended by LF or CRLF."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from commonpurse.rules.exact import SHOWN_MAX

LINE_BYTES_MAX = 1_000_000
NAME_LETTERS_MAX = 200


class BadLine(Exception):
    """A file that cannot be read, and the number of the line that shows it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def lines_of(source: BinaryIO) -> Iterator[str]:
    """The lines without their ends. BadLine for what is no text, or a line without an end."""
    number = 0
    while True:
        number += 1
        raw = source.readline(LINE_BYTES_MAX + 1)
        if not raw:
            return
        if len(raw) > LINE_BYTES_MAX:
            raise BadLine(number, f"The line is longer than {LINE_BYTES_MAX:,} bytes.")
        if number == 1:
            if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise BadLine(1, "The file is in UTF-16. Save it as UTF-8.")
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            text = raw.decode()
        except UnicodeDecodeError as fault:
            raise BadLine(number, f"Byte {fault.start + 1} is not UTF-8.") from fault
        text = text.removesuffix("\n").removesuffix("\r")
        if "\0" in text:
            raise BadLine(number, "The line holds a zero byte, which no text does.")
        if "\r" in text:
            raise BadLine(number, "The line holds a carriage return within it.")
        yield text


def name_read(line: int, what: str, text: str) -> str:
    """A name from a file: something, in one line, not too long."""
    name = text.strip()
    if not name:
        raise BadLine(line, f"The {what} is missing.")
    if not name.isprintable():
        raise BadLine(line, f"The {what} holds letters that cannot be printed.")
    if len(name) > NAME_LETTERS_MAX:
        cut = name[:SHOWN_MAX] + "…"
        raise BadLine(line, f"The {what} “{cut}” has more than {NAME_LETTERS_MAX} letters.")
    return name
