"""Attention: in an RNN decoder, as matrices, with a causal mask, in several heads, in a Transformer's block."""

from collections.abc import Sequence
from itertools import pairwise

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.diagram import SMALL, Tint, bend, box_at, plus
from flashcards.decks.figures.formulas import softmax
from flashcards.decks.figures.geometry import Box
from flashcards.decks.figures.palette import Fill


def attention_decoder() -> str:
    """Draw one step of an RNN decoder with attention: the context is a weighted mean of the encoder's states."""
    canvas = Canvas(
        360,
        386,
        "Attention in an encoder–decoder",
        "The decoder's previous state is compared with each encoder state; a softmax of the scores gives weights, and "
        "the weighted mean of the encoder states, the context, goes into the decoder's next step.",
    )
    columns = (130.0, 200.0, 270.0, 340.0)
    shown = [x - 12 for x in columns]
    old, new, decoder, weights, encoder = 66.0, 223.0, 84.0, 232.0, 312.0
    before = box_at(canvas, old, decoder, 72, 44, "decoder", colour="good", size=SMALL)
    after = box_at(canvas, new, decoder, 72, 44, "decoder", colour="good", size=SMALL)
    canvas.arrow(before.right[0], decoder, after.x - 2, decoder, stroke="good", width=2)
    canvas.label((old + new) / 2, decoder - 16, "state *t*−1", size=15, fill="good")
    canvas.arrow(after.right[0], decoder, 316, decoder, stroke="good", width=2)
    canvas.label(336, decoder, "…", fill="good")
    for x, step in ((old, "t−1"), (new, "t")):
        canvas.arrow(x, decoder - 22, x, 34)
        canvas.label(x, 18, f"*ŷ*^{{⟨{step}⟩}}")
    # The context.
    add = plus(canvas, new, 154)
    canvas.arrow(new, add.y, new, after.bottom[1] + 1, stroke="accent", width=2)
    canvas.text(new + 14, 128, "context", size=SMALL, fill="accent", anchor="start", bold=True)
    values = (0.1, 0.6, 0.2, 0.1)
    for place, (x, weight) in enumerate(zip(shown, values, strict=True), start=1):
        cell = box_at(canvas, x, weights, 54, 44, f"{weight:g}", colour="hard", math=True)
        length = ((new - x) ** 2 + (154 - cell.y) ** 2) ** 0.5
        tip = new + (x - new) * 12 / length, 154 + (cell.y - 154) * 12 / length
        canvas.arrow(x, cell.y, *tip, width=1 + 4 * weight, stroke="accent")
        state = box_at(canvas, x, encoder, 54, 36, f"a^{{⟨{place}⟩}}", math=True)
        canvas.arrow(x, state.y, x, cell.bottom[1] + 1)
        canvas.arrow(x, 356, x, state.bottom[1] + 1)
        canvas.label(x, 370, f"x^{{⟨{place}⟩}}", size=16)
    for left, right in pairwise(shown):
        canvas.line(left + 27, encoder, right - 27, encoder, stroke="accent", width=2)
    canvas.elbow([before.bottom, (old, weights), (shown[0] - 29, weights)], dash="5 4")
    canvas.text(old + 9, 158, "scores,\nsoftmax", size=SMALL, anchor="start", fill="hard")
    canvas.label(8, weights + 28, "weights\n*α*_{t,j}", size=15, anchor="start", fill="hard")
    canvas.text(8, encoder, "encoder", size=SMALL, anchor="start", fill="accent", bold=True)
    return canvas.svg()


