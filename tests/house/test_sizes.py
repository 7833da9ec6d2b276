"""Nothing grows past what one reader can hold: functions, files, lines."""

import re

import pytest

from tests.house.source import functions, python_files, shown

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 500
COLUMNS_MAX = 100
FILES = python_files("commonpurse", "tests", "bench", "scripts")


@pytest.mark.parametrize("limit", [FUNCTION_LINES_MAX])
def test_no_function_is_longer_than_a_screen(limit: int) -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name} has {(node.end_lineno or 0) - node.lineno + 1}"
        for path in FILES
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > limit
    ]
    assert long == []


def test_no_file_is_longer_than_a_sitting() -> None:
    counted = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: lines for name, lines in counted.items() if lines > FILE_LINES_MAX} == {}


def read_width(line: str) -> int:
    """How wide a line is to a reader, to whom notes to the tools and one long word do not count."""
    shown_part = re.split(r"\s+# (?:noqa|type: ignore)", line)[0]
    return len(shown_part) if " " in shown_part.strip() else 0


def test_no_line_is_wider_than_the_page() -> None:
    wide = [
        f"{shown(path)}:{number}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if read_width(line) > COLUMNS_MAX
    ]
    assert wide == []
