"""Pages where decks are made, edited, imported and exported, for a deck's owner: each of them, and a way through."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from .conftest import NewPage
from .decks import ASKING
from .test_classes import sign_up
from .test_pages import Scheme, faults

pytestmark = pytest.mark.browser

ANOTHER = ASKING.replace("title: Asking", "title: Mine to edit") + (
    "\n## a-gap\nkind: cloze\n\n{{c1::Paris}} is in {{c2::France}}, and $e^{i\\pi} = -1$.\n"
    "\n## one-of-two\n\nWhat is $\\nabla_\\theta L$?\n\n---\n\nA gradient.\n"
    "\n## two-of-two\n\nWhat is $\\nabla_\\theta L$?\n\n---\n\nThe *gradient* of the loss.\n"
)
PASTED = "SGD\tstochastic gradient descent\nReLU\t$\\max(0, x)$\nCNN\tconvolutional network"


def upload(page: Page, name: str, text: str) -> None:
    """Upload a text as a file with this name, and wait until it has been looked at."""
    page.goto("/decks/import/")
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=text.encode())
    page.get_by_label("A file").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name=re.compile("What is in it|It could not be imported"))).to_be_visible()


class Looker:
    """Looks at pages and keeps what is wrong with them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []

    def look(self, name: str) -> None:
        """Look at the page as it stands."""
        self.wrong += faults(self.page, name)

    def open(self, *paths: str) -> None:
        """Open pages and look at each."""
        for path in paths:
            self.page.goto(path)
            self.look(path)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_every_page_of_a_decks_owner(
    new_page: NewPage, browser_errors_allowed: None, width: int, scheme: Scheme
) -> None:
    page = new_page(viewport={"width": width, "height": 720}, color_scheme=scheme, reduced_motion="reduce")
    sign_up(page)
    looker = Looker(page)
    looker.open("/decks/new/", "/decks/import/")
    upload(page, "x.apkg", "This is no package.")
    looker.look("import that failed")
    upload(page, "terms.csv", "term,meaning\nSGD,a way to learn\nReLU,$\\frac{1$\n")
    looker.look("a table with an error")
    upload(page, "list.txt", "What is SGD?\nA way to learn.\nWhat is a CNN?\nA network.\nWith filters.\n")
    looker.look("a list to part")
    upload(page, "mine.md", ANOTHER)
    looker.look("preview")
    page.get_by_role("button", name="Import 8 notes").click()
    page.get_by_role("link", name="Look at the notes").wait_for()
    looker.look("imported")
    page.get_by_role("link", name="Look at the notes").click()
    notes = page.url.split("?")[0]
    here = notes.removesuffix("notes/")
    looker.look("notes")
    links = {
        str(link.get_attribute("href")): link.inner_text() for link in page.locator(".note-rows .note-line").all()
    }
    assert all("\\" not in words and "$" not in words for words in links.values())
    page.get_by_role("checkbox", name="Choose What is ∇").first.check()
    page.get_by_role("button", name="Change the ticked notes").click()
    looker.look("change many")
    page.get_by_label("Find", exact=True).fill("What")
    page.get_by_role("button", name="See what changes").first.click()
    expect(page.get_by_role("button", name="Do it")).to_be_visible()
    looker.look("what would change")
    pages = ("settings", "delete", "duplicates", "changes", "export", "suggestions", "health", "notes/new")
    looker.open(*(f"{here}{each}/" for each in pages), "/suggestions/", f"{notes}?q=nothing")
    for path in list(links)[:6]:
        page.goto(path)
        expect(page.locator(".note-preview-cards article").first).to_be_visible()
        looker.look(path)
    looker.open(f"{next(iter(links))}history/")
    page.goto(here)
    card = str(page.locator("a[href*='/cards/']").first.get_attribute("href"))
    looker.open(f"{card}suggest/", f"{here}health/{card.split('/')[-2]}/")
    page.goto(f"{card}suggest/")
    page.get_by_role("button", name="The question is unclear").click()
    page.goto(f"{here}suggestions/")
    looker.look("a suggestion waits")
    page.locator(".suggestion-note").first.click()
    looker.look("a suggestion")
    assert looker.wrong == []


def test_a_member_makes_a_deck_fills_it_studies_it_and_takes_it_away(page: Page, tmp_path: Path) -> None:
    sign_up(page)
    page.goto("/")
    page.get_by_role("link", name="New deck").click()
    page.get_by_label("Title").fill("Learning machines")
    page.get_by_role("button", name="Make the deck").click()
    page.get_by_role("link", name="Write the first note").click()
    page.get_by_label("Or a new topic").fill("Steps")
    question = page.locator("#id_question")
    question.fill("What is ")
    question.press("End")
    page.get_by_role("toolbar", name="Tools for the question").get_by_role(
        "button", name="Formula", exact=True
    ).click()
    page.keyboard.type("x^2")
    expect(question).to_have_value("What is $x^2$")
    page.locator("#id_answer").fill("A square.")
    expect(page.locator(".note-preview-cards math").first).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.get_by_role("link", name="Import and export").click()
    page.get_by_role("link", name="Import into this deck").click()
    page.get_by_text("Or paste a list").click()
    page.get_by_label("Terms and definitions").fill(PASTED)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".transfer-card")).to_have_count(3)
    expect(page.locator(".transfer-card math")).to_be_visible()
    page.get_by_role("button", name="Import 3 notes").click()
    expect(page.get_by_text("3 notes, 3 cards: 3 new")).to_be_visible()
    imported = page.url

    page.get_by_role("link", name="To Learning machines").click()
    deck = page.url
    page.get_by_role("link", name="Study", exact=True).first.click()
    page.wait_for_url("**/study/**")
    expect(page.locator("#question math").first).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("#answer")).to_contain_text("A square.")
    page.get_by_role("button", name="Good").click()
    expect(page.locator("#showing")).not_to_contain_text("A square.")

    page.goto(f"{deck}export/")
    page.get_by_label("Anki package").check()
    page.get_by_role("button", name="Make the file").click()
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile("Download")).click()
    file = tmp_path / "deck.apkg"
    started.value.save_as(file)
    assert {"meta", "media"} <= set(zipfile.ZipFile(io.BytesIO(file.read_bytes())).namelist())

    page.goto(imported)
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="It is undone")).to_be_visible()
    page.goto(f"{deck}notes/")
    expect(page.locator(".note-rows > li")).to_have_count(1)
    expect(page.locator(".note-rows")).to_contain_text("What is x²")
