"""The preview of the kinds that ask: other numbers, what the slips give, and how an answer would be judged."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NUMERIC = {
    "kind": "numeric",
    "question": "An input of width {{n}}, a filter of width {{f}}: how wide is the output?",
    "answer": "n = 16 to 64\nf = one of 3, 5, 7\nanswer: n - f + 1\nunit: px\n"
    "slip: forgot the one = n - f\n  From {{n}} the first position counts as well.\n"
    "slip: halved = (n - f) / 2 + 1\n  There is no stride here.",
    "explanation": "There are ${{n}} - {{f}} + 1 = {{answer}}$ places.",
}
CHOICE = {
    "kind": "choice",
    "question": "Which is a loss?",
    "answer": "- [x] cross-entropy\n- [ ] ReLU\n  slip: activation for loss\n"
    "  why: ReLU is an *activation*.\n- [ ] Adam",
}
TYPED = {
    "kind": "typed",
    "question": "What scales the step?",
    "answer": "learning rate\n! momentum = speed for size: It averages gradients.",
}


def preview(client: Client, note: dict[str, str], **posted: str) -> dict[str, str]:
    response = client.post(reverse("admin:decks_note_preview"), {**note, **posted})
    assert response.status_code == 200
    answer = response.json()
    assert answer["problems"] == []
    return {"html": answer["html"], "verdict": answer["verdict"]}


def drawn(html: str) -> tuple[int, int]:
    """The numbers that the question shows."""
    found = re.search(r"width (\d+), a filter of width (\d+)", html)
    assert found
    return int(found[1]), int(found[2])


def keys(html: str) -> dict[str, str]:
    """The options to choose from: the key of each by its words."""
    found = re.findall(r'name="given"\s+value="(\w+)">\s*<span>([^<]+)</span>', html)
    return {words: key for key, words in found}


def test_other_seeds_give_other_numbers_and_the_same_seed_the_same(editor: Client) -> None:
    shown = [preview(editor, NUMERIC, seed=str(seed))["html"] for seed in range(1, 8)]

    assert len({drawn(html) for html in shown}) > 1
    assert preview(editor, NUMERIC, seed="3")["html"] == shown[2]
    for html in shown:
        n, f = drawn(html)
        assert f"<p>{n - f + 1}\u202fpx</p>" in html
        assert f"<mn>{n - f + 1}</mn>" in html


@pytest.mark.parametrize("seed", ["", "x", "-1", "²", "1.5", "9" * 5_000])
def test_a_seed_that_is_none_shows_the_example(editor: Client, seed: str) -> None:
    assert preview(editor, NUMERIC, seed=seed) == preview(editor, NUMERIC)


def test_the_slips_stand_with_what_they_give(editor: Client) -> None:
    html = preview(editor, NUMERIC, seed="5")["html"]
    n, f = drawn(html)

    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*<td>([^<]+)</td>\s*<td>(.*?)</td>', html, re.DOTALL)

    assert [(name, gives) for name, gives, _ in rows] == [
        ("forgot the one", str(n - f)),
        ("halved", f"{(n - f) / 2 + 1:g}"),
    ]
    assert f"From {n} the first position" in rows[0][2]


def test_a_slip_that_is_right_with_these_numbers_is_called_so(editor: Client) -> None:
    note = {**NUMERIC, "answer": "n = 1 to 4\nf = one of 1, 2\nanswer: n * f\nslip: added = n + f\n  This is a sum."}
    shown = [preview(editor, note, seed=str(seed))["html"] for seed in range(1, 40)]

    same = [html for html in shown if drawn(html) == (2, 2)]

    assert same
    assert all("Right with these numbers" in html for html in same)
    assert all("Right with these numbers" not in html for html in shown if html not in same)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(seed=st.integers(0, 10**17))
def test_a_numeric_answer_is_judged_by_the_numbers_on_show(editor: Client, seed: int) -> None:
    n, f = drawn(preview(editor, NUMERIC, seed=str(seed))["html"])

    def verdict(given: int) -> str:
        return preview(editor, NUMERIC, seed=str(seed), given=str(given))["verdict"]

    assert "verdict-right" in verdict(n - f + 1)
    assert "forgot the one" in verdict(n - f)
    assert f"From {n} the first position" in verdict(n - f)
    assert "verdict-wrong" in verdict(n + 1_000)


def test_what_can_not_be_read_is_no_verdict(editor: Client) -> None:
    said = preview(editor, NUMERIC, given="many")["verdict"]

    assert "can't be read" in said.replace("&#x27;", "'")
    assert "verdict-" not in said
    assert preview(editor, NUMERIC, given="  ")["verdict"] == ""


def test_a_typed_answer_is_judged(editor: Client) -> None:
    assert "verdict-right" in preview(editor, TYPED, given="Learning-Rate")["verdict"]
    assert "verdict-near" in preview(editor, TYPED, given="lerning rate")["verdict"]
    wrong = preview(editor, TYPED, given="momentum")["verdict"]
    assert "speed for size" in wrong
    assert "It averages gradients." in wrong
    assert "verdict-wrong" in preview(editor, TYPED, given="x" * 100_000)["verdict"]


def test_a_choice_is_judged_with_why_it_is_wrong(editor: Client) -> None:
    option = keys(preview(editor, CHOICE)["html"])
    assert set(option) == {"cross-entropy", "ReLU", "Adam"}

    assert "verdict-right" in preview(editor, CHOICE, given=option["cross-entropy"])["verdict"]
    wrong = preview(editor, CHOICE, given=option["ReLU"])["verdict"]
    assert "activation for loss" in wrong
    assert "ReLU is an <em>activation</em>." in wrong


def test_an_option_that_was_reworded_is_chosen_no_more(editor: Client) -> None:
    chosen = keys(preview(editor, CHOICE)["html"])["ReLU"]
    reworded = {**CHOICE, "answer": CHOICE["answer"].replace("ReLU\n", "the ReLU\n")}

    assert preview(editor, reworded, given=chosen)["verdict"] == ""


def test_several_options_are_chosen_together(editor: Client) -> None:
    note = {**CHOICE, "answer": CHOICE["answer"].replace("- [ ] Adam", "- [x] hinge")}
    html = preview(editor, note)["html"]
    option = keys(html)

    assert html.count('type="checkbox"') == 3
    both = f"{option['cross-entropy']} {option['hinge']}"
    assert "verdict-right" in preview(editor, note, given=both)["verdict"]
    assert "verdict-wrong" in preview(editor, note, given=option["hinge"])["verdict"]


def test_a_card_that_is_turned_over_has_nothing_to_try(editor: Client) -> None:
    shown = preview(editor, {"kind": "basic", "question": "a", "answer": "b"}, given="b", seed="2")

    assert "Try an answer" not in shown["html"]
    assert shown["verdict"] == ""


@pytest.mark.parametrize(
    ("note", "field", "line", "said"),
    [
        ({**NUMERIC, "answer": "n = 1 to 9\nf = 2 to 3\nanswer: n / (n - 5)"}, "answer", 3, "With n = 5"),
        ({**NUMERIC, "question": "a\n{{n +}}"}, "question", 2, "{{n +}}"),
        ({**CHOICE, "answer": "- [x] a\nb"}, "answer", 2, "This is no option"),
        ({**TYPED, "answer": "a\n! b"}, "answer", 2, "A known error is written"),
        ({"kind": "occlusion", "question": "a", "answer": "1: 90 0 20 5 = b"}, "answer", 1, "outside the image"),
    ],
)
def test_problems_have_field_and_line(editor: Client, note: dict[str, str], field: str, line: int, said: str) -> None:
    response = editor.post(reverse("admin:decks_note_preview"), {**note, "seed": "2", "given": "1"}).json()

    assert response["html"] == ""
    assert any(
        (problem["field"], problem["line"]) == (field, line) and said in problem["message"]
        for problem in response["problems"]
    )


def test_the_verdict_shows_no_markup_of_the_answer_given(editor: Client) -> None:
    for note in (NUMERIC, TYPED):
        assert "<script" not in preview(editor, note, given="<script>learning rate</script>")["verdict"]
