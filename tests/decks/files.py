"""Files of the media's tests, each made from nothing: pictures by Pillow, sounds and bombs byte by byte."""

import struct
import wave
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="9" height="9" fill="red"/>'
    b"<text x='1' y='9'>a &lt; b</text></svg>"
)


def photo(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    """Return colours that run from corner to corner, none of them at two places that matter."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    round_ = Image.radial_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, round_)).convert(mode)


def as_file(image: Image.Image, kind: str, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def moving(kind: str, frames: int = 5, **options: Any) -> bytes:
    pictures = [photo(60, 40).rotate(15 * turn) for turn in range(frames)]
    return as_file(pictures[0], kind, save_all=True, append_images=pictures[1:], duration=70, loop=0, **options)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def declared_png(width: int, height: int) -> bytes:
    """Return a PNG of few bytes that says it has many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def wav(seconds: float = 0.1) -> bytes:
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\1\0" * int(8000 * seconds))
    return written.getvalue()


def mp3(frames: int = 6, tag: bytes = b"") -> bytes:
    frame = b"\xff\xfb\x90\x00" + b"\0" * 413  # 128 kbit/s at 44.1 kHz
    head = b"ID3\4\0\0" + bytes((0, 0, len(tag) >> 7, len(tag) & 127)) + tag if tag else b""
    return head + frame * frames


def ogg(codec: bytes = b"OpusHead") -> bytes:
    def page(kind: int, body: bytes) -> bytes:
        return b"OggS\0" + bytes((kind,)) + b"\0" * 20 + bytes((1, len(body))) + body

    return page(2, codec + b"\1\1\0\0\0") + page(4, b"sound")


def flac() -> bytes:
    return b"fLaC" + b"\x80\0\0\x22" + b"\0" * 34 + b"\xff\xf8\xc9\x18\0"


def m4a(handler: bytes = b"soun", media: bytes = b"smhd") -> bytes:
    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + name + body

    index = box(b"moov", box(b"hdlr", b"\0" * 8 + handler) + box(media, b"\0" * 8))
    return box(b"ftyp", b"M4A \0\0\2\0isommp42") + index + box(b"mdat", b"\0" * 50)


SOUNDS = {"mp3": mp3(), "ogg": ogg(), "wav": wav(), "m4a": m4a(), "flac": flac()}
