"""Saying that something is wrong with a card, from the study page: two clicks, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import NewPage
from .test_studying import begin

pytestmark = pytest.mark.browser


def test_two_presses_say_it_and_the_card_stays(page: Page) -> None:
    begin(page)
    page.goto("/study/deep-learning/")
    place = page.locator("#showing").get_attribute("data-place")
    page.keyboard.press("w")
    page.get_by_role("button", name="The question is unclear").click()
    expect(page.locator("#wrong")).to_contain_text("Thank you")
    page.keyboard.press("Escape")
    expect(page.locator("#wrong")).to_be_hidden()
    assert page.locator("#showing").get_attribute("data-place") == place
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_be_visible()


def test_it_works_without_javascript(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    begin(page)
    page.goto("/study/deep-learning/")
    page.get_by_role("link", name="Something is wrong here").click()
    page.get_by_role("button", name="The answer is wrong").click()
    expect(page.locator("#showing")).to_be_visible()
    expect(page.get_by_text("Thank you.")).to_be_visible()
