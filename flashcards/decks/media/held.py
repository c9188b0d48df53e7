"""Which deck holds what: a row for each file of each deck; who may study one of them may see the file."""

from collections.abc import Iterable
from html import escape

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet, Sum

from flashcards.accounts.models import User
from flashcards.decks.access import visible_decks
from flashcards.decks.media import files
from flashcards.decks.media.preparing import FIELD, PreparedMedia, prepare, too_large
from flashcards.decks.media.stored import MAX_BYTES
from flashcards.decks.models import Deck, MediaFile
from flashcards.lib.errors import Problem, Refused

_FACTS = ("digest", "extension", "name", "size", "width", "height")


def keep(deck: Deck, prepared: PreparedMedia, user: User | None) -> MediaFile:
    """Store the file and note that `deck` holds it; twice is once. Raises Refused if the deck has no room for it."""
    held = MediaFile.objects.filter(deck=deck, digest=prepared.digest).first()
    if held is None:
        check_room(deck, prepared.size)
    files.store(prepared.digest, prepared.extension, prepared.data)
    if held is not None:
        return held
    facts = {name: getattr(prepared, name) for name in _FACTS}
    held, _ = MediaFile.objects.get_or_create(
        deck=deck, digest=facts.pop("digest"), defaults={**facts, "added_by": user}
    )
    return held


def store_upload(deck: Deck, user: User, uploaded: UploadedFile[bytes]) -> MediaFile:
    """Check, store and return what somebody uploaded for `deck`; raises Refused with a sentence that names the file.

    The caller has asked whether `user` may edit the deck.
    """
    name, size = uploaded.name or "", uploaded.size or 0
    if size > MAX_BYTES:
        raise Refused([too_large(name, size)])
    return keep(deck, prepare(name, uploaded.read()), user)


def room_in(deck: Deck) -> int:
    """Return how many bytes of media the deck may still take; less than 0 if it has too many already."""
    held = MediaFile.objects.filter(deck=deck).aggregate(bytes=Sum("size"))["bytes"] or 0
    return int(settings.MEDIA_MAX_MB_PER_DECK * 1_000_000 - held)


def check_room(deck: Deck, size: int) -> None:
    """Raise Refused if the deck can't take `size` bytes more."""
    if size > room_in(deck):
        most = settings.MEDIA_MAX_MB_PER_DECK
        message = (
            f"This deck’s pictures and sounds would take more than {most:,} MB. Remove some, or make them smaller."
        )
        raise Refused([Problem(FIELD, message)])


def held_by(deck: Deck, texts: Iterable[str]) -> list[MediaFile]:
    """Return the rows of the files that the texts mention and `deck` holds: what may leave with it."""
    return list(MediaFile.objects.filter(deck=deck, digest__in=files.media_in(*texts)).order_by("pk"))


def visible(user: User | AnonymousUser) -> QuerySet[MediaFile]:
    """Return the rows of the decks that `user` may study."""
    return MediaFile.objects.filter(deck__in=visible_decks(user))


def claim(deck: Deck, texts: Iterable[str], user: User) -> None:
    """Let `deck` hold what the texts show and other decks hold that `user` may study: text copied from deck to deck.

    What they may not see stays unseen. Raises Refused if the deck has no room for it.
    """
    missing = set(files.media_in(*texts))
    if missing:
        missing -= set(MediaFile.objects.filter(deck=deck, digest__in=missing).values_list("digest", flat=True))
    if not missing:
        return
    found = {row.digest: row for row in visible(user).filter(digest__in=missing).order_by("-pk")}
    check_room(deck, sum(row.size for row in found.values()))
    rows = [
        MediaFile(deck=deck, added_by=user, **{name: getattr(row, name) for name in _FACTS}) for row in found.values()
    ]
    MediaFile.objects.bulk_create(rows, ignore_conflicts=True)


def markdown_of(media: MediaFile | PreparedMedia, text: str = "") -> str:
    """Return what shows a file in a note; `text` says what a picture shows, for those who can't see it."""
    path = files.path_of(media.digest, media.extension)
    if media.extension in files.SOUNDS:
        return f'<audio src="{path}" controls></audio>'
    return f"![{escape(text, quote=False)}]({path})"