def scaled_dot_product() -> str:
    """Draw scaled dot-product attention from the bottom up, with the shape of each matrix."""
    canvas = Canvas(
        360,
        390,
        "Scaled dot-product attention",
        "Q times K transposed gives scores; they are divided by the root of d_k, masked if needed, and pass a softmax "
        "along each row; the weights then multiply V.",
    )
    middle, right, shape = 94.0, 198.0, 298.0
    inputs = {
        name: box_at(canvas, x, 362, 52, 36, name, math=True) for x, name in ((58, "Q"), (130, "K"), (right, "V"))
    }
    steps: list[tuple[float, str, Tint]] = [
        (294, "Q K^{⊤}", "accent"),
        (238, "÷ √*d*_{k}", "quiet"),
        (182, "mask", "quiet"),
        (126, "softmax, each row", "hard"),
    ]
    below: Box | None = None
    for y, name, colour in steps:
        part = box_at(
            canvas, middle, y, 166, 36, name, colour=colour, math=True, size=16, dash="5 4" if name == "mask" else ""
        )
        if below:
            canvas.arrow(middle, below.y, middle, part.bottom[1] + 1)
        else:
            for letter in ("Q", "K"):
                canvas.arrow(*inputs[letter].top, inputs[letter].top[0], part.bottom[1] + 1)
        below = part
    product = box_at(canvas, 146, 64, 162, 36, "weights · *V*", math=True, size=16, colour="good")
    canvas.arrow(middle, 126 - 18, middle, product.bottom[1] + 1)
    canvas.arrow(*inputs["V"].top, right, product.bottom[1] + 1)
    canvas.arrow(146, product.y, 146, 26)
    canvas.text(146, 14, "output", size=SMALL)
    canvas.text(shape, 14, "shape", size=SMALL, fill="quiet")
    shapes = (
        (64, "(*T*, *d*_{v})"),
        (126, "(*T*, *T*)"),
        (294, "(*T*, *T*)"),
        (362, "*Q*, *K*: (*T*, *d*_{k})\n*V*: (*T*, *d*_{v})"),
    )
    for y, written in shapes:
        canvas.label(shape, y, written, size=15, fill="quiet")
    canvas.text(shape, 182, "optional", size=SMALL, fill="quiet")
    return canvas.svg()


WORDS = ("we", "eat", "ripe", "figs")
SCORES = ((0.5, 1.1, 0.3, 0.9), (0.2, 1.05, 0.6, 1.2), (0.1, 0.1, 1.2, 0.4), (0.0, 1.39, 0.69, 1.1))


def masked_weights(scores: Sequence[float], seen: int) -> list[float]:
    """Return the softmax of a row of scores in which only the first `seen` count, the others being −∞."""
    return softmax(tuple(scores[:seen])) + [0.0] * (len(scores) - seen)


def causal_mask() -> str:
    """Draw a row-wise softmax under a causal mask: scores above the diagonal are −∞, their weights 0."""
    canvas = Canvas(
        360,
        222,
        "A causal mask",
        "Four tokens by four: scores of later tokens are minus infinity, so after the softmax of each row their "
        "weights are 0 and the rows still sum to 1.",
    )
    cell, top = 34.0, 58.0
    tables = (46.0, 222.0)
    for place, x in enumerate(tables):
        for row in range(4):
            weights = masked_weights(SCORES[row], row + 1)
            for column in range(4):
                hidden = column > row
                strong = not hidden and (not place or weights[column] >= 0.35)
                tint: Fill = ("good-soft" if strong else "good-tint") if place else "accent-tint"
                fill: Fill = "sunk" if hidden else tint
                canvas.rect(x + column * cell, top + row * cell, cell, cell, fill=fill, stroke="edge", line=1)
                seen = f"{weights[column]:.1f}" if place else f"{SCORES[row][column]:.1f}"
                covered = "0" if place else "−∞"
                canvas.label(
                    x + (column + 0.5) * cell,
                    top + (row + 0.5) * cell,
                    covered if hidden else seen,
                    size=15,
                    fill="quiet" if hidden else "ink",
                )
        for column, word in enumerate(WORDS):
            canvas.text(x + (column + 0.5) * cell, top - 12, word, size=SMALL, fill="quiet")
    for row, word in enumerate(WORDS):
        canvas.text(tables[0] - 6, top + (row + 0.5) * cell, word, size=SMALL, anchor="end", fill="quiet")
    canvas.text(tables[0] + 2 * cell, 18, "scores", bold=True)
    canvas.text(tables[1] + 2 * cell, 18, "weights", bold=True)
    canvas.arrow(tables[0] + 4 * cell + 6, top + 2 * cell, tables[1] - 6, top + 2 * cell)
    canvas.text(202, 208, "softmax along each row", size=SMALL, fill="quiet")
    return canvas.svg()


