from functools import cache

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from flashcards.decks.formats import text
from flashcards.decks.kinds import Face, Unreadable, Verdict
from flashcards.decks.kinds.number_lines import read_numbers
from flashcards.decks.kinds.number_words import as_text
from flashcards.decks.kinds.reading import read_value
from flashcards.lib.sanitize import plain_words
from tests.decks.numeric_notes import NUMERIC, judged, note, right
from tests.hanging import must_end

DECK = settings.BASE_DIR / "fixtures" / "deep-learning.md"


# Judging -------------------------------------------------------------------------------------------------------------


def test_a_slip_is_told_by_its_name_with_the_numbers_of_this_showing() -> None:
    face = note(question="{{n}} {{f}} {{p}}")
    for seed in range(40):
        n, f, p = map(int, plain_words(NUMERIC.ask(face.data, seed).question_html).split())
        said = judged(face, str(n + 2 * p - f), seed)
        assert (said.verdict, said.slip) == (Verdict.WRONG, "forgot the one")
        assert f'alttext="{n + 2 * p} - {f} + 1 = {n + 2 * p - f + 1}"' in said.reason_html
        if p:
            said = judged(face, f"= {n - f + 1}", seed)
            assert (said.verdict, said.slip) == (Verdict.WRONG, "forgot the padding")
            assert said.reason_html == (
                f"<p>Padding adds {p} on each side, so the input is <strong>{n + 2 * p}</strong> wide.</p>"
            )
        said = judged(face, str(n + 1_000), seed)
        assert (said.verdict, said.slip, said.reason_html) == (Verdict.WRONG, "", "")


def test_i_do_not_know_is_neither_right_nor_wrong_and_names_no_slip() -> None:
    said = judged(note(), None)

    assert (said.verdict, said.slip, said.reason_html) == (Verdict.SKIPPED, "", "")
    assert said.answer_html


@pytest.mark.parametrize(
    ("lines", "rights", "wrongs"),
    [
        ("answer: 28", "28 28.0 56/2 2.8e1 2800%", "29 27 28.1 27.99 0 -28"),
        ("answer: 3000000000", "3000000000 3e9", "3000000001 2999999999"),
        ("answer: 2/7", "0.2857 2/7 0.286 0.288 0.283 28.6%", "0.29 0.28 -0.2857"),
        ("answer: 2/7\nformat: .1f", "0.3 0.25 0.33", "0.4 0.2"),
        ("answer: 2/7\nformat: .1%", "0.286 28.6% 28.5%", "0.29 28"),
        ("answer: 0.00123\nformat: .1%", "0.1% 0.001", "1% 0.2%"),
        ("answer: 0.124\nformat: .1g", "0.1 0.124", "0.2 0.05"),
        ("answer: 123456\nformat: .2g", "1.2e5 123456", "1.3e5 1e5"),
        ("answer: 123456\nformat: .2f", "123456 123456.00", "123456.4 123457"),
        ("answer: 0.0000123456\ntolerance: 0.1%", "1.2346e-5", "1.25e-5"),
        ("answer: 123.456\ntolerance: 0.0001", "123.456 123.5", "123.6 123.2"),
        ("answer: 0.5\ntolerance: 0.1", "0.4 0.6 0.5", "0.39 0.61"),
        ("answer: 200\ntolerance: 10%", "180 220", "179 221"),
        ("answer: 200\ntolerance: 0", "200", "201 199"),
        ("answer: 0.5\ntolerance: 0", "0.5 1/2", "0.51 0.501"),
        ("answer: 0.0", "0 0.0", "0.01 -0.01"),
        ("answer: 0.1 + 0.2 - 0.3", "0", "0.01"),
        ("answer: 6e-10", "6e-10 5.97e-10", "1e-10 0 7e-10"),
        ("answer: -0.25", "-0.25 −0.25 -1/4", "0.25"),
        (
            "answer: (28, 28, 32)",
            "28x28x32 (28,28,32) [28;28;32] 28×28×32 28*28*32",
            "28x28 28x28x31 28x32x28 1x2x3x4",
        ),
        ("answer: (0.5, 1/3)", "(0.5,0.333) 0,5;0,333", "(0.5,0.3) (0.333,0.5)"),
    ],
)
def test_what_is_right_within_the_tolerance(lines: str, rights: str, wrongs: str) -> None:
    numbers = read_numbers(f"n = 1 to 3\n{lines}", "answer")
    expected = numbers.outcome({"n": 1}).answer
    for verdict, texts in ((True, rights), (False, wrongs)):
        for text_given in texts.split():
            value = read_value(text_given, unit="", expected=expected)
            assert numbers.is_close(value, expected) is verdict, text_given


