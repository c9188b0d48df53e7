"""How grave an edit is proposed to be: a table of edits of the built-in deck's own notes."""

from dataclasses import replace
from functools import lru_cache

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from flashcards.decks import kinds
from flashcards.decks.formats.records import NoteRecord
from flashcards.decks.formats.text import parse
from flashcards.decks.kinds import Draft
from flashcards.decks.models import Severity
from flashcards.decks.severity import proposed, reasons
from flashcards.lib.opposites import are_opposites
from flashcards.lib.wording import is_typing_error

WORDING, MEANING = Severity.WORDING, Severity.MEANING


@lru_cache(maxsize=1)
def notes() -> dict[str, NoteRecord]:
    deck = parse((settings.BASE_DIR / "fixtures" / "deep-learning.md").read_bytes())
    return {note.key: note for note in deck.notes()}


OVERFITS = (
    "The network overfits the 16 examples\n  slip: confuses overfitting with a high training cost\n"
    "  why: An overfitted network has a training cost near 0. Here it is the training cost that is stuck."
)

# Key, field, what stands there, what is written instead, what is proposed.
EDITS = [
    # space, punctuation, case, markup
    ("nonlinearity-why", "answer", "depth adds nothing", "depth  adds\nnothing", WORDING),
    ("nonlinearity-why", "answer", "map: depth", "map. Depth", WORDING),
    ("nonlinearity-why", "answer", "a single affine map", "a **single** *affine* map", WORDING),
    ("nonlinearity-why", "question", "non-linear", "nonlinear", WORDING),
    ("nonlinearity-why", "question", "activation function?", "[activation function](https://example.org)?", WORDING),
    ("dying-relu", "question", '"dead"', "“dead”", WORDING),
    ("dying-relu", "answer", "A unit", "- A unit", WORDING),
    ("dying-relu", "answer", "outputs $0$", "outputs 0", WORDING),
    ("relu-derivative", "answer", "z > 0", "z>0", WORDING),
    ("relu-derivative", "answer", "$$", "$", WORDING),
    ("frobenius-name", "question", "$\\lVert W \\rVert_F = ", "$\\lVert W\\rVert_{F} = \\,", WORDING),
    # typing errors, other words for some
    ("nonlinearity-why", "answer", "layers together", "layres together", WORDING),
    ("nonlinearity-why", "question", "activation function", "activtion functon", WORDING),
    ("nonlinearity-why", "answer", "adds nothing", "brings nothing", WORDING),
    ("dying-relu", "answer", "stops learning", "learns no more", MEANING),  # a negation
    ("dying-relu", "answer", "so stops learning", "therefore stays as it is", WORDING),
    # the explanation alone
    ("nonlinearity-why", "explanation", "even one hidden layer", "not even three hidden layers", WORDING),
    ("relu-derivative", "explanation", "switch", "lever, $x^2$", WORDING),
    # numbers, signs, formulas, code, pictures
    ("dying-relu", "answer", "outputs $0$", "outputs $1$", MEANING),
    ("dying-relu", "answer", "outputs $0$", "outputs 0.5", MEANING),
    ("calibration-what", "answer", "$80\\,\\%$ sure", "$90\\,\\%$ sure", MEANING),
    ("relu-derivative", "answer", "z > 0", "z \\geq 0", MEANING),
    ("relu-derivative", "question", "$z \\neq 0$", "$z = 0$", MEANING),
    ("layer-computation", "answer", "+ b^{[l]}", "- b^{[l]}", MEANING),
    ("layer-computation", "question", "Which two formulas", "Which 3 formulas", MEANING),
    ("layer-computation", "question", "Which two formulas", "Which 2 formulas", WORDING),
    ("nonlinearity-why", "question", "function?", "function? ![It](/static/figures/x.svg)", MEANING),
    # negations and opposites
    ("dying-relu", "answer", "gets no gradient", "gets gradient", MEANING),
    ("nonlinearity-why", "answer", "could not do", "couldn't do", WORDING),
    ("nonlinearity-why", "answer", "could not do", "could do", MEANING),
    ("nonlinearity-why", "answer", "Without one", "With one", MEANING),
    ("dying-relu", "answer", "negative for", "positive for", MEANING),
    ("dying-relu", "answer", "stops learning", "stops unlearning", MEANING),
    # many words
    ("dying-relu", "answer", "A unit whose $z$ is negative for every training example. It always", "It", MEANING),
    ("transfer-learning", "answer", "what another one has learned on task A", "scratch", MEANING),
    ("transfer-learning", "question", "Transfer learning", "Fine-tuning", MEANING),
    # gaps: the text around them, what they hide, hints, renumbering; a new one is another card
    ("leaky-relu", "question", "Some gradient passes", "A little gradient passes", WORDING),
    ("leaky-relu", "question", "0.01z", "0.1z", MEANING),
    ("leaky-relu", "question", "{{c2::die::as a ReLU unit can}}", "{{c2::die::what?}}", WORDING),
    ("leaky-relu", "question", "{{c2::die::as a ReLU unit can}}", "{{c2::starve::as a ReLU unit can}}", MEANING),
    ("leaky-relu", "question", "can't {{c2::die::", "{{c2::can't die::", MEANING),
    ("leaky-relu", "question", "{{c2::", "{{c1::", MEANING),
    ("leaky-relu", "question", "negative $z$", "{{c3::negative}} $z$", WORDING),
    ("softmax-formula", "question", "{{c2::they sum to $1$}}", "they sum to $1$", WORDING),
    # options
    ("choose-double-sigmoid", "answer", "- [ ] The two labels are swapped", "- [ ] Labels are wrong", WORDING),
    ("choose-double-sigmoid", "answer", "and the cost would go to 0", "and the cost goes to 1", WORDING),
    ("choose-double-sigmoid", "answer", "expects logits", "expects probabilities", WORDING),
    ("choose-double-sigmoid", "answer", "- [x] A sigmoid feeds", "- [x] No sigmoid feeds", MEANING),
    ("choose-double-sigmoid", "answer", f"- [ ] {OVERFITS}", "- [x] The network overfits", MEANING),
    ("choose-slow-curve", "answer", "ten times as large", "two times as large", MEANING),
    # accepted answers and known errors
    ("frobenius-name", "answer", "Frobenius norm", "FROBENIUS-norm", WORDING),
    ("frobenius-name", "answer", "Euclidean norm\n", "", MEANING),
    ("frobenius-name", "answer", "Frobenius\n", "Frobenius\nSchur norm\n", MEANING),
    ("frobenius-name", "answer", "! nuclear norm: The", "! trace norm: The", WORDING),
    # numbers that are drawn
    ("sigmoid-value", "answer", "-3, -2.5, -2", "-4, -2.5", WORDING),
    ("sigmoid-value", "answer", "answer: sigmoid(z)", "answer:  sigmoid( z )", WORDING),
    ("sigmoid-value", "answer", "answer: sigmoid(z)", "answer: 1 - sigmoid(z)", MEANING),
    ("sigmoid-value", "answer", "tolerance: 0.01", "tolerance: 0.05", MEANING),
    ("sigmoid-value", "answer", "slip: odds for a probability", "slip: odds", WORDING),
    ("softmax-gradient-number", "answer", "p3 = 1 - p1 - p2", "p3 = 1 - p1", MEANING),
    # boxes
    ("attention-decoder-parts", "answer", "1: 1.4 78.5", "1: 1.5 78.2", WORDING),
    ("attention-decoder-parts", "answer", "1: 1.4 78.5", "1: 60 78.5", MEANING),
    ("attention-decoder-parts", "answer", "= encoder\n", "= decoder\n", MEANING),
    ("attention-decoder-parts", "answer", "hide: all", "hide: one", WORDING),
    ("attention-decoder-parts", "answer", "attention-decoder.svg", "unet.svg", MEANING),
    ("unet-parts", "answer", "5: 44.2 77.9 11.6 4.6 = 1024 channels", "5: 44.2 77.9 11.6 4.6 = 512 channels", MEANING),
]


