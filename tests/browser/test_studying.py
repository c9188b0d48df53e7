"""Studying in a real browser: by keyboard, by thumb, without JavaScript, over a network that fails."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import NewPage

pytestmark = pytest.mark.browser


def begin(page: Page) -> None:
    """Begin as a guest, with the mouse, and go on to the deck whose cards are only turned over."""
    page.goto("/")
    page.get_by_role("button", name="Try it now").click()
    page.wait_for_url("**/study/**")
    page.goto("/study/turned/")


def place(page: Page) -> str:
    """Which card is on show, and which showing of it."""
    return page.locator("#showing").get_attribute("data-place") or ""


def counts(page: Page) -> tuple[int, ...]:
    return tuple(int(number) for number in page.locator(".counts b").all_inner_texts())


def press_and_wait(page: Page, key: str, before: str) -> None:
    """Press a key that changes the card on show, and wait until it has."""
    page.keyboard.press(key)
    page.wait_for_function("was => document.querySelector('#showing').dataset.place !== was", arg=before)


def test_ten_cards_by_keyboard_only_then_sign_up_and_keep_them(page: Page, run_command: Callable[..., str]) -> None:
    page.goto("/")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Try it now":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/study/**")
    page.goto("/study/turned/")
    answer = page.locator("#answer")
    for number in range(10):
        before = place(page)
        expect(answer).to_be_hidden()
        page.keyboard.press("Space")
        expect(answer).to_be_visible()
        press_and_wait(page, "4" if number % 2 else "3", before)
        if number == 4:
            here = place(page), counts(page)
            page.reload()
            assert (place(page), counts(page)) == here
    here = place(page), counts(page)
    press_and_wait(page, "z", place(page))
    assert sum(counts(page)) >= sum(here[1])
    page.keyboard.press("Space")
    press_and_wait(page, "4", place(page))
    page.goto("/account/signup/")
    page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).fill("learner@example.org")
    page.get_by_label(re.compile("^password", re.IGNORECASE)).fill("a long enough phrase")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "signup" not in url)
    page.goto("/history/")
    assert page.locator(".history-table tbody tr").count() == 10
    assert run_command("verify") == ""


def test_the_answer_is_hidden_from_screen_readers_until_shown(page: Page) -> None:
    begin(page)
    assert "Answer" not in page.locator("#showing").aria_snapshot().replace("Show answer", "")
    page.keyboard.press("Space")
    assert 'heading "Answer"' in page.locator("#showing").aria_snapshot()


def test_a_held_key_and_a_double_click_grade_one_card(page: Page, run_command: Callable[..., str]) -> None:
    begin(page)
    total = sum(counts(page))
    page.keyboard.press("Space")
    before = place(page)
    page.keyboard.down("4")
    page.keyboard.down("4")
    page.keyboard.down("4")
    page.keyboard.up("4")
    page.wait_for_function("was => document.querySelector('#showing').dataset.place !== was", arg=before)
    assert sum(counts(page)) == total - 1
    page.locator("#reveal").click()
    before = place(page)
    page.locator("#grades .grade-4").dblclick()
    page.wait_for_function("was => document.querySelector('#showing').dataset.place !== was", arg=before)
    page.reload()
    assert sum(counts(page)) == total - 2
    assert run_command("verify") == ""


def test_suspend_bury_star_undo_and_the_keys(page: Page) -> None:
    begin(page)
    first, total = place(page), sum(counts(page))
    page.keyboard.press("f")
    star = page.get_by_role("button", name="Star this card")
    expect(star).to_have_attribute("aria-pressed", "true")
    press_and_wait(page, "s", first)
    assert sum(counts(page)) == total - 1
    press_and_wait(page, "b", place(page))
    assert sum(counts(page)) == total - 2
    press_and_wait(page, "z", place(page))
    press_and_wait(page, "z", place(page))
    assert (place(page), sum(counts(page))) == (first, total)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Space")
    page.keyboard.press("i")
    expect(page.locator("#why")).to_be_visible()


def test_a_grade_outlives_a_broken_connection(new_page: NewPage, browser_errors_allowed: None) -> None:
    page = new_page()
    begin(page)
    total = sum(counts(page))
    page.keyboard.press("Space")
    before = place(page)
    page.route("**/answer/", lambda route: route.abort())
    page.keyboard.press("4")
    expect(page.locator("#sending")).to_be_visible()
    assert place(page) == before
    page.unroute("**/answer/")
    page.wait_for_function(
        "was => document.querySelector('#showing').dataset.place !== was", arg=before, timeout=20_000
    )
    assert sum(counts(page)) == total - 1
    expect(page.locator("#sending")).to_be_hidden()


def test_a_second_tab_is_told_and_counts_nothing_twice(new_page: NewPage, browser_errors_allowed: None) -> None:
    one = new_page()
    begin(one)
    other = one.context.new_page()
    other.goto(one.url)
    total = sum(counts(one))
    for page in (one, other):
        page.keyboard.press("Space")
        before = place(page)
        press_and_wait(page, "4", before)
    expect(other.get_by_text("already graded")).to_be_visible()
    assert sum(counts(other)) == total - 1


def test_the_back_button_shows_what_is_true(page: Page) -> None:
    begin(page)
    page.keyboard.press("Space")
    press_and_wait(page, "4", place(page))
    here = place(page)
    page.goto("/")
    page.go_back()
    page.wait_for_function("is => document.querySelector('#showing')?.dataset.place === is", arg=here)


def test_it_works_without_javascript(new_page: NewPage, run_command: Callable[..., str]) -> None:
    page = new_page(java_script_enabled=False)
    begin(page)
    total = sum(counts(page))
    for done in range(3):
        assert sum(counts(page)) == total - done
        expect(page.locator("#answer")).to_be_hidden()
        page.get_by_role("link", name="Show answer").click()
        expect(page.locator("#answer")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Easy")).click()
    page.get_by_role("button", name="Undo").first.click()
    assert sum(counts(page)) == total - 2
    assert run_command("verify") == ""


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_grades_are_under_the_thumb(new_page: NewPage, width: int) -> None:
    height = 640
    page = new_page(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    begin(page)
    page.locator("#reveal").tap()
    boxes = [grade.bounding_box() for grade in page.locator(".grade").all()]
    assert len(boxes) == 4
    for box in boxes:
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44
        assert box["y"] >= height * 2 / 3 - box["height"]
        assert box["y"] + box["height"] <= height
    assert len({round(box["y"]) for box in boxes if box}) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_flip_honours_reduced_motion(new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    begin(page)
    page.keyboard.press("Space")
    moving = page.evaluate("""() => document.getAnimations().filter(animation =>
        animation.effect.getTiming().duration > 1
        && animation.effect.getKeyframes().some(frame => "transform" in frame || "opacity" in frame)).length""")
    assert moving == 0


def test_a_whole_topic_to_its_end(page: Page) -> None:
    begin(page)
    page.goto(page.url.split("?")[0].replace("/study/", "/decks/"))
    page.locator("a[href*='topic=']").first.click()
    page.wait_for_url("**topic=**")
    while page.locator("#reveal").count():
        before = place(page)
        page.keyboard.press("Space")
        press_and_wait(page, "4", before)
    expect(page.locator(".chart").first).to_be_visible()
    expect(page.get_by_text(re.compile("tomorrow|Nothing|in \\d+ days")).first).to_be_visible()


SEND_AT_ONCE = """async fresh => {
    const form = document.querySelector("#grades");
    const answers = Array.from({length: 8}, () => {
        const body = new FormData(form);
        body.set("rating", "4");
        if (fresh) body.set("answer_id", crypto.randomUUID());
        return fetch(form.action, {method: "POST", body, headers: {"HX-Request": "true"}});
    });
    return (await Promise.all(answers)).map(answer => answer.status).sort();
}"""


@pytest.mark.parametrize("fresh", [False, True])
def test_eight_answers_at_once_count_as_one(
    page: Page, browser_errors_allowed: None, run_command: Callable[..., str], fresh: bool
) -> None:
    begin(page)
    total = sum(counts(page))
    statuses = page.evaluate(SEND_AT_ONCE, fresh)
    assert statuses == ([200] + [409] * 7 if fresh else [200] * 8)
    page.reload()
    assert sum(counts(page)) == total - 1
    page.goto("/history/")
    assert page.locator(".history-table tbody tr").count() == 1
    assert run_command("verify") == ""
