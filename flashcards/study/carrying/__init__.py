"""What a learner did with cards, into files and out of them: the study floor's part in imports and exports."""

from types import SimpleNamespace

from flashcards.study.carrying.bringing import bring, take_back
from flashcards.study.carrying.taking import cards_of

__all__ = ["CARRYING", "bring", "cards_of", "take_back"]

CARRYING = SimpleNamespace(cards_of=cards_of, bring=bring, take_back=take_back)
"""To be registered with the decks floor as its `Learning`."""