def multi_head() -> str:
    """Draw multi-head attention from the bottom up: h projections side by side, joined and mixed by W_O."""
    canvas = Canvas(
        360,
        372,
        "Multi-head attention",
        "Each of h heads has its own matrices for queries, keys and values and attends on its own; the heads' outputs "
        "are joined and mixed by W_O.",
    )
    middle, step, heads = 150.0, 7.0, 3
    source = box_at(canvas, middle, 348, 150, 36, "X: (*T*, *d*)", math=True, size=16, colour="quiet")
    columns = (("Q", 70.0), ("K", 150.0), ("V", 230.0))
    for name, x in columns:
        goal = 288.0
        if x == middle:
            canvas.arrow(x, source.y, x, goal + 1)
        else:
            canvas.elbow([(middle, 310), (x, 310), (x, goal + 1)])
        for depth in reversed(range(heads)):
            canvas.rect(x - 30 + depth * step, 252 - depth * step, 60, 36, fill="paper", radius=7)
            canvas.box(
                x - 30 + depth * step, 252 - depth * step, 60, 36, "" if depth else f"X W_{name}", math=True, size=16
            )
    for depth in reversed(range(heads)):
        left, top = 40 + depth * step, 166 - depth * step
        canvas.rect(left, top, 220, 40, fill="paper", radius=7)
        canvas.box(left, top, 220, 40, "" if depth else "attention", colour="hard")
    for _, x in columns:
        canvas.arrow(x + step, 252 - (heads - 1) * step, x + step, 207)
    canvas.label(286, 262, "*h* heads", anchor="start", size=16, fill="quiet")
    joined = box_at(canvas, middle, 104, 220, 36, "concatenate", colour="quiet")
    for x in (90.0, 150.0, 210.0):
        canvas.arrow(x, 166 - (heads - 1) * step, x, joined.bottom[1] + 1)
    mixed = box_at(canvas, middle, 44, 100, 36, "W_O", math=True, colour="good")
    canvas.arrow(middle, joined.y, middle, mixed.bottom[1] + 1)
    canvas.arrow(middle, mixed.y, middle, 8)
    canvas.label(middle + 12, 14, "(*T*, *d*)", size=16, anchor="start", fill="quiet")
    canvas.label(middle + 12, 74, "(*T*, *h* *d*_{v})", size=16, anchor="start", fill="quiet")
    return canvas.svg()


def transformer_block() -> str:
    """Draw a pre-norm Transformer block from the bottom up: attention and feed-forward, each beside the stream."""
    canvas = Canvas(
        360,
        386,
        "A Transformer block (pre-norm)",
        "The stream runs straight up. Twice a branch leaves it, passes a layer norm and then attention or the "
        "feed-forward network, and is added back.",
    )
    stream, branch = 90.0, 206.0
    lower, upper = plus(canvas, stream, 202), plus(canvas, stream, 44)
    canvas.arrow(stream, 366, stream, lower.bottom[1] + 1, stroke="good", width=2.5)
    canvas.arrow(stream, lower.y, stream, upper.bottom[1] + 1, stroke="good", width=2.5)
    canvas.arrow(stream, upper.y, stream, 6, stroke="good", width=2.5)
    parts: list[tuple[float, float, str, Tint, str]] = [
        (340, 202, "attention", "accent", "mixes\npositions"),
        (178, 44, "feed-forward", "hard", "each\nposition\nalone"),
    ]
    for low, high, name, colour, remark in parts:
        norm = box_at(canvas, branch, low - 32, 112, 36, "layer norm", colour="quiet", size=SMALL)
        work = box_at(canvas, branch, low - 90, 112, 44, name, colour=colour)
        bend(canvas, (stream, low), [(branch, low), (branch, norm.bottom[1] + 1)])
        canvas.arrow(branch, norm.y, branch, work.bottom[1] + 1)
        canvas.elbow([work.top, (branch, high), (stream + 12, high)])
        canvas.text(work.right[0] + 8, work.centre[1], remark, size=SMALL, anchor="start", fill="quiet")
    canvas.label(stream, 377, "X", fill="good")
    canvas.text(14, 270, "residual\nstream", size=SMALL, anchor="start", fill="good")
    return canvas.svg()


FIGURES = {
    "attention-decoder": attention_decoder,
    "scaled-dot-product": scaled_dot_product,
    "causal-mask": causal_mask,
    "multi-head-attention": multi_head,
    "transformer-block": transformer_block,
}
