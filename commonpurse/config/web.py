"""The web process: granian, with threads that keep their database connections.

    python -m commonpurse.config.web HOST PORT

Synchronous pages over WSGI with kept connections served four times as many requests in our trial
as ASGI did (docs/decisions).
"""

import os
import sys
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from commonpurse.engine.parent import die_with_starter

THREADS = 2 * (os.cpu_count() or 1) + 1
WAITING = 512
BACKLOG = 1024


def serve(host: str, port: int) -> None:
    """Serve pages until told to stop."""
    os.environ["PURSE_WEB"] = str(os.getpid())
    Granian(
        "commonpurse.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=int(os.environ.get("PURSE_WEB_PROCESSES", "1")),
        blocking_threads=THREADS,
        backpressure=WAITING,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        # Granian waits for half-sent requests when it stops: they end before it is killed.
        http1_settings=HTTP1Settings(header_read_timeout=8_000),
        workers_kill_timeout=10,
        working_dir=Path.cwd(),
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    die_with_starter()
    serve(sys.argv[1], int(sys.argv[2]))
