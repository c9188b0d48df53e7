"""Words that turn a sentence round: negations, and pairs of opposites. Short lists, for a rule of thumb."""

# English, German, French, Spanish, Italian, Portuguese, Dutch: a line each.
_NEGATIONS = {
    "no", "not", "never", "none", "nor", "neither", "nothing", "nobody", "without", "unless", "except", "cannot",
    "nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "ohne", "weder", "nichts",
    "ne", "pas", "jamais", "aucun", "aucune", "sans",
    "nunca", "sin", "ningún", "ninguno", "ninguna",
    "non", "senza", "nessun", "nessuno", "nessuna",
    "não", "sem", "nenhum", "nenhuma",
    "niet", "geen", "nooit", "zonder",
}  # fmt: skip
_PAIRS = {
    "more/less", "more/fewer", "most/least", "most/fewest", "many/few", "larger/smaller", "largest/smallest",
    "large/small", "big/small", "bigger/smaller", "greater/smaller", "greater/less", "greatest/smallest",
    "greatest/least", "higher/lower", "highest/lowest", "high/low", "long/short", "longer/shorter",
    "longest/shortest", "fast/slow", "faster/slower", "wide/narrow", "wider/narrower", "deep/shallow",
    "deeper/shallower", "better/worse", "best/worst", "good/bad", "strong/weak", "stronger/weaker", "before/after",
    "above/below", "left/right", "first/last", "earlier/later", "early/late", "always/never", "all/some",
    "every/some", "both/either", "true/false", "right/wrong", "yes/no", "positive/negative", "plus/minus",
    "add/subtract", "adds/subtracts", "added/subtracted", "sum/product", "sum/difference", "multiply/divide",
    "multiplied/divided", "multiplies/divides", "row/column", "rows/columns", "upper/lower", "horizontal/vertical",
    "training/test", "train/test", "convex/concave", "and/or", "start/end", "beginning/end", "old/new", "odd/even",
    "inside/outside", "with/without", "must/may", "numerator/denominator", "global/local", "ascending/descending",
    "static/dynamic", "same/different", "equal/different", "grow/shrink", "grows/shrinks", "grow/fall",
    "grows/falls", "rise/fall", "rises/falls", "rising/falling", "raises/lowers", "raise/lower", "lossy/lossless",
    "precision/recall",
}  # fmt: skip
_PREFIXES = (
    ("in", "de"), ("en", "de"), ("min", "max"), ("over", "under"), ("in", "out"), ("up", "down"), ("for", "back"),
    ("pre", "post"), ("hyper", "hypo"), ("intra", "inter"), ("macro", "micro"), ("im", "ex"), ("in", "ex"),
    ("up", "low"), ("uni", "bi"), ("internal", "external"), ("sub", "super"), ("homo", "hetero"), ("endo", "exo"),
)  # fmt: skip
_NOT = ("un", "in", "im", "ir", "il", "non", "dis", "ab", "anti", "de", "a")


def negates(word: str) -> bool:
    """Whether a word, in lower case, is a negation."""
    return word in _NEGATIONS


def are_opposites(one: str, other: str) -> bool:
    """Whether two words, in lower case, say opposite things: they are a pair, or a prefix turns one into the other."""
    if f"{one}/{other}" in _PAIRS or f"{other}/{one}" in _PAIRS:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) > 3 and any(long == prefix + short for prefix in _NOT):
        return True
    return any(_differ_by(pair, one, other) for pair in (*_PREFIXES, *((b, a) for a, b in _PREFIXES)))


def _differ_by(prefixes: tuple[str, str], one: str, other: str) -> bool:
    first, second = prefixes
    if not (one.startswith(first) and other.startswith(second)):
        return False
    rest = one.removeprefix(first)
    return len(rest) > 2 and rest == other.removeprefix(second)
