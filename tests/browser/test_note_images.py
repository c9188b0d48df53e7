"""Pictures and sounds pasted, dropped or chosen while a note is written: uploaded, and shown by their Markdown."""

import re
from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from .conftest import NewPage
from .test_note_editors import FIGURE, OpenForm, RunCommand, form_opener, save, stored, write
from .test_note_toolbar import press, tools

pytestmark = pytest.mark.browser

QUESTION = "#id_question"
SHOWN = r"!\[\]\(/media/[0-9a-f]{40}\.png\)"
HAND_OVER = """(field, [type, files]) => {
    const data = new DataTransfer();
    for (const { name, mime, base64 } of files) {
        const bytes = Uint8Array.from(atob(base64), sign => sign.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: mime }));
    }
    const how = { bubbles: true, cancelable: true };
    if (type === "paste") field.dispatchEvent(new ClipboardEvent("paste", { ...how, clipboardData: data }));
    else field.dispatchEvent(new DragEvent(type, { ...how, dataTransfer: data }));
}"""


@pytest.fixture
def open_form(new_page: NewPage, run_command: RunCommand) -> OpenForm:
    """Return a function that opens the form of a new note of a kind, for an editor."""
    return form_opener(new_page, run_command)


def png(shade: int, size: int = 40) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (size, size), (shade, 120, 200)).save(drawn, "PNG")
    return drawn.getvalue()


def hand_over(field: Locator, how: str, *files: tuple[str, str, bytes]) -> None:
    """Paste or drop files on a field."""
    given = [{"name": name, "mime": mime, "base64": b64encode(data).decode()} for name, mime, data in files]
    field.evaluate(HAND_OVER, [how, given])


