"""The export: everything public of one co-op, in files that anybody can verify without us.

It is cut at the log's newest checkpoint: a row goes out when its leaf has a place below the
checkpoint's size, so what is written a moment later changes nothing. Everything is read in one
snapshot, through cursors on the server, so a large co-op needs no more memory than a small one.

Audited tables go out by themselves. What is not an audited table (the ledger's entries, the rows
of a batch, a ledger in another program's format) is registered by its room with `export_register`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Field

import commonpurse
from commonpurse.errors import Invalid, NotPossible
from commonpurse.proof import standalone
from commonpurse.proof.canonical import canonical
from commonpurse.proof.checkpoints import origin_of
from commonpurse.proof.notes import Signer
from commonpurse.record.encoding import leaf_value_whole, row_columns
from commonpurse.record.models import AuditedModel
from commonpurse.record.selectors import checkpoint_latest, checkpoint_list, pending_count

FORMAT = "commonpurse-export/1"
CHUNK = 2_000

Line = dict[str, object] | str

ROWS = """
SELECT {columns} FROM {table} t
JOIN record_sequenced s ON s.leaf_id = t.id AND s.coop_id = t.coop_id
WHERE t.coop_id = %(coop_id)s AND s.index < %(size)s ORDER BY s.index
"""

LEAVES = """
SELECT s.index, l.leaf_hash, l.body
FROM record_sequenced s JOIN record_leaf l ON l.id = s.leaf_id AND l.coop_id = s.coop_id
WHERE s.coop_id = %(coop_id)s AND s.index < %(size)s ORDER BY s.index
"""


@dataclass(frozen=True, slots=True)
class ExportCut:
    """Where the export is cut: one co-op's log at one size, read in one snapshot."""

    coop_id: UUID
    slug: str
    size: int

    def rows(self, sql: str, params: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """The rows of a query, fetched piece by piece; `coop_id` and `size` are parameters."""
        given: dict[str, Any] = {"coop_id": self.coop_id, "size": self.size} | (params or {})
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql, given)
            first = cursor.fetchmany(CHUNK)
            names = [column[0] for column in cursor.description]
            rows = first
            while rows:
                for row in rows:
                    yield dict(zip(names, row, strict=True))
                rows = cursor.fetchmany(CHUNK)


Writer = Callable[[ExportCut], Iterator[Line]]


@dataclass(frozen=True, slots=True)
class FileWriter:
    """One file of the export; with a `leaf_kind`, each of its lines is a row with its leaf."""

    name: str
    write: Writer
    leaf_kind: str | None = None


@dataclass(frozen=True, slots=True)
class FileMade:
    """A file of the export as the manifest names it."""

    name: str
    sha256: str
    bytes_count: int
    lines_count: int
    leaf_kind: str | None = None


@dataclass(frozen=True, slots=True)
class ExportMade:
    """What an export holds, and how many leaves came too late for it."""

    directory: Path
    coop_id: UUID
    size: int
    pending: int
    vkey: str
    files: tuple[FileMade, ...] = field(default=())
    left_out: tuple[str, ...] = field(default=())


REGISTERED: dict[str, FileWriter] = {}
"""The files that rooms add to the audited tables, by their names."""


def export_register(name: str, write: Writer, *, leaf_kind: str | None = None) -> None:
    """Add a file to every export. Called once for each file, when the room's app is ready."""
    REGISTERED[name] = FileWriter(name, write, leaf_kind)


def file_writers() -> list[FileWriter]:
    """Every file of an export, by name: the log's own, the audited tables', the rooms'."""
    writers = [
        FileWriter("leaves.jsonl", leaves_lines),
        FileWriter("checkpoints.jsonl", checkpoints_lines),
        *[table_writer(model) for model in apps.get_models() if issubclass(model, AuditedModel)],
        *REGISTERED.values(),
    ]
    names = [writer.name for writer in writers]
    assert len(names) == len(set(names)), "two writers of one file"
    return sorted(writers, key=lambda writer: writer.name)


def record_export(
    *, coop_id: UUID, slug: str, directory: Path, signer: Signer, at: datetime
) -> ExportMade:
    """Write one co-op's public record into an empty or new directory, and sign what was written.

    Raises Invalid when the directory holds something, NotPossible when it cannot be written or
    when the log has no checkpoint yet.
    """
    directory_prepare(directory)
    with snapshot():
        head = checkpoint_latest(coop_id)
        if head is None:
            raise NotPossible(
                "no_checkpoint",
                "The record of this co-op has no checkpoint yet. Start the worker and try again.",
            )
        cut = ExportCut(coop_id, slug, head.size)
        files, left_out = files_write(directory, cut)
        pending = pending_count(coop_id)
        vkeys = sorted({checkpoint.vkey for checkpoint in checkpoint_list(coop_id)})
    for name, text in (("verify.py", standalone.script()), ("README.md", standalone.readme())):
        files.append(file_write(directory, FileWriter(name, text_of(text)), cut))
    vkey = str(signer.key(origin_of(coop_id)))
    manifest: dict[str, object] = {
        "format": FORMAT,
        "made_by": f"commonpurse {commonpurse.__version__}",
        "made_at": at.isoformat(),
        "coop_id": str(coop_id),
        "slug": slug,
        "origin": origin_of(coop_id),
        "size": str(head.size),
        "pending": str(pending),
        "checkpoint": head.note,
        "vkeys": sorted({*vkeys, vkey}),
        "files": [file_entry(made) for made in files],
        "left_out": left_out,
    }
    manifest_write(directory, manifest, signer)
    return ExportMade(directory, coop_id, head.size, pending, vkey, tuple(files), tuple(left_out))


