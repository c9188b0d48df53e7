"""Recurrent networks: the chain in time, and what is inside a gated cell. Symbols as in the deck."""

from itertools import pairwise

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.diagram import SMALL, around, box_at, junction, named, plus, times
from flashcards.decks.figures.geometry import Box, Point


def _at(name: str, step: str) -> str:
    return f"{name}^{{⟨{step}⟩}}"


def _gate(canvas: Canvas, middle: Point, name: str, remark: str, beside: float) -> None:
    """Draw a gate or the candidate, and its activation function below, to the right of `beside`."""
    x, y = middle
    gate = remark != "candidate"
    named(canvas, around(x, y, 62 if gate else 82, 48), name, remark, colour="good" if gate else "hard")
    canvas.label(beside, y + 38, "*σ*" if gate else "tanh", size=15, anchor="start", fill="quiet")


def rnn_unrolled() -> str:
    """Draw a recurrent network over four steps: one cell, the same weights, the state handed on."""
    canvas = Canvas(
        380, 250, "An RNN unrolled in time", "The same cell at every step hands its hidden state to the next step."
    )
    previous = Box(4, 107, 34, 36)
    canvas.label(22, 125, _at("a", "0"), size=16)
    for step in range(1, 5):
        x = 84 + 86 * (step - 1)
        cell = box_at(canvas, x, 125, 44, 44, "tanh", size=SMALL)
        canvas.arrow(previous.right[0], 125, cell.left[0] - 2, 125, stroke="accent", width=2)
        if step > 1:
            canvas.label((previous.right[0] + cell.left[0]) / 2, 106, _at("a", str(step - 1)), size=16, fill="accent")
        canvas.arrow(x, 183, x, 149)
        canvas.label(x + 2, 198, _at("x", str(step)), size=16)
        canvas.arrow(x, 101, x, 60)
        canvas.label(x + 2, 42, _at("*ŷ*", str(step)), size=16)
        previous = cell
    canvas.text(190, 16, "time →", size=SMALL, fill="quiet")
    canvas.label(190, 230, "the same *W*_{a}, *b*_{a} at every step", size=16)
    return canvas.svg()


def lstm_cell() -> str:
    """Draw an LSTM: the cell state along the top, three gates and the candidate below."""
    canvas = Canvas(
        376,
        322,
        "An LSTM cell",
        "The old cell state is multiplied by the forget gate, the gated candidate is added, and the output gate lets "
        "the tanh of the new state through.",
    )
    line, gates, bus, half = 52, 204, 268, 24
    forget, update, candidate, output = columns = (64, 136, 217, 298)
    out = 346
    for x in columns:
        junction(canvas, x, bus)
        canvas.arrow(x, bus, x, gates + half + 2)
    # The cell state, from left to right.
    keep, add = times(canvas, forget, line), plus(canvas, 182, line)
    canvas.arrow(10, line, keep.left[0] - 1, line, stroke="accent", width=2.5)
    canvas.arrow(keep.right[0], line, add.left[0] - 1, line, stroke="accent", width=2.5)
    canvas.arrow(add.right[0], line, 372, line, stroke="accent", width=2.5)
    canvas.label(34, 28, _at("c", "t−1"))
    canvas.label(352, 28, _at("c", "t"))
    # The gates, and where they go.
    write = times(canvas, 182, 128)
    canvas.arrow(forget, gates - half, forget, keep.bottom[1] + 1)
    canvas.elbow([(update, gates - half), (update, 128), (write.left[0] - 1, 128)])
    canvas.elbow([(candidate, gates - half), (candidate, 128), (write.right[0] + 1, 128)])
    canvas.arrow(182, write.top[1], 182, add.bottom[1] + 1)
    show = times(canvas, out, 156)
    canvas.elbow([(output, gates - half), (output, 156), (show.left[0] - 1, 156)])
    junction(canvas, out, line, "accent")
    squash = box_at(canvas, out, 102, 50, 30, "tanh", colour="quiet", size=SMALL)
    canvas.arrow(out, line, out, squash.y - 1)
    canvas.arrow(out, squash.bottom[1], out, show.top[1] - 1)
    canvas.elbow([show.bottom, (out, 232), (372, 232)])
    canvas.label(351, 214, _at("a", "t"), size=16, anchor="start")
    names = (("Γ_f", "forget"), ("Γ_u", "update"), ("*c̃*^{⟨t⟩}", "candidate"), ("Γ_o", "output"))
    for x, (name, remark) in zip(columns, names, strict=True):
        _gate(canvas, (x, gates), name, remark, x + 6)
    # What comes in.
    canvas.line(10, bus, output, bus, stroke="quiet")
    canvas.line(30, bus, 30, 292, stroke="quiet")
    junction(canvas, 30, bus)
    canvas.label(34, 248, _at("a", "t−1"), size=16)
    canvas.label(32, 308, _at("x", "t"))
    return canvas.svg()


