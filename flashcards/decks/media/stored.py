"""What the readers of the types agree on."""

from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 10_000_000
MAX_STORED_SIDE: Final = 2_400
"""Pixels of a stored picture's longer side; what is larger is scaled down."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The bytes that a file becomes. `width` and `height` in pixels; none for sounds."""

    extension: str
    data: bytes
    width: int | None = None
    height: int | None = None


class Unfit(Exception):
    """A file can't become media; the words end a sentence that begins with its name."""