# Reading what is typed -----------------------------------------------------------------------------------------------

AGAIN = None


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("28", 28),
        (" 28 ", 28),
        ("28.", 28),
        ("+28", 28),
        ("28.50", 28.5),
        (".5", 0.5),
        ("007", 7),
        ("0.286", 0.286),
        ("0,286", 0.286),
        ("2,5", 2.5),
        ("1,5e3", 1500),
        ("2/7", 2 / 7),
        ("2 / 7", 2 / 7),
        ("2÷7", 2 / 7),
        ("1e-3", 0.001),
        ("1E-3", 0.001),
        ("2^10", 1024),
        ("2**10", 1024),
        ("10⁻³", 0.001),
        ("2¹⁰", 1024),
        ("1.2 × 10⁶", 1.2e6),
        ("1.2 x 10^6", 1.2e6),
        ("1.2·10⁻⁶", 1.2e-6),
        ("−1.2 × 10⁻⁶", -1.2e-6),
        ("28x28x32", 28 * 28 * 32),
        ("28×28×32", 28 * 28 * 32),
        ("28X28", 784),
        ("12.5 %", 0.125),
        ("12.5\u202f%", 0.125),
        ("12,5%", 0.125),
        ("1,000,000", 1_000_000),
        ("1 000 000", 1_000_000),
        ("1\u202f000\u00a0000", 1_000_000),
        ("1'000'000", 1_000_000),
        ("1_000_000", 1_000_000),
        ("1,234,567.5", 1_234_567.5),
        ("−3", -3),
        ("–3", -3),
        ("= 28", 28),
        ("4*7 = 28", 28),
        ("≈ 28", 28),
        ("28 GB", 28),
        ("28GB", 28),
        ("28 gb", 28),
        ("pi", 3.14159265),
        ("2*π", 6.2831853),
        ("sqrt(2)", 1.41421356),
        ("(1 + 2)*3", 9),
        ("٢٨", 28),
        ("２８", 28),
        ("(28)", 28),
        ("about 28", AGAIN),
        ("28 MB", AGAIN),
        ("28 apples", AGAIN),
        ("GB", AGAIN),
        ("", AGAIN),
        ("   ", AGAIN),
        ("\u202f", AGAIN),
        ("abc", AGAIN),
        ("abs", AGAIN),
        ("max", AGAIN),
        ("answer", AGAIN),
        ("n", AGAIN),
        ("1/0", AGAIN),
        ("9**9**9", AGAIN),
        ("9^9^9", AGAIN),
        ("9⁹⁹⁹", AGAIN),
        ("1e999", AGAIN),
        ("nan", AGAIN),
        ("inf", AGAIN),
        ("(-8)^(1/3)", AGAIN),
        ("sqrt(-1)", AGAIN),
        ("9" * 10_000, AGAIN),
        ("9" * 100, AGAIN),
        ("-" * 99 + "1x", AGAIN),
        ("(" * 99, AGAIN),
        ("(3, 4)", AGAIN),
        ("[28]", AGAIN),
        ("28; 29", AGAIN),
        ("28 29", AGAIN),
        ("1.2.3", AGAIN),
        ("1,2,3", AGAIN),
        ("1.000,5", AGAIN),
        ("½", AGAIN),
        ("3½", AGAIN),
        ("²", AGAIN),
        ("2 1/2", AGAIN),
        ("'28'", AGAIN),
        ("28 =", AGAIN),
        ("__import__('os')", AGAIN),
        ("\x00", AGAIN),
        ("\ud800", AGAIN),
        ("2\n8", AGAIN),
        ("二十八", AGAIN),
    ],
)
def test_how_a_number_is_read(typed: str, value: float | None) -> None:
    for expected in (28, 0.5):
        if value is AGAIN:
            with must_end(), pytest.raises(Unreadable) as unreadable:
                read_value(typed, unit="GB", expected=expected)
            assert str(unreadable.value).strip()
        else:
            assert read_value(typed, unit="GB", expected=expected) == pytest.approx(value, rel=1e-7)


