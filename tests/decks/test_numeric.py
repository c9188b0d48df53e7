import pytest

from flashcards.decks.kinds import Verdict, trials
from flashcards.decks.kinds.number_lines import MAX_NAMES, read_numbers
from flashcards.decks.kinds.number_words import as_text
from flashcards.decks.kinds.numbers import Numbers
from flashcards.lib.errors import Problem
from flashcards.lib.expressions import Value
from tests.decks.numeric_notes import CONVOLUTION, judged, note, problems, right

# What is declared ----------------------------------------------------------------------------------------------------


def test_each_kind_of_line_is_read() -> None:
    numbers = read_numbers(
        "a = 16 to 64 step 4\nb = one of 3, 0.5, -7\nc = 0.1 to 0.5 step 0.1\nd = -2 to 2\n"
        "s = one of (28, 28), (32, 30, 3)\nrequire: b < a\ne = a + s[0]\n\nanswer: (e, a)\n"
        "format: ,.1f\nunit: GB\ntolerance: 2.5%\nslip: swapped = (a, e)\n  One.\n  \n\tTwo.",
        "answer",
    )

    assert [name.name for name in numbers.drawn] == ["a", "b", "c", "d", "s"]
    assert [[name.pick(index) for index in range(name.count)] for name in numbers.drawn] == [
        [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64],
        [3, 0.5, -7],
        [0.1, 0.2, 0.3, 0.4, 0.5],
        [-2, -1, 0, 1, 2],
        [(28, 28), (32, 30, 3)],
    ]
    assert [type(numbers.drawn[2].pick(0)), type(numbers.drawn[0].pick(0))] == [float, int]
    assert [(step.name, step.expression.source) for step in numbers.steps] == [("", "b < a"), ("e", "a + s[0]")]
    assert (numbers.format, numbers.unit, numbers.tolerance, numbers.is_relative) == (",.1f", "GB", 0.025, True)
    assert numbers.combinations == 13 * 3 * 5 * 5 * 2
    assert numbers.names == {"a", "b", "c", "d", "s", "e"}
    (slip,) = numbers.slips
    assert (slip.name, slip.expression.source, slip.line) == ("swapped", "(a, e)", 13)
    assert slip.sentence == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ("m = 5 to 3", 1, "range of m is empty"),
        ("m = 1 to 5 step 0", 1, "greater than 0"),
        ("m = 1 to 5 step -1", 1, "greater than 0"),
        ("m = 0.5 to 0.9", 1, "needs a step"),
        ("m = 0 to 1e15", 1, "too many numbers"),
        ("m = 0 to 1 step 1e-12", 1, "too many numbers"),
        ("m = 1 to", 1, "can't be read"),
        ("m = ", 1, "declares nothing"),
        ("m == 3", 1, "declares nothing"),
        ("2m = 3", 1, "declares nothing"),
        ("_m = 3", 1, "declares nothing"),
        ("m: 3", 1, "declares nothing"),
        ("gibberish", 1, "declares nothing"),
        ("m = one of", 1, "can't be read"),
        ("m = one of 3, 4, 3", 1, "lists a value twice"),
        ("m = one of 3, 3.0", 1, "lists a value twice"),
        ("m = one of (1, (2, 3))", 1, "tuple stands where"),
        ("m = one of abs, max", 1, "abs is a function"),
        ("m = one of n", 1, "“n” is not defined"),
        ("m = one of 1/0", 1, "divides by zero"),
        ("m = one of ((1, 2), (3, 4)), (5, 6)", 1, "tuple stands where"),
        ("m = one of " + ", ".join(map(str, range(201))), 1, "characters long"),
        ("m = n + k", 1, "k is not declared above"),
        ("m = k\nk = 1 to 3", 1, "k is not declared above"),
        ("m = m + 1", 1, "m is not declared above"),
        ("m = 9**9**9", 1, "too large"),
        ("n = 1 to 3", 1, "name n is taken"),
        ("max = 1 to 3", 1, "name max is taken"),
        ("pi = 3", 1, "name pi is taken"),
        ("answer = 3", 1, "name answer is taken"),
        ("in = 1 to 3", 1, "name in is taken"),
        ("lambda = 1 to 3", 1, "name lambda is taken"),
        ("\n\nrequire: k > 3", 3, "k is not declared"),
        ("require: n >", 1, "can't be read"),
        ("require:", 1, "missing"),
        ("answer: n", 1, "two lines answer:"),
        ("format: .3d", 1, "is no format"),
        ("format:", 1, "is no format"),
        ("format: >9999999999", 1, "is no format"),
        ("format: .3f\nformat: .2f", 2, "two lines format:"),
        ("unit:", 1, "1 to 40"),
        (f"unit: {'x' * 41}", 1, "1 to 40"),
        ("tolerance: about 3", 1, "A tolerance is"),
        ("tolerance: -1", 1, "A tolerance is"),
        ("tolerance: 30%", 1, "more than 20 %"),
        ("slip: no formula\n  Why.", 1, "slip: NAME = FORMULA"),
        ("slip: = n\n  Why.", 1, "slip: NAME = FORMULA"),
        (f"slip: {'x' * 81} = n + 1\n  Why.", 1, "at most 80"),
        ("slip: no sentence = n + 1", 1, "needs a sentence"),
        ("slip: a = n + 1\n  Why.\nslip: a = n + 2\n  Why.", 3, "Two slips are called “a”"),
        ("slip: a = b = n\n  Why.", 1, "can't be read"),
        ("slip: a = k\n  Why.", 1, "k is not declared"),
        ("slip: a = n + 1\n  Why\n  {{n +}}.", 3, "can't be read"),
        ("slip: a = n + 1\n  Why\n  {{k}}.", 3, "k is not known here"),
        ("slip: a = n + 1\n  Fine.\n  $\\foo$", 3, r"\foo"),
        ("unit: GB\n  More.", 2, "Only a slip"),
        ("m = 1 to 3\n  More.", 2, "Only a slip"),
    ],
)
def test_a_wrong_line_is_refused_where_it_stands(lines: str, line: int, said: str) -> None:
    found = [one for one in problems(f"n = 1 to 9\nanswer: n\n{lines}") if said in one.message]

    assert [(one.field, one.line) for one in found] == [("answer", line + 2)]


