"""The note form of the admin in Chromium: options in rows, other numbers and an answer to try."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from flashcards.decks.formats.text import parse
from flashcards.decks.kinds.options import read_options

from .conftest import NewPage

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "erin@example.org", "correct horse battery"
NEW_EDITOR = f"""
from django.contrib.auth.models import Group
from flashcards.accounts.models import User
if not User.objects.filter(email="{EMAIL}").exists():
    erin = User.objects.create_user("{EMAIL}", "{PASSWORD}", is_staff=True)
    erin.groups.add(Group.objects.get(name="Editors"))
"""
DECK = settings.BASE_DIR / "fixtures" / "deep-learning.md"
FIGURE = "/static/figures/deep-learning/residual-block.svg"
NUMERIC = (
    "n = 16 to 64\nf = one of 3, 5, 7\nanswer: n - f + 1\nslip: forgot the one = n - f\n  The first place counts too."
)
Scheme = Literal["light", "dark"]
RunCommand = Callable[..., str]
OpenForm = Callable[..., Page]


def form_opener(new_page: NewPage, run_command: RunCommand) -> OpenForm:
    """Return a function that signs an editor in and opens the form of a new note of a kind."""
    run_command("shell", "-v", "0", "-c", NEW_EDITOR)

    def open_page(kind: str, key: str, **options: object) -> Page:
        page = new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        page.goto("/account/login/?next=/admin/decks/note/add/")
        page.locator("[name=login]").fill(EMAIL)
        page.locator("[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/note/add/")
        page.get_by_label("Topic").select_option(index=1)
        page.get_by_label("Key").fill(key)
        page.get_by_label("Kind").select_option(kind)
        page.locator("#id_question").fill("What is this?")
        return page

    return open_page


@pytest.fixture
def open_form(new_page: NewPage, run_command: RunCommand) -> OpenForm:
    """Return a function that opens the form of a new note of a kind, for an editor."""
    return form_opener(new_page, run_command)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/decks/note/")


def stored(run_command: RunCommand, key: str) -> str:
    """The answer of the note as it is stored."""
    ask = f"from flashcards.decks.models import Note; print(Note.objects.get(key='{key}').answer)"
    return run_command("shell", "-v", "0", "-c", ask).strip()


def text(page: Page) -> str:
    return page.locator("#id_answer").input_value()


def write(page: Page, answer: str) -> None:
    """Write the answer as text, then show the editor again."""
    switch = page.get_by_role("checkbox", name="As text")
    switch.check()
    page.locator("#id_answer").fill(answer)
    switch.uncheck()


def type_and_tab(page: Page, *words: str) -> None:
    for each in words:
        page.keyboard.type(each)
        page.keyboard.press("Tab")


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the focus is on what is named so."""
    named = "e => e.ariaLabel || e.labels?.[0]?.innerText.trim() || e.innerText.trim()"
    for _ in range(30):
        if page.evaluate(f"({named})(document.activeElement)") == label:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {label}")


def test_a_choice_note_by_keyboard_only(open_form: OpenForm, run_command: RunCommand) -> None:
    page = open_form("choice", "by-keyboard")
    expect(page.locator("#id_answer")).to_be_hidden()
    page.locator("#id_question").focus()
    tab_to(page, "Text")
    page.keyboard.type("a loss")
    page.keyboard.press("Tab")  # the next row's checkbox
    tab_to(page, "Text")
    type_and_tab(page, "ReLU", "activation for loss", "It is an activation.")
    tab_to(page, "Text")
    type_and_tab(page, "Adam", "", "It is an optimiser.")
    tab_to(page, "Add option")
    page.keyboard.press("Enter")
    page.keyboard.type("a metric")
    page.keyboard.press("Enter")
    page.keyboard.type("gone again")
    page.keyboard.press("Shift+Tab")
    tab_to(page, "Remove option 5")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    tab_to(page, "Move option 4 up")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")  # the focus went with it: up once more
    expected = (
        "- [x] a loss\n- [ ] a metric\n- [ ] ReLU\n  slip: activation for loss\n  why: It is an activation.\n"
        "- [ ] Adam\n  why: It is an optimiser."
    )
    assert text(page) == expected
    expect(page.locator(".note-preview").get_by_text("It is an optimiser.")).to_be_visible()
    page.locator("#id_reference").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/decks/note/")
    assert stored(run_command, "by-keyboard") == expected


def test_right_hides_what_is_for_wrong_ones_and_does_not_lose_it(open_form: OpenForm) -> None:
    page = open_form("choice", "right")
    written = "- [x] a\n- [ ] b\n  slip: c\n  why: d"
    write(page, written)
    row = page.get_by_role("group", name="Option 2")
    row.get_by_label("Right").check()
    expect(row.get_by_label("Slip")).to_be_hidden()
    assert text(page) == "- [x] a\n- [x] b"
    row.get_by_label("Right").uncheck()
    assert text(page) == written


def test_rows_read_and_write_options_as_the_server_does(page: Page) -> None:
    page.goto("/account/login/")
    notes = [note for topic in parse(DECK.read_bytes()).topics for note in topic.notes if note.kind == "choice"]
    again = page.evaluate(
        """async texts => {
            const { readOptions, writeOptions } = await import("/static/js/option-text.js");
            return texts.map(text => writeOptions(readOptions(text)));
        }""",
        [note.answer for note in notes],
    )
    assert len(notes) > 10
    assert [read_options(text, "") for text in again] == [read_options(note.answer, "") for note in notes]