def gru_cell() -> str:
    """Draw a GRU: the state along the top is a mean of the old one and the candidate, weighed by the update gate."""
    canvas = Canvas(
        366,
        304,
        "A GRU cell",
        "The update gate weighs the candidate against the old state; the reset gate weakens the old state on its way "
        "into the candidate.",
    )
    line, gates, half, old, new = 52, 200, 24, 258, 286
    update, reset, weaken, candidate = 84, 172, 234, 314
    # The state, from left to right.
    keep, add = times(canvas, update, line), plus(canvas, candidate, line)
    canvas.arrow(10, line, keep.left[0] - 1, line, stroke="accent", width=2.5)
    canvas.arrow(keep.right[0], line, add.left[0] - 1, line, stroke="accent", width=2.5)
    canvas.arrow(add.right[0], line, 360, line, stroke="accent", width=2.5)
    canvas.label(36, 28, _at("c", "t−1"))
    canvas.label(310, 24, "*c*^{⟨t⟩} = *a*^{⟨t⟩}")
    # The update gate weighs the candidate, and one minus it the old state.
    write = times(canvas, candidate, 132)
    canvas.elbow([(update, gates - half), (update, 132), (write.left[0] - 1, 132)])
    junction(canvas, update, 132)
    rest = box_at(canvas, update, 96, 46, 26, "1 −", colour="quiet", math=True)
    canvas.line(update, 132, update, rest.bottom[1], stroke="quiet")
    canvas.arrow(update, rest.y, update, keep.bottom[1] + 1)
    canvas.arrow(candidate, gates - half, candidate, write.bottom[1] + 1)
    canvas.arrow(candidate, write.y, candidate, add.bottom[1] + 1)
    # The old state: to the gates, and weakened by the reset gate to the candidate.
    junction(canvas, 30, line, "accent")
    weakened = times(canvas, weaken, gates)
    canvas.elbow([(30, line), (30, old), (weaken, old), (weaken, weakened.bottom[1] + 1)])
    canvas.arrow(reset + 31, gates, weakened.left[0] - 1, gates)
    canvas.arrow(weakened.right[0], gates, candidate - 43, gates)
    for x in (update, reset):
        junction(canvas, x - 14, old)
        canvas.arrow(x - 14, old, x - 14, gates + half + 2)
    # The input.
    canvas.label(22, new, _at("x", "t"))
    canvas.elbow([(42, new), (candidate, new), (candidate, gates + half + 2)])
    for x in (update, reset):
        junction(canvas, x + 14, new)
        canvas.line(x + 14, new, x + 14, old + 6, stroke="quiet")
        canvas.path(f"M{x + 14} {old + 6}a6 6 0 0 1 0 -12", stroke="quiet")  # over the old state's line
        canvas.arrow(x + 14, old - 6, x + 14, gates + half + 2)
    _gate(canvas, (update, gates), "Γ_u", "update", update + 20)
    _gate(canvas, (reset, gates), "Γ_r", "reset", reset + 20)
    _gate(canvas, (candidate, gates), "*c̃*^{⟨t⟩}", "candidate", candidate + 6)
    return canvas.svg()