def test_every_wrong_line_is_told_at_once() -> None:
    found = problems("n = 9 to 1\nm = k\nfoo\ntolerance: x", "How {{q +}}?", "$\\foo$")

    assert [(problem.field, problem.line) for problem in found] == [
        ("question", 1), ("explanation", 1), ("answer", 1), ("answer", 2), ("answer", 3), ("answer", 4),
        ("answer", 4), ("answer", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("n = 1 to 3", "There is no answer"),
        ("answer: 3", "Nothing is drawn"),
        ("n = 1 to 3\nanswer: ()", "at least two"),
        ("n = 1 to 3\nanswer: (n,)", "at least two"),
        ("n = 1 to 3\nv = ((n, n), n)\nanswer: v", "tuple stands where"),
        ("n = 1 to 3\nanswer: ((n, n), (n, n))", "tuple stands where"),
        ("n = 1 to 3\nanswer: [n, n]", "is not allowed"),
        ("n = 1 to 3\nanswer: 9**9**9", "too large"),
        ("n = 1 to 3\nanswer: n**n**n**n**n", "too large"),
        ("\n".join(f"n{i} = 1 to 3" for i in range(1_000)) + "\nanswer: n1", "at most 200"),
        ("\n".join(f"n{i} = 1 to 3" for i in range(MAX_NAMES + 1)) + "\nanswer: n1", f"at most {MAX_NAMES}"),
        (
            "n = 1 to 99\nanswer: n\n" + "\n".join(f"slip: s{i} = n + {i + 1}\n  Why." for i in range(21)),
            "at most 20",
        ),
    ],
)
def test_a_whole_that_can_not_be_asked_is_refused(answer: str, said: str) -> None:
    assert any(said in problem.message for problem in problems(answer))


def test_many_names_within_bounds_are_fine() -> None:
    lines = [f"n{i} = 1 to 1000" for i in range(MAX_NAMES)]
    note("\n".join([*lines, "answer: " + " + ".join(f"n{i}" for i in range(MAX_NAMES))]))


# Tried out -----------------------------------------------------------------------------------------------------------


def test_a_fault_in_one_draw_is_told_with_that_draw() -> None:
    (problem,) = problems("a = 1 to 9\nb = one of 2, 5\nq = 1/(a - 7)\nanswer: q + b")

    assert problem == Problem("answer", "With a = 7, b = 2: It divides by zero.", 3)


@pytest.mark.parametrize(
    ("answer", "question", "explanation", "field", "line"),
    [
        ("n = 0 to 9\nanswer: 1/n", "", "", "answer", 2),
        ("n = 0 to 9\nrequire: 1/n > 0\nanswer: n", "", "", "answer", 2),
        ("n = 0 to 9\nanswer: n\nslip: a = 1/n\n  Why.", "", "", "answer", 3),
        ("n = 0 to 9\nanswer: n\nslip: a = n + 1\n  {{1/n}}", "", "", "answer", None),
        ("n = 0 to 9\nanswer: n", "{{1/n}}", "", "question", None),
        ("n = 0 to 9\nanswer: n", "", "{{1/answer}}", "explanation", None),
    ],
)
def test_a_fault_is_told_wherever_it_stands(
    answer: str, question: str, explanation: str, field: str, line: int | None
) -> None:
    (problem,) = problems(answer, f"How? {question}", explanation)

    assert problem == Problem(field, "With n = 0: It divides by zero.", line)


def test_a_draw_that_is_not_asked_may_fail() -> None:
    note("n = 0 to 9\nrequire: n > 0\nanswer: 1/n")


