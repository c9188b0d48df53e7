"""An answer that a learner gives before grading it, where the kind of card asks for one.

It is judged once, when it comes in: the first answer to a showing stands. The session keeps it until the grade does.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from flashcards.accounts.models import User
from flashcards.decks import kinds
from flashcards.decks.kinds import Asked, Asking, Judged, Verdict
from flashcards.decks.models import Card
from flashcards.study.models import Rating

NOT_ANSWERED = "This card asks for an answer first. Nothing was counted."
EDITED = "This card has been edited since it was shown. Here it is as it is now."
NOT_OVERRULED = "Your answer was not right, so it counts as Again. To grade it higher, say first that you knew it."

HEADLINES = {
    Verdict.RIGHT: "Right",
    Verdict.NEAR: "Nearly",
    Verdict.WRONG: "Not right",
    Verdict.SKIPPED: "Here is the answer",
}


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: the showing's `seed`, the `edition` of the card's data, the text (None: “I don't know”), the time
    it took in milliseconds, and what it was. `overruled`: the learner says it was right all the same. `wrong`: the
    wrong parts of it that classes count, as pairs (kind, what) of ClassWrongWeek.
    """

    card: int
    seed: int
    edition: str
    text: str | None
    duration_ms: int
    verdict: str
    slip: str = ""
    overruled: bool = False
    wrong: list[list[str]] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)


def given_from(stored: Mapping[str, Any] | None) -> Given | None:
    """Return what `stored` made of an answer."""
    return Given(**stored) if stored is not None else None


def words_of(given: Given | None, card: Card) -> str:
    """Return an answer as people read it; "" where none was given."""
    kind = kinds.asking(card.kind)
    if given is None or given.text is None:
        return ""
    return kind.words(card.data, given.text) if kind is not None else given.text


def seed_for(user_id: int, card: Card, reps: int) -> int:
    """Return the seed of a card's showing: the learner, the card and how often it was reviewed before."""
    return kinds.seed_of(user_id, card.pk, reps)


def standing_answer(stored: Mapping[str, Any] | None, card: Card, seed: int) -> Given | None:
    """Return the answer stored for this very showing of the card as it is now; None if there is none."""
    given = given_from(stored)
    if given is None or (given.card, given.seed, given.edition) != (card.pk, seed, card.data.get("edition")):
        return None
    return given


def judged(card: Card, seed: int, text: str | None, duration_ms: int) -> Given:
    """Return the answer `text` (None: not known) to a card's showing with what it is; raises kinds.Unreadable."""
    kind = kinds.asking(card.kind)
    if kind is None:
        raise ValueError(f"{card.kind} cards take no answer")
    found = kind.judge(card.data, seed, text)
    is_wrong = text is not None and found.verdict == Verdict.WRONG
    wrong = [list(each) for each in kind.mistakes(text or "", found)] if is_wrong else []
    return Given(card.pk, seed, card.data["edition"], text, duration_ms, str(found.verdict), found.slip, wrong=wrong)


@dataclass(frozen=True, slots=True)
class Unread:
    """An answer that can't be read: what was typed, and why not."""

    typed: str
    why: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A card that asks and what became of it: `asked` until an answer is given, then `judged`.

    `typed` is an answer that could not be read, to be mended, and `unread` why not.
    """

    seed: int
    edition: str
    asked: Asked | None = None
    judged: Judged | None = None
    given: Given | None = None
    proposed: Rating | None = None
    typed: str = ""
    unread: str = ""

    def allows(self, rating: Rating) -> bool:
        """Return whether the card may be graded so."""
        return self.given is not None and allows(self.given, rating)

    @property
    def may_overrule(self) -> bool:
        """Whether the learner may still say that the answer was right."""
        return self.given is not None and not allows(self.given, Rating.GOOD)

    @property
    def headline(self) -> str:
        """What the answer was, in a word or two."""
        if self.given is None:
            return ""
        return "Counted as right" if self.given.overruled else HEADLINES[Verdict(self.given.verdict)]


def exchange_on(
    user: User, card: Card, reps: int, stored: Mapping[str, Any] | None, unread: Unread | None
) -> Exchange | None:
    """Return what a card that asks for an answer shows after `reps` reviews; None for one that is turned over.

    `stored` is what the session keeps of an answer; `unread` is one that could not be read.
    """
    kind = kinds.asking(card.kind)
    if kind is None:
        return None
    seed, edition = seed_for(user.pk, card, reps), card.data["edition"]
    given = standing_answer(stored, card, seed)
    if given is None:
        asked = Exchange(seed, edition, asked=kind.ask(card.data, seed))
        return asked if unread is None else replace(asked, typed=unread.typed, unread=unread.why)
    proposed = _proposed(given, kind, two_buttons=user.two_buttons)
    return Exchange(seed, edition, judged=kind.judge(card.data, seed, given.text), given=given, proposed=proposed)


def _proposed(given: Given, kind: Asking, *, two_buttons: bool) -> Rating | None:
    """Return the grade that the answer proposes: None where the learner's own judgement decides."""
    if given.overruled:
        return Rating.GOOD
    if given.verdict == Verdict.NEAR:
        return None
    if given.verdict != Verdict.RIGHT:
        return Rating.AGAIN
    quick = given.duration_ms <= kind.quick_ms
    return Rating.EASY if quick and not two_buttons else Rating.GOOD


def allows(given: Given, rating: Rating) -> bool:
    """Return whether the answer may be graded so: a wrong one counts as Again until the learner overrules that."""
    return rating == Rating.AGAIN or given.overruled or given.verdict in {Verdict.RIGHT, Verdict.NEAR}
