"""A piece of Anki's HTML as Markdown: as Markdown where nothing is lost, else as sanitised HTML."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flashcards.decks.formats.anki.reading.atoms import Atoms
from flashcards.decks.formats.anki.reading.characters import UNFIT, fit_html, warn
from flashcards.decks.formats.anki.reading.formulas import has_formulas, take_formulas
from flashcards.decks.formats.anki.reading.plain import plain_markdown
from flashcards.decks.formats.anki.reading.rich import rich_markdown
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import clean, plain_words
from flashcards.lib.text import tidy

_QUESTIONABLE = 400
"""Characters beyond which a text may break one of Markdown's limits."""


@dataclass(slots=True)
class Converter:
    """Converts pieces of one note; `holds` tells whether the package has a medium. `warnings` say what was changed."""

    holds: Callable[[str], bool]
    warnings: list[str] = field(default_factory=list)

    def markdown(self, html: str, *, in_gaps: bool = False) -> str:
        """Return the Markdown of `html`; `in_gaps` if there are marks of gaps in it (and no others)."""
        if not in_gaps:
            html = fit_html(html, self.warnings)
        atoms = Atoms(self.holds)
        if "<" in html or "[" in html:
            html = atoms.take_media(html, self.warnings)
        if has_formulas(html):
            html = take_formulas(html, atoms.keep, self.warnings)
        text, as_html = plain_markdown(html, in_gaps=in_gaps), False
        if text is None or (len(text) > _QUESTIONABLE and render(text).problems):
            text, as_html = rich_markdown(html, atoms, self.warnings, in_gaps=in_gaps)
        text = tidy(atoms.put_back(text, as_html=as_html))
        if UNFIT.search(text) and not in_gaps:
            warn(self.warnings, "Characters that can't be shown were left out.")
            text = UNFIT.sub("", text)
        return text.strip("\n ")

    def words(self, html: str) -> str:
        """Return the words of `html` on one line, without markup."""
        return UNFIT.sub("", tidy(plain_words(clean(html))))


def local(markdown: str) -> str:
    """Return Markdown whose media have paths on this site, to be rendered for a look at it."""
    return markdown.replace("media:", "/media-of-package/")
