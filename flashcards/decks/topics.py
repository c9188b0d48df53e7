"""The topics of a deck: added, called by title, renamed, put in order, removed."""

from itertools import count

from django.db import transaction
from django.utils.text import slugify

from flashcards.decks import checks
from flashcards.decks.models import Deck, Topic
from flashcards.decks.queries import topics_of
from flashcards.decks.services import place_topic, save_topic
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.text import tidy

LONGEST_SLUG = 60
NOT_EMPTY = "There are notes in this topic, archived ones counted. Move them to another topic first."


def found_topic(deck: Deck, title: str) -> Topic | None:
    """Return the topic of `deck` with this title, large and small letters alike; None if there is none."""
    wanted = _one_line(title).casefold()
    return next((topic for topic in topics_of(deck) if topic.title.casefold() == wanted), None)


def new_topic(deck: Deck, title: str) -> Topic:
    """Return a topic for the end of `deck`, not stored yet; raises Refused for a title that can't be one."""
    title = _one_line(title)
    if problems := checks.line_problems("title", title, 200):
        raise Refused(problems)
    there = list(topics_of(deck))
    position = max((topic.position for topic in there), default=-1) + 1
    return Topic(deck=deck, title=title, slug=_free_slug(title, {topic.slug for topic in there}), position=position)


def add_topic(deck: Deck, title: str) -> Topic:
    """Store a topic at the end of `deck` and return it; raises Refused, also where one has that title."""
    with transaction.atomic():
        Deck.objects.select_for_update().get(pk=deck.pk)
        if found_topic(deck, title) is not None:
            raise Refused([Problem("title", "There is a topic of that name already.")])
        topic = new_topic(deck, title)
        save_topic(topic)
    return topic


def topic_called(deck: Deck, title: str) -> Topic:
    """Return the stored topic of `deck` with this title, made if there is none; raises Refused."""
    with transaction.atomic():
        Deck.objects.select_for_update().get(pk=deck.pk)
        topic = found_topic(deck, title)
        if topic is None:
            topic = new_topic(deck, title)
            save_topic(topic)
    return topic


def rename_topic(topic: Topic, title: str) -> None:
    """Give `topic` another title; its cards stay. Raises Refused, also where another one has that title."""
    other = found_topic(topic.deck, title)
    if other is not None and other.pk != topic.pk:
        raise Refused([Problem("title", "There is a topic of that name already.")])
    topic.title = _one_line(title)
    save_topic(topic)


def move_topic(topic: Topic, by: int) -> None:
    """Move `topic` by one place, up (-1) or down (1), with its cards; at the edge it stays."""
    with transaction.atomic():
        Deck.objects.select_for_update().get(pk=topic.deck_id)
        order = list(topics_of(topic.deck))
        at = next(index for index, each in enumerate(order) if each.pk == topic.pk)
        to = at + by
        if 0 <= to < len(order):
            order[at], order[to] = order[to], order[at]
        for position, each in enumerate(order):
            if each.position != position:
                place_topic(each, position)


def remove_topic(topic: Topic) -> None:
    """Delete an empty topic; raises Refused if there are notes or cards in it."""
    with transaction.atomic():
        Deck.objects.select_for_update().get(pk=topic.deck_id)
        if topic.notes.exists() or topic.cards.exists():
            raise Refused([Problem("title", NOT_EMPTY)])
        topic.delete()


def _one_line(title: str) -> str:
    return tidy(title).strip()


def _free_slug(title: str, taken: set[str]) -> str:
    wanted = slugify(title)[:LONGEST_SLUG].strip("-_") or "topic"
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)