def bidirectional_rnn() -> str:
    """Draw two RNNs over four steps, one in each direction, both feeding every output."""
    canvas = Canvas(
        360,
        300,
        "A bidirectional RNN",
        "One chain reads forwards, one backwards; each output is computed from both states.",
    )
    forward, backward, apart = 194, 110, 17
    cells: dict[str, list[Box]] = {"forward": [], "backward": []}
    for step in range(4):
        x = 50 + 86 * step
        there = box_at(canvas, x - apart, forward, 30, 34, "→", colour="accent", size=17)
        back = box_at(canvas, x + apart, backward, 30, 34, "←", colour="hard", size=17)
        cells["forward"].append(there)
        cells["backward"].append(back)
        canvas.arrow(x - apart, 256, x - apart, there.bottom[1] + 2, stroke="accent")
        canvas.arrow(x + apart, 256, x + apart, back.bottom[1] + 2, stroke="hard")
        canvas.arrow(x - apart, there.y, x - apart, 54, stroke="accent")
        canvas.arrow(x + apart, back.y, x + apart, 54, stroke="hard")
        canvas.label(x + 2, 278, _at("x", str(step + 1)), size=16)
        canvas.label(x + 2, 34, _at("*ŷ*", str(step + 1)), size=16)
        canvas.line(x - 24, 258, x + 24, 258, stroke="quiet")
        canvas.line(x - 24, 52, x + 24, 52, stroke="quiet")
    for first, second in pairwise(cells["forward"]):
        canvas.arrow(first.right[0], forward, second.x - 2, forward, stroke="accent", width=2.5)
    for first, second in pairwise(cells["backward"]):
        canvas.arrow(second.x, backward, first.right[0] + 2, backward, stroke="hard", width=2.5)
    return canvas.svg()


def seq2seq() -> str:
    """Draw an encoder that reads two words and a decoder that writes two and the end."""
    canvas = Canvas(
        360,
        262,
        "An encoder–decoder",
        "The encoder's last state starts the decoder, which writes word by word and reads what it has written.",
    )
    y, stride, first = 132, 70, 40
    read, written = ("il", "pleut"), ("it", "rains", "EOS")
    canvas.rect(6, 94, 134, 76, fill="accent-tint", radius=9)
    canvas.rect(148, 94, 206, 76, fill="good-tint", radius=9)
    canvas.text(73, 74, "encoder", bold=True, fill="accent")
    canvas.text(162, 18, "decoder", bold=True, fill="good", anchor="start")
    cells = [
        box_at(canvas, first + stride * place, y, 42, 40, "", colour="accent" if place < 2 else "good")
        for place in range(5)
    ]
    for left, right in pairwise(cells):
        canvas.arrow(left.right[0], y, right.x - 2, y, stroke="ink", width=2)
    for cell, word in zip(cells, read, strict=False):
        canvas.arrow(cell.centre[0], 194, cell.centre[0], cell.bottom[1] + 2)
        canvas.text(cell.centre[0], 207, word, size=SMALL)
    for place, (cell, word) in enumerate(zip(cells[2:], written, strict=True)):
        x = cell.centre[0]
        canvas.arrow(x, cell.y, x, 64)
        canvas.text(x, 50, word, size=SMALL, bold=True)
        fed = ("start", *written)[place]
        canvas.arrow(x, 194, x, cell.bottom[1] + 2)
        canvas.text(x, 207, fed, size=SMALL, fill="quiet")
        if place < 2:
            turn = x + stride / 2
            corners = [(x + 25, 50), (turn, 50), (turn, 207), (x + stride - 24, 207)]
            canvas.elbow(corners, stroke="good", dash="4 4", head=7)
    canvas.text(180, 242, "The words written go back in as inputs.", size=SMALL, fill="quiet")
    return canvas.svg()


FIGURES = {
    "rnn-unrolled": rnn_unrolled,
    "lstm-cell": lstm_cell,
    "gru-cell": gru_cell,
    "bidirectional-rnn": bidirectional_rnn,
    "seq2seq": seq2seq,
}
