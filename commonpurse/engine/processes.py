"""PostgreSQL's processes on this machine: which are a cluster's, starting one, ending it."""

import os
import signal
import subprocess
import time
from pathlib import Path

from commonpurse.engine.binaries import Binaries
from commonpurse.engine.places import Places

LOG_BYTES_MAX = 16_000_000
STEP_SECONDS = 0.05
PROC = Path("/proc")

_children: dict[int, subprocess.Popen[bytes]] = {}
"""The servers that this very process started: it must collect them when they end."""


def plain_environment() -> dict[str, str]:
    """The environment of PostgreSQL's programs: none of the caller's own PG* settings."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def command_lines() -> dict[int, bytes]:
    """Every process of the machine with its command line."""
    if not PROC.joinpath("self", "cmdline").exists():
        listed = subprocess.run(["ps", "-axo", "pid=,command="], check=True, capture_output=True)
        rows = [line.strip().split(b" ", 1) for line in listed.stdout.splitlines()]
        return {int(row[0]): row[1] for row in rows if len(row) > 1}
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            try:
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
            except OSError:
                continue  # It ended while we looked.
    return found


def processes_of(places: Places) -> list[int]:
    """The living processes of this cluster: the server and whatever it left behind."""
    server = b"cluster_name=" + places.mark.encode()
    others = b"postgres: " + places.mark.encode() + b":"
    return [
        pid
        for pid, line in command_lines().items()
        if line.startswith(others) or (server in line and b"postgres" in line.split(b" ")[0])
    ]


def server_pid(places: Places) -> int | None:
    """The living server of this cluster, by its own note and by the list of processes."""
    try:
        noted = int((places.folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return noted if noted in processes_of(places) else None


def server_spawn(places: Places, binaries: Binaries, *, is_durable: bool) -> int:
    """Start the server in a session of its own, so that a Ctrl-C is not for it."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(places.socket),
        "unix_socket_permissions": "0700",
        "cluster_name": places.mark,
        "max_connections": "200",
        "log_line_prefix": "%m [%p] ",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "log_checkpoints": "off",
        "fsync": "on" if is_durable else "off",
        "full_page_writes": "on" if is_durable else "off",
        "synchronous_commit": "on" if is_durable else "off",
    }
    words = [binaries.program("postgres"), "-D", str(places.folder)]
    for name, value in settings.items():
        words += ["-c", f"{name}={value}"]
    if places.log.exists() and places.log.stat().st_size > LOG_BYTES_MAX:
        places.log.replace(places.log.with_suffix(".log.1"))
    with os.fdopen(os.open(places.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)) as log:
        server: subprocess.Popen[bytes] = subprocess.Popen(
            words,
            cwd="/",
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **places.account.as_account(),
        )
    _children[server.pid] = server
    return server.pid


def is_alive(pid: int) -> bool:
    """Whether the process still runs; our own ended child is collected on the way."""
    child = _children.get(pid)
    if child is not None:
        return child.poll() is None
    try:
        state = (PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        if PROC.joinpath("self").exists():
            return False
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return True
    return state != "Z"


def server_end(places: Places, pid: int, *, seconds: float) -> bool:
    """Ask the server to close every session and end cleanly; True when it has ended."""
    try:
        os.kill(pid, signal.SIGINT)
    except ProcessLookupError:
        return True
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if not is_alive(pid) and not processes_of(places):
            _children.pop(pid, None)
            return True
        time.sleep(STEP_SECONDS)
    return False
