"""The export as one file that anybody who may see the co-op downloads: made ahead, never on demand.

The worker makes it, since it alone reads the record's key; the pages only hand the file out. It
lies in the data folder, `exports/<co-op>.zip`, and a new one takes its place in one step, so that
whoever is downloading keeps the one they began with.
"""

import json
import os
import shutil
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from commonpurse.errors import NotPossible
from commonpurse.proof.notes import Signer
from commonpurse.record.export import record_export
from commonpurse.record.selectors import log_size

EVERY = timedelta(minutes=10)
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """A finished archive: where it lies, when it was made, and which head of the log it holds."""

    path: Path
    folder: str
    bytes_count: int
    made_at: datetime
    size: int
    checkpoint: str


def archive_path(data: Path, coop_id: UUID) -> Path:
    """Where the archive of a co-op lies, made or not."""
    return data / "exports" / f"{coop_id}.zip"


def archive_view(data: Path, coop_id: UUID) -> ArchiveView | None:
    """The newest archive of a co-op; None while there is none that can be read."""
    path = archive_path(data, coop_id)
    try:
        with zipfile.ZipFile(path) as archive:
            name = next(name for name in archive.namelist() if name.endswith(f"/{MANIFEST}"))
            manifest = json.loads(archive.read(name))
        return ArchiveView(
            path=path,
            folder=name.partition("/")[0],
            bytes_count=path.stat().st_size,
            made_at=datetime.fromisoformat(manifest["made_at"]),
            size=int(manifest["size"]),
            checkpoint=str(manifest["checkpoint"]),
        )
    except (OSError, zipfile.BadZipFile, StopIteration, ValueError, KeyError):
        return None


def archive_is_due(data: Path, coop_id: UUID, *, at: datetime) -> bool:
    """Whether the log has grown since the last archive, and that one is ten minutes old."""
    size = log_size(coop_id)
    last = archive_view(data, coop_id)
    if last is None:
        return size > 0
    return size > last.size and at >= last.made_at + EVERY


def archive_make(*, coop_id: UUID, slug: str, data: Path, signer: Signer, at: datetime) -> bool:
    """Make the archive of a co-op when it is due; False when it is not. Raises NotPossible.

    The caller sees to it that nobody else makes the same one meanwhile.
    """
    if not archive_is_due(data, coop_id, at=at):
        return False
    path = archive_path(data, coop_id)
    draft = path.with_suffix(".making")
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        # A worker that was killed may have left these behind.
        shutil.rmtree(draft, ignore_errors=True)
        record_export(coop_id=coop_id, slug=slug, directory=draft, signer=signer, at=at)
        archive_write(draft, part, slug)
        part.replace(path)
    except OSError as error:
        raise NotPossible(
            "archive_failed",
            "The export %(path)s cannot be written: %(strerror)s.",
            path=path,
            strerror=error.strerror,
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        part.unlink(missing_ok=True)
    return True


def archive_write(directory: Path, target: Path, slug: str) -> None:
    """Put a folder's files into a zip, below a folder of the co-op's name, down to the disk."""
    with target.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(directory.iterdir()):
                archive.write(path, f"{slug}/{path.name}")
        file.flush()
        os.fsync(file.fileno())
