"""Pictures and sounds that notes show: checked and re-encoded, stored by their content, held by decks."""

from flashcards.decks.media.files import bytes_at, media_in, path_of, paths_in
from flashcards.decks.media.held import claim, held_by, keep, markdown_of, room_in, store_upload
from flashcards.decks.media.preparing import PreparedMedia, prepare

__all__ = [
    "PreparedMedia", "bytes_at", "claim", "held_by", "keep", "markdown_of", "media_in", "path_of", "paths_in",
    "prepare", "room_in", "store_upload",
]  # fmt: skip