def hold_uploads(page: Page) -> list[Route]:
    """Keep what is uploaded from the site until it is let go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/media/", hold)
    return held


def wait_for(page: Page, held: list[Route], count: int) -> None:
    for _ in range(100):
        if len(held) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail("nothing was uploaded")


def test_a_pasted_picture_is_uploaded_shown_and_asks_what_is_seen(
    open_form: OpenForm, run_command: RunCommand
) -> None:
    page = open_form("basic", "pasted")
    page.locator("#id_answer").fill("A cat.")
    question = page.locator(QUESTION)
    held = hold_uploads(page)
    question.press("End")
    hand_over(question, "paste", ("cat [1].png", "image/png", png(1)))
    wait_for(page, held, 1)
    assert re.fullmatch(r"What is this\?\n\n\[Uploading cat 1\.png, \d+\]", question.input_value())
    expect(page.get_by_role("status").get_by_text("Uploading cat [1].png")).to_be_visible()
    held[0].continue_()
    expect(question).to_have_value(re.compile(rf"What is this\?\n\n{SHOWN}"))
    expect(page.get_by_text("Now say what is seen")).to_be_visible()
    page.keyboard.type("A grey cat")
    expect(question).to_have_value(re.compile(r"!\[A grey cat\]\(/media/"))
    picture = page.locator(".note-preview-cards").get_by_role("img", name="A grey cat").first
    expect(picture).to_be_visible()
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 40
    save(page)
    assert stored(run_command, "pasted") == "A cat."


def test_several_are_dropped_and_one_is_refused(open_form: OpenForm, browser_errors_allowed: None) -> None:
    page = open_form("basic", "dropped")
    row, answer = page.locator(".form-row.field-answer"), page.locator("#id_answer")
    files = [
        ("one.png", "image/png", png(2)),
        ("bad.png", "image/png", b"no picture"),
        ("two.png", "image/png", png(3)),
    ]
    hand_over(answer, "dragenter", *files)
    expect(row).to_have_class(re.compile(r"\bnote-drop\b"))
    hand_over(answer, "drop", *files)
    expect(row).not_to_have_class(re.compile(r"\bnote-drop\b"))
    expect(answer).to_have_value(re.compile(rf"^{SHOWN}\s+{SHOWN}$"))
    expect(row.get_by_role("alert")).to_contain_text("bad.png: ")
    hand_over(answer, "drop", ("paper.pdf", "application/pdf", b"%PDF"))
    expect(row.get_by_role("alert")).to_have_text("paper.pdf: Only pictures and sounds can be put in.")


def test_a_chosen_picture_waits_for_a_topic(open_form: OpenForm) -> None:
    page = open_form("basic", "chosen")
    topic = page.get_by_label("Topic")
    topic.select_option("")
    for message, value in (("Choose a topic first", r"What is this\?\s*"), ("", rf"What is this\?\s+{SHOWN}")):
        with page.expect_file_chooser() as chooser:
            press(page, "Picture")
        chooser.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": png(4)})
        if message:
            expect(page.get_by_role("alert").get_by_text(message)).to_be_visible()
        expect(page.locator(QUESTION)).to_have_value(re.compile(value))
        topic.select_option(index=1)


def test_who_types_on_is_not_disturbed_and_saving_waits(open_form: OpenForm, run_command: RunCommand) -> None:
    page = open_form("basic", "types-on")
    held = hold_uploads(page)
    question, answer = page.locator(QUESTION), page.locator("#id_answer")
    answer.focus()
    hand_over(answer, "paste", ("cat.png", "image/png", png(5)))
    wait_for(page, held, 1)
    page.keyboard.type("\n\nAnd more")
    question.press("End")
    page.keyboard.type(" Tell me.")
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_timeout(300)
    assert page.url.endswith("/note/add/")
    held[0].continue_()
    page.wait_for_url("**/decks/note/")
    assert re.fullmatch(rf"{SHOWN}\n\nAnd more", stored(run_command, "types-on"))


def test_a_failed_upload_leaves_the_text_as_it_was(open_form: OpenForm, browser_errors_allowed: None) -> None:
    page = open_form("basic", "cut-off")
    page.route("**/media/", lambda route: route.abort())
    question = page.locator(QUESTION)
    question.fill("")
    hand_over(question, "paste", ("cat.png", "image/png", png(6)))
    expect(page.get_by_role("alert").get_by_text("cat.png: The site can't be reached.")).to_be_visible()
    expect(question).to_have_value("")


def test_a_dropped_picture_is_the_figure(open_form: OpenForm, run_command: RunCommand) -> None:
    page = open_form("occlusion", "figure")
    write(page, f"![A block]({FIGURE})\nhide: one\n1: 10 10 20 20 = a")
    hand_over(page.locator(".occlusion-stage"), "drop", ("body.png", "image/png", png(7, 200)))
    expect(page.get_by_label("Path of the image")).to_have_value(re.compile(r"/media/.*\.png"))
    words = page.get_by_label("What is seen")
    expect(words).to_be_focused()
    page.keyboard.type("A body")
    save(page)
    lines = stored(run_command, "figure").split("\n")
    assert re.fullmatch(r"!\[A body\]\(/media/[0-9a-f]{40}\.png\)", lines[0])
    assert lines[1:] == ["hide: one", "1: 10 10 20 20 = a"]


def test_pictures_in_the_rows_of_a_choice_and_none_where_only_text_stands(open_form: OpenForm) -> None:
    page = open_form("choice", "in-rows")
    option = page.get_by_role("group", name="Option 1").get_by_label("Text")
    option.fill("This:")
    hand_over(option, "paste", ("cat.png", "image/png", png(8)))
    expect(option).to_have_value(re.compile(rf"This:{SHOWN}"))
    page.get_by_label("Kind").select_option("typed")
    page.locator("#id_answer").fill("a")
    hand_over(page.locator("#id_answer"), "drop", ("cat.png", "image/png", png(8)))
    expect(page.get_by_role("alert").get_by_text("cat.png: Only text can stand here.")).to_be_visible()
    expect(page.locator("#id_answer")).to_have_value("a")
    expect(tools(page, "answer").get_by_role("button", name="Picture")).to_be_hidden()
