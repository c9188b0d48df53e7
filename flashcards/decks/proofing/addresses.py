"""Addresses that lead nowhere: images and pages of this site are looked up, others' are judged by their form alone."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.urls import Resolver404, resolve

from flashcards.decks.figures import figures
from flashcards.decks.media.files import is_stored, media_in
from flashcards.decks.proofing.findings import Finding, Severity
from flashcards.decks.proofing.sheets import Passage, Sheet
from flashcards.decks.proofing.sides import read_side

CHECK = "address"
DRAWN = "figures/deep-learning/"
"""Where among the static files the figures stand that `draw_figures` makes, whether or not it has run."""

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d[a-z]?\b")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::\d{1,5})?")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def findings(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Yield links and images whose address nothing answers."""
    for passage in passages:
        sides = [read_side(html) for html in passage.html]
        for image in dict.fromkeys(image for side in sides for image in side.images):
            if image.src is None:
                message = f"The image “{image.alt}” shows nothing. Its address must be a path on this site: /media/…"
                yield passage.finding(Severity.ERROR, CHECK, message, f"![{image.alt}")
            elif wrong := _wrong_on_this_site(image.src):
                message = f"The image {image.src} {wrong}"
                yield passage.finding(Severity.ERROR, CHECK, message, image.src)
        for link in dict.fromkeys(link for side in sides for link in side.links):
            if link is None:
                message = "A link leads nowhere. Its address must begin with https://, http://, mailto: or /."
                yield passage.finding(Severity.ERROR, CHECK, message, "](")
            elif wrong := _wrong(link):
                yield passage.finding(Severity.ERROR, CHECK, f"The link {link} {wrong}", link)


def reference_findings(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Yield references that name no year."""
    for sheet in sheets:
        if sheet.record.reference and not _YEAR.search(sheet.record.reference):
            message = f"“{sheet.record.reference}” has no year. Write authors, title (year)."
            yield sheet.warning(CHECK, "reference", message)


def _wrong(link: str) -> str | None:
    """Return what is wrong with a link's address, as the end of a sentence; None if it is good."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return "is no address."
    if parts.scheme == "mailto":
        return None if _MAIL.fullmatch(parts.path) else "is no e-mail address."
    if parts.scheme or parts.netloc:
        known = _HOST.fullmatch(parts.netloc) and " " not in link
        return None if known else "is no address on the web: https://, a host's name and a path."
    return _wrong_on_this_site(link)


def _wrong_on_this_site(address: str) -> str | None:
    path = unquote(urlsplit(address).path)
    if not path.startswith("/"):
        return "depends on the page where the card is shown. Begin it with /."
    if path.startswith(settings.STATIC_URL):
        return None if _is_static(path.removeprefix(settings.STATIC_URL)) else "is not among the static files."
    if found := media_in(path):
        stored = any(is_stored(digest, extension) for digest, extension in found.items())
        return None if stored else "is not among the stored pictures and sounds."
    return None if _is_page(path) else "is no page of this site."


def _is_static(name: str) -> bool:
    if name.startswith(DRAWN):
        return name.removeprefix(DRAWN).removesuffix(".svg") in figures() and name.endswith(".svg")
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:  # it climbs out of the folder
        return False
    return isinstance(found, str) and Path(found).is_file()


def _is_page(path: str) -> bool:
    """Return whether a view answers `path`, or `path/` to which the site sends on."""
    for asked in (path, f"{path}/"):
        try:
            resolve(asked)
        except Resolver404:
            continue
        return True
    return False
