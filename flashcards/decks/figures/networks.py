"""Networks as wholes: layers and their shapes, a training step, dropout, transfer, style."""

from itertools import pairwise

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.diagram import SMALL, box_at
from flashcards.decks.figures.geometry import Box
from flashcards.decks.figures.palette import Fill
from flashcards.decks.figures.shapes import units

RIM = 13.0  # radius of a unit


def _join(canvas: Canvas, left: list[Box], right: list[Box], dropped: frozenset[Box] = frozenset()) -> None:
    for start in left:
        for end in right:
            if not {start, end} & dropped:
                (x1, y1), (x2, y2) = start.right, end.left
                canvas.line(x1, y1, x2, y2, stroke="edge", width=1)


def network_layers() -> str:
    """Draw a two-layer network of 3 inputs, 4 hidden units and one output, with the shapes of its parameters."""
    canvas = Canvas(
        360,
        310,
        "A two-layer network and its shapes",
        "Three inputs, four hidden units, one output: W1 is 4 by 3, b1 4 by 1, W2 1 by 4, b2 1 by 1.",
    )
    middle = 128
    columns = [
        units(canvas, 46, middle, 3, gap=46, radius=RIM, fill="sunk"),
        units(canvas, 170, middle, 4, gap=46, radius=RIM),
        units(canvas, 294, middle, 1, gap=46, radius=RIM, fill="good-tint"),
    ]
    for left, right in pairwise(columns):
        _join(canvas, left, right)
    for row, unit in enumerate(columns[0], start=1):
        canvas.label(unit.x - 15, unit.centre[1], f"x_{row}")
    end = columns[2][0]
    canvas.arrow(end.right[0] + 3, middle, 334, middle)
    canvas.label(346, middle - 2, "*ŷ*")
    for x, name in ((46, "input"), (170, "layer 1"), (294, "layer 2")):
        canvas.text(x, 20, name, size=SMALL, fill="quiet")
    for x, name in ((46, "n^{[0]} = 3"), (170, "n^{[1]} = 4"), (294, "n^{[2]} = 1")):
        canvas.label(x, 231, name, size=15, fill="quiet")
    for x, layer, shape, bias in ((108, 1, "(4, 3)", "(4, 1)"), (252, 2, "(1, 4)", "(1, 1)")):
        canvas.label(x, 264, f"W^{{[{layer}]}}: {shape}", fill="accent")
        canvas.label(x, 290, f"b^{{[{layer}]}}: {bias}", fill="accent")
    return canvas.svg()


def forward_backward() -> str:
    """Draw a training step of a two-layer network: forward to the cost, back to the gradients, then the update."""
    canvas = Canvas(
        360,
        350,
        "Forward pass, backward pass, update",
        "Forward from X to the cost J; back from J to dZ2 and dZ1 and the gradients of W and b; then the update.",
    )
    first, second, last = 146, 250, 336
    canvas.text(6, 18, "1  forward pass", anchor="start", bold=True, fill="accent")
    start = box_at(canvas, 30, 62, 44, 44, "X", math=True, colour="quiet")
    hidden = box_at(canvas, first, 62, 76, 44, "Z^{[1]}, A^{[1]}", math=True, size=16)
    output = box_at(canvas, second, 62, 76, 44, "Z^{[2]}, A^{[2]}", math=True, size=16)
    cost = box_at(canvas, last, 62, 38, 44, "J", math=True, colour="hard")
    for left, right in ((start, hidden), (hidden, output), (output, cost)):
        canvas.arrow(left.right[0] + 2, 62, right.x - 2, 62, stroke="accent", width=2)
    canvas.text(6, 154, "2  back-\n    ward", anchor="start", bold=True, fill="again")
    back_hidden = box_at(canvas, first, 154, 76, 44, "dZ^{[1]}", math=True, colour="again")
    back_output = box_at(canvas, second, 154, 76, 44, "dZ^{[2]}", math=True, colour="again")
    canvas.elbow([cost.bottom, (last, 154), (back_output.right[0] + 2, 154)], stroke="again", width=2)
    canvas.arrow(back_output.x - 2, 154, back_hidden.right[0] + 2, 154, stroke="again", width=2)
    for x in (first, second):
        canvas.arrow(x, 86, x, 130, dash="4 4")
    canvas.text((first + second) / 2, 107, "kept", size=SMALL, fill="quiet")
    for x, above, layer in ((first, back_hidden, 1), (second, back_output, 2)):
        box_at(canvas, x, 232, 92, 40, f"dW^{{[{layer}]}}, db^{{[{layer}]}}", math=True, size=15, colour="again")
        canvas.arrow(x, above.bottom[1] + 2, x, 210, stroke="again", width=2)
        canvas.arrow(x, 254, x, 286, stroke="good", width=2)
    canvas.text(6, 312, "3  update", anchor="start", bold=True, fill="good")
    canvas.box(
        98,
        288,
        256,
        50,
        "W^{[l]} ← W^{[l]} − α dW^{[l]}\nb^{[l]} ← b^{[l]} − α db^{[l]}",
        colour="good",
        math=True,
    )
    return canvas.svg()


