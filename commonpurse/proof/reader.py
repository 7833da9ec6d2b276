"""Reads an export: its manifest, and its files line by line, hashing them on the way.

Nothing is believed here. What cannot be read at all is `Unreadable`; what reads but contradicts
itself is `Broken`. A file is read once, and what its digest turns out to be is compared with the
manifest at the very end, so that a changed row is named by its line and id and not only by its
file.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from commonpurse.proof.canonical import canonical_read
from commonpurse.proof.faults import Broken, Malformed, Unreadable
from commonpurse.proof.notes import VerifierKey, note_open, vkey_read

FORMAT = "commonpurse-export/1"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
MANIFEST_BYTES_MAX = 4_000_000
PIECE = 1 << 20

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file as the manifest names it."""

    name: str
    sha256: str
    bytes_count: int
    lines_count: int
    leaf_kind: str | None


@dataclass(slots=True)
class Export:
    """An opened export. `digests` fills with the true digests of the files as they are read."""

    directory: Path
    manifest: Row
    files: dict[str, FileEntry]
    keys: tuple[VerifierKey, ...]
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """The name of the log."""
        return str(self.manifest["origin"])

    @property
    def size(self) -> int:
        """How many leaves the manifest says there are."""
        return number(self.manifest["size"], MANIFEST)

    def rows(self, name: str) -> Iterator[tuple[int, bytes, Row]]:
        """Each line of a file: its number from 1, its bytes, and the object that it writes."""
        if name not in self.files:
            raise Broken(MANIFEST, f"{name} is not listed, and an export has it")
        digest = hashlib.sha256()
        loads = orjson.loads
        try:
            with (self.directory / name).open("rb") as file:
                for line_number, line in enumerate(file, start=1):
                    digest.update(line)
                    try:
                        row = loads(line)
                    except orjson.JSONDecodeError as error:
                        raise Broken(name, "this line is not JSON", line=line_number) from error
                    if not isinstance(row, dict) or not is_canonical(row, line):
                        raise Broken(
                            name, "this line is not one object in canonical form", line=line_number
                        )
                    yield line_number, line, row
        except OSError as error:
            raise file_fault(name, error) from error
        self.digests[name] = digest.hexdigest()

    def table(self, name: str) -> list[Row]:
        """The rows of a file that may be missing from an export: none then."""
        return [row for _, _, row in self.rows(name)] if name in self.files else []

    def digests_check(self) -> None:
        """Compare every file's digest with the manifest's."""
        for entry in self.files.values():
            found = self.digests.get(entry.name) or file_sha256(self.directory, entry.name)
            if found != entry.sha256:
                raise Broken(
                    entry.name,
                    f"its SHA-256 is {found}, and the manifest says {entry.sha256}",
                )

    def strangers(self) -> list[str]:
        """Files in the directory that the manifest does not name: nothing is said about them."""
        known = {*self.files, MANIFEST, SIGNATURE}
        return sorted(path.name for path in self.directory.iterdir() if path.name not in known)


def is_canonical(row: Row, line: bytes) -> bool:
    """Whether a line writes its object in the one way; what nests too deep is written in none."""
    try:
        return canonical_read(row) + b"\n" == line
    except TypeError:
        return False


def number(value: object, where: str, *, line: int = 0, subject: str = "") -> int:
    """The whole number that a decimal text writes, in the one way to write it."""
    if isinstance(value, str) and value.removeprefix("-").isascii():
        digits = value.removeprefix("-")
        if digits.isdigit():
            found = int(value)
            if str(found) == value:
                return found
    raise Broken(where, f"{value!r} is not a whole number", line=line, subject=subject)


def file_fault(name: str, error: OSError) -> Exception:
    """A listed file that is missing contradicts the manifest; any other fault stops the reading."""
    if isinstance(error, FileNotFoundError):
        return Broken(name, "the manifest lists this file, and it is not there")
    return Unreadable(f"{name} cannot be read: {error.strerror}.")


def file_sha256(directory: Path, name: str) -> str:
    """The digest of a file that nobody read line by line."""
    digest = hashlib.sha256()
    try:
        with (directory / name).open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except OSError as error:
        raise file_fault(name, error) from error
    return digest.hexdigest()


def export_open(directory: Path, keys: tuple[VerifierKey, ...]) -> Export:
    """Open an export and check who signed its manifest.

    `keys` are those that the caller trusts; without any, the manifest's own are taken, which shows
    that the export agrees with itself and no more.
    """
    data = manifest_bytes(directory)
    try:
        manifest = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"{MANIFEST} is not JSON: {error}.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Unreadable(f"{MANIFEST} is not that of an export ({FORMAT}).")
    try:
        files = {entry.name: entry for entry in map(file_entry, manifest["files"])}
        own_keys = tuple(vkey_read(text) for text in manifest["vkeys"])
        export = Export(directory, manifest, files, keys or own_keys)
        claimed = (manifest["origin"], manifest["checkpoint"], manifest["coop_id"])
    except Malformed as error:
        raise Broken(MANIFEST, f"vkeys: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"{MANIFEST} is not complete: {error}.") from error
    if not all(isinstance(text, str) for text in claimed) or len(files) != len(manifest["files"]):
        raise Unreadable(f"{MANIFEST} does not say what an export's says.")
    if export.origin != f"commonpurse/{manifest['coop_id']}":
        raise Broken(MANIFEST, f"the log {export.origin} is not that of co-op {claimed[2]}")
    signature_check(export, data)
    return export


def manifest_bytes(directory: Path) -> bytes:
    """The manifest's bytes. Unreadable when there is none."""
    if not directory.is_dir():
        raise Unreadable(f"{directory} is not a directory. Give the directory of an export.")
    try:
        with (directory / MANIFEST).open("rb") as file:
            data = file.read(MANIFEST_BYTES_MAX + 1)
    except OSError as error:
        raise Unreadable(
            f"{directory / MANIFEST} cannot be read ({error.strerror}): "
            "this is not an export, or not a finished one."
        ) from error
    if len(data) > MANIFEST_BYTES_MAX:
        raise Unreadable(f"{MANIFEST} is too long to be one.")
    return data


def file_entry(entry: Row) -> FileEntry:
    """One file of the manifest; its name is a plain name, never a path."""
    name = str(entry["name"])
    if "/" in name or "\\" in name or name.startswith("."):
        raise Broken(MANIFEST, f"{name!r} is not the name of a file of an export")
    return FileEntry(
        name=name,
        sha256=str(entry["sha256"]),
        bytes_count=number(entry["bytes"], MANIFEST, subject=name),
        lines_count=number(entry["lines"], MANIFEST, subject=name),
        leaf_kind=entry.get("leaf_kind"),
    )


def signature_check(export: Export, data: bytes) -> None:
    """The manifest's digest is signed by a trusted key under the log's name."""
    try:
        note = (export.directory / SIGNATURE).read_bytes().decode()
        keys = [key for key in export.keys if key.name == export.origin]
        text = note_open(note, keys)
    except OSError as error:
        raise Broken(SIGNATURE, f"the manifest is not signed ({error.strerror})") from error
    except (Malformed, UnicodeDecodeError) as error:
        raise Broken(SIGNATURE, str(error)) from error
    expected = f"{export.origin}/manifest\n{hashlib.sha256(data).hexdigest()}\n"
    if text != expected:
        raise Broken(MANIFEST, f"its SHA-256 is not the one that {SIGNATURE} signs")
