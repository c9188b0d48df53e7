"""Anki's ids as our keys, so that importing again finds the same notes."""

from hashlib import sha256

_PREFIX = "anki-"
_LONGEST = 70


def key_of(guid: str) -> str:
    """Return the key of a foreign note: the hex digits of its id, or a digest where those are too many."""
    digits = guid.encode().hex()
    if not digits or len(_PREFIX + digits) > _LONGEST:
        digits = sha256(guid.encode()).hexdigest()[:40]
    return f"{_PREFIX}{digits}"


class Keys:
    """Hands out keys; of ids that several notes share (`again`), the second gets a key of its own."""

    def __init__(self, again: list[str]) -> None:
        self._seen = dict.fromkeys(again, 0)

    def copy_of(self, guid: str) -> int:
        """Return how many notes with this id came before; 0 for the first."""
        if guid not in self._seen:
            return 0
        self._seen[guid] += 1
        return self._seen[guid] - 1
