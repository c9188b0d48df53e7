"""Pictures: told by their first bytes, measured before they are decoded, turned upright, written anew.

What is written carries pixels alone: no EXIF (places, cameras, previews), no comments, no colour profile (colours are
brought to sRGB), nothing behind its end. It comes out the same each time, and from what came out already.
"""

import warnings
import zlib
from io import BytesIO
from struct import error as struct_error
from typing import Final

from PIL import Image, ImageCms

from flashcards.decks.media import jpegs
from flashcards.decks.media.animations import stored_animation
from flashcards.decks.media.stored import MAX_BYTES, MAX_STORED_SIDE, Stored, Unfit

MAX_PIXELS: Final = 24_000_000
MAX_JPEG_PIXELS: Final = 50_000_000
"""Of a JPEG, which is decoded at a half or a quarter of its size, so that a phone's largest photos fit in memory."""

MAX_SIDE: Final = 8_192

EXTENSIONS: Final = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
"""What is stored, by Pillow's name: still pictures as PNG or JPEG, moving ones as WebP."""

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
_MOVING = {"GIF", "WEBP", "PNG", "AVIF"}
# A photograph is many times smaller as JPEG, a diagram is not: less than half decides. Whoever sends a PNG may mean
# it to be exact, so it stays one until it is really large.
_MUCH: Final = {"PNG": 2_000_000, "GIF": 2_000_000}
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow's readers raise on damaged files.
BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, OverflowError, MemoryError, RuntimeError,
    AssertionError, struct_error, zlib.error,
)  # fmt: skip


def kind_of(data: bytes) -> str | None:
    """Return Pillow's name of a picture's format, by its first bytes; None if they begin no picture."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and {b"avif", b"avis"} & _brands(data):
        return "AVIF"
    return next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)


def unknown(data: bytes) -> str:
    """Return what to say of a file that is none that can be stored, as the end of a sentence."""
    if data[4:8] == b"ftyp" and {b"heic", b"heix", b"mif1", b"msf1"} & _brands(data):
        return "is a HEIC photo, which browsers can't show. Save it as JPEG."
    return (
        "is no picture (PNG, JPEG, GIF, WebP, AVIF, BMP, TIFF, SVG) and no sound (MP3, Ogg, WAV, M4A, FLAC) "
        "that can be stored."
    )


def _brands(data: bytes) -> set[bytes]:
    head = data[8 : min(int.from_bytes(data[:4]), 256)]
    return {head[at : at + 4] for at in range(0, len(head), 4)}


def stored_picture(data: bytes, kind: str) -> Stored:
    """Return what is stored of a picture of this kind; raises Unfit."""
    try:
        with warnings.catch_warnings(), _opened(data, kind) as image:
            _check_pixels(image)
            if kind in _MOVING and getattr(image, "is_animated", False):
                moving = stored_animation(image, _check_pixels)
                if moving is not None:
                    return moving
                image.seek(0)
            if kind == "JPEG":
                return _stored_jpeg(image, data)
            still = _drawn(image)
            return _smallest(still, _MUCH.get(kind, 0))
    except Image.DecompressionBombError as error:
        raise Unfit(_too_many(kind)) from error
    except BROKEN as error:
        raise Unfit(f"is damaged or cut off: it can't be read as {kind}.") from error


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height of a stored picture, in pixels."""
    with Image.open(BytesIO(data), formats=tuple(EXTENSIONS)) as image:
        return image.size


def _opened(data: bytes, kind: str) -> Image.Image:
    warnings.simplefilter("ignore")  # of bombs and odd tags; `_check_pixels` and the writing anew are stricter
    return Image.open(BytesIO(data), formats=(kind,))


def _check_pixels(image: Image.Image) -> None:
    """Raise Unfit, before anything is decoded, if there would be too much of it."""
    width, height = image.size
    kind = image.format or ""
    if max(width, height) > MAX_SIDE or width * height > _most_pixels(kind):
        raise Unfit(f"has {width:,} × {height:,} pixels and {_too_many(kind)}")
    if not width or not height:
        raise Unfit("has no pixels.")


def _most_pixels(kind: str) -> int:
    return MAX_JPEG_PIXELS if kind in {"JPEG", "MPO"} else MAX_PIXELS


