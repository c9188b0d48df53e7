"""Models put to use: LoRA, retrieval-augmented generation, the memory of fine-tuning, numbers in 16 bits."""

from dataclasses import dataclass

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.diagram import SMALL, Tint, bend, box_at, plus
from flashcards.decks.figures.geometry import Point
from flashcards.decks.figures.palette import Colour, Fill


def _trapezium(canvas: Canvas, middle: Point, *, widths: Point, height: float, name: str) -> None:
    """Draw a matrix as a trapezium with these widths at its top and bottom."""
    (x, y), (upper, lower) = middle, widths
    top, bottom = y - height / 2, y + height / 2
    corners = [(x - upper / 2, top), (x + upper / 2, top), (x + lower / 2, bottom), (x - lower / 2, bottom)]
    canvas.polyline(corners, closed=True, fill="good-tint", stroke="good")
    canvas.label(x, y, name)


def lora() -> str:
    """Draw LoRA from the bottom up: the frozen matrix, and beside it the narrow way through A and B."""
    canvas = Canvas(
        360,
        346,
        "LoRA",
        "The input x of width k goes through the frozen matrix W and, beside it, through A down to the rank r and "
        "through B up to n; the result, times alpha over r, is added.",
    )
    frozen, beside = 96.0, 246.0
    canvas.label(frozen, 332, "x")
    canvas.arrow(frozen, 320, frozen, 243)
    box_at(canvas, frozen, 180, 124, 122, "W", colour="quiet", math=True, size=22)
    canvas.text(frozen, 208, "frozen", size=SMALL, fill="quiet")
    _trapezium(canvas, (beside, 214), widths=(40, 124), height=54, name="A")
    _trapezium(canvas, (beside, 146), widths=(124, 40), height=54, name="B")
    bend(canvas, (frozen, 292), [(beside, 292), (beside, 243)])
    canvas.line(beside, 186, beside, 174, stroke="quiet")
    canvas.label(beside + 26, 180, "width *r*", anchor="start", size=15)
    canvas.text(beside + 20, 264, "trained", size=SMALL, fill="good", anchor="start", bold=True)
    scale = box_at(canvas, beside, 86, 64, 30, "· α/r", math=True, size=16, colour="quiet")
    canvas.arrow(beside, 119, beside, scale.bottom[1] + 1)
    add = plus(canvas, frozen, 46)
    canvas.arrow(frozen, 119, frozen, add.bottom[1] + 1)
    canvas.elbow([scale.top, (beside, 46), (add.right[0] + 1, 46)])
    canvas.arrow(frozen, add.y, frozen, 8)
    canvas.label(frozen + 16, 16, "*W* *x* + (*α*/*r*) *B* *A* *x*", anchor="start", size=16)
    canvas.label(24, 254, "width *k*", anchor="start", size=15, fill="quiet")
    canvas.label(24, 104, "width *n*", anchor="start", size=15, fill="quiet")
    return canvas.svg()


def rag_pipeline() -> str:
    """Draw retrieval-augmented generation: the index made ahead on the left, a question answered on the right."""
    canvas = Canvas(
        360,
        392,
        "Retrieval-augmented generation",
        "Ahead: documents are cut into chunks, embedded and stored in an index. For each question: it is embedded by "
        "the same model, the nearest chunks are found, and the language model answers from question and chunks.",
    )
    ahead, asked, wide, tall = 88.0, 272.0, 132.0, 36.0
    canvas.rect(6, 4, 164, 276, fill="accent-tint", radius=10)
    canvas.rect(190, 4, 164, 384, fill="good-tint", radius=10)
    canvas.text(ahead, 20, "ahead", bold=True, fill="accent")
    canvas.text(asked, 20, "at each question", bold=True, fill="good")
    left = [
        box_at(canvas, ahead, y, wide, tall, name, colour="accent", size=SMALL)
        for y, name in ((56, "documents"), (118, "chunks"), (244, "vector index"))
    ]
    right = [
        box_at(canvas, asked, y, wide, tall, name, colour="good", size=SMALL)
        for y, name in ((56, "question"), (244, "nearest chunks"), (306, "prompt"))
    ]
    model = canvas.box(22, 162, 316, tall, "embedding model", colour="hard", size=SMALL)
    canvas.connect(left[0], left[1])
    canvas.arrow(ahead, left[1].bottom[1] + 2, ahead, model.y - 2)
    canvas.arrow(ahead, model.bottom[1] + 2, ahead, left[2].y - 2)
    canvas.arrow(asked, right[0].bottom[1] + 2, asked, model.y - 2)
    canvas.arrow(asked, model.bottom[1] + 2, asked, right[1].y - 2)
    canvas.arrow(left[2].right[0] + 2, 244, right[1].x - 2, 244)
    canvas.connect(right[1], right[2])
    canvas.elbow([(right[0].right[0], 56), (347, 56), (347, 306), (right[2].right[0] + 2, 306)], stroke="good")
    last = box_at(canvas, asked, 364, wide, tall, "language model", colour="good", size=SMALL)
    canvas.connect(right[2], last)
    answer = box_at(canvas, ahead, 364, 108, tall, "answer", colour="quiet", size=SMALL)
    canvas.connect(last, answer)
    return canvas.svg()


@dataclass(frozen=True)
class Share:
    """A part of what a parameter takes in training, in bytes."""

    name: str
    bytes: int
    fill: Fill


SHARES = (
    Share("16-bit weights", 2, "accent-soft"),
    Share("16-bit gradients", 2, "hard-soft"),
    Share("32-bit master weights", 4, "good-soft"),
    Share("Adam's two averages", 8, "again-soft"),
)
BILLIONS = 7


