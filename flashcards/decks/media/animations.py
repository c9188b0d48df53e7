"""Moving pictures, whatever they came as: stored as WebP without loss, so that they come out the same each time."""

from collections.abc import Callable
from io import BytesIO
from itertools import count
from typing import Final

from PIL import Image

from flashcards.decks.media.stored import MAX_BYTES, Stored, Unfit

MAX_FRAMES: Final = 300
MAX_PIXELS: Final = 32_000_000
"""Of all frames together."""

_AT_ONCE = 20
_USUAL = 100
"""Milliseconds that browsers show a frame which says less than 20."""


def stored_animation(image: Image.Image, check: Callable[[Image.Image], None]) -> Stored | None:
    """Return what is stored of a moving picture, None if it does not move; raises Unfit.

    `check` looks at each frame before it is decoded.
    """
    frames: list[Image.Image] = []
    durations: list[int] = []
    plays = _plays(image)
    for number in count():
        try:
            image.seek(number)
        except EOFError:
            break
        check(image)
        if number == MAX_FRAMES or (number + 1) * image.width * image.height > MAX_PIXELS:
            raise Unfit(
                f"moves for too long: at most {MAX_FRAMES} frames and {MAX_PIXELS // 1_000_000} million pixels in "
                "all of them can be stored. Make it shorter or smaller."
            )
        frames.append(_clean(image))
        told = float(image.info.get("duration", 0) or 0)
        durations.append(round(told) if told >= _AT_ONCE else _USUAL)
    return _written(frames, durations, plays)


def _plays(image: Image.Image) -> int:
    """Return how often it is played, 0 for ever. GIF counts what comes after the first time."""
    told = image.info.get("loop")
    if image.format != "GIF":
        return int(told or 0)
    return 1 if told is None else int(told) and int(told) + 1


def _clean(frame: Image.Image) -> Image.Image:
    """Return a frame whose fully transparent pixels have no colour, so that they are the same after decoding."""
    shown = frame.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", shown.size, (0, 0, 0, 0)), shown)


def _written(frames: list[Image.Image], durations: list[int], plays: int) -> Stored | None:
    if len({frame.size for frame in frames}) > 1:
        raise Unfit("has frames of different sizes.")
    data = _as_webp(frames, durations, plays)
    while len(data) > MAX_BYTES:
        width, height = (side * 3 // 4 for side in frames[0].size)
        frames = [_clean(frame.resize((width, height), Image.Resampling.LANCZOS)) for frame in frames]
        data = _as_webp(frames, durations, plays)
    with Image.open(BytesIO(data), formats=("WEBP",)) as written:
        moves = bool(getattr(written, "is_animated", False))
    return Stored("webp", data, *frames[0].size) if moves else None


def _as_webp(frames: list[Image.Image], durations: list[int], plays: int) -> bytes:
    written = BytesIO()
    frames[0].save(
        written,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=plays,
        background=(0, 0, 0, 0),
        lossless=True,
        quality=75,
        method=0,  # six times as fast as the next, for a quarter more bytes
    )
    return written.getvalue()