def test_a_comma_before_three_digits_is_asked_about_where_it_matters() -> None:
    assert read_value("1,234", unit="", expected=28) == 1234
    assert read_value("1,234", unit="", expected=0.5, grouped=True) == 1234
    for typed in ("1,234", "-1,234", "1,234 %"):
        with pytest.raises(Unreadable, match="two ways"):
            read_value(typed, unit="", expected=0.5)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("(3, 4)", (3, 4)),
        ("3, 4", (3, 4)),
        ("3,4", (3, 4)),
        ("[3;4]", (3, 4)),
        ("{3 4}", (3, 4)),
        ("3x4", (3, 4)),
        ("3 X 4", (3, 4)),
        ("3 × 4", (3, 4)),
        ("3 * 4", (3, 4)),
        ("3 4", (3, 4)),
        ("(3, 4) GB", (3, 4)),
        ("W = (3, 4)", (3, 4)),
        ("(−3, 1/2)", (-3, 0.5)),
        ("(1,728, 2)", (1728, 2)),
        ("(1 728, 2)", (1728, 2)),
        ("0,5; 0,25", (0.5, 0.25)),
        ("0,5 0,25", (0.5, 0.25)),
        ("(2^3, 2**4)", (8, 16)),
        ("(1.2 × 10⁶, 3)", (1.2e6, 3)),
        ("(12.5 %, 50 %)", (0.125, 0.5)),
        ("3x4x5", (3, 4, 5)),
        ("1,2,3", (1, 2, 3)),
        ("3", AGAIN),
        ("(3)", AGAIN),
        ("(3,)", AGAIN),
        ("()", AGAIN),
        (",", AGAIN),
        ("(3, a)", AGAIN),
        ("(3, 4", AGAIN),
        ("(3, (4, 5))", AGAIN),
        ("(3, 1/0)", AGAIN),
        ("9**9**9", AGAIN),
        ("(abs, max)", AGAIN),
        ("x", AGAIN),
    ],
)
def test_how_several_numbers_are_read(typed: str, value: tuple[float, ...] | None) -> None:
    if value is AGAIN:
        with must_end(), pytest.raises(Unreadable):
            read_value(typed, unit="GB", expected=(3, 4))
    else:
        assert read_value(typed, unit="GB", expected=(3, 4)) == value


@pytest.mark.parametrize("unit", ["m²", "%", "× 10⁹", "GB/s", "m s⁻¹", "°", "Straße", "pi", "bits."])
def test_an_answer_with_its_unit_is_read_as_shown(unit: str) -> None:
    face = note(f"n = 11 to 99\nanswer: n\nunit: {unit}")

    for seed in range(20):
        assert judged(face, plain_words(judged(face, None, seed).answer_html), seed).verdict is Verdict.RIGHT


FORMATS = ["", ",", ".0f", ".1f", ".3f", ",.2f", ".2g", ".3g", ",.4g", ".1e", ".0e", ".1%", ".0%", ",.1%", ".2", "e"]


