"""How much of a package is read, and the refusal that says so."""

from flashcards.lib.errors import Problem, Refused

MOST_ENTRIES = 30_000
LARGEST_DIRECTORY = 6_000_000
LARGEST_COLLECTION = 500_000_000
LARGEST_LIST = 10_000_000
LARGEST_MEDIUM = 50_000_000
"""In bytes; what a picture or a sound may really have is said where media are kept."""

UNSUSPICIOUS = 30_000_000
HIGHEST_RATIO = 100
"""What is bigger than UNSUSPICIOUS may not have been packed more tightly than this."""

MOST_PROBLEMS = 1_000


def refusal(message: str) -> Refused:
    """Return the error that says what is wrong with a package."""
    return Refused([Problem("file", message)])
