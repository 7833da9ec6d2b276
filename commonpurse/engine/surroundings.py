"""Where Commonpurse runs: what the environment says about folders, ports and databases."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commonpurse.errors import Invalid

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PORT = 8000
PORT_MAX = 65_535


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The environment, read once. `database_url` is empty where PostgreSQL is embedded."""

    data: Path
    port: int
    database_url: str
    database_app_url: str

    @property
    def is_embedded(self) -> bool:
        """Whether Commonpurse brings its own PostgreSQL."""
        return not self.database_url

    @property
    def keys(self) -> Path:
        """The folder of secrets: only the account that runs Commonpurse may enter it."""
        return self.data / "keys"


def surroundings(environ: Mapping[str, str]) -> Surroundings:
    """Read PURSE_DATA, PORT, DATABASE_URL and DATABASE_APP_URL. Raises Invalid."""
    return Surroundings(
        data=data_folder(environ),
        port=port_number(environ.get("PORT", "")),
        database_url=environ.get("DATABASE_URL", "").strip(),
        database_app_url=environ.get("DATABASE_APP_URL", "").strip(),
    )


def data_folder(environ: Mapping[str, str]) -> Path:
    """PURSE_DATA; else `.purse` in the checkout; else the account's folder for such data."""
    given = environ.get("PURSE_DATA", "").strip()
    if given:
        return Path(given).expanduser().absolute()
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / ".purse"
    home = environ.get("XDG_DATA_HOME", "").strip()
    shared = Path(home) if home.startswith("/") else Path("~/.local/share").expanduser()
    return shared / "commonpurse"


def port_number(text: str) -> int:
    """The port that pages are served on. Raises Invalid for what is no port."""
    if not text.strip():
        return PORT
    is_number = text.isascii() and text.strip().isdecimal()
    if not is_number or not 0 < int(text) <= PORT_MAX:
        raise Invalid("port", f"PORT is {text!r}. Give a number from 1 to {PORT_MAX}.")
    return int(text)
