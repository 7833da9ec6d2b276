"""The web process never holds the key that signs the public record."""

import subprocess
import sys

from tests.house.source import PACKAGE, ROOT, python_files, shown

MAY_HOLD = {"commonpurse/config/jobs.py", "commonpurse/cli/export.py", "commonpurse/record/keys.py"}

LOAD_ALL_PAGES = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "commonpurse.config.settings"
from commonpurse.config.wsgi import application
from django.urls import get_resolver
def load(resolver):
    for one in resolver.url_patterns:
        load(one) if hasattr(one, "url_patterns") else one.callback
load(get_resolver())
opened = [name for name in sys.modules if name == "commonpurse.record.keys"]
sys.exit(1 if opened else 0)
"""


def test_no_page_loads_what_reads_the_signing_key() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LOAD_ALL_PAGES], cwd=ROOT, check=False, capture_output=True
    )
    assert ran.returncode == 0, ran.stderr.decode()[-2000:]


def test_only_the_worker_and_the_commands_ask_for_the_signing_key() -> None:
    asking = {
        shown(path)
        for path in python_files("commonpurse")
        if "record.keys" in path.read_text(encoding="utf-8")
    }
    assert asking <= MAY_HOLD, f"{PACKAGE.name}: {asking - MAY_HOLD}"
