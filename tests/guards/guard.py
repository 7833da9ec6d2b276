"""What a guard is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard: `find` stands once in `file`; with `replace` in its place, `tests` turn red."""

    name: str
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]
