"""The guards: each names the lines that refuse something, and the tests that prove they do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard: `find` stands once in `file`; with `replace` in its place, `tests` turn red."""

    name: str
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]


GUARDS: tuple[Guard, ...] = ()
