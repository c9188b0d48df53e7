"""What a page that shows a card holds for the next grade; the study page and the bare one say it alike."""

import re
from dataclasses import dataclass
from itertools import cycle
from uuid import uuid4

# Of ten answers eight recall the card, as learners do at the default retention.
RATINGS = (3, 3, 1, 3, 4, 3, 3, 2, 3, 1)

_FIELDS = re.compile(
    r'data-answer-url="(?P<url>[^"]+)".*?name="csrfmiddlewaretoken" value="(?P<token>\w+)".*?'
    r'name="card" value="(?P<card>\d+)".*?name="showing" value="(?P<showing>\d+)"',
    re.DOTALL,
)


class NoCardLeft(Exception):
    """The page shows no card to grade."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where the answer goes, the CSRF token, the card and which showing of it this is."""

    url: str
    token: str
    card: str
    showing: str

    @classmethod
    def of(cls, html: str) -> "Form":
        """Return the form in `html`. Raises NoCardLeft."""
        found = _FIELDS.search(html)
        if found is None:
            raise NoCardLeft
        return cls(**found.groupdict())

    def fields(self, rating: int) -> dict[str, str]:
        """Return what the browser posts for a grade, with a new answer id."""
        return {
            "csrfmiddlewaretoken": self.token,
            "answer_id": str(uuid4()),
            "card": self.card,
            "showing": self.showing,
            "duration_ms": "4200",
            "rating": str(rating),
        }


def ratings() -> "cycle[int]":
    """Return the grades that are given, for ever."""
    return cycle(RATINGS)
