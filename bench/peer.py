"""The same transfers through django-hordak 2.0, in an environment of its own.

The environment is made once, from `requirements/bench.lock`, in the benches' data folder; nothing
of it is installed beside Commonpurse.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from bench.scratch import dsn_of, server
from commonpurse.engine.surroundings import surroundings

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "bench.lock"


def environment_ensure() -> Path:
    """The Python that has django-hordak, made when it is not there."""
    folder = surroundings(os.environ).data / "bench" / "hordak-venv"
    python = folder / "bin" / "python"
    if not python.exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "-q", "--clear", str(folder)], check=True)
        sync = [*uv, "pip", "sync", "-q", "--python", str(python), "--require-hashes", str(LOCK)]
        subprocess.run(sync, check=True)
    return python


def hordak_rate(clients: int, accounts: int, seconds: float) -> float:
    """Transfers a second of so many clients on so many accounts, through hordak's own models."""
    python = environment_ensure()
    with server():
        name = f"purse_bench_hordak_{os.getpid()}"
        with psycopg.connect(dsn_of("owner", "postgres"), autocommit=True) as session:
            session.execute(f'CREATE DATABASE "{name}"')
            where = psycopg.conninfo.conninfo_to_dict(dsn_of("owner", name))
            try:
                done = subprocess.run(
                    [
                        str(python),
                        str(Path(__file__).with_name("peer_client.py")),
                        str(clients),
                        str(accounts),
                        str(seconds),
                    ],
                    check=True,
                    env=os.environ | {"BENCH_DATABASE": json.dumps(where)},
                    stdout=subprocess.PIPE,
                    text=True,
                )
            finally:
                session.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    return float(done.stdout.strip().splitlines()[-1])
