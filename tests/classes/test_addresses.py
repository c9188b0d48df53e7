"""Addresses are read however people paste them; what is none is named with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.classes.addresses import MOST, Address, read
from flashcards.lib.errors import Problem, Refused


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("a@x.org, b@x.org;c@x.org\n d@x.org\te@x.org\r\nf@x.org", [(f"{sign}@x.org", "") for sign in "abcdef"]),
        ("Zoë Müller <Zoe@X.org>; Bob <b@x.org>", [("zoe@x.org", "Zoë Müller"), ("b@x.org", "Bob")]),
        ("Zoe\u0308 <z@x.org>", [("z@x.org", "Zoë")]),
        ('"Müller, Anna" <a@x.org>, b@x.org', [("a@x.org", "Müller, Anna"), ("b@x.org", "")]),
        ('"a;b" <q@x.org>', [("q@x.org", "a;b")]),
        ("Müller, Anna <a@x.org>", [("a@x.org", "Müller, Anna")]),
        ("a@x.org, Bob B <b@x.org> c@x.org", [("a@x.org", ""), ("b@x.org", "Bob B"), ("c@x.org", "")]),
        ("<a@x.org>", [("a@x.org", "")]),
        ("a@x.org\nA@X.ORG\nAnna <a@x.org>", [("a@x.org", "Anna")]),
    ],
)
def test_what_is_read(text: str, people: list[tuple[str, str]]) -> None:
    assert read(text) == [Address(email, name) for email, name in people]


def said(text: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        read(text)
    return [str(problem) for problem in refused.value.problems]


def test_each_bad_one_is_named_with_its_line() -> None:
    text = "good@x.org\nFoo@\nBob Good <b@x.org>\nAnna Who; mailto:a@x.org\nzoë@x.org, <a@b"
    assert said(text) == [
        "line 2: “Foo@” is no e-mail address.",
        "line 4: “Anna Who” is no e-mail address.",
        "line 4: “mailto:a@x.org” is no e-mail address.",
        "line 5: “zoë@x.org” is no e-mail address.",
        "line 5: “a@b” is no e-mail address.",
    ]


def test_a_name_with_hidden_signs_is_refused() -> None:
    assert "changes the direction" in said("An\u202ena <a@x.org>")[0]


@pytest.mark.parametrize("text", ["", " \n;,; \n"])
def test_nothing_is_refused(text: str) -> None:
    assert said(text) == ["There is no address here yet."]


def test_too_many_are_refused() -> None:
    assert len(read("\n".join(f"p{number}@x.org" for number in range(MOST)))) == MOST
    assert "more than 500" in said("\n".join(f"p{number}@x.org" for number in range(MOST + 1)))[0]
    assert "too long" in said("x" * 200_000)[0]


ADDRESSES = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.org", fullmatch=True)
NAMES = st.sampled_from(["", "Zoë", "Ann B", "Müller, Anna", "Jean-Luc d'Ée"])


@given(people=st.lists(st.tuples(ADDRESSES, NAMES), min_size=1, max_size=20), data=st.data())
def test_any_separators_give_the_same_people(people: list[tuple[str, str]], data: st.DataObject) -> None:
    text = ""
    for email, name in people:
        text += f'"{name}" <{email}>' if name else email
        text += data.draw(st.sampled_from([",", ";", "\n", ", ", " ;\n", "\n\n", "\t,"]))
    assert [person.email for person in read(text)] == list(dict.fromkeys(email for email, _ in people))


@given(st.text(alphabet='a@.x <>";,\n', max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    people: list[Address] = []
    problems: list[Problem] = []
    try:
        people = read(text)
    except Refused as refused:
        problems = refused.problems
    assert bool(people) != bool(problems)