def fine_tuning_memory() -> str:
    """Draw what full fine-tuning with Adam stores, as a bar, above the bar of mere prediction."""
    canvas = Canvas(
        360,
        260,
        "Memory of full fine-tuning",
        "A bar of 16 bytes a parameter: 2 for the weight, 2 for its gradient, 4 for the master weight, 8 for Adam's "
        "averages; 112 GB for 7 billion parameters. Prediction takes 2 bytes, 14 GB.",
    )
    left, byte = 10.0, 21.25
    total = sum(share.bytes for share in SHARES)
    canvas.text(left, 16, "prediction", anchor="start", size=SMALL, bold=True)
    canvas.text(350, 16, f"{SHARES[0].bytes} bytes: {SHARES[0].bytes * BILLIONS} GB", anchor="end", size=SMALL)
    canvas.rect(left, 28, SHARES[0].bytes * byte, 30, fill=SHARES[0].fill, stroke="edge", line=1)
    canvas.text(left, 84, "full fine-tuning", anchor="start", size=SMALL, bold=True)
    canvas.text(350, 84, f"{total} bytes: {total * BILLIONS} GB", anchor="end", size=SMALL)
    x = left
    for row, share in enumerate(SHARES):
        canvas.rect(x, 96, share.bytes * byte, 30, fill=share.fill, stroke="edge", line=1)
        canvas.text(x + share.bytes * byte / 2, 111, str(share.bytes))
        x += share.bytes * byte
        y = 150 + 23 * row
        canvas.rect(left, y - 7, 14, 14, fill=share.fill, stroke="edge", line=1)
        canvas.text(left + 24, y, share.name, anchor="start", size=SMALL)
        canvas.text(350, y, f"{share.bytes * BILLIONS} GB", anchor="end", size=SMALL)
    canvas.text(
        left, 244, f"{BILLIONS} billion parameters; activations on top", anchor="start", size=SMALL, fill="quiet"
    )
    return canvas.svg()


def mixed_precision() -> str:
    """Draw a step of mixed-precision training as a circle: 32-bit master weights, 16-bit passes, 32-bit update."""
    canvas = Canvas(
        360,
        300,
        "A step of mixed-precision training",
        "The 32-bit master weights are rounded to 16 bits; forward and backward pass run in 16 bits; the optimiser "
        "takes the gradients and updates the master weights in 32 bits.",
    )
    canvas.rect(4, 4, 352, 122, fill="good-tint", radius=10)
    canvas.rect(4, 174, 352, 122, fill="accent-tint", radius=10)
    canvas.text(16, 22, "32 bits", anchor="start", bold=True, fill="good")
    canvas.text(16, 278, "16 bits", anchor="start", bold=True, fill="accent")
    places: list[tuple[float, float, str, Tint]] = [
        (78, 80, "master\nweights", "good"),
        (282, 80, "optimiser\n(Adam)", "good"),
        (52, 222, "weights", "accent"),
        (180, 222, "forward,\nbackward", "accent"),
        (306, 222, "gradients", "accent"),
    ]
    master, optimiser, weights, passes, gradients = (
        box_at(canvas, x, y, 108 if y < 100 else 86, 50, name, colour=colour, size=SMALL)
        for x, y, name, colour in places
    )
    canvas.arrow(52, master.bottom[1] + 2, 52, weights.y - 2, width=2)
    canvas.text(62, 150, "round", anchor="start", size=SMALL)
    canvas.connect(weights, passes, width=2)
    canvas.connect(passes, gradients, width=2)
    canvas.arrow(306, gradients.y - 2, 306, optimiser.bottom[1] + 2, width=2)
    canvas.text(296, 150, "to 32 bits", anchor="end", size=SMALL)
    canvas.arrow(optimiser.x - 2, 80, master.right[0] + 2, 80, width=2)
    canvas.text(180, 62, "update", size=SMALL)
    return canvas.svg()


FORMATS = (("float32", 8, 23), ("float16", 5, 10), ("bfloat16", 8, 7))


def float_formats() -> str:
    """Draw the bits of three floating-point formats: sign, exponent, fraction."""
    canvas = Canvas(
        360,
        226,
        "Three floating-point formats",
        "float32 has 1 sign, 8 exponent and 23 fraction bits; float16 has 1, 5 and 10; bfloat16 has 1, 8 and 7.",
    )
    bit, left = 10.6, 10.0
    kinds: tuple[tuple[str, Colour, Fill], ...] = (
        ("sign", "edge", "sunk"),
        ("exponent: range", "hard", "hard-soft"),
        ("fraction: precision", "accent", "accent-soft"),
    )
    for row, (name, exponent, fraction) in enumerate(FORMATS):
        y = 28 + 74 * row
        canvas.text(left, y - 14, name, anchor="start", size=SMALL, bold=True)
        x = left
        for (_, stroke, fill), bits in zip(kinds, (1, exponent, fraction), strict=True):
            for place in range(bits):
                canvas.rect(x + place * bit, y, bit, 24, fill=fill, stroke=stroke, line=0.75)
            canvas.text(x + bits * bit / 2, y + 36, str(bits), size=SMALL, fill="ink" if bits > 1 else "quiet")
            x += bits * bit
    for row, (name, stroke, fill) in enumerate(kinds):
        y = 114 + 32 * row
        canvas.rect(202, y - 7, 14, 14, fill=fill, stroke=stroke, line=1)
        canvas.text(222, y, name, anchor="start", size=SMALL)
    return canvas.svg()


FIGURES = {
    "lora": lora,
    "rag-pipeline": rag_pipeline,
    "fine-tuning-memory": fine_tuning_memory,
    "mixed-precision": mixed_precision,
    "float-formats": float_formats,
}
