"""`manage.py bench_fill_class`: a class whose students have studied a deck for weeks; prints where it is as JSON."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.management.commands.bench_fill import (
    BATCH,
    NO_HURRY,
    make_deck,
    repeat_reviews,
    review_of,
    settle,
    standing,
)
from bench.models import BareState
from flashcards.accounts.models import User
from flashcards.classes import codes
from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.decks.kinds import Verdict
from flashcards.decks.models import Card, ClassDeck, Deck
from flashcards.study import class_sums
from flashcards.study.management.commands.prepare import BUILT_IN_DECK
from flashcards.study.models import Assignment, ClassWrongWeek, Memory, Rating, Review
from flashcards.study.options import DEFAULT_POLICY, preset_for

KINDS = "basic,reversed,cloze,choice,typed,numeric"
TIMES = 4  # that each student reviewed each card they met
APART = 20  # days between those reviews, as `repeat_reviews` puts them
FORGOTTEN = 5  # one review in so many
SINCE = timedelta(days=400)
WRONG_WORDS = 7
# The sums over the log, as `card_days` and `class_sums` keep them.
CARD_DAYS = """
    INSERT INTO study_cardday (user_id, card_id, deck_id, day, reviews, again, lapses, duration_ms)
    SELECT user_id, card_id, MAX(deck_id), day, COUNT(*), SUM(CASE WHEN rating = 1 THEN 1 ELSE 0 END),
        SUM(CASE WHEN rating = 1 AND state_before = 2 THEN 1 ELSE 0 END), SUM(duration_ms)
    FROM study_review GROUP BY user_id, card_id, day
"""
CARD_WEEKS = """
    INSERT INTO study_classcardweek (study_class_id, card_id, deck_id, week, reviews, again, lapses, duration_ms)
    SELECT %s, card_id, MAX(deck_id), day / 7, SUM(reviews), SUM(again), SUM(lapses), SUM(duration_ms)
    FROM study_cardday GROUP BY card_id, day / 7
"""


class Command(BaseCommand):
    """Fills an empty database."""

    help = "Fill an empty database with a class to measure with."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the sizes."""
        parser.add_argument("--students", type=int, required=True)
        parser.add_argument("--cards", type=int, required=True)
        parser.add_argument("--reviews", type=int, required=True, help="of all students together")

    def handle(self, *, students: int, cards: int, reviews: int, **_options: Any) -> None:
        """Write the rows, and one line: the teacher's session and the addresses of the class."""
        call_command("import_deck", str(BUILT_IN_DECK), json=True, stdout=self.stderr)
        now = timezone.now()
        with connection.cursor() as cursor:  # a million rows at once are no request
            cursor.execute(NO_HURRY[connection.vendor])
        with transaction.atomic():
            deck = make_deck(cards, KINDS.split(","))
            teacher, *learners = make_people(students, now)
            study_class = make_class(deck, teacher, learners, now)
            let_study(study_class, deck, learners, round(reviews / (students * TIMES)), now)
            repeat_reviews(deck, TIMES)
            with connection.cursor() as cursor:
                cursor.execute(CARD_DAYS)
                cursor.execute(CARD_WEEKS, [study_class.pk])
            BareState.objects.bulk_create(
                BareState(user=teacher, card_id=card, due_at=now) for card in deck.cards.values_list("pk", flat=True)
            )
        settle()
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(teacher)
        place = {"slug": study_class.slug}
        self.stdout.write(
            json.dumps(
                {
                    "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "page": reverse("study:class", kwargs=place),
                    "gradebook": reverse("study:gradebook_csv", kwargs=place),
                    "reviews": Review.objects.count(),
                }
            )
        )


def make_people(students: int, now: datetime) -> list[User]:
    """Return the teacher and so many students."""
    names = ["teacher", *(f"student-{number}" for number in range(students))]
    return User.objects.bulk_create(
        User(email=f"{name}@example.org", name=name, date_joined=now - SINCE) for name in names
    )