@given(
    st.one_of(
        st.integers(-(10**12), 10**12),
        st.floats(-1e12, 1e12).filter(lambda number: number == 0 or abs(number) > 1e-60),
        st.floats(-1, 1).filter(lambda number: number == 0 or abs(number) > 1e-60),
    ),
    st.sampled_from(FORMATS),
    st.sampled_from(["", "tolerance: 0\n", "tolerance: 0.00001\n", "tolerance: 0.1%\n"]),
)
@example(0.5, ".0f", "")
@example(0.00123, ".1%", "")
@example(123456, ".2g", "")
@example(99999.5, "", "tolerance: 0\n")
@example(1000.0, ",.0f", "")
def test_the_right_answer_as_it_is_shown_is_right(number: float, spec: str, tolerance: str) -> None:
    lines = f"n = 1 to 3\nanswer: 1\n{f'format: {spec}' if spec else ''}\n{tolerance}"
    numbers = read_numbers(lines, "answer")
    for expected in (number, (number, -number)):
        shown = as_text(expected, spec)
        value = read_value(shown, unit="", expected=expected, grouped="," in spec)
        assert numbers.is_close(value, expected), shown


FACES = {
    "number": note(),
    "decimal": note("n = 1 to 99\nanswer: n/7\nformat: .3f\nunit: GB\nslip: a = n/6\n  {{n}}."),
    "tuple": note("n = 1 to 9\nanswer: (n, n + 1, n/2)\nslip: a = (n, n, n)\n  {{n}}."),
}


@pytest.mark.parametrize("name", FACES)
@given(
    st.one_of(
        st.text(max_size=120),
        st.text("0123456789.,;:()[]{}+-−*/^%=xX×eE ⁻¹²\u202f\u00a0'_", max_size=40),
        st.lists(
            st.sampled_from(
                ["abs", "max(", "(", ")", "1", "2.5", "**", ",", " ", "pi", "GB", "e", "j", "[", "]", "if"]
            ),
            max_size=12,
        ).map("".join),
    ),
    st.integers(0, 2**63 - 1),
)
def test_whatever_is_typed_is_judged_or_asked_again(name: str, typed: str, seed: int) -> None:
    face = FACES[name]
    try:
        said = NUMERIC.judge(face.data, seed, typed)
    except Unreadable:
        return
    assert said.verdict in {Verdict.RIGHT, Verdict.WRONG}


# The built-in deck ---------------------------------------------------------------------------------------------------


@cache
def built_in() -> dict[str, Face]:
    notes = [one for one in text.parse(DECK.read_bytes()).notes() if one.kind == "numeric"]
    return {one.key: NUMERIC.faces(one)[0] for one in notes}


def test_the_built_in_answers_are_right_as_they_are_shown() -> None:
    for key, face in built_in().items():
        numbers = read_numbers(face.data["numbers"], "answer")
        for seed in range(40):
            shown = plain_words(judged(face, None, seed).answer_html)
            for typed in {shown, as_text(right(numbers, seed), numbers.format)}:
                assert judged(face, typed, seed).verdict is Verdict.RIGHT, (key, seed, typed)


def test_the_built_in_slips_are_told() -> None:
    for key, face in built_in().items():
        numbers = read_numbers(face.data["numbers"], "answer")
        told: set[str] = set()
        for seed in range(60):
            values = next(found for attempt in range(1_000) if (found := numbers.draw(seed, attempt)) is not None)
            for slip in numbers.outcome(values).slips:
                try:
                    said = judged(face, as_text(slip), seed)
                except Unreadable as unreadable:
                    assert "two ways" in str(unreadable) or isinstance(slip, tuple), key  # noqa: PT017
                    continue
                if said.slip:
                    assert said.reason_html, key
                    told.add(said.slip)
        assert told == {slip.name for slip in numbers.slips}, key
