"""Which PostgreSQL, and as whom: `default` is the application's role, `owner` the owner's.

With DATABASE_URL (the owner's) it is that server; else it is the embedded one in PURSE_DATA. The
application's role comes from DATABASE_APP_URL, or is `purse_app` with a password that is drawn when
the owner migrates (`commonpurse/config/migrate.py`).
"""

from typing import Any

from commonpurse.engine.address import USERS, Address, address_from, address_of
from commonpurse.engine.keys import key_read
from commonpurse.engine.surroundings import Surroundings

APP_KEY = "database-app"
SECONDS_OPEN = 600


def address_for(role: str, given: Surroundings) -> Address:
    """The address of `owner` or `app`. Raises Invalid for a URL that cannot be read."""
    if given.is_embedded:
        return address_of(given.data, role)
    owner = address_from(given.database_url)
    if role == "owner":
        return owner
    if given.database_app_url:
        return address_from(given.database_app_url)
    return Address(
        host=owner.host,
        port=owner.port,
        user=USERS["app"],
        password=key_read(given.keys, APP_KEY),
        name=owner.name,
        options=owner.options,
    )


def databases(given: Surroundings) -> dict[str, Any]:
    """The two connections of the product, as Django wants them described."""
    return {
        "default": connection_of(address_for("app", given)) | {"CONN_MAX_AGE": SECONDS_OPEN},
        "owner": connection_of(address_for("owner", given)),
    }


def connection_of(address: Address) -> dict[str, Any]:
    """One connection, as Django wants it described."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "OPTIONS": dict(address.options),
        "CONN_HEALTH_CHECKS": True,
    }
