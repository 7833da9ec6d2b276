"""The worker process: jobs and schedules, and the only one that reads the record's signing key.

python -m commonpurse.config.worker
"""

import asyncio
import os

import django
from procrastinate.contrib.django import app

from commonpurse.engine.parent import die_with_starter

CONCURRENCY = 4
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 15.0


async def work() -> None:
    """Do jobs until told to stop; what is being done is done first."""
    connector = app.connector
    worker_connector = connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(worker_connector):
        async with app.open_async():
            await app.run_worker_async(
                concurrency=CONCURRENCY,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                shutdown_graceful_timeout=10,
                delete_jobs="successful",
            )


if __name__ == "__main__":
    die_with_starter()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonpurse.config.settings")
    django.setup()
    asyncio.run(work())
