"""What the study page says of the card on show: the grades with their intervals and reasons, counts and progress."""

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote
from uuid import uuid4

from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks.access import can_edit
from flashcards.decks.models import Card, Deck
from flashcards.study import words
from flashcards.study.changed_cards import ChangedCard, told_of
from flashcards.study.days import Moment
from flashcards.study.giving import Exchange, Unread, exchange_on
from flashcards.study.models import Memory, Rating, State, StudySession
from flashcards.study.options import policy_of
from flashcards.study.queue import Entry
from flashcards.study.replay import interval_seconds, state_of
from flashcards.study.scheduling import MemoryState, Policy, fuzz_seed, outcomes, recall
from flashcards.study.sessions import Shown, remaining

MEANINGS = {
    Rating.AGAIN: "forgot",
    Rating.HARD: "recalled, with effort",
    Rating.GOOD: "recalled",
    Rating.EASY: "at once",
}
ACTIONS = ("answer", "give", "undo", "star", "bury", "suspend")
TWO_BUTTONS = (Rating.AGAIN, Rating.GOOD)


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade button: its number and word, the interval it gives (short and long), and why."""

    rating: int
    name: str
    meaning: str
    key: str
    interval: str
    interval_long: str
    why: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Cards left in the session; the card on show is counted."""

    new: int
    learning: int
    due: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Cards behind and in all."""

    done: int
    total: int
    percent: int


@dataclass(frozen=True, slots=True)
class Showing:
    """All that the study page shows; `card` is None when nothing is left."""

    session: StudySession
    actions: dict[str, str]
    deck: Deck
    scope: str
    topic: str
    card: Card | None
    number: int
    grades: list[Grade]
    reasons: list[str]
    counts: Counts
    progress: Progress
    starred: bool
    can_undo: bool
    edit_url: str
    notice: str = ""
    backlog: str = ""
    revealed: bool = False
    exchange: Exchange | None = None
    changed: ChangedCard | None = None
    answer_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def question_html(self) -> str:
        """The question as it is asked at this showing."""
        if self.exchange is not None and (told := self.exchange.asked or self.exchange.judged):
            return told.question_html
        return self.card.question_html if self.card is not None else ""

    @property
    def answer_html(self) -> str:
        """The answer with this showing's numbers; where options were chosen from, they say it."""
        if self.exchange is not None and self.exchange.judged is not None:
            return self.exchange.judged.answer_html
        return self.card.answer_html if self.card is not None else ""

    @property
    def explanation_html(self) -> str:
        """The explanation with this showing's numbers."""
        if self.exchange is not None and self.exchange.judged is not None:
            return self.exchange.judged.explanation_html
        return self.card.explanation_html if self.card is not None else ""

    @property
    def suggest_url(self) -> str:
        """The address where the learner says that something is wrong with the card on show."""
        return f"{suggest_url(self.card.pk)}?next={quote(self.url)}" if self.card is not None else ""

    @property
    def url(self) -> str:
        """The address of the session's page."""
        return session_url(self.session)

    @property
    def reveal_url(self) -> str:
        """The address that shows the answer where there is no JavaScript."""
        url = self.url
        return f"{url}{'&' if '?' in url else '?'}answer=1"


@lru_cache(maxsize=4096)
def action_urls(session_id: int) -> dict[str, str]:
    """Return the addresses of what can be done in a session, by name; every grade needs them all."""
    return {name: reverse(f"study:{name}", args=[session_id]) for name in ACTIONS}


@lru_cache(maxsize=4096)
def suggest_url(card_id: int) -> str:
    """Return the address where something is said about a card."""
    return reverse("decks:suggest", args=[card_id])


def session_url(session: StudySession) -> str:
    """Return the address of the page that studies the session's deck and scope."""
    query = {}
    if session.topic is not None:
        query["topic"] = session.topic.slug
    if session.tag is not None:
        query["tag"] = session.tag.name
    if session.assignment_id is not None:
        query["assignment"] = str(session.assignment_id)
    return reverse("study:session", args=[session.deck.slug], query=query or None)


