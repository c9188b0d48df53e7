"""Sounds: told by their first bytes, followed far enough to know that they are what they say, stored as they are."""

from typing import Final

from flashcards.decks.media.stored import Unfit

_MP3_FRAMES = 3
_BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_OGG_CODECS: Final = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex   ")
_M4A_BRANDS = {b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"iso5", b"iso6", b"dash"}


def extension_of(data: bytes) -> str | None:
    """Return what a sound's file is stored as, by its first bytes; None if they begin no sound."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data[4:8] == b"ftyp" and data[8:12] in _M4A_BRANDS:
        return "m4a"
    for start, extension in ((b"OggS", "ogg"), (b"fLaC", "flac"), (b"ID3", "mp3")):
        if data.startswith(start):
            return extension
    return "mp3" if _mp3_frame(data, 0) else None


def checked(data: bytes, extension: str) -> bytes:
    """Return what is stored of a sound; raises Unfit if it is cut off, or holds something else."""
    return {"wav": _wav, "m4a": _m4a, "ogg": _ogg, "flac": _flac, "mp3": _mp3}[extension](data)


def _broken(what: str) -> Unfit:
    return Unfit(f"is damaged or cut off: it can't be read as {what}.")


def _mp3(data: bytes) -> bytes:
    at = 0
    if data.startswith(b"ID3"):
        size = data[6:10]
        if len(size) < 4 or max(size) > 127:
            raise _broken("MP3")
        at = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
        while data[at : at + 1] == b"\0":  # padding
            at += 1
    for _ in range(_MP3_FRAMES):
        length = _mp3_frame(data, at)
        if not length:
            raise _broken("MP3")
        at += length
        if at >= len(data):
            break
    return data


def _mp3_frame(data: bytes, at: int) -> int:
    """Return how many bytes the frame of layer III at `at` has; 0 if there is none."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or bitrate in {0, 15} or rate == 3:
        return 0
    kilobits = _BITRATES[1 if version == 3 else 2][bitrate]
    return (144 if version == 3 else 72) * kilobits * 1000 // _RATES[version][rate] + (head[2] >> 1 & 1)


def _ogg(data: bytes) -> bytes:
    """Follow the pages to the end."""
    first = data[28 : 28 + 8]
    if not any(first.startswith(codec[:7]) for codec in _OGG_CODECS):
        raise Unfit("is an Ogg file without a sound (Opus, Vorbis, FLAC, Speex).")
    at = 0
    while at < len(data):
        segments = data[at + 26 : at + 27]
        if data[at : at + 5] != b"OggS\0" or not segments:
            raise _broken("Ogg")
        sizes = data[at + 27 : at + 27 + segments[0]]
        at += 27 + segments[0] + sum(sizes)
    if at > len(data):
        raise _broken("Ogg")
    return data


def _wav(data: bytes) -> bytes:
    """Return the file up to where it says that it ends."""
    said = int.from_bytes(data[4:8], "little") + 8
    if data[12:16] not in {b"fmt ", b"JUNK", b"bext", b"LIST"} or b"data" not in data[12:4096]:
        raise _broken("WAV")
    if said > len(data) and said < 0xFFFFFFFF:
        raise _broken("WAV")
    return data[:said]


def _flac(data: bytes) -> bytes:
    at, last = 4, False
    if data[4:5] not in {b"\0", b"\x80"}:  # what it is comes first
        raise _broken("FLAC")
    while not last and at + 4 <= len(data):
        last = bool(data[at] & 0x80)
        at += 4 + int.from_bytes(data[at + 1 : at + 4])
    if not last or data[at : at + 2] not in {b"\xff\xf8", b"\xff\xf9"}:
        raise _broken("FLAC")
    return data


def _m4a(data: bytes) -> bytes:
    """Follow the boxes to the end."""
    at, index = 0, b""
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        elif size == 0:
            size = len(data) - at
        if size < 8 or at + size > len(data):
            raise _broken("M4A")
        if name == b"moov":
            index = data[at : at + size]
        at += size
    if b"soun" not in index:
        raise _broken("M4A")
    if b"vmhd" in index:
        raise Unfit("is a film. Only its sound can be stored.")
    return data
