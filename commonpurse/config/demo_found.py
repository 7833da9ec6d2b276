"""Found the demo's co-op when it is not there.

python -m commonpurse.config.demo_found
"""

import os
import sys
import time

import django

from commonpurse.engine.parent import die_with_starter
from commonpurse.errors import NotPossible, PurseError

SLUG = "demo"


def found() -> bool:
    """Build the co-op unless it stands; True when it was built. Raises NotPossible.

    A database that holds other co-ops but no demo belongs to somebody: the demo's people, who
    sign in with one click, have no business there.
    """
    from commonpurse.config.demo.story import build
    from commonpurse.groups.selectors import coop_list
    from commonpurse.record.selectors import database_now

    slugs = {coop.slug for coop in coop_list()}
    if SLUG in slugs:
        return False
    if slugs:
        raise NotPossible(
            "demo_elsewhere",
            "This database belongs to a co-op of your own, and the demo does not mix with it. "
            "Give the demo a folder of its own: PURSE_DATA=./demo purse demo",
        )
    build(at=database_now())
    return True


def main() -> int:
    """Build and say how long it took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonpurse.config.settings")
    django.setup()
    began = time.monotonic()
    try:
        is_new = found()
    except PurseError as refusal:
        sys.stderr.write(f"purse: {refusal.message}\n")
        return 2
    if is_new:
        took = time.monotonic() - began
        sys.stdout.write(f"The Shared Bill, a co-op of 40 members, was founded in {took:.1f} s.\n")
    return 0


if __name__ == "__main__":
    die_with_starter()
    sys.exit(main())
