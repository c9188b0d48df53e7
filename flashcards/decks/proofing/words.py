"""Words compared: folded, without those that every sentence has, and without their endings."""

import unicodedata
from collections.abc import Iterable

from flashcards.decks.proofing.sides import Token

_GRAMMAR = frozenset(
    {
        "a", "an", "the", "and", "as", "at", "be", "am", "is", "are", "was", "were", "been", "being", "by", "can",
        "could", "do", "does", "did", "done", "for", "from", "had", "has", "have", "having", "i", "in", "into",
        "it", "its", "itself", "may", "might", "must", "of", "on", "onto", "or", "our", "shall", "should", "so",
        "such", "than", "that", "their", "them", "themselves", "then", "there", "these", "they", "this", "those",
        "to", "us", "use", "used", "uses", "using", "we", "will", "would", "you", "your", "yours", "one",
    }
)  # fmt: skip
_OF_ANY_QUESTION = frozenset(
    {
        "about", "above", "after", "all", "also", "any", "because", "before", "below", "between", "both", "but",
        "each", "either", "else", "every", "few", "here", "how", "if", "just", "like", "many", "me", "more",
        "most", "much", "my", "neither", "no", "none", "nor", "not", "off", "only", "other", "others", "out",
        "over", "own", "per", "rather", "same", "several", "since", "some", "through", "too", "under", "until",
        "up", "upon", "very", "what", "when", "where", "whether", "which", "while", "who", "whose", "why", "with",
        "within", "without", "yet", "answer", "call", "called", "choose", "give", "given", "gives", "hold",
        "holds", "mean", "means", "name", "named", "say", "says", "stand", "stands", "type", "write",
    }
)  # fmt: skip
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ed", "ly", "es", "s", "e", "y")
_SHORTEST_STEM = 4


def folded(text: str) -> str:
    """Return a word without case and accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def has_digit(word: str) -> bool:
    """Return whether a word is or holds a number."""
    return any(letter.isdigit() for letter in word)


def asked_words(tokens: Iterable[Token]) -> set[str]:
    """Return the stems of the words that make a question what it is, its question word among them."""
    words = {folded(token.text) for token in tokens if token.sort == "word" and not has_digit(token.text)}
    return {_stem(word) for word in words - _GRAMMAR}


def key_words(tokens: Iterable[Token]) -> set[str]:
    """Return the stems of the words that say what a text is about; its signs and code as they are."""
    keys = set()
    for token in tokens:
        word = folded(token.text)
        if token.sort != "word":
            keys.add(token.text)
        elif word not in _GRAMMAR and word not in _OF_ANY_QUESTION:
            keys.add(_stem(word))
    return keys


def _stem(word: str) -> str:
    """Return a folded word without an English ending, if enough is left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
