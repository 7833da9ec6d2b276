"""One reader of files under libFuzzer: `reader.py NAME [libFuzzer's arguments]`.

Run by `tests/drills/test_readers.py` in an environment that has atheris and nothing else. A fault
is any exception but a refusal, and a refusal that is not one line with its number.
"""

import sys
from io import BytesIO

import atheris

with atheris.instrument_imports():
    from commonpurse.formats import ballots, pabulib
    from commonpurse.formats.lines import BadLine

READERS = {"ballots": ballots.read, "pabulib": pabulib.read}


def main() -> None:
    """Read what libFuzzer makes, until it stops."""
    name, *arguments = sys.argv[1:]
    read = READERS[name]

    def one(data: bytes) -> None:
        refused: BadLine | None = None
        try:
            read(BytesIO(data))
        except BadLine as refusal:
            refused = refusal
        if refused is not None:
            assert refused.message.isprintable(), "a refusal is one line"
            assert 1 <= refused.line <= data.count(b"\n") + 1, "it names a line of the file"

    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
