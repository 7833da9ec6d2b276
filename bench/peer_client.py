"""Run by `bench.peer` in the environment that has django-hordak: migrate, transfer, print a rate.

Each transfer is made as hordak's documentation makes one: a Transaction and its two legs in one
atomic block, committed.
"""
# mypy: ignore-errors

import json
import multiprocessing
import os
import random
import sys
import time
from threading import Barrier

import django
from django.conf import settings


def django_ready(given: dict[str, str]) -> None:
    """Settings with hordak and nothing else."""
    settings.configure(
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "mptt",
            "hordak",
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": given["dbname"],
                "USER": given.get("user", ""),
                "PASSWORD": given.get("password", ""),
                "HOST": given.get("host", ""),
                "PORT": given.get("port", ""),
            }
        },
        USE_TZ=True,
        SECRET_KEY="bench",  # noqa: S106
        DEFAULT_CURRENCY="EUR",
        CURRENCIES=["EUR"],
        HORDAK_CURRENCIES=["EUR"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    django.setup()


def accounts_make(count: int) -> list[int]:
    """Fifty accounts, migrated first."""
    from django.core.management import call_command
    from hordak.models import Account

    call_command("migrate", verbosity=0)
    return [
        Account.objects.create(
            name=f"Account {n}", type="AS", code=str(1000 + n), currencies=["EUR"]
        ).pk
        for n in range(count)
    ]


def client(
    given: dict[str, str], accounts: list[int], seconds: float, seed: int, start: Barrier
) -> float:
    """One client's transfers a second."""
    django_ready(given)
    from django.db import transaction
    from hordak.models import Leg, Transaction
    from moneyed import Money

    chance = random.Random(seed)

    def transfer() -> None:
        debit, credit = chance.sample(accounts, 2)
        amount = Money("5.00", "EUR")
        with transaction.atomic():
            made = Transaction.objects.create(description="Dues of March")
            Leg.objects.create(transaction=made, account_id=debit, debit=amount)
            Leg.objects.create(transaction=made, account_id=credit, credit=amount)

    for _ in range(5):
        transfer()
    start.wait()
    began = time.perf_counter()
    done = 0
    while time.perf_counter() < began + seconds:
        transfer()
        done += 1
    return done / (time.perf_counter() - began)


def main() -> None:
    """Print transfers a second of all clients together."""
    given = json.loads(os.environ["BENCH_DATABASE"])
    clients, accounts_count, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    django_ready(given)
    accounts = accounts_make(accounts_count)
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, spawn.Pool(clients) as pool:
        start = manager.Barrier(clients)
        seeds = range(clients)
        work = [(given, accounts, seconds, seed, start) for seed in seeds]
        print(sum(pool.starmap(client, work, chunksize=1)))


if __name__ == "__main__":
    main()
