"""The tools above the written fields of a note, the keys that save it and how wide its cards are shown."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from .conftest import NewPage
from .test_note_editors import OpenForm, RunCommand, Scheme, form_opener, stored

pytestmark = pytest.mark.browser

QUESTION = "#id_question"
APPLY = """async ([tool, text]) => {
    const marks = await import("/static/js/note-marks.js");
    const [start, end] = [text.indexOf("["), text.indexOf("]") - 1];
    const value = text.replace("[", "").replace("]", "");
    const makes = { bold: marks.around("**"), italic: marks.around("*"), formula: marks.around("$", false), ...marks };
    const { start: from, end: to, text: put, from: first, to: last } = makes[tool](value, start, end, tool === "same");
    const made = value.slice(0, from) + put + value.slice(to);
    return `${made.slice(0, first)}[${made.slice(first, last)}]${made.slice(last)}`;
}"""


@pytest.fixture
def open_form(new_page: NewPage, run_command: RunCommand) -> OpenForm:
    """Return a function that opens the form of a new note of a kind, for an editor."""
    return form_opener(new_page, run_command)


def tools(page: Page, field: str) -> Locator:
    return page.get_by_role("toolbar", name=f"Tools for the {field}")


def press(page: Page, name: str, field: str = "question") -> None:
    tools(page, field).get_by_role("button", name=name, exact=True).click()


def select(page: Page, start: int, end: int, field: str = QUESTION) -> None:
    page.locator(field).evaluate("(text, [start, end]) => text.setSelectionRange(start, end)", [start, end])


MADE = [
    ("bold", "a [b] c", "a **b**[] c"),
    ("bold", "a [ b ] c", "a  **b**[]  c"),
    ("bold", "a []", "a **[]**"),
    ("bold", "a **[]**", "a []"),
    ("bold", "a **b[]** c", "a **b**[] c"),
    ("bold", "a **[b]** c", "a [b] c"),
    ("bold", "a [**b**] c", "a [b] c"),
    ("bold", "[- one\n\n2. two]", "- **one**\n\n2. **two**[]"),
    ("italic", "a **[b]** c", "a ***b*[]** c"),
    ("italic", "a ***[b]*** c", "a **[b]** c"),
    ("code", "[a`b]", "``a`b``[]"),
    ("formula", "[a\nb]", "$a\nb$[]"),
    ("formula", "[]", "$[]$"),
    ("formulaApart", "a [x] b", "a \n\n$$x$$[]\n\n b"),
    ("formulaApart", "a\n\n[]", "a\n\n$$[]$$"),
    ("codeBlock", "a\n[```]", "a\n\n````\n```\n````[]"),
    ("codeBlock", "[]", "```\n[]\n```"),
    ("gap", "a [b] {{c2::c}}", "a {{c3::b}}[] {{c2::c}}"),
    ("gap", "[]", "{{c1::[]}}"),
    ("list", "a\nb[]", "a\n\n- b[]"),
    ("list", "[a\n\nb]", "- a\n\n- b[]"),
    ("list", "[- a\n- b]", "a\nb[]"),
    ("list", "[]", "- []"),
    ("list", "- a\n[]b", "- a\n- b[]"),
    ("link", "a [b]", "a <b>([https://])"),
    ("link", "[https://example.org/a]", "<[]>(https://example.org/a)"),
]
"""Tool, text with its selection in brackets, and both afterwards; < and > stand for the brackets of a link."""


def test_what_each_tool_makes_of_a_text(page: Page) -> None:
    page.goto("/account/login/")
    made = [(tool, before, page.evaluate(APPLY, [tool, before])) for tool, before, _ in MADE]
    assert made == [(tool, before, after.replace("<", "[").replace(">", "]")) for tool, before, after in MADE]


def test_marks_keep_the_focus_and_undo_takes_each_back(open_form: OpenForm) -> None:
    page = open_form("basic", "marks")
    page.locator("#id_answer").fill("A.")
    question = page.locator(QUESTION)
    question.fill("one two")
    select(page, 4, 7)
    press(page, "Bold")
    expect(question).to_have_value("one **two**")
    expect(question).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(question).to_have_value("one two")
    page.keyboard.press("ControlOrMeta+Shift+z")
    expect(question).to_have_value("one **two**")
    page.keyboard.press("End")
    page.keyboard.type(" and ")
    page.keyboard.press("ControlOrMeta+m")
    page.keyboard.type("x^2")
    expect(question).to_have_value("one **two** and $x^2$")
    expect(page.locator(".note-preview-cards math").first).to_be_visible()


def test_gaps_are_numbered_by_the_keys_of_anki(open_form: OpenForm) -> None:
    page = open_form("cloze", "gaps")
    question = page.locator(QUESTION)
    question.fill("Paris is in France, Rome in Italy")
    select(page, 0, 5)
    page.keyboard.press("Control+Shift+c")
    expect(question).to_have_value("{{c1::Paris}} is in France, Rome in Italy")
    value = question.input_value()
    select(page, value.index("Rome"), value.index("Rome") + 4)
    page.keyboard.press("Control+Alt+Shift+c")
    value = question.input_value()
    assert "{{c1::Rome}}" in value
    select(page, value.index("Italy"), value.index("Italy") + 5)
    press(page, "Gap")
    expect(question).to_have_value("{{c1::Paris}} is in France, {{c1::Rome}} in {{c2::Italy}}")
    expect(page.locator(".note-preview-cards article")).to_have_count(2)


def test_only_tools_that_mean_something(open_form: OpenForm) -> None:
    page = open_form("basic", "tools")
    expected = {
        "basic": ("Table", {"Gap"}, None),
        "cloze": ("Gap", set(), None),
        "typed": ("Table", {"Gap"}, ["Formula"]),
        "numeric": ("Table", {"Gap"}, ["Formula"]),
        "choice": ("Table", {"Gap"}, ["Bold", "Italic", "Code", "Formula", "Link", "Picture"]),
        "occlusion": ("Table", {"Gap"}, ["Picture"]),
    }

    def shown(field: str) -> list[str]:
        buttons = tools(page, field).get_by_role("button").all()
        return [str(each.get_attribute("aria-label")) for each in buttons]

    for kind, (there, absent, answer) in expected.items():
        page.get_by_label("Kind").select_option(kind)
        assert there in shown("question")
        assert not absent & set(shown("question"))
        assert "Gap" not in shown("explanation")
        if answer is not None:
            assert shown("answer") == answer


def test_the_toolbar_by_keyboard(open_form: OpenForm) -> None:
    page = open_form("basic", "keyboard")
    page.locator(QUESTION).focus()
    page.keyboard.press("Shift+Tab")
    bold = tools(page, "question").get_by_role("button", name="Bold")
    expect(bold).to_be_focused()
    page.keyboard.press("End")
    expect(tools(page, "question").get_by_role("button", name="Sound")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(bold).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(QUESTION)).to_be_focused()
    page.keyboard.type("so")
    assert "*so*" in page.locator(QUESTION).input_value()
    page.keyboard.press("Shift+Tab")
    expect(tools(page, "question").get_by_role("button", name="Italic")).to_be_focused()


def test_a_table_of_the_size_asked_for(open_form: OpenForm) -> None:
    page = open_form("basic", "table")
    page.locator("#id_answer").fill("A.")
    question = page.locator(QUESTION)
    question.fill("Which?")
    press(page, "Table")
    dialog = page.get_by_role("dialog", name="A table")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(question).to_be_focused()
    expect(question).to_have_value("Which?")
    press(page, "Table")
    expect(dialog.get_by_label("Rows")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(question).to_be_focused()
    page.keyboard.type("A")
    row = "|    |    |    |"
    expect(question).to_have_value(f"Which?\n\n| A   |    |    |\n| --- | --- | --- |\n{row}")
    assert page.url.endswith("/note/add/")
    expect(page.locator(".note-preview-cards table")).to_be_visible()


def test_tools_of_a_choice_work_in_the_row_that_one_writes_in(open_form: OpenForm) -> None:
    page = open_form("choice", "rows")
    second = page.get_by_role("group", name="Option 2").get_by_label("Text")
    second.fill("x + 1")
    second.press("ControlOrMeta+a")
    press(page, "Formula", "answer")
    expect(second).to_have_value("$x + 1$")
    expect(second).to_be_focused()
    assert "- [ ] $x + 1$" in page.locator("#id_answer").input_value()


def test_keys_save_and_begin_another(open_form: OpenForm, run_command: RunCommand) -> None:
    page = open_form("choice", "by-keys")
    for number, words in ((1, "yes"), (2, "no")):
        page.get_by_role("group", name=f"Option {number}").get_by_label("Text").fill(words)
    page.keyboard.press("ControlOrMeta+Enter")
    page.wait_for_url("**/note/add/")
    expect(page.locator(QUESTION)).to_have_value("")
    assert stored(run_command, "by-keys") == "- [x] yes\n- [ ] no"
    page.get_by_label("Topic").select_option(index=1)
    page.get_by_label("Key").fill("by-other-keys")
    page.locator(QUESTION).fill("Q?")
    page.locator("#id_answer").fill("A.")
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_url("**/decks/note/")
    assert stored(run_command, "by-other-keys") == "A."


def test_cards_as_wide_as_on_a_phone_or_a_desk(open_form: OpenForm) -> None:
    page = open_form("basic", "widths")
    page.locator("#id_answer").fill("A.")
    card = page.locator(".note-preview-cards article").first
    expect(card).to_be_visible()
    width = "card => card.offsetWidth"
    assert card.evaluate(width) == 360
    page.get_by_role("radio", name="Desktop").check()
    assert card.evaluate(width) == 704
    box = card.bounding_box()
    assert box
    assert box["width"] < 500
    page.reload()
    expect(page.get_by_role("radio", name="Desktop")).to_be_checked()


def test_on_a_phone_a_link_leads_to_the_cards(open_form: OpenForm) -> None:
    page = open_form("basic", "jump", viewport={"width": 390, "height": 800})
    page.locator("#id_answer").fill("A.")
    link = page.get_by_role("link", name="See the cards")
    expect(link).to_be_in_viewport()
    link.click()
    expect(page.locator(".note-preview-cards article").first).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_tools_are_usable_by_everyone(open_form: OpenForm, width: int, scheme: Scheme) -> None:
    size = {"width": width, "height": 800}
    touch = {"has_touch": True, "is_mobile": True} if width < 800 else {}
    page = open_form("cloze", "axe-tools", viewport=size, color_scheme=scheme, reduced_motion="reduce", **touch)
    press(page, "Table")
    expect(page.get_by_role("dialog", name="A table")).to_be_visible()
    wrong = [fault["id"] for fault in Axe().run(page, options={"preload": False}).response["violations"]]
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    if width < 800:
        sizes = (
            tools(page, "question")
            .get_by_role("button")
            .evaluate_all("all => all.map(each => Math.min(each.offsetWidth, each.offsetHeight))")
        )
        assert min(sizes) >= 44


def test_the_decks_own_page_has_the_same(open_form: OpenForm, run_command: RunCommand) -> None:
    page = open_form("basic", "left")
    page.goto("/decks/turned/notes/new/")
    page.get_by_label("Topic", exact=True).select_option(index=1)
    page.locator(QUESTION).fill("one two")
    page.locator("#id_answer").fill("A draft.")
    select(page, 0, 3)
    press(page, "Bold")
    expect(page.locator(QUESTION)).to_have_value("**one** two")
    page.reload()  # typed values come back, or the draft is offered: nothing is lost either way
    if page.locator(QUESTION).input_value() == "":
        page.get_by_role("button", name="Take them up").click()
    expect(page.locator(QUESTION)).to_have_value("**one** two")
    page.get_by_text("More: ").click()
    page.get_by_label("Key").fill("on-the-site")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert stored(run_command, "on-the-site") == "A draft."
    kept = "Object.keys(localStorage).filter(key => key.includes('/turned/')).length"
    assert page.evaluate(kept) == 0
    page.locator(QUESTION).fill("Is it not 2?")
    expect(page.get_by_text("The change looks like one of meaning.")).to_be_visible()
    page.locator(QUESTION).fill("**one** two.")
    expect(page.get_by_text("The change looks like one of wording.")).to_be_visible()
