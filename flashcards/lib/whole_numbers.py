"""Whole numbers in addresses and forms, read strictly; LARGEST_ID is the largest that a database's keys hold."""

LARGEST_ID = 2**63 - 1


def whole_number(text: str, largest: int = LARGEST_ID) -> int | None:
    """Return `text` as a number from 0 to `largest`; None if it is none."""
    # isascii: int() also reads digits of other scripts; the length keeps int() quick.
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(largest))):
        return None
    number = int(text)
    return number if number <= largest else None
