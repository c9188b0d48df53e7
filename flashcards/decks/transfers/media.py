"""The media of a file on its way in: prepared once each, and the notes' references turned to where they will be."""

import re
from urllib.parse import unquote

from flashcards.decks.formats.records import DeckSource, NoteRecord
from flashcards.decks.media import path_of, prepare
from flashcards.decks.transfers.spool import Spool, SpooledMedium
from flashcards.lib.errors import Refused

# Where a link or an attribute begins; words such as "media: the press" are none.
_REFERENCE = re.compile(r"""(?<=[("'<=])media:([^\s"'<>()]+)""")
_SHOWN = re.compile(
    r"""!\[(?P<alt>[^\]\n]*)\]\(\s*<?media:(?P<name>[^\s"'<>()]+)[^)\n]*\)"""
    r"""|<(?P<tag>img|audio|video|source)\b[^<>]*\bsrc\s*=\s*["']?media:(?P<source>[^\s"'<>()]+)[^<>]*>(?:</(?:audio|video)>)?"""
)


class MediaDesk:
    """Hands out where each medium of a source will be; what is missing or refused is told with the note."""

    def __init__(self, source: DeckSource, spool: Spool) -> None:
        self._source, self._spool = source, spool
        self._by_name: dict[str, SpooledMedium | str] = {}

    def point(self, record: NoteRecord) -> None:
        """Turn the references of a note to media of this site; those that lead nowhere give way to their words."""
        record.question = self._pointed(record.question, record)
        record.answer = self._pointed(record.answer, record)
        record.explanation = self._pointed(record.explanation, record)

    def media(self) -> list[SpooledMedium]:
        """Return the media that notes have shown so far, each once."""
        found = (medium for medium in self._by_name.values() if isinstance(medium, SpooledMedium))
        return list({medium.digest: medium for medium in found}.values())

    def size(self) -> int:
        """Return how many bytes they are."""
        return sum(medium.size for medium in self.media())

    def _pointed(self, text: str, record: NoteRecord) -> str:
        if "media:" not in text:
            return text

        def shown(found: re.Match[str]) -> str:
            medium = self._medium(unquote(found["name"] or found["source"]))
            if isinstance(medium, SpooledMedium):
                return found[0]
            record.warnings.append(medium)
            return found["alt"] or ""

        def pointed(found: re.Match[str]) -> str:
            medium = self._medium(unquote(found[1]))
            return path_of(medium.digest, medium.extension) if isinstance(medium, SpooledMedium) else found[0]

        return _REFERENCE.sub(pointed, _SHOWN.sub(shown, text))

    def _medium(self, name: str) -> SpooledMedium | str:
        """Return a medium, or the sentence that says why it is left out."""
        if name not in self._by_name:
            self._by_name[name] = self._prepared(name)
        return self._by_name[name]

    def _prepared(self, name: str) -> SpooledMedium | str:
        try:
            data = self._source.media(name)
            if data is None:
                return f"“{name[:80]}” is not in the file, so it is not shown."
            prepared = prepare(name, data)
        except Refused as refused:
            return f"“{name[:80]}” is left out: {refused.problems[0].message}"
        medium = SpooledMedium(
            prepared.digest, prepared.extension, prepared.name[:200], prepared.size, prepared.width, prepared.height
        )
        self._spool.keep(medium, prepared.data)
        return medium
