"""JPEG as it is stored: one quality, one scan, nothing but the picture. What has this form is known by its bytes."""

from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, JpegImagePlugin

QUALITY: Final = 88
MAX_SCANS: Final = 100
"""Layers of a progressive picture. Each costs a pass over all of it, and a few bytes make one."""

_SOF0, _DHT, _EOI, _SOS = 0xC0, 0xC4, 0xD9, 0xDA


def encoded(image: Image.Image, *, fine: bool) -> bytes:
    """Return the picture as JPEG; `fine` keeps colours at full resolution, as drawings and writing need them."""
    if image.mode not in {"L", "RGB"}:
        image = image.convert("L" if image.mode == "1" else "RGB")
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True, subsampling=0 if fine else 2)
    return written.getvalue()


def is_fine(image: Image.Image) -> bool:
    """Return whether an opened JPEG has its colours at full resolution."""
    return JpegImagePlugin.get_sampling(image) == 0


@cache
def _heads() -> tuple[bytes, ...]:
    """Return how our files begin, grey and coloured: the header and the tables of our quality."""
    samples = [encoded(Image.new(mode, (8, 8)), fine=True) for mode in ("L", "RGB")]
    return tuple(sample[: sample.index(bytes((0xFF, _SOF0)))] for sample in samples)


def is_ours(data: bytes) -> bool:
    """Return whether a file has the form that `encoded` writes, to its last byte: it need not be encoded again."""
    head = next((head for head in _heads() if data.startswith(head + bytes((0xFF, _SOF0)))), None)
    if head is None:
        return False
    at, seen = len(head), []
    while data[at : at + 1] == b"\xff" and data[at + 1] in {_SOF0, _DHT, _SOS}:
        seen.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
        if seen[-1] == _SOS:
            break
    whole = seen[:1] == [_SOF0] and seen.count(_SOF0) == 1 and seen[-1] == _SOS and len(seen) <= 6
    return whole and _next_marker(data, at) == len(data) - 2 and data[-1] == _EOI


def _next_marker(data: bytes, at: int) -> int:
    """Return where the compressed pixels that begin at `at` end."""
    while (at := data.find(b"\xff", at)) >= 0 and data[at + 1 : at + 2] == b"\0":
        at += 2
    return at


def scans_in(data: bytes) -> int:
    """Return how many layers a JPEG may have: never less than it has."""
    return data.count(bytes((0xFF, _SOS)))
