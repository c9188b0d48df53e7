"""What a picture becomes: pixels alone, upright, of a known size, the same each time; bombs are never decoded."""

import random
import struct
import time
import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from flashcards.decks import media
from flashcards.decks.media import files as stored_files
from flashcards.decks.media.pictures import MAX_PIXELS
from flashcards.lib.errors import Refused

from .files import SOUNDS, SVG, as_file, declared_png, moving, mp3, opened, photo

SECRET = b"where I live: 48.1371, 11.5754"
STILL = {
    "PNG": photo(), "JPEG": photo(), "GIF": photo(), "WEBP": photo(), "AVIF": photo(), "BMP": photo(),
    "TIFF": photo(),
}  # fmt: skip


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        media.prepare(name, data)
    [problem] = refused.value.problems
    return problem.message


@pytest.mark.parametrize("kind", STILL)
def test_what_browsers_know_is_stored_as_png_or_jpeg(kind: str) -> None:
    prepared = media.prepare(f"some.{kind.lower()}", as_file(STILL[kind], kind))

    image = opened(prepared.data)
    assert (image.format, prepared.extension) in {("PNG", "png"), ("JPEG", "jpg")}
    assert (prepared.width, prepared.height) == image.size == (120, 80)
    assert prepared.size == len(prepared.data)
    near = image.convert("RGB").getpixel((90, 20))
    assert isinstance(near, tuple)
    meant = STILL[kind].getpixel((90, 20))
    assert isinstance(meant, tuple)
    assert max(abs(ours - theirs) for ours, theirs in zip(near, meant, strict=True)) < 24


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_png_keeps_every_pixel(mode: str) -> None:
    image = photo(mode="RGBA").convert(mode) if mode != "LA" else photo().convert("LA")
    if mode in {"LA", "RGBA"}:
        image.putalpha(Image.linear_gradient("L").resize(image.size))

    kept = opened(media.prepare("a.png", as_file(image, "PNG")).data)

    assert kept.convert("RGBA").tobytes() == image.convert("RGBA").tobytes()


def test_transparent_colours_stay_transparent() -> None:
    image = Image.new("P", (8, 8), 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((0, 0), 0)
    for kind in ("PNG", "GIF"):
        kept = opened(media.prepare("a", as_file(image, kind, transparency=0)).data).convert("RGBA")
        assert kept.getpixel((0, 0)) == (255, 0, 0, 0)
        assert kept.getpixel((5, 5)) == (0, 0, 255, 255)


def test_deep_greys_keep_their_brightness() -> None:
    image = Image.new("I;16", (4, 4), 40_000)
    kept = opened(media.prepare("scan.png", as_file(image, "PNG")).data)
    assert kept.getpixel((0, 0)) == 40_000 // 256


def test_what_a_camera_writes_along_goes() -> None:
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[29] = SECRET.decode()  # GPS
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", SECRET.decode())
    files = [
        as_file(photo(), "JPEG", exif=exif, comment=SECRET),
        as_file(photo(), "PNG", exif=exif, pnginfo=text),
        as_file(photo(), "WEBP", exif=exif, xmp=SECRET),
        as_file(photo(), "TIFF", exif=exif),
        as_file(photo(), "AVIF", exif=exif),
        moving("WEBP", exif=exif),
        as_file(photo(), "GIF", comment=SECRET),
        as_file(photo(), "JPEG") + SECRET,
        as_file(photo(), "PNG") + SECRET,
    ]
    for data in files:
        assert SECRET in data
        prepared = media.prepare("photo", data)
        assert SECRET not in prepared.data
        assert not opened(prepared.data).getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_photo_stands_upright(kind: str, orientation: int) -> None:
    upright = Image.new("RGB", (64, 32), "white")
    ImageDraw.Draw(upright).rectangle((0, 0, 15, 15), "black")  # top left
    back = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    taken = upright if back is None else upright.transpose(back)
    exif = Image.Exif()
    exif[0x0112] = orientation

    prepared = media.prepare("photo", as_file(taken, kind, exif=exif))

    shown = opened(prepared.data).convert("L")
    assert (prepared.width, prepared.height) == shown.size == (64, 32)
    assert [shown.getpixel(at) < 100 for at in ((5, 5), (58, 5), (5, 27), (58, 27))] == [True, False, False, False]  # type: ignore[operator]


def test_other_colour_spaces_look_the_same() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace("sRGB".encode("utf-16-be"), "Test".encode("utf-16-be"))
    swapped = swapped.replace(b"rXYZ", b"?").replace(b"bXYZ", b"rXYZ").replace(b"?", b"bXYZ")
    changed = opened(media.prepare("a.png", as_file(photo(), "PNG", icc_profile=swapped)).data)
    same = opened(media.prepare("a.png", as_file(photo(), "PNG", icc_profile=srgb)).data)
    broken = opened(media.prepare("a.png", as_file(photo(), "PNG", icc_profile=b"no profile")).data)

    assert "icc_profile" not in changed.info
    red, green, blue = photo().getpixel((20, 60))  # type: ignore[misc]
    shown = changed.getpixel((20, 60))
    assert all(abs(ours - theirs) < 8 for ours, theirs in zip(shown, (blue, green, red), strict=True))  # type: ignore[arg-type]
    assert same.convert("RGB").tobytes() == broken.convert("RGB").tobytes() == photo().tobytes()


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "CMYK")])
def test_a_large_picture_becomes_smaller(kind: str, mode: str) -> None:
    large = photo(3000, 1000).convert(mode)
    prepared = media.prepare("large", as_file(large, kind))
    assert (prepared.width, prepared.height) == opened(prepared.data).size == (2400, 800)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_what_moves_goes_on_moving(kind: str) -> None:
    prepared = media.prepare("moving", moving(kind))

    image = Image.open(BytesIO(prepared.data))
    assert (prepared.extension, image.format, prepared.width, prepared.height) == ("webp", "WEBP", 60, 40)
    assert getattr(image, "n_frames", 1) == 5
    image.seek(2)
    image.load()
    assert image.info["duration"] == 70
    assert media.prepare("again", prepared.data).data == prepared.data


