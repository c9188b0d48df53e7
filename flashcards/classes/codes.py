"""Join codes: readable, about 40 bits, made by the system's own source of chance."""

import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without 0 and O, 1 and I: 32 signs, 5 bits each."""
LENGTH = 8
SLUG_BYTES = 7


def new_code() -> str:
    """Return a new join code of 40 bits, as it is stored."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_slug() -> str:
    """Return what stands for a class in addresses."""
    return secrets.token_hex(SLUG_BYTES)


def shown(code: str) -> str:
    """Return a code as people read it out: ABCD-EFGH."""
    return f"{code[:4]}-{code[4:]}"


def as_stored(typed: str) -> str:
    """Return what somebody typed as a code is stored: spaces, dashes and case don't count."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())[:16]
