"""The download: made by the worker, whole, at most every ten minutes, one for each co-op."""

import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commonpurse.config import jobs
from commonpurse.errors import NotPossible
from commonpurse.groups.services import role_grant
from commonpurse.proof.verify import verify
from commonpurse.record import archive
from commonpurse.record.archive import archive_make, archive_path, archive_view
from commonpurse.record.sequencer import record_sequence
from tests.record.loop import SIGNER
from tests.world import NOON, World, world

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def made(here: World, data: Path, at: datetime) -> bool:
    return archive_make(coop_id=here.coop_id, slug=here.coop.slug, data=data, signer=SIGNER, at=at)


def grown(here: World, role: str) -> None:
    member_id = here.cy.member_id
    role_grant(coop_id=here.coop_id, member_id=member_id, role=role, actor=here.ann, at=NOON)
    record_sequence(coop_id=here.coop_id, at=NOON, signer=SIGNER)


def test_an_archive_unpacks_to_an_export_that_verifies(tmp_path: Path) -> None:
    here = world()
    assert archive_view(tmp_path, here.coop_id) is None
    assert not made(here, tmp_path, NOON), "nothing is signed yet"
    record_sequence(coop_id=here.coop_id, at=NOON, signer=SIGNER)
    assert made(here, tmp_path, NOON)
    found = archive_view(tmp_path, here.coop_id)
    assert found is not None
    assert (found.made_at, found.folder) == (NOON, here.coop.slug)
    with zipfile.ZipFile(found.path) as file:
        file.extractall(tmp_path / "out")
    report = verify(tmp_path / "out" / here.coop.slug)
    assert report.head.size == found.size
    assert str(found.size) == found.checkpoint.split("\n")[1]
    assert [path.name for path in found.path.parent.iterdir()] == [found.path.name]


def test_it_is_made_anew_when_the_log_has_grown_and_ten_minutes_are_over(tmp_path: Path) -> None:
    here = world()
    record_sequence(coop_id=here.coop_id, at=NOON, signer=SIGNER)
    assert made(here, tmp_path, NOON)
    assert not made(here, tmp_path, NOON + 60 * MINUTE), "nothing is new"
    grown(here, "auditor")
    assert not made(here, tmp_path, NOON + 9 * MINUTE)
    with archive_path(tmp_path, here.coop_id).open("rb") as reading:
        assert made(here, tmp_path, NOON + 10 * MINUTE)
        with zipfile.ZipFile(reading) as old:
            manifest = json.loads(old.read(f"{here.coop.slug}/manifest.json"))
    found = archive_view(tmp_path, here.coop_id)
    assert found is not None
    assert found.size > int(manifest["size"]), "who was downloading kept the one they began with"


def test_one_that_cannot_be_made_leaves_the_last_one_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = world()
    record_sequence(coop_id=here.coop_id, at=NOON, signer=SIGNER)
    assert made(here, tmp_path, NOON)
    grown(here, "auditor")

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "archive_write", full)
    with pytest.raises(NotPossible, match="No space left"):
        made(here, tmp_path, NOON + 10 * MINUTE)
    found = archive_view(tmp_path, here.coop_id)
    assert found is not None
    assert found.made_at == NOON
    assert [path.name for path in found.path.parent.iterdir()] == [found.path.name]


def test_what_is_broken_on_the_disk_counts_as_not_made(tmp_path: Path) -> None:
    here = world()
    record_sequence(coop_id=here.coop_id, at=NOON, signer=SIGNER)
    path = archive_path(tmp_path, here.coop_id)
    path.parent.mkdir()
    path.write_bytes(b"half a zip")
    assert archive_view(tmp_path, here.coop_id) is None
    assert made(here, tmp_path, NOON)
    assert archive_view(tmp_path, here.coop_id) is not None


def test_the_worker_makes_every_co_op_s_and_one_that_fails_keeps_no_other(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PURSE_DATA = tmp_path
    both = [world(slug=slug) for slug in ("first", "second")]
    for here in both:
        record_sequence(coop_id=here.coop_id, at=NOON, signer=SIGNER)
    write = archive.archive_write

    def picky(directory: Path, target: Path, slug: str) -> None:
        if slug == "first":
            raise OSError(5, "Input/output error")
        write(directory, target, slug)

    monkeypatch.setattr(archive, "archive_write", picky)
    with pytest.raises(NotPossible, match="Input/output error"):
        jobs.archives_make.func(timestamp=0)
    views = [archive_view(tmp_path, here.coop_id) for here in both]
    assert [view is not None for view in views] == [False, True]
