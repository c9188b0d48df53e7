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


_QUESTION = re.compile(
    r'<form id="ask".*?action="(?P<url>[^"]+)".*?name="csrfmiddlewaretoken" value="(?P<token>\w+)".*?'
    r'name="card" value="(?P<card>\d+)".*?name="seed" value="(?P<seed>\d+)".*?name="edition" value="(?P<edition>\w+)"',
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


@dataclass(frozen=True, slots=True)
class Question:
    """What a card that asks sends an answer with, and where to."""

    url: str
    token: str
    card: str
    seed: str
    edition: str

    @classmethod
    def of(cls, html: str) -> "Question | None":
        """Return the question in `html`, None if nothing is asked there."""
        found = _QUESTION.search(html)
        return None if found is None else cls(**found.groupdict())

    def fields(self, **said: str) -> dict[str, str]:
        """Return what the browser posts: an answer (`given`), or that it was right (`overrule`)."""
        shown = {"card": self.card, "seed": self.seed, "edition": self.edition, "duration_ms": "4200"}
        return {"csrfmiddlewaretoken": self.token, **shown, **said}


def ratings() -> "cycle[int]":
    """Return the grades that are given, for ever."""
    return cycle(RATINGS)
