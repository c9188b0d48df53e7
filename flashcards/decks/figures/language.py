"""Language models at work: how a vocabulary is merged, how beam search finds a sentence, what a KV cache keeps."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.diagram import SMALL, Tint, box_at, plus
from flashcards.decks.figures.geometry import Box
from flashcards.decks.figures.palette import Fill

type Pair = tuple[str, str]

CORPUS = {"seen": 4, "see": 3, "been": 5, "bed": 2}


def merge(tokens: Sequence[str], pair: Pair) -> list[str]:
    """Return the tokens of a word with each occurrence of the pair, from the left, made one token."""
    merged: list[str] = []
    for token in tokens:
        if merged and (merged[-1], token) == pair:
            merged[-1] = "".join(pair)
        else:
            merged.append(token)
    return merged


def byte_pair_merges(corpus: Mapping[str, int], count: int) -> list[tuple[Pair, int]]:
    """Return the first merges that byte-pair encoding learns from words with their counts, each with its frequency."""
    words = {word: list(word) for word in corpus}
    merges: list[tuple[Pair, int]] = []
    for _ in range(count):
        pairs: Counter[Pair] = Counter()
        for word, tokens in words.items():
            for pair in pairwise(tokens):
                pairs[pair] += corpus[word]
        best, frequency = pairs.most_common(1)[0]
        merges.append((best, frequency))
        words = {word: merge(tokens, best) for word, tokens in words.items()}
    return merges


def bpe_merges() -> str:
    """Draw byte-pair encoding on four words: the letters, then two merges of the most frequent pair."""
    canvas = Canvas(
        360,
        254,
        "Byte-pair encoding",
        "Four words with their counts, cut into letters. The most frequent pair e e, 12 times, is merged; then ee n, "
        "9 times.",
    )
    columns = (44.0, 152.0, 260.0)
    merges = byte_pair_merges(CORPUS, 2)
    canvas.text(columns[0], 20, "letters", anchor="start", size=SMALL, fill="quiet")
    for x, place in zip(columns[1:], (1, 2), strict=True):
        canvas.text(x, 20, f"merge {place}", anchor="start", size=SMALL, fill="quiet")
    unit, tall = 21.0, 28.0
    tints: list[Fill] = ["sunk", "accent-soft", "good-soft"]
    new = {"".join(pair): tints[place] for place, (pair, _) in enumerate(merges, start=1)}
    for row, (word, times) in enumerate(CORPUS.items()):
        y = 42 + 40 * row
        canvas.text(34, y + tall / 2, f"{times} ×", size=SMALL, anchor="end", fill="quiet")
        tokens = list(word)
        for column, x in enumerate(columns):
            if column:
                tokens = merge(tokens, merges[column - 1][0])
            at = x
            for token in tokens:
                wide = unit * len(token)
                canvas.rect(at + 1, y, wide - 2, tall, fill=new.get(token, "sunk"), stroke="edge", line=1, radius=4)
                canvas.text(at + wide / 2, y + tall / 2, token)
                at += wide
    for x, (pair, frequency), tint in zip(columns[1:], merges, tints[1:], strict=True):
        canvas.rect(x, 208, 92, 42, fill=tint, radius=6)
        canvas.text(x + 46, 229, f"{pair[0]} + {pair[1]}\n{frequency} times", size=SMALL)
    return canvas.svg()


@dataclass(frozen=True)
class Step:
    """A word in the tree of beam search: its probability after its prefix, and where it stands."""

    word: str
    chance: float
    column: int
    row: float
    before: int
    """The number of the word before it in TREE; −1 at the sentence's beginning."""
    kept: bool


TREE = (
    Step("the", 0.5, 0, 0.6, -1, kept=True),
    Step("a", 0.4, 0, 2.4, -1, kept=True),
    Step("one", 0.1, 0, 3.7, -1, kept=False),
    Step("cat", 0.4, 1, 0, 0, kept=True),
    Step("dog", 0.3, 1, 1, 0, kept=False),
    Step("cat", 0.9, 1, 2.4, 1, kept=True),
    Step("dog", 0.05, 1, 3.4, 1, kept=False),
    Step("sat", 0.6, 2, 0, 3, kept=False),
    Step("ran", 0.3, 2, 1, 3, kept=False),
    Step("sat", 0.5, 2, 2, 5, kept=True),
    Step("ran", 0.4, 2, 3, 5, kept=True),
)


def log_score(place: int) -> float:
    """Return the log-probability of the whole prefix that ends at this word of TREE."""
    step = TREE[place]
    return math.log(step.chance) + (log_score(step.before) if step.before >= 0 else 0.0)


