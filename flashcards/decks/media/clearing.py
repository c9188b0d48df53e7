"""What nothing shows any longer: rows that no text of their deck mentions, files that no row is of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from flashcards.decks.media import files
from flashcards.decks.models import Deck, MediaFile, Note, Suggestion

ROW_DAYS = 7
"""How long a row that nothing mentions stays: what was pasted into a draft may wait to be saved."""
FILE_DAYS = 1

_PARTS = ("question", "answer", "explanation")


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many rows and files went, and how many bytes of files."""

    rows: int
    files: int
    bytes: int


def clear(now: datetime) -> Cleared:
    """Remove what nothing shows: first rows older than seven days, then files older than one day."""
    rows = sum(_clear_rows(deck, now) for deck in Deck.objects.filter(media__isnull=False).distinct().order_by("pk"))
    sizes = list(_clear_files(now))
    return Cleared(rows, len(sizes), sum(sizes))


def _clear_rows(deck: Deck, now: datetime) -> int:
    old = MediaFile.objects.filter(deck=deck, added_at__lt=now - timedelta(days=ROW_DAYS))
    digests = dict(old.values_list("digest", "pk"))
    for text in _texts(deck) if digests else ():
        for digest in files.media_in(text):
            digests.pop(digest, None)
    MediaFile.objects.filter(pk__in=digests.values()).delete()
    return len(digests)


def _texts(deck: Deck) -> Iterator[str]:
    """Yield what the deck says or said in any version, and what learners propose that it say."""
    yield deck.introduction
    yield from Deck.history.filter(id=deck.pk).values_list("introduction", flat=True).iterator()
    for notes in (Note.objects.filter(deck=deck), Note.history.filter(deck_id=deck.pk)):
        for texts in notes.values_list(*_PARTS).iterator():
            yield from texts
    proposals = Suggestion.objects.filter(note__deck=deck, proposed__isnull=False)
    for proposed in proposals.values_list("proposed", flat=True).iterator():
        yield str(proposed)


def _clear_files(now: datetime) -> Iterator[int]:
    """Remove old files without a row, and yield the size of each."""
    for folder in _listed("", 0):
        names = [name for name in _listed(folder, 1) if _is_old(f"{folder}/{name}", now)]
        kept = set(
            MediaFile.objects.filter(digest__in=[name.partition(".")[0] for name in names]).values_list(
                "digest", flat=True
            )
        )
        for name in names:
            if name.partition(".")[0] not in kept:
                size = default_storage.size(f"{folder}/{name}")
                default_storage.delete(f"{folder}/{name}")
                yield size


def _listed(folder: str, which: int) -> list[str]:
    try:
        return sorted(default_storage.listdir(folder)[which])
    except FileNotFoundError:
        return []


def _is_old(place: str, now: datetime) -> bool:
    return default_storage.get_modified_time(place) < now - timedelta(days=FILE_DAYS)
