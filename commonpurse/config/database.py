"""Which PostgreSQL, and as whom: `default` is the application's role, `owner` the owner's."""

import os
from typing import Any


def databases() -> dict[str, Any]:
    """The two connections of the product."""
    shared = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "purse",
        "HOST": os.environ.get("PURSE_DEV_SOCKET", "/tmp/purse/sock"),
    }
    return {
        "default": shared | {"USER": "purse_app"},
        "owner": shared | {"USER": "purse_owner"},
    }
