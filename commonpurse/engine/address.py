"""How a database is reached: host, role, password, name. As parts, as a URL, for libpq."""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from commonpurse.engine.keys import key_read
from commonpurse.engine.places import places_of
from commonpurse.engine.surroundings import Surroundings
from commonpurse.errors import Invalid

DATABASE = "purse"
APP_KEY = "database-app"
USERS = {"owner": "purse_owner", "app": "purse_app", "superuser": "postgres"}


@dataclass(frozen=True, slots=True)
class Address:
    """One role's way to one database. `host` may be a folder that holds a socket."""

    host: str
    port: str
    user: str
    password: str
    name: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def conninfo(self) -> str:
        """As libpq's programs and psycopg read it."""
        return make_conninfo(
            host=self.host or None,
            port=self.port or None,
            user=self.user or None,
            password=self.password or None,
            dbname=self.name or None,
            **dict(self.options),
        )

    @property
    def url(self) -> str:
        """As a URL, for psql and DATABASE_URL. It holds the password."""
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        who = f"{quote(self.user, safe='')}{secret}@" if self.user else ""
        parts = list(self.options)
        place = self.host
        if self.host.startswith("/"):
            parts.insert(0, ("host", self.host))
            place = ""
        if self.port:
            place += f":{self.port}" if place else ""
            if not place:
                parts.append(("port", self.port))
        tail = "&".join(f"{key}={quote(value, safe='/')}" for key, value in parts)
        return f"postgresql://{who}{place}/{quote(self.name)}" + (f"?{tail}" if tail else "")


def address_of(data: Path, role: str, name: str = DATABASE) -> Address:
    """The address of a role (`owner`, `app`) in the embedded cluster of this data folder."""
    places = places_of(data)
    return Address(
        host=str(places.socket),
        port="",
        user=USERS[role],
        password=key_read(places.keys, f"database-{role}"),
        name=name,
    )


def address_for(role: str, given: Surroundings) -> Address:
    """The address of `owner` or `app` in these surroundings. Raises Invalid.

    With DATABASE_URL (the owner's) it is that server. The application's role comes from
    DATABASE_APP_URL, or is `purse_app` with a password that is drawn when the owner migrates.
    """
    if given.is_embedded:
        return address_of(given.data, role)
    owner = address_from(given.database_url)
    if role == "owner":
        return owner
    if given.database_app_url:
        return address_from(given.database_app_url)
    return replace(owner, user=USERS["app"], password=key_read(given.keys, APP_KEY))


def address_from(url: str) -> Address:
    """The address that a URL names. Raises Invalid, without repeating the password."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise Invalid(
            "database_url",
            "DATABASE_URL cannot be read. It looks like postgresql://user:password@host:5432/name.",
        ) from error
    known = {"host", "port", "user", "password", "dbname"}
    return Address(
        host=str(parts.get("host") or ""),
        port=str(parts.get("port") or ""),
        user=str(parts.get("user") or ""),
        password=str(parts.get("password") or ""),
        name=str(parts.get("dbname") or DATABASE),
        options=tuple((str(key), str(value)) for key, value in parts.items() if key not in known),
    )
