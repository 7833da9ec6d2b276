"""Ending with the process that started us, however that one ended."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_starter() -> None:
    """As below, for a process that `purse` started and told who it is."""
    starter = os.environ.get("PURSE_PARENT", "")
    if starter.isdecimal():
        die_with_parent(int(starter))


def die_with_parent(parent: int) -> None:
    """Have the system end this process when its parent ends, even by `kill -9`.

    Only Linux can; elsewhere the parent's own clean stop must do. Exits at once when the parent is
    gone already.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)
