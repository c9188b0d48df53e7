"""`manage.py bench_fill`: a deck and learners with years of reviews; prints their sessions as JSON."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from bench.models import BareState
from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck, Note, Topic
from flashcards.study.management.commands.prepare import BUILT_IN_DECK
from flashcards.study.models import Memory, Rating, Review, State
from flashcards.study.options import options_for

SLUG = "bench"
TURNED_OVER = "basic,reversed,cloze"
TOPICS = 20
MET = 0.95  # of a deck's cards, by each learner
DUE = 0.8  # of the cards met
BATCH = 5_000
NO_HURRY = {"sqlite": "PRAGMA cache_size = -500000", "postgresql": "SET statement_timeout = 0"}
# Per database: what makes a UUID, and a moment some days before another.
RANDOM_UUID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
EARLIER = {
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', {moment}, '-' || ({days}) || ' days')",
    "postgresql": "{moment} - make_interval(days => {days})",
}


class Command(BaseCommand):
    """Fills an empty database."""

    help = "Fill an empty database with a deck and learners to measure with."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the sizes."""
        parser.add_argument("--cards", type=int, required=True)
        parser.add_argument("--reviews", type=int, required=True, help="of each learner")
        parser.add_argument("--learners", type=int, required=True)
        parser.add_argument("--kinds", default=TURNED_OVER, help="kinds of cards, with commas between them")

    def handle(self, *, cards: int, reviews: int, learners: int, kinds: str, **_options: Any) -> None:
        """Write the rows, and one line: the sessions of the learners."""
        call_command("import_deck", str(BUILT_IN_DECK), json=True, stdout=self.stderr)
        with connection.cursor() as cursor:  # a million rows at once are no request
            cursor.execute(NO_HURRY[connection.vendor])
        with transaction.atomic():
            deck = make_deck(cards, kinds.split(","))
            sessions = [make_learner(deck, number) for number in range(learners)]
            repeat_reviews(deck, round(reviews / (cards * MET)))
        settle()
        self.stdout.write(json.dumps({"sessions": sessions, "page": f"/study/{SLUG}/"}))


def make_deck(cards: int, kinds: list[str]) -> Deck:
    """Return a deck of `cards` cards, each a note's: those of these kinds in the built-in deck, again and again."""
    models = list(Card.objects.select_related("note").filter(kind__in=kinds).order_by("position"))
    deck = Deck.objects.create(slug=SLUG, title="Bench", is_public=True)
    topics = [Topic.objects.create(deck=deck, slug=f"t{i}", title=f"Topic {i}", position=i) for i in range(TOPICS)]
    for first in range(0, cards, BATCH):
        numbers = range(first, min(first + BATCH, cards))
        notes = Note.objects.bulk_create(
            Note(
                deck=deck,
                topic=topics[n * TOPICS // cards],
                key=f"n{n}",
                kind=models[n % len(models)].kind,
                position=n,
                question=models[n % len(models)].note.question,
                answer=models[n % len(models)].note.answer,
            )
            for n in numbers
        )
        Card.objects.bulk_create(
            Card(
                note=note,
                deck=deck,
                topic_id=note.topic_id,
                kind=models[n % len(models)].kind,
                data=models[n % len(models)].data,
                ordinal=1,
                position=n,
                question_html=models[n % len(models)].question_html,
                answer_html=models[n % len(models)].answer_html,
                explanation_html=models[n % len(models)].explanation_html,
                search_text=models[n % len(models)].search_text,
            )
            for n, note in zip(numbers, notes, strict=True)
        )
    return deck


def make_learner(deck: Deck, number: int) -> str:
    """Make somebody who has met most of the deck; return the key of the session they are signed in with."""
    user = User.objects.create_user(f"learner-{number}@example.org")
    preset = options_for(user, deck).preset_id
    now = timezone.now()
    ids = list(deck.cards.order_by("position").values_list("pk", "note_id"))
    met = ids[: round(len(ids) * MET)]
    for first in range(0, len(met), BATCH):
        memories = [
            Memory(user=user, card_id=card, note_id=note, deck=deck, **standing(place, now))
            for place, (card, note) in enumerate(met[first : first + BATCH], start=first)
        ]
        Memory.objects.bulk_create(memories)
        Review.objects.bulk_create(review_of(memory, preset) for memory in memories)
        BareState.objects.bulk_create(
            BareState(user=user, card_id=m.card_id, reps=m.reps, due_at=now - timedelta(days=1 + m.card_id % 30))
            for m in memories
        )
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def standing(place: int, now: datetime) -> dict[str, Any]:
    """Return what stands in the memory of a deck's card number `place`: in review, most due since up to ten days."""
    interval = 10 + place % 60
    waited = interval + place % 10 if place % 100 < DUE * 100 else 1 + place % 9
    last_day = now.toordinal() - waited
    return {
        "state": State.REVIEW,
        "stability": float(interval),
        "difficulty": 3 + place % 5,
        "due_day": last_day + interval,
        "last_day": last_day,
        "last_answered_at": now - timedelta(days=waited),
        "interval_days": interval,
        "reps": 10,
    }


def review_of(memory: Memory, preset: int) -> Review:
    """Return the last review that left this memory."""
    if memory.last_answered_at is None or memory.last_day is None:
        raise ValueError("the memory is of a card that was never reviewed")
    return Review(
        user_id=memory.user_id,
        card_id=memory.card_id,
        deck_id=memory.deck_id,
        rating=Rating.GOOD,
        answered_at=memory.last_answered_at,
        day=memory.last_day,
        day_ends_at=memory.last_answered_at + timedelta(hours=1),
        duration_ms=4_000,
        preset_id=preset,
        state_before=State.REVIEW,
        recall=0.9,
        interval_seconds=memory.interval_days * 86_400,
        stability=memory.stability or 1.0,
        difficulty=memory.difficulty or 5.0,
    )


def repeat_reviews(deck: Deck, times: int) -> None:
    """Write each review of the deck again, earlier, so that each card has `times` of them."""

    def earlier(column: str) -> str:
        return EARLIER[connection.vendor].format(moment=f"r.{column}", days="n.i * 20")

    table, fields = Review._meta.db_table, Review._meta.local_concrete_fields  # noqa: SLF001 - public, as its docs say
    values = {str(field.column): f"r.{field.column}" for field in fields}
    values |= {"id": RANDOM_UUID[connection.vendor], "day": "r.day - n.i * 20"}
    values |= {name: earlier(name) for name in ("answered_at", "day_ends_at")}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(values)})"  # noqa: S608 - names of our own columns
            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
            f" SELECT {', '.join(values.values())} FROM {table} r CROSS JOIN n WHERE r.deck_id = %s",
            [times - 1, deck.pk],
        )


def settle() -> None:
    """Leave the database as one that grew over years: nothing waits to be written, statistics are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
