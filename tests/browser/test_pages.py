"""Every page in Chromium: no fault that axe-core can find, no sideways scroll, nothing in the console."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import NewPage
from .test_studying import begin, place, press_and_wait

pytestmark = pytest.mark.browser

STRANGERS = ["/", "/account/login/", "/account/signup/", "/account/password/reset/", "/nowhere/"]
LEARNERS = [
    "/",
    "/study/deep-learning/",
    "/study/deep-learning/?answer=1",
    "/study/deep-learning/?topic=optimisers",
    "/study/turned/?answer=1",
    "/decks/deep-learning/",
    "/decks/deep-learning/?q=gradient&sort=due",
    "/decks/deep-learning/options/",
    "/history/",
    "/preferences/",
    "/account/",
    "/account/delete/",
]
Scheme = Literal["light", "dark"]


def look_at(page: Page, path: str) -> list[str]:
    """Return what is wrong with a page, a line each."""
    page.goto(path)
    return faults(page, path)


def faults(page: Page, name: str) -> list[str]:
    """Return what is wrong with the page as it stands now, a line each."""
    page.wait_for_function("() => document.getAnimations().every(animation => animation.playState !== 'running')")
    found = Axe().run(page, options={"preload": False})  # preloading sheets would break the pages' policy of content
    wrong = [f"{name}: {fault['id']}: {fault['nodes'][0]['html'][:150]}" for fault in found.response["violations"]]
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width[0] > width[1]:
        wrong.append(f"{name}: {width[0]} px wide in a window of {width[1]}")
    return wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page(new_page: NewPage, browser_errors_allowed: None, width: int, scheme: Scheme) -> None:
    page = new_page(viewport={"width": width, "height": 720}, color_scheme=scheme)
    wrong = [fault for path in STRANGERS for fault in look_at(page, path)]
    begin(page)
    for key in "4312":
        page.keyboard.press("Space")
        press_and_wait(page, key, place(page))
    page.goto("/history/")
    card = page.locator(".history-table a[href*='/cards/']").first.get_attribute("href")
    assert card
    wrong += [fault for path in [*LEARNERS, card] for fault in look_at(page, path)]
    assert wrong == []


def test_the_math_font_is_fetched_only_where_math_is(new_page: NewPage) -> None:
    page = new_page()
    fonts: list[str] = []
    page.on("request", lambda request: fonts.append(request.url) if request.resource_type == "font" else None)
    page.goto("/account/login/")
    page.wait_for_load_state("networkidle")
    assert fonts == []
    begin(page)
    page.wait_for_load_state("networkidle")
    assert page.locator("math").count()
    assert all("STIXTwoMath" in url for url in fonts)
