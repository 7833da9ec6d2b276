"""Django's sessions in the database, each with its person, so that erasing one ends theirs."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from commonpurse.groups.models import PersonSession, person_of_session

VISIT = "purse_visit"
"""Where a session keeps what its row says of the visit: browser, place, and since when."""


class SessionStore(DatabaseStore):
    """As Django's own, and the row says who signed in, with which browser, from where, when."""

    @classmethod
    def get_model_class(cls) -> type[PersonSession]:
        """The table of sessions."""
        return PersonSession

    def create_model_instance(self, data: dict[str, Any]) -> PersonSession:
        """A row for this session."""
        row = super().create_model_instance(data)
        assert isinstance(row, PersonSession)
        row.person_id = person_of_session(data)
        seen = data.get(VISIT) or {}
        row.browser = seen.get("browser", "")
        row.place = seen.get("place", "")
        row.signed_in_at = datetime.fromisoformat(seen["at"]) if "at" in seen else None
        return row
