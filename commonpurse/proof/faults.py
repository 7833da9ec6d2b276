"""What a verification can run into: something cannot be read, or something does not hold."""


class Malformed(ValueError):
    """Text or bytes that are not what their format says: a note, a key, a proof, a path."""


class Unreadable(Exception):
    """An export, or a file of it, that cannot be read at all (exit status 2)."""


class Broken(Exception):
    """The first thing that does not hold (exit status 1): where, which, and what was expected."""

    def __init__(self, where: str, what: str, *, line: int = 0, subject: str = "") -> None:
        place = f"{where}, line {line}" if line else where
        named = f", id {subject}" if subject else ""
        super().__init__(f"{place}{named}: {what}")
        self.where = where
        self.what = what
        self.line = line
        self.subject = subject