def present(
    user: User,
    session: StudySession,
    shown: Shown,
    moment: Moment,
    *,
    notice: str = "",
    backlog: str = "",
    revealed: bool = False,
    unread: Unread | None = None,
) -> Showing:
    """Return what the page shows of `session` at `moment`; asks the database nothing but who may edit, and what
    the card was before where its meaning was changed since the learner's last answer.

    `unread` is an answer that could not be read and is asked for again.
    """
    card, memory = shown.card, shown.memory
    in_learning = len(shown.learning)
    done = max(0, session.total - remaining(session, in_learning))
    new = sum(entry == Entry.NEW for _, entry in session.plan[session.cursor :])
    state = state_of(memory) if memory is not None else MemoryState()
    policy = policy_of(session.options.preset_id)
    exchange = exchange_on(user, card, state.reps, session.given, unread) if card is not None else None
    return Showing(
        session=session,
        actions=action_urls(session.pk),
        deck=session.deck,
        scope=str(session.topic or session.tag or session.assignment or ""),
        topic=card.topic.title if card is not None else "",
        card=card,
        number=state.reps,
        grades=_grades(card, state, policy, moment, _ratings(user, exchange)) if card is not None else [],
        reasons=_reasons(state, policy, moment) if card is not None else [],
        counts=Counts(new, in_learning, len(session.plan) - session.cursor - new),
        progress=Progress(done, session.total, round(100 * done / session.total) if session.total else 100),
        starred=memory is not None and memory.is_starred,
        can_undo=session.sequence > 0,
        edit_url=reverse("decks:note", args=[session.deck.slug, card.note_id])
        if card is not None and can_edit(user, session.deck)
        else "",
        notice=notice,
        backlog=backlog,
        revealed=revealed or (exchange is not None and exchange.judged is not None),
        exchange=exchange,
        changed=told_of(card, memory) if card is not None else None,
    )


def _ratings(user: User, exchange: Exchange | None) -> list[tuple[str, Rating]]:
    """Return the keys and ratings that can be given: all of the learner's, or those that an answer allows."""
    ratings = TWO_BUTTONS if user.two_buttons else tuple(Rating)
    return [(str(key), each) for key, each in enumerate(ratings, 1) if exchange is None or exchange.allows(each)]


def _grades(
    card: Card, state: MemoryState, policy: Policy, moment: Moment, ratings: list[tuple[str, Rating]]
) -> list[Grade]:
    after = outcomes(state, policy, moment, fuzz_seed(card.pk, state.reps)) if ratings else {}
    return [
        Grade(
            rating=int(rating),
            name=rating.label,
            meaning=MEANINGS[rating],
            key=key,
            interval=words.interval(interval_seconds(after[rating])),
            interval_long=words.interval_long(interval_seconds(after[rating])),
            why=_why(after[rating], policy),
        )
        for key, rating in ratings
    ]


def _why(after: MemoryState, policy: Policy) -> str:
    seconds = interval_seconds(after)
    if after.state != State.REVIEW:
        return f"asked again in {words.interval_long(seconds)}, as the learning steps say"
    goal = words.percent(policy.desired_retention)
    return f"recall falls to about {goal} in {words.interval_long(seconds)}"


def _reasons(state: MemoryState, policy: Policy, moment: Moment) -> list[str]:
    now = recall(state, policy, moment.day)
    if now is None or state.stability is None or state.difficulty is None or state.last_day is None:
        return ["You have not seen this card before. It goes through short steps first, then in days."]
    days = moment.day - state.last_day
    return [
        f"Recall now: {words.percent(now)}, {words.count(days, 'day')} after your last review.",
        f"Your memory of it lasts {words.interval_long(state.stability * words.DAY)} until recall is down to 90 %.",
        f"Difficulty {state.difficulty:.1f} of 10, {words.count(state.reps, 'review')},"
        f" forgotten {words.count(state.lapses, 'time')}.",
    ]


def leech_notice(memory: Memory | None) -> str:
    """Return what to tell of a card that has just become a leech."""
    times = words.count(memory.lapses if memory is not None else 0, "time")
    return (
        f"You have forgotten that card {times}. Look for what makes it hard: star it, suspend it,"
        " or tell its editor what is unclear."
    )
