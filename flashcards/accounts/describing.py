"""What becomes of each field about a person, as a page to read: docs/personal-data.md."""

from collections.abc import Iterable, Iterator

from flashcards.accounts.personal import ClassEnd, Fate, all_fates

HEAD = """\
# What is held of a person, and what becomes of it

Made by `manage.py personal_data` from the tables `FATES` in each floor's `personal.py`; a test holds them to what the
program does. *Export* is the file that anybody can download of themselves under “Your account”. *Deletion* is by the
person or by an administrator; `KEEP_SUMS_OF_DELETED` (docs/operations.md) says what becomes of the class's sums. *End*
is the end of a class's keeping time, by `manage.py forget`.

A browser keeps for itself, besides the cookies of sign-in: grades and drafts of notes that the server does not have
yet, and a cookie that says which of these drafts were saved. They go when they are sent, saved or discarded, drafts
after 30 days or when somebody else signs in.
"""


def page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from HEAD.splitlines()
    for label, fates in all_fates().items():
        yield ""
        yield f"## {label}"
        yield ""
        yield "| fields | export | deletion | end of a class's keeping time |"
        yield "|---|---|---|---|"
        yield from _rows(fates)


def _rows(fates: Iterable[Fate]) -> Iterator[str]:
    for fate in fates:
        names = ", ".join(f"`{name}`" for name in fate.names)
        end = "" if fate.class_end == ClassEnd.UNTOUCHED else fate.class_end
        yield f"| {names} | {fate.export} | {fate.deletion} | {end} |"
