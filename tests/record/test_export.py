"""The export of a real co-op: whole, cut at a checkpoint, verified by two programs."""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from commonpurse.cli import export
from commonpurse.cli import verify as check
from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.services import person_erase, role_grant
from commonpurse.proof.verify import verify
from commonpurse.record.export import file_writers, leaf_kinds_known, record_export
from commonpurse.record.ids import new_id
from commonpurse.record.keys import signer_load
from commonpurse.record.models import AuditedModel, Leaf
from commonpurse.record.selectors import checkpoint_latest
from commonpurse.record.sequencer import record_sequence
from commonpurse.record.services import SYSTEM
from tests.record.loop import SIGNER, exported
from tests.record.loop_more import loop_whole
from tests.world import NOON, world


def alone(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What the verifier in the export says, with nothing but Python."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *words],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )


@pytest.mark.django_db
def test_the_whole_loop_verifies_by_both_verifiers(tmp_path: Path) -> None:
    made = loop_whole()
    exported(made.coop_id, made.here.coop.slug, tmp_path / "early", made.at)
    head = checkpoint_latest(made.coop_id)
    assert head is not None
    person_erase(person_id=made.here.cy.person_id, actor=SYSTEM, at=made.at)
    written = exported(made.coop_id, made.here.coop.slug, tmp_path / "export", made.at)
    assert written.pending == 0
    assert written.left_out == ()
    report = verify(written.directory, [written.vkey], head.note)
    assert report.counts["settlements"] == 2
    assert report.counts["manual versions"] == 2
    assert report.counts["ballots"] > 20
    assert report.counts["charges"] == 4
    assert not any("Self-consistent" in line for line in report.sentences)
    done = alone(written.directory, "--key", written.vkey)
    assert done.returncode == 0, done.stdout + done.stderr
    kinds = set(Leaf.objects.filter(coop_id=made.coop_id).values_list("kind", flat=True))
    assert set(leaf_kinds_known()) - kinds == set(), "every audited table has a row"


@pytest.mark.django_db
def test_leaves_that_come_later_are_left_out_and_counted(tmp_path: Path) -> None:
    small = world()
    exported(small.coop_id, small.coop.slug, tmp_path / "first")
    role_grant(
        coop_id=small.coop_id,
        member_id=small.cy.member_id,
        role="auditor",
        actor=small.ann,
        at=NOON,
    )
    made = record_export(
        coop_id=small.coop_id,
        slug=small.coop.slug,
        signer=SIGNER,
        at=NOON,
        directory=tmp_path / "second",
    )
    assert made.pending == 1
    assert verify(made.directory).head.size == made.size
    first = (tmp_path / "first" / "role_grants.jsonl").read_bytes()
    assert (tmp_path / "second" / "role_grants.jsonl").read_bytes() == first


@pytest.mark.django_db
def test_an_export_never_writes_over_anything(tmp_path: Path) -> None:
    small = world()
    exported(small.coop_id, small.coop.slug, tmp_path / "export")
    with pytest.raises(Invalid, match="not empty"):
        exported(small.coop_id, small.coop.slug, tmp_path / "export")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(NotPossible, match="cannot be written"):
        exported(small.coop_id, small.coop.slug, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.django_db
def test_without_a_checkpoint_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="no checkpoint yet"):
        record_export(
            coop_id=new_id(), slug="none", signer=SIGNER, at=NOON, directory=tmp_path / "export"
        )


@pytest.mark.django_db
def test_every_audited_table_and_every_kind_of_leaf_has_its_file(tmp_path: Path) -> None:
    small = world()
    made = exported(small.coop_id, small.coop.slug, tmp_path / "export")
    names = {item.name for item in made.files}
    audited = [model for model in apps.get_models() if issubclass(model, AuditedModel)]
    assert {f"{model.table}.jsonl" for model in audited} <= names
    assert {"leaves.jsonl", "checkpoints.jsonl", "entries.jsonl", "verify.py"} <= names
    kinds = {writer.leaf_kind for writer in file_writers()}
    assert set(Leaf.objects.values_list("kind", flat=True)) <= kinds


@pytest.mark.django_db
def test_the_commands_write_an_export_and_check_it(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    small = world()
    settings.PURSE_DATA = tmp_path
    words = ["--coop", small.coop.slug, str(tmp_path / "export")]
    with pytest.raises(NotPossible, match="signing key"):
        run(export, words)
    record_sequence(coop_id=small.coop_id, at=NOON, signer=signer_load(tmp_path))
    assert run(export, words) == 0
    said = capsys.readouterr().out
    key = said.split("--key ")[1].strip()
    assert run(check, [str(tmp_path / "export"), "--key", key]) == 0
    assert "everything holds" in capsys.readouterr().out
    with pytest.raises(NotFound):
        run(export, ["--coop", "nobody", str(tmp_path / "other")])


def run(command: Any, words: list[str]) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return int(command.run(parser.parse_args(words)))