def files_write(directory: Path, cut: ExportCut) -> tuple[list[FileMade], list[str]]:
    """Write every file; the names of those that could not be told come second.

    Rows that contradict each other are no reason to write nothing: the rest of the export is what
    shows the contradiction. So a file that cannot be made is left out, and said to be.
    """
    files: list[FileMade] = []
    left_out: list[str] = []
    for writer in file_writers():
        try:
            files.append(file_write(directory, writer, cut))
        except (LookupError, ValueError, TypeError, AssertionError, ArithmeticError) as fault:
            (directory / writer.name).unlink(missing_ok=True)
            left_out.append(f"{writer.name}: {fault!r}")
    return files, left_out


def directory_prepare(directory: Path) -> None:
    """Make the directory if need be; it must be empty, so that nothing is written over."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        is_empty = next(directory.iterdir(), None) is None
    except OSError as error:
        raise NotPossible(
            "directory",
            "%(directory)s cannot be written: %(strerror)s.",
            directory=directory,
            strerror=error.strerror,
        ) from error
    if not is_empty:
        raise Invalid(
            "not_empty",
            "%(directory)s is not empty. Give the name of a new directory: nothing is overwritten.",
            field="directory",
            directory=directory,
        )


@contextmanager
def snapshot() -> Iterator[None]:
    """One unchanging view of the database; within a caller's transaction, that transaction's."""
    if connection.in_atomic_block:
        plans_whole()
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        plans_whole()
        yield


def plans_whole() -> None:
    """Plan for reading every row: a plan that is quick to the first tenth may never end.

    PostgreSQL expects that of a cursor, and expects few rows of tables that grew a moment ago.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
        cursor.execute("SET LOCAL enable_nestloop = off")


def file_write(directory: Path, writer: FileWriter, cut: ExportCut) -> FileMade:
    """Write one file and know its digest."""
    digest = hashlib.sha256()
    bytes_count = lines_count = 0
    try:
        with (directory / writer.name).open("xb") as file:
            for line in writer.write(cut):
                data = line.encode() if isinstance(line, str) else canonical(line) + b"\n"
                file.write(data)
                digest.update(data)
                bytes_count += len(data)
                lines_count += data.count(b"\n")
    except OSError as error:
        raise NotPossible(
            "write_failed",
            "%(value)s cannot be written: %(strerror)s.",
            value=directory / writer.name,
            strerror=error.strerror,
        ) from error
    return FileMade(writer.name, digest.hexdigest(), bytes_count, lines_count, writer.leaf_kind)


def file_entry(made: FileMade) -> dict[str, object]:
    """A file as the manifest names it."""
    entry: dict[str, object] = {
        "name": made.name,
        "sha256": made.sha256,
        "bytes": str(made.bytes_count),
        "lines": str(made.lines_count),
    }
    if made.leaf_kind:
        entry["leaf_kind"] = made.leaf_kind
    return entry


def manifest_write(directory: Path, manifest: dict[str, object], signer: Signer) -> None:
    """Write the manifest, and over its digest a note signed with the log's key."""
    data = (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
    origin = str(manifest["origin"])
    text = f"{origin}/manifest\n{hashlib.sha256(data).hexdigest()}\n"
    (directory / "manifest.sig").write_bytes(signer.sign(origin, text).encode())
    draft = directory / "manifest.json.part"
    draft.write_bytes(data)
    draft.replace(directory / "manifest.json")


def table_writer(model: type[AuditedModel]) -> FileWriter:
    """The writer of an audited table: what its leaves carry, with long texts in full."""
    columns = ["id", "at", *row_columns(model)]
    fields = [field_of(model, name) for name in columns]

    def write(cut: ExportCut) -> Iterator[Line]:
        quote = connection.ops.quote_name
        chosen = ", ".join(
            f"t.{quote(str(item.column))} AS {quote(item.attname)}" for item in fields
        )
        sql = ROWS.format(columns=chosen, table=quote(model._meta.db_table))
        for row in cut.rows(sql):
            yield {item.attname: column_value(item, row[item.attname]) for item in fields}

    return FileWriter(f"{model.table}.jsonl", write, model.leaf_kind)


def field_of(model: type[AuditedModel], attname: str) -> "Field[Any, Any]":
    """The field that a column belongs to."""
    return next(item for item in model._meta.concrete_fields if item.attname == attname)


def column_value(item: "Field[Any, Any]", value: object) -> object:
    """A column's value as the export writes it."""
    convert = getattr(item, "from_db_value", None)
    if convert is not None:
        value = convert(value, None, connection)
    return leaf_value_whole(value)


def leaves_lines(cut: ExportCut) -> Iterator[Line]:
    """The log itself: each leaf's index, its hash and its bytes."""
    for row in cut.rows(LEAVES):
        yield {
            "index": str(row["index"]),
            "hash": bytes(row["leaf_hash"]).hex(),
            "body": row["body"],
        }


def checkpoints_lines(cut: ExportCut) -> Iterator[Line]:
    """Every signed head of the log, the oldest first."""
    for checkpoint in checkpoint_list(cut.coop_id):
        yield {
            "size": str(checkpoint.size),
            "root": checkpoint.root.hex(),
            "at": checkpoint.at.isoformat(),
            "vkey": checkpoint.vkey,
            "note": checkpoint.note,
        }


def text_of(text: str) -> Writer:
    """The writer of a file that is always the same."""

    def write(_cut: ExportCut) -> Iterator[Line]:
        yield text

    return write


def leaf_kinds_known() -> Iterable[str]:
    """Every kind of leaf that some file of the export explains."""
    return sorted({writer.leaf_kind for writer in file_writers() if writer.leaf_kind})
