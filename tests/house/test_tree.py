"""What must never stand in the repository: other people's hosts, one machine's folders, secrets."""

import re

from tests.house.source import shown, tracked_files

TEXT_BYTES_MAX = 2_000_000

# Written in two halves, so that this file does not name what it forbids.
FORBIDDEN = [
    "pypi" + r"\.org",
    "files" + r"\.pythonhosted",
    "registry" + r"\.npmjs",
    "deb" + r"\.debian\.org",
    "index" + "-url[ =]+http",
    "/root" + "/",
    "/work" + "/(main|shared)",
    "tmp" + "/purse/",
    "BEGIN [A-Z ]*PRIVATE" + " KEY",
]


def test_no_host_of_a_registry_no_folder_of_one_machine_and_no_secret() -> None:
    found = []
    for path in tracked_files():
        if path.stat().st_size > TEXT_BYTES_MAX:
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{shown(path)}: {pattern}" for pattern in FORBIDDEN if re.search(pattern, text)]
    assert found == []


def test_no_file_is_too_large_to_read() -> None:
    large = [shown(path) for path in tracked_files() if path.stat().st_size > TEXT_BYTES_MAX]
    assert large == []