def make_class(deck: Deck, teacher: User, learners: list[User], now: datetime) -> StudyClass:
    """Return a class that studies `deck` and has an assignment and an exam."""
    made = StudyClass.objects.create(name="Bench", slug=codes.new_slug(), join_code=codes.new_code())
    Membership.objects.create(study_class=made, user=teacher, role=Role.OWNER, name="teacher", joined_at=now - SINCE)
    Membership.objects.bulk_create(
        Membership(
            study_class=made, user=user, name=user.name, student_number=str(user.pk), joined_at=now - SINCE
        )
        for user in learners
    )  # fmt: skip
    ClassDeck.objects.create(study_class=made, deck=deck)
    ClassDeck.objects.update(shared_at=now - SINCE)
    for title, days in (("Homework", 14), ("Exam", 28)):
        Assignment.objects.create(
            study_class=made,
            deck=deck,
            title=title,
            opens_on=(now - SINCE).date(),
            due_on=(now + timedelta(days=days)).date(),
            is_exam=title == "Exam",
        )
    return made


def let_study(study_class: StudyClass, deck: Deck, learners: list[User], met: int, now: datetime) -> None:
    """Let each learner meet `met` cards, not the same ones: memories, each card's last review, wrong answers."""
    preset = preset_for(DEFAULT_POLICY)
    cards = list(deck.cards.defer("question_html", "answer_html", "search_text"))
    wrong: Counter[tuple[int, int, str, str]] = Counter()
    for some in batched(_memories(deck, cards, learners, met, now), BATCH, strict=False):
        Memory.objects.bulk_create(memory for _, memory in some)
        reviews = [_review(card, memory, study_class, preset.pk) for card, memory in some]
        Review.objects.bulk_create(reviews)
        for review in reviews:
            for time in range(TIMES):
                week = class_sums.week_of(review.day - time * APART)
                wrong.update((review.card_id, week, *what) for what in class_sums.wrong_of(review))
    ClassWrongWeek.objects.bulk_create(
        ClassWrongWeek(
            study_class=study_class, card_id=card, deck=deck, week=week, kind=kind, what=what, count=count
        )
        for (card, week, kind, what), count in wrong.items()
    )  # fmt: skip


def _memories(
    deck: Deck, cards: list[Card], learners: list[User], met: int, now: datetime
) -> Iterator[tuple[Card, Memory]]:
    for number, user in enumerate(learners):
        for place in range(met):
            card = cards[(number + place) % len(cards)]
            stands = standing(place * 7 + number, now)
            yield card, Memory(user=user, card=card, note_id=card.note_id, deck=deck, **stands)


def _review(card: Card, memory: Memory, study_class: StudyClass, preset: int) -> Review:
    """Return the last review that left this memory, one in FORGOTTEN with a wrong answer."""
    review = review_of(memory, preset)
    review.classes = [study_class.pk]
    chosen = memory.user_id * 31 + card.pk * 17
    if chosen % FORGOTTEN == 0:
        review.rating = Rating.AGAIN
        kind, what = _wrong(card, chosen // FORGOTTEN)
        if kind == ClassWrongWeek.Kind.SLIP:
            review.slip = what
        if kind:
            parts = [] if review.slip else [[kind, what]]
            review.verdict = Verdict.WRONG.value
            review.given = {
                "card": card.pk, "seed": 1, "edition": card.data["edition"], "text": what, "duration_ms": 3_000,
                "verdict": review.verdict, "slip": review.slip, "overruled": False, "wrong": parts,
            }  # fmt: skip
    return review


def _wrong(card: Card, chosen: int) -> tuple[str, str]:
    """Return what is wrong about a wrong answer to the card, as in `ClassWrongWeek`; "" twice if it asks for none."""
    if card.kind == "choice":
        keys = [option["key"] for option in card.data["options"] if not option["right"]]
        return ClassWrongWeek.Kind.OPTION.value, keys[chosen % len(keys)]
    if card.kind == "typed":
        return ClassWrongWeek.Kind.TYPED.value, f"word{chosen % WRONG_WORDS}"
    if card.kind == "numeric":
        names = [
            line.removeprefix("slip: ").partition(" = ")[0]
            for line in card.data["numbers"].split("\n")
            if line.startswith("slip: ")
        ]
        return (ClassWrongWeek.Kind.SLIP.value, names[chosen % len(names)]) if names else ("", "")
    return "", ""
