"""What learners say about notes, and what becomes of it: made in two clicks, looked at by editors, answered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from flashcards.accounts.models import User
from flashcards.decks import checks, kinds, services
from flashcards.decks.access import edited_decks
from flashcards.decks.models import Card, Deck, Note, Severity, Suggestion
from flashcards.decks.services import Edit
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.text import text_problems

MAX_COMMENT = 1_000
MAX_REPLY = 500
MOST_OPEN = 200
"""Suggestions that one learner may have waiting."""
OPEN, ACCEPTED, CHANGED, REFUSED = (
    Suggestion.State.OPEN, Suggestion.State.ACCEPTED, Suggestion.State.CHANGED, Suggestion.State.REFUSED,
)  # fmt: skip
TOO_MANY = f"{MOST_OPEN} of your reports wait for an editor. Nothing was sent; wait until some are answered."
ANSWERED = "Another editor has answered this already; what they said stands."


@dataclass(frozen=True, slots=True)
class Said:
    """What a learner sends about a card: why, in their words, and how its note should read (fields by name)."""

    reason: str
    comment: str = ""
    proposed: dict[str, str] | None = None


@dataclass(slots=True)
class Group:
    """Open suggestions about one note that say the same: the first of them, all of them, and their authors' names."""

    first: Suggestion
    all: list[Suggestion] = field(default_factory=list)

    @property
    def comments(self) -> list[Suggestion]:
        """Those that came with words."""
        return [each for each in self.all if each.comment]


def suggest(author: User, card: Card, said: Said, now: datetime) -> Suggestion:
    """Keep what a learner says about a card; what they said before for the same reason, still open, is replaced.

    A proposal that changes nothing counts as none. Raises Refused with every problem.
    """
    note = card.note
    comment = checks.tidy_markdown(said.comment)
    proposed = _proposed(note, said.proposed or {})
    problems = text_problems("comment", comment, limit=MAX_COMMENT)
    if said.reason not in Suggestion.Reason:
        problems.append(Problem("reason", "Say what is wrong with it."))
    if proposed:
        problems += _proposal_problems(note, proposed)
    if not problems and said.reason == Suggestion.Reason.OTHER and not comment and not proposed:
        problems.append(Problem("comment", "Say in a few words what it is."))
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=author.pk)
        mine = Suggestion.objects.filter(author=author, state=OPEN)
        before = mine.filter(note=note, reason=said.reason).first()
        if before is None and mine.count() >= MOST_OPEN:
            raise Refused([Problem("reason", TOO_MANY)])
        suggestion = before or Suggestion(author=author, note=note, reason=said.reason)
        suggestion.card, suggestion.made_at = card, now
        suggestion.comment, suggestion.proposed = comment or suggestion.comment, proposed or suggestion.proposed
        suggestion.version = Note.history.filter(id=note.pk).latest().pk
        suggestion.save()
    return suggestion


def _proposed(note: Note, fields: dict[str, str]) -> dict[str, str]:
    """Return the fields that differ from what the note says, tidied."""
    tidied = {name: checks.tidy_markdown(text) for name, text in fields.items() if name in kinds.FIELDS}
    return {name: text for name, text in tidied.items() if text != getattr(note, name)}


def _proposal_problems(note: Note, proposed: dict[str, str]) -> list[Problem]:
    draft = kinds.Draft(**{name: proposed.get(name, getattr(note, name)) for name in kinds.FIELDS})
    return kinds.get(note.kind).problems(draft)


def groups(deck: Deck) -> list[Group]:
    """Return what waits in the deck, what most learners say first, then the oldest."""
    found: dict[tuple[int, str], Group] = {}
    for suggestion in _waiting(deck).order_by("made_at", "pk"):
        group = found.setdefault((suggestion.note_id, _says(suggestion)), Group(suggestion))
        group.all.append(suggestion)
    return sorted(found.values(), key=lambda group: (-len(group.all), group.first.made_at))


def _waiting(deck: Deck) -> QuerySet[Suggestion]:
    open_ones = Suggestion.objects.filter(note__deck=deck, state=OPEN)
    return open_ones.select_related("note", "note__topic", "card", "author")


def _says(suggestion: Suggestion) -> str:
    """Return what is the same for suggestions that say the same: the proposal, or else the reason."""
    proposed = suggestion.proposed
    return f"proposed {sorted(proposed.items())}" if proposed else suggestion.reason


