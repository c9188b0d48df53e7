"""Cards that ask, in a real browser: by keyboard, by thumb, without JavaScript, over a network that fails."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from .conftest import NewPage
from .test_pages import faults
from .test_studying import begin, counts, place, press_and_wait

pytestmark = pytest.mark.browser

RIGHT: dict[str, list[str] | str] = {
    "optimiser": ["Adam"],
    "gates": ["an LSTM", "a GRU"],
    "size of a step": "Step-Size",
}


def ask(page: Page) -> None:
    begin(page)
    page.goto("/study/asking/")


def question(page: Page) -> str:
    return page.locator("#question").inner_text()


def the_sum(page: Page) -> int:
    return sum(int(number.text_content() or "") for number in page.locator("#question mn").all())


def right_answer(page: Page) -> list[str] | str:
    """What is right for the card on show: options, or what to type."""
    if page.locator("#given").count() and page.locator("#question mn").count():
        return str(the_sum(page))
    return next(answer for words, answer in RIGHT.items() if words in question(page))


def answer_by_keyboard(page: Page, answer: list[str] | str) -> None:
    if isinstance(answer, str):
        expect(page.locator("#given")).to_be_focused()
        page.keyboard.type(answer)
        page.keyboard.press("Enter")
        return
    for words in answer:
        option = page.locator(".option", has_text=words)
        page.keyboard.press(option.locator("kbd").inner_text())
    if page.locator("#check").count():
        page.keyboard.press("Enter")


def test_every_kind_by_keyboard_only(page: Page, run_command: Callable[..., str]) -> None:
    ask(page)
    for _ in range(4):
        before = place(page)
        answer_by_keyboard(page, right_answer(page))
        expect(page.locator(".verdict")).to_contain_text("Right")
        expect(page.locator("#answer")).to_be_focused()
        expect(page.locator("[data-proposed]")).to_have_attribute("value", "4")
        press_and_wait(page, "Enter", before)
    expect(page.locator(".occlusion .asked")).to_have_count(1)
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_contain_text("the first")
    expect(page.locator(".occlusion .covered")).to_be_hidden()
    page.goto("/history/")
    assert page.locator(".history-table tbody tr").count() == 4
    assert run_command("verify") == ""


def test_what_is_wrong_is_told_and_can_be_overruled(page: Page, run_command: Callable[..., str]) -> None:
    ask(page)
    before = place(page)
    answer_by_keyboard(page, ["dropout"])
    expect(page.locator(".verdict")).to_contain_text("takes regularisation for optimisation")
    expect(page.locator(".option.is-wrong")).to_contain_text("Dropout changes the network")
    expect(page.locator("#grades button")).to_have_count(1)
    page.reload()
    expect(page.locator("#grades button")).to_have_count(1)
    page.keyboard.press("o")
    expect(page.locator(".verdict")).to_contain_text("Counted as right")
    press_and_wait(page, "Space", before)
    back = place(page)
    press_and_wait(page, "z", back)
    assert place(page) == before
    expect(page.locator(".verdict")).to_contain_text("Counted as right")
    assert run_command("verify") == ""


def test_what_cannot_be_read_stays_in_the_field(page: Page, browser_errors_allowed: None) -> None:
    ask(page)
    for _ in range(2):
        page.keyboard.press("x")
        expect(page.locator(".verdict")).to_be_visible()
        press_and_wait(page, "Enter", place(page))
    asked = question(page)
    page.keyboard.type("a lot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert question(page) == asked
    field = page.locator("#given")
    expect(field).to_have_value("a lot")
    field.fill(f"{the_sum(page) - 1} + 1")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_contain_text("Right")


def test_an_answer_outlives_a_broken_connection(page: Page, browser_errors_allowed: None) -> None:
    ask(page)
    page.route("**/give/", lambda route: route.abort())
    page.locator(".option", has_text="Adam").click()
    expect(page.locator("#sending")).to_be_visible()
    page.unroute("**/give/")
    page.locator(".option", has_text="Adam").click()
    expect(page.locator(".verdict")).to_contain_text("Right")
    expect(page.locator("#sending")).to_be_hidden()


def test_it_works_without_javascript(new_page: NewPage, run_command: Callable[..., str]) -> None:
    page = new_page(java_script_enabled=False)
    ask(page)
    total = sum(counts(page))
    page.get_by_role("button", name="Adam").click()
    expect(page.locator(".verdict")).to_contain_text("Right")
    page.get_by_role("button", name=re.compile("^Easy")).click()
    for words in RIGHT["gates"]:
        page.get_by_label(words).check()
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name=re.compile("^Easy")).click()
    page.get_by_label("Your answer").fill("never")
    page.keyboard.press("Enter")
    expect(page.get_by_text("read as a number")).to_be_visible()
    page.get_by_label("Your answer").fill(str(the_sum(page)))
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name=re.compile("^Easy")).click()
    page.get_by_role("button", name="I don’t know").click()
    page.get_by_role("button", name="Count it as right").click()
    page.get_by_role("button", name=re.compile("^Easy")).click()
    expect(page.locator(".verdict")).to_have_count(0)
    assert sum(counts(page)) == total - 4
    assert run_command("verify") == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_kind_has_no_fault_and_fits(new_page: NewPage, width: int, scheme: Literal["light", "dark"]) -> None:
    page = new_page(viewport={"width": width, "height": 640}, color_scheme=scheme)
    ask(page)
    wrong: list[str] = []
    for _ in range(4):
        before = place(page)
        wrong += faults(page, f"asking {question(page)[:20]}")
        small = [
            box for box in (each.bounding_box() for each in page.locator(".option, .showing-foot button").all()) if box
        ]
        assert all(min(box["height"], box["width"]) >= 44 for box in small)
        page.locator("button[name=skip]").click()
        expect(page.locator(".verdict")).to_be_visible()
        wrong += faults(page, f"told {question(page)[:20]}")
        page.get_by_role("button", name="Count it as right").click()
        expect(page.locator("#grades button")).to_have_count(4)
        press_and_wait(page, "4", before)
    wrong += faults(page, "occlusion")
    assert wrong == []


def test_a_topic_of_the_built_in_deck_to_its_end(page: Page, run_command: Callable[..., str]) -> None:
    begin(page)
    page.goto("/study/deep-learning/?topic=outputs-losses")
    seen: set[str] = set()
    while page.locator("#ask, #grades").count():
        before = place(page)
        seen.add(
            page.evaluate(
                "document.querySelector('#ask') ? document.querySelector('#given')?.id ?? 'options' : 'turned'"
            )
        )
        if page.locator("#ask").count():
            page.locator("button[name=skip]").click()
            expect(page.locator(".verdict")).to_be_visible()
            page.keyboard.press("o")
            expect(page.locator("#grades button")).to_have_count(4)
        else:
            page.keyboard.press("Space")
        press_and_wait(page, "4", before)
    assert seen == {"given", "options", "turned"}
    assert run_command("verify") == ""
