"""Where an embedded cluster's files and its socket lie.

A Unix socket's path holds 107 characters at most, a data folder's path has no such limit: so the
socket lies in a short folder of its own, found again from the data folder's name alone.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from commonpurse.engine.account import Account, account_for
from commonpurse.engine.binaries import STATE, state_folder
from commonpurse.engine.keys import folder_sentence
from commonpurse.errors import NotPossible

RUN = Path("/run")
MARKER = "commonpurse.txt"
MARKED = "This folder holds the database and the keys of a Commonpurse. Keep all of it together.\n"
OURS = (
    MARKER,
    "postgres",
    "postgres.users",
    "keys/session",
    "keys/record.key",
    "keys/database-superuser",
    "keys/database-app",
    "test/postgres",
)
"""What tells a data folder from any other: the marker, or what one without it holds.

The tests keep a database of their own in it, perhaps before anything else is there.
"""
NOBODYS = {"lost+found"}
"""What an empty disk holds."""
TEMPORARY = Path("/tmp")  # noqa: S108  # the one short folder that every account may write to


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one cluster. `mark` names it among the machine's processes."""

    data: Path
    socket: Path
    mark: str
    account: Account

    @property
    def link(self) -> Path:
        """The cluster's folder as the data folder shows it."""
        return self.data / "postgres"

    @property
    def folder(self) -> Path:
        """The cluster's folder as PostgreSQL sees it."""
        return self.link.resolve()

    @property
    def log(self) -> Path:
        """What PostgreSQL writes while it runs."""
        return self.data / "postgres.log"

    @property
    def keys(self) -> Path:
        """The folder of secrets."""
        return self.data / "keys"

    @property
    def is_made(self) -> bool:
        """Whether the cluster has been initialised."""
        return (self.link / "PG_VERSION").is_file()


def places_of(data: Path) -> Places:
    """Where the cluster of this data folder lies, without touching anything."""
    real = data.resolve()
    account = account_for(real / "postgres")
    mark = hashlib.sha256(os.fsencode(real)).hexdigest()[:12]
    return Places(data=real, socket=socket_root() / mark, mark=mark, account=account)


def socket_root() -> Path:
    """The short folder below which this account's sockets lie."""
    if os.geteuid() == 0 and os.access(RUN, os.W_OK):
        return RUN / "commonpurse"
    return TEMPORARY / f"commonpurse-{os.geteuid()}"


def data_check(data: Path) -> None:
    """Refuse a folder that holds something, and nothing of ours: somebody mistyped its name."""
    try:
        names = {entry.name for entry in data.iterdir()} if data.is_dir() else set()
        is_ours = not names - NOBODYS or any(os.path.lexists(data / name) for name in OURS)
    except OSError as error:
        raise NotPossible("folder", folder_sentence(data, error)) from error
    if not is_ours:
        raise NotPossible(
            "not_ours",
            f"The folder {data} holds other things and nothing of Commonpurse. "
            "Name a new or an empty folder in PURSE_DATA.",
        )


def data_ensure(data: Path) -> None:
    """Make the data folder when it is not there. Raises NotPossible when it is not ours."""
    data_check(data)
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied", str(data))
        if not (data / MARKER).exists():
            (data / MARKER).write_text(MARKED, encoding="ascii")
    except OSError as error:
        raise NotPossible("folder", folder_sentence(data, error)) from error


def socket_ensure(places: Places) -> None:
    """Make the socket's folder, and make sure that nobody else made it for us."""
    root = places.socket.parent
    is_shared = not places.account.is_me
    try:
        root.mkdir(mode=0o755 if is_shared else 0o700, exist_ok=True)
        places.socket.mkdir(mode=0o700, exist_ok=True)
        own_only(root, os.geteuid())
        if places.socket.lstat().st_uid == os.geteuid() != places.account.uid:
            os.chown(places.socket, places.account.uid, places.account.gid)
        own_only(places.socket, places.account.uid)
    except OSError as error:
        raise NotPossible("socket", folder_sentence(places.socket, error)) from error


def own_only(folder: Path, uid: int) -> None:
    """Refuse a folder that another account made or may write to."""
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != uid or found.st_mode & 0o022:
        raise PermissionError(13, "Permission denied", str(folder))


def home_ensure(places: Places) -> Path:
    """The folder below which the cluster is made.

    That is the data folder, unless root hands the cluster to an account that may not enter there:
    then it is a folder of the machine's state, and the data folder holds a link to the cluster.
    """
    if places.account.is_me or places.account.may_enter(places.data):
        return places.data
    try:
        state_folder(STATE)
        home = state_folder(STATE / "clusters") / f"{places.mark}-{secrets.token_hex(4)}"
        home.mkdir(mode=0o755)
    except OSError as error:
        raise NotPossible("folder", folder_sentence(STATE, error)) from error
    return home
