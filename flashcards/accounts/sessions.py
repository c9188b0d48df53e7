"""Sessions in the database that know whose they are, so that a person's can be found and removed."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from flashcards.accounts.models import Session

if TYPE_CHECKING:
    Base = DatabaseStore[Session]
else:
    Base = DatabaseStore


class SessionStore(Base):
    """Django's store of sessions in the database, with the person's id beside the data."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model that holds the rows."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row, not yet stored, for this session's `data`."""
        row = super().create_model_instance(data)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row