def test_what_stands_still_in_five_frames_is_one_picture() -> None:
    frames = [photo(20, 20)] * 5
    data = as_file(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    assert media.prepare("still.gif", data).extension == "png"


def test_too_much_movement_is_refused() -> None:
    frames = [Image.new("L", (2, 2), number % 2 * 255) for number in range(302)]
    data = as_file(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert "at most 300 frames" in refusal("long.gif", data)


pictures = st.builds(
    lambda mode, width, height, seed, kind: as_file(
        Image.frombytes("RGBA", (width, height), random.Random(seed).randbytes(4 * width * height)).convert(mode), kind
    ),
    st.sampled_from(["1", "L", "P", "RGB", "RGBA"]),
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(),
    st.sampled_from(["PNG", "GIF", "WEBP", "TIFF"]),
)


@given(st.one_of(pictures, st.sampled_from([*SOUNDS.values(), SVG, moving("GIF"), as_file(photo(), "JPEG")])))
@settings(deadline=None)
def test_what_was_prepared_stays_as_it_is(data: bytes) -> None:
    once = media.prepare("x", data)
    again = media.prepare(once.name, once.data)
    assert again == once
    assert stored_files.digest_of(once.data) == once.digest


def test_a_stored_file_is_handed_back_unread() -> None:
    # A JPEG that another version of the encoder wrote would come out different.
    data = as_file(photo(), "JPEG", quality=51)
    assert media.prepare("a.jpg", data).data != data
    stored_files.store(stored_files.digest_of(data), "jpg", data)
    prepared = media.prepare("a.jpg", data)
    assert (prepared.data, prepared.width, prepared.height) == (data, 120, 80)


def test_the_type_is_told_by_the_content() -> None:
    prepared = media.prepare("..\\holiday/cat\u202egnp.exe\0.html", as_file(photo(), "PNG"))
    assert (prepared.name, prepared.extension) == ("catgnp.exe.png", "png")
    assert media.prepare("photo.JPEG", as_file(photo(), "JPEG")).name == "photo.JPEG"
    assert media.prepare("x" * 300 + ".bmp", as_file(photo(), "PNG")).name == "x" * 120 + ".png"
    assert media.prepare("", SVG).name == "file.svg"


NOT_MEDIA = {
    "empty": b"",
    "text": b"just words",
    "page.png": b"<!doctype html><script>alert(1)</script>",
    "program.jpg": b"MZ\x90\0" + b"\0" * 500,
    "zip.gif": b"PK\3\4" + b"\0" * 500,
    "pdf.png": b"%PDF-1.7\n",
    "polyglot.gif": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//",
    "polyglot.bmp": b"BM=1;alert(1)//" + b"\0" * 60,
    "polyglot.jpg": b"\xff\xd8\xff\xe0/*" + b"\0" * 80 + b"*/=alert(1)",
    "ico": b"\0\0\1\0\1\0" + b"\0" * 60,
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "cut.webp": as_file(photo(), "WEBP")[:60],
    "cut.png": as_file(photo(), "PNG")[:-200],
    "cut.jpg": as_file(photo(), "JPEG")[:-200],
    "cut.gif": as_file(photo(), "GIF")[:400],
    "cut.avif": as_file(photo(), "AVIF")[:-100],
    "cut.tiff": as_file(photo(), "TIFF")[:200],
    "cut.bmp": as_file(photo(), "BMP")[:200],
    "flipped.png": as_file(photo(), "PNG")[:60] + b"\xff" * 40 + as_file(photo(), "PNG")[100:],
}


@pytest.mark.parametrize("name", NOT_MEDIA)
def test_what_is_no_picture_is_refused_by_name(name: str) -> None:
    assert refusal(name, NOT_MEDIA[name]).startswith(f"“{name}” ")


def test_a_heic_photo_says_what_to_do() -> None:
    assert "Save it as JPEG" in refusal("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")


def test_too_many_bytes() -> None:
    assert refusal("large.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 11_000_000).startswith(
        "“large.png” has 11.0 MB; at most 10"
    )


@pytest.mark.parametrize("size", [(50_000, 50_000), (9_000, 10), (8_000, 4_000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_never_decoded(size: tuple[int, int]) -> None:
    began = time.process_time()
    tracemalloc.start()
    message = refusal("bomb.png", declared_png(*size))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert message.startswith("“bomb.png” ")
    assert peak < 5_000_000
    assert time.process_time() - began < 2


@pytest.mark.parametrize(("kind", "at", "form"), [("BMP", 18, "<ii"), ("GIF", 6, "<HH"), ("JPEG", -1, ">HH")])
def test_other_formats_may_not_lie_either(kind: str, at: int, form: str) -> None:
    data = bytearray(as_file(photo(), kind))
    if kind == "JPEG":
        at = data.index(b"\xff\xc0") + 5
    struct.pack_into(form, data, at, 30_000, 30_000)
    assert "pixels" in refusal(f"bomb.{kind.lower()}", bytes(data))


def test_a_jpeg_of_a_hundred_thousand_layers() -> None:
    data = as_file(photo(600, 400), "JPEG", progressive=True)
    scan = data[data.index(b"\xff\xda") : data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)]
    assert "too many layers" in refusal("layers.jpg", data[:-2] + scan[:10] * 100_000 + data[-2:])


@given(st.sampled_from(sorted(NOT_MEDIA)), st.randoms(use_true_random=False), st.integers(1, 30))
@settings(deadline=None, max_examples=300)
def test_damaged_files_are_pictures_or_refused(seed: str, chance: random.Random, spots: int) -> None:
    whole = {
        **{kind: as_file(image, kind) for kind, image in STILL.items()},
        "moving": moving("GIF"),
        "w": moving("WEBP"),
    }
    data = bytearray(whole[chance.choice(sorted(whole))])
    for _ in range(spots):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        prepared = media.prepare(seed, bytes(data))
    except Refused:
        return
    assert prepared.width is not None
    assert prepared.width * (prepared.height or 0) <= MAX_PIXELS
    assert prepared.extension in {"png", "jpg", "webp", "mp3"}


def test_mp3_is_not_taken_for_a_picture() -> None:
    assert media.prepare("a.png", mp3()).name == "a.mp3"