def dropout() -> str:
    """Draw a network in one training step with dropout: some hidden units are off, with all their connections."""
    canvas = Canvas(
        360,
        266,
        "Dropout in one training step",
        "Two of five units in each hidden layer are off: their connections are gone for this step.",
    )
    middle = 112
    columns = [
        units(canvas, 34, middle, 3, gap=42, radius=RIM, fill="sunk"),
        units(canvas, 130, middle, 5, gap=42, radius=RIM),
        units(canvas, 228, middle, 5, gap=42, radius=RIM),
        units(canvas, 324, middle, 1, gap=42, radius=RIM, fill="good-tint"),
    ]
    off = [columns[1][1], columns[1][4], columns[2][0], columns[2][3]]
    for left, right in pairwise(columns):
        _join(canvas, left, right, frozenset(off))
    for unit in off:
        x, y = unit.centre
        canvas.circle(x, y, RIM + 1, fill="paper")
        canvas.circle(x, y, RIM, stroke="again", line=1.5)
        for slope in (1, -1):
            canvas.line(x - 7, y - 7 * slope, x + 7, y + 7 * slope, stroke="again", width=2)
    canvas.circle(26, 240, 9, fill="accent-tint", stroke="accent")
    canvas.label(42, 240, "kept, times 1/p", anchor="start", size=16)
    canvas.circle(206, 240, 9, stroke="again")
    for slope in (1, -1):
        canvas.line(201, 240 - 5 * slope, 211, 240 + 5 * slope, stroke="again", width=2)
    canvas.label(222, 240, "off in this step", anchor="start", size=16)
    return canvas.svg()


def transfer_learning() -> str:
    """Draw a network trained on task A, and task B's: the same early layers frozen, a new output trained."""
    canvas = Canvas(
        360,
        276,
        "Transfer learning",
        "The layers learned for task A are copied to task B and frozen; only the new output layer is trained.",
    )
    canvas.text(8, 18, "Task A: many examples", anchor="start", bold=True)
    canvas.text(8, 146, "Task B: few examples", anchor="start", bold=True)
    names = ("edges", "shapes", "parts")
    for row, y in enumerate((60, 190)):
        previous: Box | None = None
        for place, name in enumerate(names):
            box = box_at(canvas, 46 + 88 * place, y, 68, 46, name, colour="quiet" if row else "accent", size=SMALL)
            if previous:
                canvas.arrow(previous.right[0] + 2, y, box.x - 2, y)
            previous = box
            if not row:
                canvas.arrow(box.centre[0], 86, box.centre[0], 126 if place else 128, stroke="accent", dash="4 4")
        last = box_at(canvas, 316, y, 76, 46, "new\noutput" if row else "output", colour="good" if row else "accent")
        canvas.arrow(46 + 88 * 2 + 36, y, last.x - 2, y)
    canvas.text(312, 107, "not copied", size=SMALL, fill="quiet")
    canvas.polyline([(12, 226), (12, 232), (256, 232), (256, 226)], stroke="edge")
    canvas.text(134, 252, "frozen", fill="quiet", bold=True)
    canvas.polyline([(278, 226), (278, 232), (354, 232), (354, 226)], stroke="good")
    canvas.text(316, 252, "trained", fill="good", bold=True)
    return canvas.svg()


def neural_style() -> str:
    """Draw neural style transfer: three images through one fixed CNN, two costs, the gradient back to G's pixels."""
    canvas = Canvas(
        360,
        322,
        "Neural style transfer",
        "Content, generated and style image pass a fixed CNN; the cost's gradient changes only the generated image's "
        "pixels.",
    )
    pictures: list[tuple[float, str, str, Fill]] = [
        (52, "C", "content", "accent-tint"),
        (161, "G", "generated", "good-tint"),
        (270, "S", "style", "hard-tint"),
    ]
    network = canvas.box(118, 14, 76, 294, colour="quiet")
    canvas.text(156, 98, "CNN", bold=True)
    canvas.text(156, 120, "fixed", size=SMALL, fill="quiet")
    for y, name, word, fill in pictures:
        canvas.rect(14, y - 34, 68, 52, fill=fill, stroke="ink", radius=3)
        canvas.label(48, y - 8, name, size=20)
        canvas.text(48, y + 30, word, size=SMALL)
        if name != "G":
            canvas.arrow(84, y - 8, network.x - 2, y - 8)
    content = canvas.box(244, 20, 106, 48, "J_{content}(C, G)", math=True, size=15)
    style = canvas.box(244, 238, 106, 48, "J_{style}(S, G)", math=True, size=15, colour="hard")
    cost = canvas.box(258, 129, 78, 48, "J(G)", math=True, colour="good")
    for part in (content, style):
        canvas.arrow(network.right[0] + 2, part.centre[1], part.x - 2, part.centre[1])
    canvas.arrow(297, 70, 297, cost.y - 2)
    canvas.arrow(297, style.y - 2, 297, cost.bottom[1] + 2)
    canvas.label(310, 98, "w_C", anchor="start", size=16)
    canvas.label(310, 208, "w_S", anchor="start", size=16)
    canvas.arrow(84, 143, network.x - 2, 143)
    canvas.arrow(cost.x - 2, 163, 85, 163, stroke="again", width=2, dash="5 4")
    canvas.label(226, 186, "∂J/∂G", fill="again", size=16)
    return canvas.svg()


FIGURES = {
    "network-layers": network_layers,
    "forward-backward": forward_backward,
    "dropout": dropout,
    "transfer-learning": transfer_learning,
    "neural-style": neural_style,
}