def beam_search() -> str:
    """Draw three steps of beam search with B = 2: each step keeps the two best prefixes of all."""
    canvas = Canvas(
        360,
        330,
        "Beam search with B = 2",
        "A tree of words with the log-probability of each prefix. At each step the two best prefixes are kept: first "
        "the and a; then a cat and the cat; then a cat sat and a cat ran.",
    )
    columns, wide, tall = (92.0, 202.0, 312.0), 68.0, 42.0
    start = canvas.circle(16, 136, 6, fill="ink")
    boxes: list[Box] = []
    for place, step in enumerate(TREE):
        y = 70 + 52 * step.row
        x = columns[step.column]
        tint: Tint = "good" if step.kept else "quiet"
        box = box_at(canvas, x, y, wide, tall, "", colour=tint, dash="" if step.kept else "4 4")
        boxes.append(box)
        source = boxes[step.before].right if step.before >= 0 else start.right
        canvas.arrow(
            *source, box.x - 1, y, stroke="good" if step.kept else "edge", width=2.5 if step.kept else 1.25, head=7
        )
        canvas.text(x, y - 9, step.word, bold=step.kept, fill="ink" if step.kept else "quiet")
        score = f"{log_score(place):.2f}".replace("-", "−")
        canvas.text(x, y + 10, score, size=SMALL, fill="good" if step.kept else "quiet")
    for x, name in zip(columns, ("step 1", "step 2", "step 3"), strict=True):
        canvas.text(x, 18, name, size=SMALL, fill="quiet")
    canvas.text(
        180,
        308,
        "numbers: log-probability of the prefix;\nonly the likeliest words are drawn",
        size=SMALL,
        fill="quiet",
    )
    return canvas.svg()


def kv_cache() -> str:
    """Draw one step of generation with a KV cache: the new token's query meets all keys, of which one only is new."""
    canvas = Canvas(
        360,
        342,
        "A KV cache",
        "Four earlier tokens have their keys and values in the cache. The fifth computes its own query, key and "
        "value; its query meets all five keys, and the weights mix all five values.",
    )
    cell, left, last = 53.0, 84.0, 4
    columns = [left + cell * (place + 0.5) for place in range(last + 1)]
    values, keys, query, bus = 120.0, 206.0, 282.0, 244.0
    out = plus(canvas, columns[2], 34)
    canvas.arrow(columns[2], out.y, columns[2], 4)
    canvas.text(columns[2] + 18, 12, "output", size=SMALL, anchor="start")
    canvas.rect(left, values - 28, last * cell, keys - values + 56, stroke="accent", dash="5 4", radius=8)
    canvas.text(left, values - 41, "cache", bold=True, fill="accent", anchor="start")
    asked = box_at(canvas, columns[last], query, cell - 9, 34, f"q_{last + 1}", colour="hard", math=True)
    canvas.line(columns[0], bus, columns[last], bus, stroke="hard")
    canvas.line(columns[last], asked.y, columns[last], bus, stroke="hard")
    for place, (x, word) in enumerate(zip(columns, ("the", "cat", "sat", "on", "the"), strict=True)):
        tint: Tint = "hard" if place == last else "accent"
        value = box_at(canvas, x, values, cell - 9, 34, f"v_{place + 1}", colour=tint, math=True)
        key = box_at(canvas, x, keys, cell - 9, 34, f"k_{place + 1}", colour=tint, math=True)
        canvas.arrow(x, bus, x, key.bottom[1] + 1, stroke="hard")
        canvas.arrow(x, key.y, x, value.bottom[1] + 1)
        length = math.dist((x, value.y), out.centre)
        share = 12 / length
        tip = out.centre[0] + (x - out.centre[0]) * share, out.centre[1] + (value.y - out.centre[1]) * share
        canvas.arrow(x, value.y, *tip)
        canvas.text(x, 326, word, size=SMALL, bold=place == last, fill="hard" if place == last else "quiet")
    for y, name in ((values, "values"), ((values + keys) / 2, "weights"), (keys, "keys"), (query, "query")):
        canvas.text(8, y, name, anchor="start", size=SMALL, fill="quiet" if name == "weights" else "ink")
    canvas.text((columns[0] + columns[3]) / 2, query, "old queries: not needed", size=SMALL, fill="quiet")
    return canvas.svg()


FIGURES = {"bpe-merges": bpe_merges, "beam-search": beam_search, "kv-cache": kv_cache}
