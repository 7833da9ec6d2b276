"""Django's sessions in the database, each with its person, so that erasing one ends theirs."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from commonpurse.groups.models import PersonSession, person_of_session


class SessionStore(DatabaseStore):
    """As Django's own, and the row says who signed in."""

    @classmethod
    def get_model_class(cls) -> type[PersonSession]:
        """The table of sessions."""
        return PersonSession

    def create_model_instance(self, data: dict[str, Any]) -> PersonSession:
        """A row for this session."""
        row = super().create_model_instance(data)
        assert isinstance(row, PersonSession)
        row.person_id = person_of_session(data)
        return row