@pytest.mark.parametrize(("key", "field", "old", "new", "expected"), EDITS)
def test_what_is_proposed(key: str, field: str, old: str, new: str, expected: Severity) -> None:
    note = notes()[key]
    text = getattr(note, field)
    assert old in text
    edited = replace(note, **{field: text.replace(old, new)})

    assert proposed(note, edited) == expected, reasons(note, edited)


def test_another_kind_is_another_meaning() -> None:
    note = notes()["transfer-learning"]

    assert reasons(note, replace(note, kind="basic")) == ["The kind of note is another."]
    assert proposed(Draft("a", "b"), Draft("a", "b"), kind_before="basic", kind="reversed") == MEANING


def test_drafts_are_read_as_the_kind_that_is_named() -> None:
    before, after = Draft("Which?", "- [x] a\n- [ ] b"), Draft("Which?", "- [ ] b\n- [x] a")

    assert proposed(before, after, kind="choice") == WORDING


def test_the_reasons_say_what_and_where() -> None:
    before = Draft("Why is it larger?", "It grows by 3.")
    after = Draft("Why is it smaller?", "It grows by 4, not less.")

    assert reasons(before, after) == [
        "“larger” became “smaller” in the question.",
        "Another number in the answer.",
        "A negation was added to the answer, or taken out.",
        "More than a third of the words of the answer changed.",
    ]


def test_what_cannot_be_read_as_its_kind_is_compared_as_text() -> None:
    assert proposed(Draft("no gap of 3"), Draft("no gap of 4"), kind="cloze") == MEANING


@pytest.mark.parametrize("key", ["nonlinearity-why", "leaky-relu", "sigmoid-value", "unet-parts", "frobenius-name"])
def test_a_note_against_itself_is_wording(key: str) -> None:
    assert reasons(notes()[key], notes()[key]) == []


@pytest.mark.parametrize(
    ("one", "other", "is_error"),
    [
        ("gradient", "gradeint", True),
        ("gradient", "gradent", True),
        ("normalisation", "normalization", True),
        ("layer", "layers", True),
        ("net", "not", False),
        ("minimise", "maximise", False),
        ("maximization", "minimization", False),
        ("encoder", "decoder", False),
        ("stable", "unstable", False),
    ],
)
def test_typing_errors(one: str, other: str, is_error: bool) -> None:
    assert is_typing_error(one, other) == is_typing_error(other, one) == is_error


@pytest.mark.parametrize("pair", ["increase decrease", "overfits underfits", "more less", "valid invalid", "and or"])
def test_opposites(pair: str) -> None:
    one, other = pair.split()
    assert are_opposites(one, other)
    assert are_opposites(other, one)
    assert not are_opposites(one, one)


WORDS = st.lists(st.sampled_from(("alpha", "beta", "gamma", "3", "not", "$x$", "`f`", "-", "more")), max_size=12).map(
    " ".join
)


@given(WORDS, WORDS, st.sampled_from([kind.name for kind in kinds.all_kinds()]))
def test_any_text_of_any_kind_gets_a_proposal(before: str, after: str, kind: str) -> None:
    assert proposed(Draft(before, before), Draft(before, before), kind=kind) == WORDING
    assert proposed(Draft(before, after), Draft(after, before), kind=kind) in Severity
