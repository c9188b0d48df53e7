"""What questions, answers and headings look like in notes that were written without separators."""

import re

from flashcards.decks.formats.plain import is_item

_ASKING = (
    r"what|what['’]?s|why|how|when|where|which|who|whom|whose|is|are|does|do|did|can|could|should|would|will|has|have|"
    r"was|wer|wen|wem|wie|warum|wieso|weshalb|wann|wo|woher|wohin|wof(?:ü|ue)r|wodurch|womit|welche[rsnm]?|"
    r"qu['’]?est-ce|quel(?:le)?s?|pourquoi|comment|quand|o(?:ù|u)|qui|que|combien"
)
_TELLING = (
    r"explain|name|describe|define|list(?! of)|compare|contrast|give|state|outline|discuss|derive|prove|show|sketch|"
    r"draw|calculate|compute|identify|distinguish|summari[sz]e|mention|write|"
    r"erkl(?:ä|ae)ren?|nennen?|beschreiben?|definieren?|vergleichen?|berechnen?|begr(?:ü|ue)nden?|skizzieren?|zeigen?|"
    r"expliquez|expliquer|citez|nommez|d(?:é|e)finissez|d(?:é|e)crivez|comparez|donnez|montrez|calculez"
)
_ABOUT = (
    r"diff(?:erences?)?\.? between|differences?|advantages? of|disadvantages? of|pros (?:of|and)|cons of|"
    r"drawbacks? of|benefits? of|purpose of|types? of|kinds? of|(?:an? )?examples? of|definition of|"
    r"steps? (?:of|to|in|for)|role of|function of|use of|uses of|reasons? (?:for|why)|strateg(?:y|ies) (?:for|to)|"
    r"common|other|best|main|key|difference|unterschied|vorteile?|nachteile?|zweck|arten|beispiele?|"
    r"diff(?:é|e)rence|avantages?|inconv(?:é|e)nients?|but de|types? de|exemples? de"
)
ASKS = re.compile(rf"(?:{_ASKING})\b", re.IGNORECASE)
TELLS_TO = re.compile(rf"(?:{_TELLING})\b", re.IGNORECASE)
IS_ABOUT = re.compile(rf"(?:{_ABOUT})\b", re.IGNORECASE)
CARRIES_ON = re.compile(r"(?:and|or|also|und|oder|et|ou)\s+(?:" + _ASKING + "|" + _TELLING + r")\b", re.IGNORECASE)
# The question after its condition: “For images, which …”, “In a network of two layers what is …”, “CNN why …”.
ASKS_LATE = re.compile(
    r"[^.?!]{3,90}, (?:what|which|why|how|when|who|where|warum|wie|wann|was|welche[rs]?|pourquoi|comment|"
    r"quel(?:le)?)\b"
    r"|[^.?!]{3,110} (?:what|how) (?:is|are|do|does|did|type|kind|would|should|can|many)\b"
    r"|(?:\S+ ){1,2}(?:what|why|how|warum|wie|pourquoi|comment)\b",
    re.IGNORECASE,
)
STATES = re.compile(
    r"\b(?:is|are|was|has|have|helps?|works?|uses?|makes?|can|will|means?|doesn['’]t|don['’]t|also|just|"
    r"ist|sind|hat|haben|kann|wird|est|sont|peut)\b",
    re.IGNORECASE,
)
VERSUS = re.compile(r"\S\s+(?:vs\.?|versus|gegen(?:ü|ue)ber)\s+\S", re.IGNORECASE)

# Titles within an answer, folded to their letters, with spaces between.
_WITHIN = """
    steps step example examples eg model models usecase usecases limitations limitation intuition othermethods
    includes note notes importantnote howitworks howitstrained howtheywork trainingobjective objective lossfunction
    output input inputs outputs advantages disadvantages advantage disadvantage pros cons rule rules formula formulas
    where definition answer solution summary application applications properties problem problems why
    schritte beispiel beispiele anmerkung hinweis vorteile nachteile formel regel ziel anwendung anwendungen
    exemple exemples etapes remarque avantages inconvenients formule regle
"""
_TITLES_WITHIN = frozenset(_WITHIN.split())
PREFIX_OF_QUESTION = re.compile(
    r"\s*(?:\*\*)?(?:q|f|question|frage|front|term|begriff)\s*(?:\d+\s*)?[:.)](?:\*\*)?\s+(?=\S)", re.IGNORECASE
)
PREFIX_OF_ANSWER = re.compile(
    r"\s*(?:\*\*)?(?:a|r|answer|antwort|back|definition|r(?:é|e)ponse)\s*(?:\d+\s*)?[:.](?:\*\*)?\s+(?=\S)",
    re.IGNORECASE,
)
ASKS_ITSELF = re.compile(r"(?:why|how|what|intuition|warum|wie|was|pourquoi)\?\s+\S", re.IGNORECASE)
"""An answer that asks itself: “Why? Because …”."""

_CONDITION = re.compile(
    r"(?:where|when|if|since|because|so|then|this|it|they|these|there|the|a|an|as|wenn|weil|da|der|die|das|es|si|le|la|il)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"(?:where|when) (?:is|are|do|does|to|should|was)\b", re.IGNORECASE)
HEADING = re.compile(r"\s*(?:#{1,3}\s+(?P<hash>\S.*?)\s*#*|={2,}\s*(?P<equals>[^=].*?)\s*={2,})\s*$")
_FORMULA = re.compile(r"[=<>^]|\w\(|\)\s*[*/]")
_SENTENCE_END = (".", ";", "!", ",")


def is_within(line: str) -> bool:
    """Tell whether a line is a title such as “Steps” that parts an answer and asks nothing."""
    return "".join(sign for sign in line.casefold() if sign.isalpha()) in _TITLES_WITHIN


def looks_like_question(line: str) -> float:
    """Return how much a line alone looks like a question: above 0 more than not, as log odds."""
    text = line.strip()
    if not text:
        return -8.0
    if is_item(text):
        return -5.0 if not text.endswith("?") else -2.0
    score = _by_beginning(text) + _by_end(text)
    words = len(text.split())
    score -= 0.8 * (words > 22) + 1.2 * (len(text) > 170) + 1.5 * (len(text) > 320)
    if VERSUS.search(text) and words <= 10:
        score += 2.2
    if text[0].islower():
        score -= 1.4
    elif not text[0].isalpha():
        score -= 1.2
    if _FORMULA.search(text) and not text.endswith("?"):
        score -= 1.5
    return score


def _by_beginning(text: str) -> float:
    if ASKS_ITSELF.match(text):
        return -4.5
    if _CONDITION.match(text) and not text.endswith("?"):
        return 1.6 if _WHEN.match(text) else -2.6
    if ASKS.match(text):
        return 3.0
    if TELLS_TO.match(text):
        return 2.6
    if IS_ABOUT.match(text):
        return 1.6 if not STATES.search(text) else -1.6
    return 1.2 if ASKS_LATE.match(text) and not text.endswith(_SENTENCE_END) else -2.2


def _by_end(text: str) -> float:
    if text.endswith("?"):
        return 4.5
    if "? " in text and not re.match(r"\S+\?", text):
        return 2.2
    if text.endswith(":"):
        return -2.8
    if text.endswith(_SENTENCE_END) or text.endswith((")", "|")) * ("=" in text):
        return -2.6
    return 0.0
