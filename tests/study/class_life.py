"""A class as it lives, for tests of its sums: cards that ask, learners who come and go, and a recount by hand."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from flashcards.accounts.models import User
from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.decks import kinds
from flashcards.decks.models import Card, ClassDeck, Deck, Topic
from flashcards.study.answering import Answer, Recorded, record_offline
from flashcards.study.class_periods import Period
from flashcards.study.giving import judged, seed_for
from flashcards.study.models import CardDay, ClassCardWeek, ClassWrongWeek, DeckOptions, Memory, Rating, Review
from flashcards.study.options import DEFAULT_POLICY, options_for, policy_of
from flashcards.study.replay import state_of
from flashcards.study.scheduling import recall
from flashcards.study.standings import DeckStanding, standings_of

from .material import add_note

NOW = datetime(2026, 3, 6, 15, tzinfo=UTC)
NOTES = {
    "basic": {"question": "What is a tensor?", "answer": "An array."},
    "choice": {
        "question": "Which are optimisers?",
        "answer": "- [x] Adam\n- [x] RMSprop\n- [ ] dropout\n  slip: takes noise for a step\n- [ ] ReLU",
    },
    "typed": {
        "question": "What sets the size of a step?",
        "answer": "learning rate\n! momentum = speed for size: It averages gradients.",
    },
    "numeric": {
        "question": "{{n}} pixels, filters of {{f}}: how wide is the output?",
        "answer": "n = 20 to 400\nf = one of 3, 5\nanswer: n - f + 1\nslip: forgot the one = n - f\n  No.",
    },
}
Wrong = set[tuple[str, str]]


def make_asking_deck(slug: str = "asking") -> Deck:
    """Return a public deck with a card of each of NOTES."""
    deck = Deck.objects.create(slug=slug, title=slug.title(), is_public=True)
    topic = Topic.objects.create(deck=deck, slug="all", title="All")
    for position, (kind, texts) in enumerate(NOTES.items()):
        add_note(deck, topic, f"note-{position}", kind, position=position, **texts)
    return deck


def make_class(slug: str = "c1") -> StudyClass:
    return StudyClass.objects.create(slug=slug, name=slug, join_code=slug)


def share(study_class: StudyClass, deck: Deck, now: datetime = NOW) -> ClassDeck:
    shared = ClassDeck.objects.create(study_class=study_class, deck=deck)
    ClassDeck.objects.filter(pk=shared.pk).update(shared_at=now)
    return shared


def enrol(study_class: StudyClass, user: User, now: datetime = NOW, role: Role = Role.STUDENT) -> Membership:
    return Membership.objects.create(study_class=study_class, user=user, role=role, joined_at=now)


def card_of(deck: Deck, kind: str) -> Card:
    return deck.cards.get(kind=kind)


def texts_of(card: Card, seed: int) -> dict[str, tuple[str, Wrong]]:
    """Return answers to a card that asks, by what they are, each with what is wrong about it."""
    if card.kind == "choice":
        adam, rmsprop, dropout, relu = (option["key"] for option in card.data["options"])
        noise = ("slip", "takes noise for a step")
        return {
            "right": (f"{adam} {rmsprop}", set()),
            "half": (adam, set()),
            "wrong": (relu, {("option", relu)}),
            "slip": (f"{adam} {dropout}", {("option", dropout), noise}),
            "both": (f"{dropout} {relu}", {("option", dropout), ("option", relu), noise}),
        }
    if card.kind == "typed":
        long = "nothing of the kind " * 10
        return {
            "right": ("Learning-Rate", set()),
            "near": ("learning rat", set()),
            "wrong": ("The Weather", {("typed", "theweather")}),
            "slip": ("momentum", {("typed", "momentum"), ("slip", "speed for size")}),
            "long": (long, {("typed", long.replace(" ", "")[:80])}),
        }
    asked = kinds.get("numeric").ask(card.data, seed)  # type: ignore[attr-defined]
    n, f = map(int, re.findall(r"\d+", asked.question_html))
    return {
        "right": (str(n - f + 1), set()),
        "wrong": ("0", set()),
        "slip": (str(n - f), {("slip", "forgot the one")}),
    }


def answer(
    user: User, card: Card, rating: int, when: datetime, what: str = "right", *, overruled: bool = False
) -> Recorded:  # fmt: skip
    """Store an answer given offline at `when`, with a text that is `what` where the card asks for one."""
    given = None
    if kinds.asking(card.kind) is not None:
        memory = Memory.objects.filter(user=user, card=card).first()
        seed = seed_for(user.pk, card, memory.reps if memory else 0)
        given = judged(card, seed, texts_of(card, seed)[what][0] if what != "skipped" else None, 900)
        given = type(given)(**{**given.stored(), "overruled": overruled})
    sent = Answer(uuid4(), card.pk, Rating(rating), None, 1000 + rating, when, given=given)
    return record_offline(user, options_for(user, card.deck), card, sent)


@dataclass
class Recount:
    """The sums as they should be, added up plainly; amounts are (reviews, again, lapses, milliseconds)."""

    days: dict[tuple[int, int, int], tuple[int, ...]] = field(default_factory=dict)
    weeks: dict[tuple[int, int, int], tuple[int, ...]] = field(default_factory=dict)
    wrong: Counter[tuple[int, int, int, str, str]] = field(default_factory=Counter)


def recounted(wrong: dict[object, Wrong]) -> Recount:
    """Add the log up; `wrong` says by the review's id what was wrong about its answer."""
    sums = Recount()
    for review in Review.objects.filter(undone_at=None):
        again = review.rating == 1
        amounts = (1, int(again), int(again and review.state_before == 2), review.duration_ms)
        day = (review.user_id, review.card_id, review.day)
        sums.days[day] = tuple(map(sum, zip(sums.days.get(day, (0,) * 4), amounts, strict=True)))
        for study_class in review.classes or []:
            week = (study_class, review.card_id, review.day // 7)
            sums.weeks[week] = tuple(map(sum, zip(sums.weeks.get(week, (0,) * 4), amounts, strict=True)))
            sums.wrong.update((*week, *what) for what in wrong.get(review.pk, set()))
    return sums


def stored() -> Recount:
    """Return the sums that are kept."""
    amounts = ("reviews", "again", "lapses", "duration_ms")
    wrong = ClassWrongWeek.objects.values_list("study_class", "card", "week", "kind", "what", "count")
    days = CardDay.objects.values_list("user", "card", "day", *amounts)
    weeks = ClassCardWeek.objects.values_list("study_class", "card", "week", *amounts)
    return Recount(
        {tuple(row[:3]): tuple(row[3:]) for row in days},
        {tuple(row[:3]): tuple(row[3:]) for row in weeks},
        Counter(
            {(study_class, card, week, kind, what): count for study_class, card, week, kind, what, count in wrong}
        ),
    )


ALWAYS = (Period(datetime.min.replace(tzinfo=UTC), None),)


def stand(
    users: Sequence[User],
    deck: Deck,
    day: int,
    *,
    of: int | None = None,
    periods: dict[int, list[Period]] | None = None,
) -> dict[int, DeckStanding]:
    """Return where learners stand as a class sees it, one that they were always in unless `periods` say when."""
    study_class, _ = StudyClass.objects.get_or_create(slug="standing", defaults={"name": "S", "join_code": "standing"})
    always = {user.pk: list(ALWAYS) for user in users}
    return standings_of(study_class, always if periods is None else periods, deck, day, of=of)


def mean_recall(user: User, topic: int, day: int, periods: Sequence[Period] = ALWAYS) -> float:
    """Return the mean recall of a topic's live cards on a day, worked out plainly from the learner's memories.

    Only those count whose last review lies in one of the periods.
    """
    cards = Card.objects.filter(topic=topic, archived_at=None)
    memories = [memory for memory in Memory.objects.filter(user=user, card__in=cards) if is_within(memory, periods)]
    options = DeckOptions.objects.filter(user=user, deck__topics=topic).first()
    policy = policy_of(options.preset_id) if options is not None else DEFAULT_POLICY
    return sum(recall(state_of(memory), policy, day) or 0.0 for memory in memories) / cards.count()


def is_within(memory: Memory, periods: Sequence[Period]) -> bool:
    last = memory.last_answered_at
    return last is not None and any(period.holds(last) for period in periods)


def later(**by: float) -> datetime:
    return NOW + timedelta(**by)
