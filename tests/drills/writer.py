"""Who writes while things are killed: a process of its own, on a connection of its own.

    python -m tests.drills.writer begin            make a co-op; print what writers need, as JSON
    python -m tests.drills.writer NUMBER FOLDER    post entries for as long as the gate is open

A writer tells what it does through `Board`, a file that the drill reads while it runs: a slot
holds the instant at which the writer asked for what is not acknowledged yet, and zero in between.
What was acknowledged goes to `acks-NUMBER.txt`. An entry that failed is posted again under its key.
"""

import json
import mmap
import os
import struct
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

WRITERS = 10
SHUT, OPEN, OVER = 0.0, 1.0, 2.0
REST_SECONDS = 0.02
WIDTH = 8


class Board:
    """A gate and one slot for each writer, shared between processes."""

    def __init__(self, folder: Path) -> None:
        path = folder / "board"
        if not path.exists():
            path.write_bytes(bytes(WIDTH * (1 + WRITERS)))
        with path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), WIDTH * (1 + WRITERS))

    def put(self, slot: int, value: float) -> None:
        struct.pack_into("<d", self.memory, WIDTH * slot, value)

    def get(self, slot: int) -> float:
        (value,) = struct.unpack_from("<d", self.memory, WIDTH * slot)
        return float(value)

    def waiting(self) -> dict[int, float]:
        """The writers that wait for an answer, with the instant at which they asked."""
        asked = {slot: self.get(slot) for slot in range(1, WRITERS + 1)}
        return {slot: instant for slot, instant in asked.items() if instant}


@dataclass(frozen=True)
class Ground:
    """What the writers write on."""

    coop_id: str
    slug: str
    book_id: str
    bank: str
    dues: str
    thread_id: str
    session: str


def begin() -> Ground:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from commonpurse.discussion.services import thread_open
    from tests.ledger.chart import chart_make
    from tests.world import NOON, world

    small = world()
    chart = chart_make(small.coop_id)
    thread = thread_open(
        group_id=small.coop_id, title="Said at once", body="", actor=small.cy, at=NOON
    )
    client = Client()
    client.force_login(get_user_model().objects.get(pk=small.cy.person_id))
    return Ground(
        coop_id=str(small.coop_id),
        slug=small.coop.slug,
        book_id=str(chart.book_id),
        bank=str(chart.bank),
        dues=str(chart.dues),
        thread_id=str(thread.id),
        session=client.cookies["sessionid"].value,
    )


def post(ground: Ground, key: str, amount_minor: int) -> None:
    """Post one entry, again and again until it is acknowledged."""
    from django.db import Error, connection

    from commonpurse.ledger.services import entry_post
    from commonpurse.ledger.values import Line
    from tests.ledger.chart import ANN, MARCH, NOON

    while True:
        try:
            entry_post(
                coop_id=UUID(ground.coop_id),
                book_id=UUID(ground.book_id),
                key=key,
                booked_on=MARCH,
                kind="transfer",
                lines=(
                    Line(UUID(ground.bank), amount_minor),
                    Line(UUID(ground.dues), -amount_minor),
                ),
                memo="Dues",
                actor=ANN,
                at=NOON,
            )
        except Error:
            connection.close()
            threading.Event().wait(REST_SECONDS * 5)
        else:
            return


def write(number: int, folder: Path) -> None:
    given: dict[str, Any] = json.loads((folder / "ground.json").read_bytes())
    ground = Ground(**given)
    board = Board(folder)
    acks = os.open(folder / f"acks-{number}.txt", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    (folder / f"ready-{number}").touch()
    count = 0
    while (gate := board.get(0)) != OVER:
        if gate == SHUT:
            threading.Event().wait(REST_SECONDS)
            continue
        count += 1
        key, amount_minor = f"w{number}-{count}", 100 * number + count % 100
        board.put(number, time.monotonic())
        post(ground, key, amount_minor)
        os.write(acks, f"{key} {amount_minor}\n".encode())
        board.put(number, 0.0)


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonpurse.config.settings")
    django.setup()
    if sys.argv[1] == "begin":
        sys.stdout.write(json.dumps(asdict(begin())))
    else:
        write(int(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
