"""A whole deck on paper and on a phone: pages of A4, nothing cut off, no fault that axe-core can find."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from flashcards.decks.kinds import all_kinds

from .conftest import NewPage

pytestmark = pytest.mark.browser

ADDRESS = "/decks/deep-learning/print"
A4_INSIDE_ITS_MARGINS = 673  # 210 mm less twice 16 mm, in CSS pixels
LAYOUT_MILLISECONDS = 60_000

# What ends outside the column it stands in, unless something around it scrolls.
TOO_WIDE = """() => {
  const paddingOfAGap = 6;
  const scrolls = (element) => getComputedStyle(element).overflowX !== "visible";
  const wide = [];
  for (const column of document.querySelectorAll(".print-head, .print-side")) {
    const box = column.getBoundingClientRect();
    for (const element of column.querySelectorAll("*")) {
      const { left, right } = element.getBoundingClientRect();
      if (left >= box.left - paddingOfAGap && right <= box.right + paddingOfAGap) continue;
      let around = element.parentElement;
      while (around !== column && !scrolls(around)) around = around.parentElement;
      if (around === column) wide.push([element.localName, column.innerText.slice(0, 60), right - box.right]);
    }
  }
  return wide;
}"""


@pytest.fixture
def printed(new_page: NewPage) -> Page:
    """The built-in deck's page to print, as somebody meets it who prefers the dark."""
    page = new_page(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    page.set_default_timeout(LAYOUT_MILLISECONDS)
    page.goto(ADDRESS)
    return page


def is_as_wide_as_its_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_it_prints_on_pages_of_a4_and_nothing_is_cut_off(printed: Page) -> None:
    printed.set_viewport_size({"width": A4_INSIDE_ITS_MARGINS, "height": 1000})
    printed.emulate_media(media="print", color_scheme="dark")
    assert printed.evaluate(TOO_WIDE) == []
    assert is_as_wide_as_its_window(printed)
    # On paper nothing scrolls: what would is cut off.
    assert (
        printed.evaluate(
            """() => [...document.querySelectorAll(".print-page *")]
          .filter((element) => ["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX))
          .filter((element) => !element.matches(".visually-hidden") && element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.outerHTML.slice(0, 100))"""
        )
        == []
    )
    pdf = printed.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= printed.locator(".print-topic").count()
    width, height = (float(side) for side in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)


def test_it_fits_a_phone(printed: Page) -> None:
    printed.set_viewport_size({"width": 390, "height": 844})
    assert printed.evaluate(TOO_WIDE) == []
    assert is_as_wide_as_its_window(printed)


@pytest.mark.parametrize("media", ["screen", "print"])
def test_it_is_black_on_white_in_the_dark(printed: Page, media: str) -> None:
    printed.emulate_media(media=media, color_scheme="dark")  # type: ignore[arg-type]
    colours = printed.evaluate(
        """() => [getComputedStyle(document.querySelector(".print-answer .card-content")).color,
                  getComputedStyle(document.documentElement).getPropertyValue("--page")]"""
    )
    assert colours == ["rgb(0, 0, 0)", "#fff"]


def test_it_has_no_fault_that_axe_can_find(printed: Page) -> None:
    # Some notes of each kind stand for all: axe-core takes a minute over the whole deck.
    kinds = printed.evaluate(
        """() => {
          const seen = {};
          for (const note of document.querySelectorAll(".print-note")) {
            const kind = note.querySelector(".print-margin p").innerText;
            seen[kind] = (seen[kind] ?? 0) + 1;
            if (seen[kind] > 3) note.remove();
          }
          return Object.keys(seen).length;
        }"""
    )
    assert kinds == len(all_kinds())
    found = Axe().run(printed)
    assert [(fault["id"], fault["nodes"][0]["html"][:150]) for fault in found.response["violations"]] == []


def test_contents_lead_to_topics(printed: Page) -> None:
    link = printed.locator(".print-contents a").last
    title = link.inner_text()
    link.click()
    expect(printed.get_by_role("heading", name=title, level=2)).to_be_in_viewport()
