"""What a learner marks on a card outside a session: suspended, buried until tomorrow, starred.

A session that is open notices by itself when it is next shown; nothing here can be undone there, each mark has its
opposite instead.
"""

from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from flashcards.accounts.models import User
from flashcards.decks.models import Card
from flashcards.study.days import moment_for
from flashcards.study.models import Memory
from flashcards.study.replay import keep


class Mark(StrEnum):
    """What can be done to a card; doing it twice is doing it once."""

    SUSPEND = "suspend"
    RESUME = "resume"
    BURY = "bury"
    UNBURY = "unbury"
    STAR = "star"
    UNSTAR = "unstar"


def put(user: User, card: Card, mark: Mark, now: datetime) -> None:
    """Do `mark` to the learner's card, reviewed or not; a card with neither marks nor reviews has no row."""
    day = moment_for(user, now).day
    try:
        _put(user, card, mark, day)
    except IntegrityError:
        # Another request made the card's first row meanwhile: now it is there to be changed.
        _put(user, card, mark, day)


@transaction.atomic
def _put(user: User, card: Card, mark: Mark, day: int) -> None:
    memory = Memory.objects.select_for_update().filter(user=user, card=card).first()
    if memory is None:
        memory = Memory(user=user, card=card, note_id=card.note_id, deck_id=card.deck_id)
    if mark in (Mark.SUSPEND, Mark.RESUME):
        memory.is_suspended = mark == Mark.SUSPEND
    elif mark in (Mark.STAR, Mark.UNSTAR):
        memory.is_starred = mark == Mark.STAR
    else:
        memory.buried_until = day + 1 if mark == Mark.BURY else None
    keep(memory)