def _too_many(kind: str) -> str:
    most = _most_pixels(kind) // 1_000_000
    return f"is too large a picture: at most {MAX_SIDE:,} pixels a side and {most} million in all can be read."


def _stored_jpeg(image: Image.Image, data: bytes) -> Stored:
    if jpegs.is_ours(data) and max(image.size) <= MAX_STORED_SIDE:
        image.load()
        return Stored("jpg", data, *image.size)
    if jpegs.scans_in(data) > jpegs.MAX_SCANS:
        raise Unfit("is a JPEG of too many layers. Save it anew.")
    fine = jpegs.is_fine(image)
    shared = min(1.0, MAX_STORED_SIDE / max(image.size))
    image.draft(None, (round(image.width * shared), round(image.height * shared)))  # decodes at a half, a quarter
    drawn = _drawn(image)
    return Stored("jpg", jpegs.encoded(drawn, fine=fine), *drawn.size)


def _drawn(image: Image.Image) -> Image.Image:
    """Return the picture upright, in sRGB, no larger than is stored, as greys, colours or a palette."""
    profile = _foreign_profile(image)
    image.load()
    turn = _UPRIGHT.get(_orientation(image))  # only now: TIFF is turned while it is loaded
    drawn = _of_usual_mode(image, exact=max(image.size) <= MAX_STORED_SIDE and profile is None)
    drawn.thumbnail((MAX_STORED_SIDE, MAX_STORED_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if profile is not None:
        drawn = _in_srgb(drawn, profile)
    if drawn.mode == "CMYK":
        drawn = drawn.convert("RGB")
    if turn is not None:
        drawn = drawn.transpose(turn)
    if drawn.mode in {"RGBA", "LA"} and drawn.getchannel("A").getextrema()[0] == 255:
        drawn = drawn.convert(drawn.mode[:-1])
    drawn.info = {name: drawn.info[name] for name in ("transparency",) if name in drawn.info}
    return drawn


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except BROKEN:  # the picture may be sound although what a camera wrote along is not
        return 1


def _of_usual_mode(image: Image.Image, *, exact: bool) -> Image.Image:
    """Return it as PNG can hold it; unless `exact`, so that its pixels can be mixed: no palette, no key colour."""
    if image.mode.startswith("I;16"):
        grey = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
        grey.info.pop("transparency", None)
        return grey
    if image.mode in {"I", "F"}:
        raise Unfit("has pixels with fractions. Save it as PNG with 8 bits a colour.")
    if image.mode in {"1", "L", "P", "RGB", "LA", "RGBA", "CMYK"}:
        keyed = "transparency" in image.info
        if exact or (image.mode not in {"1", "P"} and not keyed):
            return image  # large ones are not held twice
        return image.convert("RGBA" if keyed else "L" if image.mode == "1" else "RGB")
    return image.convert("RGBA" if image.mode in {"PA", "RGBa", "La"} else "RGB")


def _foreign_profile(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    """Return the picture's colour profile if it can be read and is another than that of the web."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(image.info.get("icc_profile") or b""))
        return None if "sRGB" in ImageCms.getProfileDescription(profile) else profile
    except (ImageCms.PyCMSError, *BROKEN):
        return None


def _in_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    """Return the picture in the colours of the web; one that its profile does not fit stays as it is."""
    if image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        return ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    except (ImageCms.PyCMSError, *BROKEN):
        return image


def _smallest(image: Image.Image, much: int) -> Stored:
    """Return the picture as PNG, or as JPEG where that is less than half of more than `much` bytes."""
    data = _as_png(image)
    is_opaque = image.mode in {"1", "L", "P", "RGB"} and "transparency" not in image.info
    if is_opaque and len(data) > much:
        photo = jpegs.encoded(image, fine=True)
        if 2 * len(photo) < len(data):
            return Stored("jpg", photo, *image.size)
    if len(data) <= MAX_BYTES:
        return Stored("png", data, *image.size)
    smaller = _of_usual_mode(image, exact=False)
    smaller.thumbnail((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)
    return _smallest(smaller, much)


def _as_png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG", compress_level=4)  # a quarter of the usual time, for a hundredth more bytes
    return written.getvalue()
