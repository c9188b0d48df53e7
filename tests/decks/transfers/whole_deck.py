"""A deck with everything that a deck can have, somebody who learns with it, and all that is stored of both."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks import kinds
from flashcards.decks.models import Card, Deck, MediaFile, Note, Topic
from flashcards.decks.services import save_deck, save_note, save_topic
from flashcards.study.answering import Answer, record_offline
from flashcards.study.giving import judged, seed_for
from flashcards.study.models import Memory, Rating, Review
from flashcards.study.options import options_for, policy_of
from flashcards.study.scheduling import fuzz_bounds, interval_for
from tests.decks.anki.every_kind import FIGURE, ONE_OF_EACH
from tests.decks.files import SOUNDS, as_file, photo

TOPICS = {"light": "Light: waves & more", "matter": "Matter :: and $E = m c^{2}$", "unused": "Not yet written"}
ANSWERS: dict[str, list[str | None]] = {"typed": ["Newton", "albert einstein", None], "numeric": ["7", "-1"]}
DAYS = [(0, 3), (0.002, 3), (1, 3), (4, 1), (4.01, 3), (6, 4), (21, 2), (60, 3)]
"""When cards are answered, in days, and how."""
MEMORY = ("state", "step", "last_day", "last_answered_at", "reps", "lapses", "is_leech", "is_suspended", "is_starred")
REVIEW = (
    "rating", "duration_ms", "verdict", "slip", "day", "day_ends_at", "preset_id", "state_before", "stability",
    "difficulty", "recall",
)  # fmt: skip


def make_whole_deck(owner: User) -> Deck:
    """Return a private deck with a note of each kind and more, an uploaded picture and a sound, topics and tags."""
    deck = Deck(
        slug="physics", title="Physics: a start", language="de", introduction="On **light** & $x$.", owner=owner
    )
    save_deck(deck)
    topics = {}
    for position, (slug, title) in enumerate(TOPICS.items(), start=1):
        topics[slug] = Topic(deck=deck, slug=slug, title=title, position=position)
        save_topic(topics[slug])
    browser = Client()
    browser.force_login(owner)
    picture = _uploaded(browser, "prism, (drawn) 1.png", as_file(photo(30, 20), "PNG"))
    sound = _uploaded(browser, "ton.mp3", SOUNDS["mp3"])
    places = dict.fromkeys(TOPICS, 0)
    for record in _records(picture, sound):
        topic = topics[record["topic"]]
        places[topic.slug] += 1
        tags = record.pop("tags")
        save_note(Note(**{**record, "deck": deck, "topic": topic, "position": places[topic.slug]}), tags=tags)
    return deck


def _uploaded(browser: Client, name: str, data: bytes) -> str:
    answer = browser.post("/media/", {"deck": "physics", "file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 201, answer.content
    path: str = answer.json()["path"]
    return path


def _records(picture: str, sound: str) -> Iterator[dict[str, Any]]:
    names = ("key", "kind", "question", "answer", "explanation", "reference", "sources", "tags", "topic")
    for note in ONE_OF_EACH:
        record = {name: getattr(note, name) for name in names}
        yield record | {"answer": note.answer.replace(FIGURE, picture)}
    usual = {"kind": "basic", "tags": [], "topic": "matter"}
    yield usual | {"key": "heard", "question": f'What is this? <audio src="{sound}"></audio>', "answer": "=1+1 a tone"}
    yield usual | {
        "key": "seen", "question": f'See ![a "prism"]({picture}) & say',
        "answer": "- one\n- two\n\n```\n{{c1::x}}\n```",
        "tags": ["x::y", "-minus", "Ünï cödé"], "reference": "@home, 1905", "sources": ["S03"],
    }  # fmt: skip


def learn(user: User, deck: Deck) -> None:
    """Let somebody answer all but the last cards of a deck over weeks, star some and suspend some, new ones too."""
    cards = list(deck.cards.order_by("position"))
    start = timezone.now() - timedelta(days=90)
    for number, card in enumerate(cards[:-2]):
        for turn, (day, rating) in enumerate(DAYS[: 1 + (number * 3) % len(DAYS)]):
            # Several cards in one millisecond, with microseconds that no file knows.
            _answer(user, card, turn, rating, start + timedelta(days=day, microseconds=number % 3))
    for name, some in (("is_starred", [cards[0], cards[-1]]), ("is_suspended", [cards[2], cards[3], cards[-2]])):
        for card in some:
            Memory.objects.update_or_create(
                user=user, card=card, defaults={name: True, "note_id": card.note_id, "deck": deck}
            )


def _answer(user: User, card: Card, turn: int, rating: int, when: Any) -> None:
    given = None
    if kinds.asking(card.kind) is not None:
        texts = ANSWERS.get(card.kind) or [card.data["options"][0]["key"], card.data["options"][1]["key"]]
        text = texts[turn % len(texts)]
        given = judged(card, seed_for(user.pk, card, turn), text, 900 + turn)
        rating = rating if given.verdict == "right" else 1
    sent = Answer(uuid4(), card.pk, Rating(rating), None, 1000 + turn, when, given=given)
    record_offline(user, options_for(user, card.deck), card, sent)


def words_of(deck: Deck) -> list[Any]:
    """Return topics, notes and their rendered cards in the deck's order, but for media."""
    names = ("topic__slug", "topic__title", "key", "kind", "question", "answer", "explanation", "reference", "sources")
    notes = Note.objects.filter(deck=deck, archived_at=None).order_by("topic__position", "position")
    kept: list[Any] = []
    for note, row in zip(notes.prefetch_related("tags"), notes.values_list(*names), strict=True):
        cards = note.cards.filter(archived_at=None).order_by("ordinal")
        kept.append((*row, sorted(tag.name for tag in note.tags.all())))
        kept += cards.values_list("ordinal", "question_html", "answer_html", "explanation_html", "data")
    return kept