def test_what_is_required_must_be_met_often_enough() -> None:
    note("n = 1 to 100\nrequire: n <= 10\nanswer: n")
    (problem,) = problems("n = 1 to 100\nm = n\nrequire: n <= 9\nanswer: n")

    assert problem == Problem("answer", "Only 9 of 100 draws meet what is required; at least a tenth must.", 3)


def test_corners_do_not_make_up_for_draws_that_no_seed_gives() -> None:
    names = [f"n{i}" for i in range(8)]
    lines = [f"{name} = 1 to 1000" for name in names]
    lines += ["require: " + " and ".join(f"({name} == 1 or {name} == 1000)" for name in names), "answer: n0"]

    (problem,) = problems("\n".join(lines))

    assert (problem.line, problem.message[:9]) == (9, "Only 0 of")


def test_corners_are_tried_as_well() -> None:
    (problem,) = problems("\n".join([f"n{i} = 1 to 1000000" for i in range(4)] + ["answer: n0 + 1/(1000000 - n3)"]))

    assert "n3 = 1000000" in problem.message
    assert "divides by zero" in problem.message


@pytest.mark.parametrize(
    ("slips", "said"),
    [
        ("slip: a = n\n  Why.", "gives the right answer in 9 of 9 draws"),
        ("slip: a = n if n > 4 else 0\n  Why.", "gives the right answer in 5 of 9 draws"),
        ("slip: a = n + 1\n  Why.\nslip: b = 1 + n\n  Why.", "“a” and “b” always give the same"),
    ],
)
def test_a_slip_differs_from_the_answer_and_from_other_slips(slips: str, said: str) -> None:
    (problem,) = problems(f"n = 1 to 9\nanswer: n\n{slips}")

    assert said in problem.message
    assert problem.line == 3 + 2 * (slips.count("slip:") - 1)


def test_a_slip_may_meet_the_answer_now_and_then_and_is_not_told_then() -> None:
    face = note("n = 1 to 9\nanswer: n\nslip: a = n if n > 5 else 0\n  Why.")
    seeds = {as_text(right(read_numbers(face.data["numbers"], ""), seed)): seed for seed in range(200)}

    assert judged(face, "9", seeds["9"]).verdict is Verdict.RIGHT
    assert judged(face, "8", seeds["9"]).slip == ""
    assert judged(face, "0", seeds["2"]).slip == "a"


def test_what_lies_near_a_slip_that_counts_as_right_is_not_called_by_it() -> None:
    face = note("n = 1 to 9\nanswer: 1.5*n\nslip: a = 1.513*n if n > 5 else 0\n  Why.")
    seeds = {right(read_numbers(face.data["numbers"], ""), seed): seed for seed in range(200)}

    said = judged(face, f"1.522*{9}", seeds[13.5])
    assert (said.verdict, said.slip) == (Verdict.WRONG, "")


def test_the_work_of_trying_out_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    worked = [0]
    outcome = Numbers.outcome

    def counted(self: Numbers, values: dict[str, Value]) -> object:
        worked[0] += 1
        return outcome(self, values)

    monkeypatch.setattr(Numbers, "outcome", counted)
    names = [f"n{i}" for i in range(20)]
    long = "+".join(f"exp(sin({name}))" for name in names)
    lines = [f"{name} = 1 to 100000" for name in names]
    lines += [f"s{i} = {long}" for i in range(15)]
    note("\n".join([*lines, "answer: s1"]))
    parts = 15 * 8 * 20  # about
    assert 0 < worked[0] <= trials.PARTS_OF_ALL_DRAWS / parts + 1

    worked[0] = 0
    (problem,) = problems("\n".join([*lines, "answer: s1"]), " ".join(["{{" + long + "}}"] * 60))
    assert f"{trials.MAX_PARTS:,} are allowed" in problem.message
    assert worked[0] == 0


@pytest.mark.parametrize(
    "answer",
    [
        "n = 1 to 9\n" * 5_000 + "answer: n",
        "n = 1 to 9\nanswer: " + "(" * 20_000,
        "n = 1 to 9\nanswer: n\n" + "slip: a = n\n  Why.\n" * 2_500,
        "n = one of " + "9" * 40_000 + "\nanswer: n",
        "n = 1 to 9\nanswer: n\nslip: a = n + 1\n" + "  {{n}}\n" * 5_000,
        "n = 1 to 9 step " + "1" * 40_000 + "\nanswer: n",
        "n = 1 to 9\nanswer: n\nslip:" + " = " * 15_000,
        " = " * 16_000,
        "require: " * 5_000,
        "tolerance: " + "9" * 40_000,
        "n = -" + " to " * 12_000,
    ],
)
def test_what_would_burn_time_is_refused(answer: str) -> None:
    assert problems(answer)


def test_a_text_holds_a_bounded_number_of_placeholders() -> None:
    note(question="{{n}} " * 200)
    (problem,) = problems(CONVOLUTION, "{{n}} " * 201)
    assert "at most 200" in problem.message
