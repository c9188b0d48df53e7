"""Reads protobuf messages without a schema: the few fields of Anki's that matter are picked out by number."""

from collections.abc import Iterator

MOST_FIELDS = 200_000


class BrokenMessage(Exception):
    """These bytes are no message."""


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield (number, value) of each field: whole numbers, or the bytes of texts and messages; raises BrokenMessage."""
    at = 0
    for _ in range(MOST_FIELDS):
        if at == len(data):
            return
        tag, at = _varint(data, at)
        number, wire_type = tag >> 3, tag & 7
        if wire_type == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire_type == 2:
            size, at = _varint(data, at)
        elif wire_type in {1, 5}:
            size = 8 if wire_type == 1 else 4
        else:
            raise BrokenMessage
        if number == 0 or size > len(data) - at:
            raise BrokenMessage
        yield number, data[at : at + size]
        at += size
    raise BrokenMessage


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 64, 7):
        if at == len(data):
            raise BrokenMessage
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
    raise BrokenMessage


def text(value: int | bytes) -> str:
    """Return a field that is a text; raises BrokenMessage."""
    try:
        return message(value).decode()
    except UnicodeDecodeError:
        raise BrokenMessage from None


def message(value: int | bytes) -> bytes:
    """Return a field that is a message within this one; raises BrokenMessage."""
    if not isinstance(value, bytes):
        raise BrokenMessage
    return value
