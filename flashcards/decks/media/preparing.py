"""What may become media: the type is told by the first bytes, never by the name; pictures are written anew."""

from dataclasses import dataclass
from pathlib import PurePath

from flashcards.decks.media import drawings, pictures, sounds
from flashcards.decks.media.files import SOUNDS, digest_of, is_stored, path_of
from flashcards.decks.media.stored import MAX_BYTES, Stored, Unfit
from flashcards.lib.errors import Problem, Refused

FIELD = "file"
_NAME_LENGTH = 120
_SAME = {"jpeg": "jpg", "oga": "ogg", "opus": "ogg", "mp4": "m4a"}


@dataclass(frozen=True, slots=True)
class PreparedMedia:
    """A picture or a sound ready to be stored. `name` ends as its type does; `width` and `height` in pixels."""

    digest: str
    extension: str
    name: str
    size: int
    width: int | None
    height: int | None
    data: bytes

    @property
    def path(self) -> str:
        """The address that texts show it by."""
        return path_of(self.digest, self.extension)


def prepare(name: str, data: bytes) -> PreparedMedia:
    """Return what to store of a file called `name`: pictures checked and re-encoded without what cameras write along.

    What is stored already comes back as it is, so that a file exported and imported again is the same. Raises Refused
    with a sentence that names the file.
    """
    called = tidy_name(name)
    try:
        stored = _stored(data)
    except Unfit as unfit:
        raise Refused([Problem(FIELD, f"“{called}” {unfit}")]) from unfit
    return PreparedMedia(
        digest_of(stored.data),
        stored.extension,
        _named(called, stored.extension),
        len(stored.data),
        stored.width,
        stored.height,
        stored.data,
    )


def too_large(name: str, size: int) -> Problem:
    """Return what to say of a file with too many bytes, which need not be read for it."""
    return Problem(FIELD, f"“{tidy_name(name)}” {_too_large(size)}")


def tidy_name(name: str) -> str:
    """Return the last part of a file's name in signs that can be seen, with room for another extension."""
    last = PurePath(name.replace("\\", "/")).name
    seen = "".join(sign for sign in last if sign.isprintable()).strip()
    stem, dot, suffix = seen.rpartition(".")
    return (f"{stem[:_NAME_LENGTH]}.{suffix[:10]}" if dot and stem else seen[:_NAME_LENGTH]) or "file"


def _named(name: str, extension: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if dot and stem and _SAME.get(suffix.lower(), suffix.lower()) == extension:
        return name
    return f"{stem if dot and stem else name}.{extension}"


def _too_large(size: int) -> str:
    return f"has {size / 1_000_000:.1f} MB; at most {MAX_BYTES // 1_000_000} MB can be stored."


def _stored(data: bytes) -> Stored:
    if not data:
        raise Unfit("is empty.")
    if len(data) > MAX_BYTES:
        raise Unfit(_too_large(len(data)))
    extension = sounds.extension_of(data)
    if extension in SOUNDS:
        return Stored(extension, sounds.checked(data, extension))
    kind = pictures.kind_of(data)
    if kind is None and drawings.may_be(data):
        return _as_stored(data, "svg") or drawings.stored_drawing(data)
    if kind is None:
        raise Unfit(pictures.unknown(data))
    return _as_stored(data, pictures.EXTENSIONS.get(kind, "")) or pictures.stored_picture(data, kind)


def _as_stored(data: bytes, extension: str) -> Stored | None:
    """Return the file as it is if the storage has it: whatever lies there went through here."""
    if not extension or not is_stored(digest_of(data), extension):
        return None
    size = drawings.size_of(data) if extension == "svg" else pictures.size_of(data)
    return Stored(extension, data, *size)
