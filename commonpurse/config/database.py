"""Which PostgreSQL, and as whom: `default` is the application's role, `owner` the owner's."""

from typing import Any

from commonpurse.engine.address import Address, address_for
from commonpurse.engine.surroundings import Surroundings

SECONDS_OPEN = 600


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