def head_of(deck: Deck) -> tuple[str, ...]:
    return deck.title, deck.language, deck.introduction


def media_of(deck: Deck) -> set[tuple[str, str, int, int | None]]:
    return set(MediaFile.objects.filter(deck=deck).values_list("digest", "extension", "size", "width"))


def log_of(user: User, deck: Deck) -> list[Any]:
    """Return somebody's reviews in the deck: cards by key and ordinal, moments to the millisecond."""
    kept = []
    for review in Review.objects.filter(user=user, deck=deck, undone_at=None).select_related("card__note"):
        at = review.answered_at.replace(microsecond=review.answered_at.microsecond // 1000 * 1000)
        given = {name: value for name, value in (review.given or {}).items() if name != "card"}
        facts = [getattr(review, name) for name in REVIEW]
        kept.append((review.card.note.key, review.card.ordinal, at, facts, given))
    return sorted(kept, key=lambda row: row[:3])


def memories_of(user: User, deck: Deck) -> dict[tuple[str, int], dict[str, Any]]:
    """Return where somebody's cards stand, by key and ordinal; when they are due is told apart."""
    kept = {}
    for memory in Memory.objects.filter(user=user, deck=deck).select_related("card__note"):
        state = {name: getattr(memory, name) for name in MEMORY}
        if state["last_answered_at"]:
            at = state["last_answered_at"]
            state["last_answered_at"] = at.replace(microsecond=at.microsecond // 1000 * 1000)
        state |= {"stability": memory.stability, "difficulty": memory.difficulty, "due_at": memory.due_at is not None}
        kept[memory.card.note.key, memory.card.ordinal] = state
    return kept


def due_of(user: User, deck: Deck) -> dict[tuple[str, int], int]:
    """Return the days between cards' last reviews and their next, by key and ordinal."""
    memories = Memory.objects.filter(user=user, deck=deck, reps__gt=0).select_related("card__note")
    return {
        (memory.card.note.key, memory.card.ordinal): (memory.due_day or 0) - (memory.last_day or 0)
        for memory in memories
    }


def may_be_due(user: User, deck: Deck) -> dict[tuple[str, int], range]:
    """Return the days after which cards may be due: each card's interval is spread by a chance of its own."""
    policy = policy_of(options_for(user, deck).preset_id)
    kept = {}
    for memory in Memory.objects.filter(user=user, deck=deck, reps__gt=0).select_related("card__note"):
        lowest, highest = fuzz_bounds(interval_for(memory.stability or 0, policy))
        # The interval of a better grade lies a day beyond that of a worse one, wherever chance has put that.
        known = range(lowest, highest + 3) if memory.interval_days else range(2)
        kept[memory.card.note.key, memory.card.ordinal] = known
    return kept
