"""Images for those who can't see them: each needs a text that says what is seen."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from flashcards.decks.proofing.findings import Finding, Severity
from flashcards.decks.proofing.sheets import Passage
from flashcards.decks.proofing.sides import Image, read_side
from flashcards.decks.proofing.words import folded

CHECK = "image"

_DIVIDERS = re.compile(r"[\W_]+")


def findings(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Yield images without a text of their own: an error if there is none, a warning if it is the file's name."""
    for passage in passages:
        for image in dict.fromkeys(image for html in passage.html for image in read_side(html).images):
            if image.src is None:
                continue
            if not image.alt.strip():
                message = f"The image {image.src} has no text. Say between the brackets what is seen."
                yield passage.finding(Severity.ERROR, CHECK, message, image.src)
            elif _is_file_name(image):
                message = f"The image's text is its file's name, “{image.alt}”. Say what is seen."
                yield passage.finding(Severity.WARNING, CHECK, message, image.src)


def _is_file_name(image: Image) -> bool:
    file = PurePosixPath(image.src or "")
    return _bare(image.alt) in {_bare(file.name), _bare(file.stem), _bare(str(file))}


def _bare(text: str) -> str:
    return _DIVIDERS.sub("", folded(text))