@pytest.mark.parametrize(
    ("kind", "written", "line"),
    [
        ("choice", "- [x] a\nA remark.\n- [ ] b", 2),
        ("choice", "- [x] a\n  why: because", 2),
        ("choice", "- [ ] a\n  why: one\n  why: two", 3),
        ("occlusion", f"![x]({FIGURE})\n1: 90 0 20 5 = outside", 2),
        ("occlusion", f"![x]({FIGURE})\n![y]({FIGURE})", 2),
        ("occlusion", f"![x]({FIGURE})\nhide: some", 2),
    ],
)
def test_text_that_rows_would_lose_stays_text(open_form: OpenForm, kind: str, written: str, line: int) -> None:
    page = open_form(kind, "unreadable")
    write_it = page.get_by_role("checkbox", name="As text")
    write_it.check()
    page.locator("#id_answer").fill(written)
    write_it.click()
    expect(page.locator("#id_answer")).to_be_visible()
    expect(write_it).to_be_checked()
    expect(page.get_by_text(f"Line {line} can't be shown")).to_be_visible()
    assert text(page) == written


def test_the_editor_follows_the_kind(open_form: OpenForm) -> None:
    page = open_form("choice", "follows")
    kind, answer = page.get_by_label("Kind"), page.locator("#id_answer")
    expect(page.get_by_role("group", name="Options")).to_be_visible()
    kind.select_option("occlusion")
    expect(page.get_by_role("group", name="Options")).to_be_hidden()
    expect(page.get_by_role("group", name="Figure and boxes")).to_be_visible()
    expect(answer).to_be_hidden()
    kind.select_option("choice")
    expect(page.get_by_role("group", name="Figure and boxes")).to_be_hidden()
    expect(answer).to_be_hidden()
    kind.select_option("numeric")
    expect(answer).to_be_visible()
    expect(page.get_by_text("A line each: n = 16 to 64 step 4")).to_be_visible()
    expect(page.get_by_label("Numbers")).to_have_accessible_description(re.compile("A line each"))
    kind.select_option("basic")
    expect(page.get_by_text("A line each: n = 16 to 64 step 4")).to_be_hidden()
    assert text(page) == ""


def test_other_numbers_and_a_try(open_form: OpenForm) -> None:
    page = open_form("numeric", "numbers")
    page.locator("#id_question").fill("Width {{n}}, filter {{f}}?")
    page.locator("#id_answer").fill(NUMERIC)
    preview = page.locator(".note-preview-cards")
    question = preview.get_by_text(re.compile(r"Width \d+, filter \d"))
    expect(question).to_be_visible()
    seen = {question.inner_text()}
    for draw in range(2, 6):
        page.get_by_role("button", name="Other numbers").click()
        expect(page.get_by_text(f"Draw {draw}")).to_be_visible()
        seen.add(question.inner_text())
    assert len(seen) > 1

    n, f = map(int, re.findall(r"\d+", question.inner_text()))
    given, verdict = preview.get_by_label("Your answer"), preview.get_by_role("status")
    expect(preview.get_by_role("row", name=re.compile(f"forgot the one {n - f}"))).to_be_visible()
    given.fill(str(n - f))
    expect(verdict).to_contain_text("forgot the one", ignore_case=True)
    expect(verdict).to_contain_text("The first place counts too.")
    given.fill(str(n - f + 1))
    expect(verdict).to_contain_text("Right")
    page.locator("#id_explanation").fill("Because.")
    expect(preview.get_by_text("Because.")).to_be_visible()
    expect(given).to_have_value(str(n - f + 1))


def test_a_choice_is_tried(open_form: OpenForm) -> None:
    page = open_form("choice", "tried")
    write(page, "- [x] a loss\n- [ ] ReLU\n  slip: activation for loss\n  why: It is an activation.")
    preview = page.locator(".note-preview-cards")
    preview.get_by_role("radio", name="ReLU").check()
    verdict = preview.get_by_role("status")
    expect(verdict).to_contain_text("It is an activation.")
    expect(preview.get_by_role("radio", name="ReLU")).to_be_focused()
    preview.get_by_role("radio", name="a loss").check()
    expect(verdict).to_contain_text("Right")


def test_without_javascript_the_text_is_what_there_is(open_form: OpenForm, run_command: RunCommand) -> None:
    page = open_form("choice", "plain", java_script_enabled=False)
    page.locator("#id_answer").fill("- [x] a\n- [ ] b")
    save(page)
    assert stored(run_command, "plain") == "- [x] a\n- [ ] b"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_form_is_usable_by_everyone(open_form: OpenForm, width: int, scheme: Scheme) -> None:
    size = {"width": width, "height": 800}
    page = open_form("choice", "axe", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    answers = {
        "choice": "- [x] a loss\n- [ ] ReLU\n  slip: b\n  why: c",
        "occlusion": f"![A block]({FIGURE})\n1: 10 10 20 20 = a\n2: 50 50 20 20 = b",
        "typed": "a\n! b: c",
        "numeric": NUMERIC,
    }
    wrong = []
    for kind, answer in answers.items():
        page.get_by_label("Kind").select_option(kind)
        switch = page.get_by_role("checkbox", name="As text")
        if switch.is_visible():
            switch.check()
        page.locator("#id_answer").fill(answer)
        if switch.is_visible():
            switch.uncheck()
        expect(page.locator(".note-preview-state")).to_be_empty()
        expect(page.locator(".note-preview-cards article").first).to_be_visible()
        # It would put the shadow tree's sheets into style elements, which the content security policy refuses.
        found = Axe().run(page, options={"preload": False}).response["violations"]
        wrong += [f"{kind}: {fault['id']}: {fault['nodes'][0]['html'][:150]}" for fault in found]
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        wrong += [f"{kind}: {wide} px too wide"] if wide > 0 else []
    assert wrong == []
