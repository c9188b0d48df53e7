"""A card shown to a whole class: the question, options lettered, other numbers if wanted, then the answer."""

from dataclasses import dataclass

from django.http import Http404

from flashcards.classes.models import StudyClass
from flashcards.decks import kinds
from flashcards.decks.kinds.asking import Option
from flashcards.decks.kinds.numeric import EXAMPLE_SEED
from flashcards.decks.models import Card
from flashcards.lib.whole_numbers import whole_number

LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Lettered:
    """An option with its letter."""

    letter: str
    option: Option


@dataclass(frozen=True, slots=True)
class InClass:
    """What is shown: all HTML is sanitised. `next_seed` is None where other numbers would be the same."""

    card: Card
    question_html: str
    answer_html: str
    explanation_html: str
    options: list[Lettered]
    seed: int
    next_seed: int | None

    @property
    def right(self) -> list[Lettered]:
        """The options that are right."""
        return [each for each in self.options if each.option.is_right]


def shared_card_or_404(study_class: StudyClass, pk: int) -> Card:
    """Return a card of a deck shared with the class that is asked, with deck and topic; else raise Http404."""
    cards = Card.objects.filter(deck__class_decks__study_class=study_class, archived_at=None)
    card = cards.select_related("deck", "topic").filter(pk=pk).first()
    if card is None:
        raise Http404("No such card in this class.")
    return card


def in_class(card: Card, seed_text: str) -> InClass:
    """Return what is shown of `card` at the showing of the seed given; without sense it is the first."""
    read = whole_number(seed_text, LARGEST_SEED)
    seed = EXAMPLE_SEED if read is None else read
    kind = kinds.asking(card.kind)
    if kind is None:
        return InClass(card, card.question_html, card.answer_html, card.explanation_html, [], seed, None)
    judged = kind.judge(card.data, seed, None)
    return InClass(
        card=card,
        question_html=judged.question_html,
        answer_html=judged.answer_html,
        explanation_html=judged.explanation_html,
        options=[Lettered(chr(ord("A") + place), option) for place, option in enumerate(judged.options)],
        seed=seed,
        next_seed=seed % LARGEST_SEED + 1 if card.kind == "numeric" else None,
    )