def group_of(suggestion: Suggestion) -> Group:
    """Return the open suggestions that say the same as this one, this one first."""
    others = Suggestion.objects.filter(note=suggestion.note_id, state=OPEN).select_related("author").order_by("pk")
    same = [each for each in others if each.pk != suggestion.pk and _says(each) == _says(suggestion)]
    return Group(suggestion, [suggestion, *same])


def answered(deck: Deck) -> QuerySet[Suggestion]:
    """Return what has been answered in the deck, the latest first."""
    found = Suggestion.objects.filter(note__deck=deck).exclude(state=OPEN)
    return found.select_related("note", "card", "author", "handled_by").order_by("-handled_at", "-pk")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an editor makes of a group: how the note shall read, how grave that is, a word to the learners."""

    state: Suggestion.State
    reply: str = ""
    fields: dict[str, str] | None = None
    severity: Severity = Severity.WORDING


def answer(editor: User, suggestion: Suggestion, verdict: Verdict, now: datetime, *, version: int) -> int:
    """Answer all who said the same, change the note if `fields` differ from it, and return how many were answered.

    `version` is the note's version that the editor looked at. Accepting what was proposed word for word, or changing
    it, credits its author in the note's history. Raises Refused; then nothing has changed.
    """
    reply = checks.tidy_markdown(verdict.reply)
    if problems := text_problems("reply", reply, limit=MAX_REPLY):
        raise Refused(problems)
    if verdict.state == REFUSED and not reply:
        raise Refused([Problem("reply", "Say in a word why it stays as it is.")])
    with transaction.atomic():
        note = Note.objects.select_for_update().select_related("topic").get(pk=suggestion.note_id)
        if not Suggestion.objects.filter(pk=suggestion.pk, state=OPEN).exists():
            raise Refused([Problem("state", ANSWERED)])
        state = verdict.state
        if verdict.state != REFUSED:
            state = _apply(note, suggestion, verdict, version)
        ids = [each.pk for each in group_of(suggestion).all]
        return Suggestion.objects.filter(pk__in=ids, state=OPEN).update(
            state=state, reply=reply, handled_by=editor, handled_at=now, told_at=None
        )


def _apply(note: Note, suggestion: Suggestion, verdict: Verdict, version: int) -> Suggestion.State:
    """Change the note as the editor says; return whether that is word for word what was proposed."""
    fields = {name: checks.tidy_markdown(text) for name, text in (verdict.fields or {}).items()}
    changed = {name: text for name, text in fields.items() if text != getattr(note, name)}
    if changed:
        if Note.history.filter(id=note.pk).latest().pk != version:
            raise Refused([Problem("version", "The note has been changed while you looked at it. Look at it again.")])
        for name, text in changed.items():
            setattr(note, name, text)
        reason = f"Suggested: {suggestion.get_reason_display().lower()}"
        edit = Edit(verdict.severity, reason, suggestion.author_id)
        services.save_note(note, tags=note.tags.values_list("name", flat=True), edit=edit)
    word_for_word = all(getattr(note, name) == text for name, text in (suggestion.proposed or {}).items())
    return ACCEPTED if word_for_word else CHANGED


def of_learner(author: User) -> QuerySet[Suggestion]:
    """Return what somebody said, the latest first."""
    return author.suggestions.select_related("note", "note__deck", "card").order_by("-made_at", "-pk")


def mark_told(author: User, shown: Iterable[Suggestion], now: datetime) -> None:
    """Note that the learner has seen what became of these."""
    ids = [each.pk for each in shown if each.state != OPEN and each.told_at is None]
    if ids:
        Suggestion.objects.filter(author=author, pk__in=ids).update(told_at=now)


def untold(author: User) -> int:
    """Return how many answers somebody has not seen yet."""
    return author.suggestions.filter(told_at=None).exclude(state=OPEN).count()


def decks_to_look_at(editor: User) -> list[dict[str, Any]]:
    """Return title, slug and number of open suggestions of the decks that somebody edits and that have some."""
    waiting = Count("notes__suggestions", filter=Q(notes__suggestions__state=OPEN))
    decks = edited_decks(editor).annotate(waiting=waiting).filter(waiting__gt=0)
    return [dict(row) for row in decks.order_by("-waiting", "title").values("title", "slug", "waiting")]
