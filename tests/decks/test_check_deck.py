"""`check_deck` names each fault of a deck with its place, and is silent when it is mended."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from flashcards.decks.models import Topic
from tests.decks.conftest import make_note
from tests.decks.faulty_notes import CLOZE, FAULTS, FIGURE, GOOD, HEAD, REVERSED, choice, note, words

type Found = list[tuple[str, str, str, str]]

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deck.md"


def check(deck: Path | str, *coverage: Path) -> dict[str, Any]:
    said = StringIO()
    failed = False
    try:
        call_command("check_deck", str(deck), coverage=list(coverage), json=True, stdout=said)
    except CommandError:
        failed = True
    report: dict[str, Any] = json.loads(said.getvalue())
    assert failed == (report["errors"] > 0)
    return report


def found(report: dict[str, Any]) -> Found:
    return [(one["severity"], one["check"], one["key"], one["field"]) for one in report["findings"]]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_where_it_stands_and_no_more_when_mended(file: Path, name: str) -> None:
    faulty, mended, expected, piece = FAULTS[name]
    file.write_text(HEAD + GOOD + faulty)
    report = check(file)
    assert found(report) == [expected]
    line = file.read_text().split("\n")[report["findings"][0]["line"] - 1]
    assert piece in line

    file.write_text(HEAD + GOOD + mended)
    report = check(file)
    assert found(report) == []
    assert report["notes"] == (HEAD + GOOD + mended).count("\n## ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is the shape of $W$ in a layer?", "What is the shape of $b$ in a layer?"),
        ("What is the slope of ReLU at 1 from the right?", "What is the slope of ReLU at 0 from the right?"),
        ("What does `np.max` return for a matrix?", "What does `np.min` return for a matrix?"),
        ("What is dropout?", "Why dropout?"),
        ("How many weights has a GRU layer?", "How many weights has an LSTM layer?"),
    ],
)
def test_questions_that_differ_in_what_counts_are_no_duplicates(file: Path, one: str, other: str) -> None:
    file.write_text(HEAD + note("one", one, "It is said.") + note("other", other, "Nobody knows."))
    assert found(check(file)) == []


def test_the_cards_of_one_note_may_resemble_each_other(file: Path) -> None:
    file.write_text(HEAD + note("pair", "The speed of light in glass", "The glass speed of light", header=REVERSED))
    assert [one for one in found(check(file)) if one[1] == "duplicate"] == []


@pytest.mark.parametrize(
    "text",
    [
        note("size", "Is the larger or the smaller lens better?", "The larger lens."),
        note("bits", "It takes {{c1::16}} bytes: 2 for the 16-bit weight, and {{c2::$W$}} for $W$.", header=CLOZE),
        note("shape", "Which shape have weights in Keras and in PyTorch?", "Keras: (in, out). PyTorch: (out, in)."),
    ],
    ids=["alternatives", "numbers and signs", "names that are repeated in order to answer"],
)
def test_what_must_be_repeated_gives_nothing_away(file: Path, text: str) -> None:
    file.write_text(HEAD + text)
    assert found(check(file)) == []


def test_every_note_is_checked_and_findings_stand_in_the_files_order(file: Path) -> None:
    broken = [note(key, f"What is {key}?", "$\\foo$") for key in ("mass", "length", "time")]
    file.write_text(HEAD + "".join(broken) + note("area", "What is area?", words(46)))
    report = check(file)
    assert [one["key"] for one in report["findings"]] == ["mass", "length", "time", "area"]
    lines = [one["line"] for one in report["findings"]]
    assert lines == sorted(lines)
    assert (report["errors"], report["warnings"], report["notes"], report["cards"]) == (3, 1, 4, 1)


def test_the_introduction_is_read_as_well(file: Path) -> None:
    text = HEAD.replace("\n# ", "\nWelcome.\n\n![](/static/none.svg) $\\foo$\n\n# ")
    file.write_text(text + GOOD)
    assert found(check(file)) == [("error", "refused", "small", "introduction")]
    file.write_text(text.replace("$\\foo$", "") + GOOD)
    report = check(file)
    assert {one[1:] for one in found(report)} == {
        ("address", "small", "introduction"),
        ("image", "small", "introduction"),
    }
    lines = file.read_text().split("\n")
    assert ["none.svg" in lines[one["line"] - 1] for one in report["findings"]] == [True, True]


def test_a_file_that_is_no_deck_is_refused_with_every_line(file: Path) -> None:
    file.write_text(HEAD + GOOD + note("mass", "What is mass?") + note("time", "What is time?"))
    with pytest.raises(CommandError, match=r"2 errors, 0 warnings.*once the file can be read"):
        call_command("check_deck", str(file), stdout=StringIO())
    assert [one["line"] for one in check(file)["findings"]] == [
        file.read_text().split("\n").index(f"## {key}") + 1 for key in ("mass", "time")
    ]


def test_a_habit_of_longest_right_options_is_an_error_of_the_deck(file: Path) -> None:
    keys = ["red", "green", "blue", "white", "black"]
    habit = [choice(key, "Longer waves", "Long waves", f"No {key}") for key in keys]
    file.write_text(HEAD + "".join(habit))
    assert found(check(file)) == [("error", "choice", "small", "answer")]

    mended = [choice(key, "Long waves", "Longer waves", f"No {key}") for key in keys[:3]]
    file.write_text(HEAD + "".join([*mended, *habit[3:]]))
    assert found(check(file)) == []


def test_coverage_tells_what_is_missing_unknown_and_without_source(file: Path, tmp_path: Path) -> None:
    lists = [tmp_path / "a.csv", tmp_path / "b.csv"]
    lists[0].write_text('id,subject\nS1,Photons\nS2,"Mass, and weight"\n')
    lists[1].write_text("id,subject\nB1,Time\n")
    sources = {"photon": "sources: S1\n", "mass": "sources: S9\n", "time": ""}
    notes = [note(key, f"What is {key}?", "Something.", header=header) for key, header in sources.items()]
    file.write_text(HEAD + "".join(notes))
    assert found(check(file)) == []

    report = check(file, *lists)
    assert [(one["key"], one["message"].split(".")[0]) for one in report["findings"]] == [
        ("small", "No note covers B1, “Time”"),
        ("small", "No note covers S2, “Mass, and weight”"),
        ("mass", "No list knows S9"),
        ("time", "The note names no subject"),
    ]
    assert report["errors"] == 4

    file.write_text(file.read_text().replace("S9", "S2").replace("## time\n", "## time\nsources: B1\n"))
    assert found(check(file, *lists)) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,subject\n", "id,subject"),
        ("", "id,subject"),
        ("id,subject\nS1,a\nS1,b\n", "S1 is there twice"),
        ("id,subject\n,b\n", "no id"),
    ],
)
def test_a_bad_list_is_said_in_words(file: Path, tmp_path: Path, content: str, said: str) -> None:
    file.write_text(HEAD + GOOD)
    (tmp_path / "list.csv").write_text(content)
    with pytest.raises(CommandError, match=said):
        call_command("check_deck", str(file), "--coverage", str(tmp_path / "list.csv"), stdout=StringIO())
    with pytest.raises(CommandError, match="can't be read"):
        call_command("check_deck", str(file), "--coverage", str(tmp_path / "none.csv"), stdout=StringIO())


def test_people_read_one_line_a_finding_and_a_count(file: Path) -> None:
    file.write_text(HEAD + GOOD + note("mass", "What is mass?", words(46)))
    said = StringIO()
    call_command("check_deck", str(file), stdout=said)
    first, last = said.getvalue().splitlines()
    line = file.read_text().split("\n").index(words(46)) + 1
    assert first.startswith(f"warning  mass (line {line})  answer: The answer takes about 46 words to say")
    assert last == "0 errors, 1 warning in 2 notes."

    file.write_text(HEAD + GOOD + note("mass", "What is mass?", "$\\foo$"))
    said = StringIO()
    with pytest.raises(CommandError, match="1 error, 0 warnings in 2 notes"):
        call_command("check_deck", str(file), stdout=said)
    assert said.getvalue().startswith("ERROR    mass (line ")


def test_a_deck_of_the_database_is_checked_by_its_id(topic: Topic) -> None:
    make_note(topic, "photon", question="What is a photon?", answer="A quantum of light.")
    make_note(topic, "long", question="What is long?", answer=words(46), position=1)
    make_note(topic, "again", question="what is a PHOTON?", answer="Light.", position=2, reference="A book (1905)")
    report = check("physics")
    assert found(report) == [
        ("warning", "length", "long", "answer"),
        ("error", "duplicate", "again", "question"),
    ]
    assert {one["line"] for one in report["findings"]} == {None}
    assert "photon asks the same" in report["findings"][1]["message"]


def test_a_deck_that_is_imported_already_is_not_in_its_own_way(file: Path) -> None:
    file.write_text(HEAD + GOOD)
    call_command("import_deck", str(file), stdout=StringIO())
    assert found(check(file)) == found(check("small")) == []


def test_there_must_be_something_to_check() -> None:
    with pytest.raises(CommandError, match="no file and no deck “none”"):
        call_command("check_deck", "none")


def test_figures_count_before_they_are_drawn(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "STATICFILES_DIRS", [settings.BASE_DIR / "static"])
    file.write_text(HEAD + note("kink", "What is drawn?", f"![A line with a kink]({FIGURE})"))
    assert found(check(file)) == []
