"""The verifier that travels with every export: one file, Python's standard library alone.

It is kept in seven parts, so that each can be read, checked and tested like everything else, and
put together when an export is written: the head, and of each part what stands below its cut.
"""

from importlib import resources

CUT = "# -- 8< --"
PARTS = (
    "signatures.py",
    "record.py",
    "money.py",
    "people.py",
    "dues.py",
    "ends.py",
    "chain.py",
)


def script() -> str:
    """The text of `verify.py`."""
    folder = resources.files(__name__)
    texts = [folder.joinpath("head.txt").read_text(encoding="utf-8")]
    for name in PARTS:
        _, _, below = folder.joinpath(name).read_text(encoding="utf-8").partition(CUT)
        texts.append(below.partition("\n")[2].strip("\n") + "\n")
    return "\n\n".join(texts)


def readme() -> str:
    """The text that explains an export to whoever opens it."""
    return resources.files(__name__).joinpath("README.md").read_text(encoding="utf-8")
