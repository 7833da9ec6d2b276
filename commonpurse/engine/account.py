"""Which account of the machine runs PostgreSQL, and what that account can reach.

PostgreSQL refuses to run as root. Started by root, Commonpurse therefore runs it as an account
with no rights of its own, and gives that account nothing but the folders made for it: the
permissions of folders that were there before are never widened.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonpurse.errors import NotPossible

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the machine."""

    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """Whether this process already is that account."""
        return self.uid == os.geteuid()

    def may_enter(self, folder: Path) -> bool:
        """Whether this account can reach what lies in `folder`."""
        return self.may("-x", folder)

    def may(self, question: str, path: Path) -> bool:
        """Ask the machine itself, as that account: `-x`, `-r` or `-w`."""
        answer = subprocess.run(
            ["test", question, str(path)], check=False, cwd="/", **self.as_account()
        )
        return bool(answer.returncode == 0)

    def as_account(self) -> dict[str, Any]:
        """The arguments with which `subprocess` starts a program as this account."""
        if self.is_me:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}


def account_for(cluster: Path) -> Account:
    """The account that runs PostgreSQL for this cluster. Raises NotPossible.

    An ordinary account runs it itself. Root hands it to the account that owns the cluster
    already, else to `postgres` or `nobody`.
    """
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid())
    if cluster.is_dir() and (owner := cluster.stat()).st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise NotPossible(
        "account",
        "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` on this "
        "machine. Run Commonpurse as an ordinary user.",
    )
