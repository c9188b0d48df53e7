"""What is typed in the form of a note outlives the tab, and is offered again, never put in by itself."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .conftest import NewPage
from .test_note_editors import OpenForm, RunCommand, form_opener, stored

pytestmark = pytest.mark.browser

KEPT = "Object.keys(localStorage).filter(key => key.startsWith('note-draft ')).length"
NEW = "/admin/decks/note/add/"


@pytest.fixture
def open_form(new_page: NewPage, run_command: RunCommand) -> OpenForm:
    """Return a function that opens the form of a new note of a kind, for an editor."""
    return form_opener(new_page, run_command)


def notice(page: Page) -> Locator:
    return page.get_by_role("region", name="Draft", exact=True)


def wait_until_kept(page: Page) -> None:
    expect(page.get_by_text("A draft is kept in this browser")).to_be_visible()


def another_tab(page: Page, path: str = NEW) -> Page:
    """Close the tab and open the form in another one."""
    context: BrowserContext = page.context
    page.close()
    tab = context.new_page()
    tab.goto(path)
    return tab


def pk_of(run_command: RunCommand, key: str) -> str:
    ask = f"from flashcards.decks.models import Note; print(Note.objects.get(key='{key}').pk)"
    return run_command("shell", "-v", "0", "-c", ask).strip()


def save_new(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/decks/note/")


def test_a_closed_tab_loses_nothing(open_form: OpenForm) -> None:
    page = open_form("choice", "closed-tab")
    page.get_by_role("group", name="Option 1").get_by_label("Text").fill("a loss")
    page.get_by_role("group", name="Option 2").get_by_label("Text").fill("ReLU")
    topic = page.get_by_label("Topic").input_value()
    page = another_tab(page)  # sooner than a draft is kept by the clock
    expect(notice(page)).to_contain_text(re.compile(r"You left changes here on \d{1,2} \w{3,4}, \d\d:\d\d\."))
    expect(page.locator("#id_question")).to_have_value("")
    notice(page).get_by_role("button", name="Take them up").click()
    expect(notice(page)).to_be_hidden()
    expect(page.locator("#id_question")).to_have_value("What is this?")
    assert page.get_by_label("Topic").input_value() == topic
    expect(page.get_by_label("Key")).to_have_value("closed-tab")
    expect(page.get_by_role("group", name="Option 2").get_by_label("Text")).to_have_value("ReLU")
    expect(page.locator(".note-preview-cards").get_by_text("a loss").first).to_be_visible()


def test_what_is_discarded_is_gone(open_form: OpenForm) -> None:
    page = open_form("basic", "discarded")
    wait_until_kept(page)
    page = another_tab(page)
    notice(page).get_by_role("button", name="Discard").click()
    expect(notice(page)).to_be_hidden()
    page = another_tab(page)
    expect(page.locator(".note-preview-state")).to_have_text("Nothing to show yet.")
    expect(notice(page)).to_be_hidden()
    assert page.evaluate(KEPT) == 0


def test_two_drafts_are_offered_one_after_the_other(open_form: OpenForm) -> None:
    page = open_form("basic", "first-of-two")
    wait_until_kept(page)
    page = another_tab(page)
    page.locator("#id_question").fill("Another beginning")  # without a word to the first
    wait_until_kept(page)
    page = another_tab(page)
    assert page.evaluate(KEPT) == 2
    notice(page).get_by_role("button", name="Discard").click()
    notice(page).get_by_role("button", name="Take them up").click()
    expect(page.locator("#id_question")).to_have_value("What is this?")


def test_a_save_that_fails_keeps_the_draft_and_one_that_goes_through_ends_it(
    open_form: OpenForm, run_command: RunCommand
) -> None:
    page = open_form("basic", "saved")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(notice(page)).to_be_hidden()
    assert page.evaluate(KEPT) == 1
    page = another_tab(page)
    notice(page).get_by_role("button", name="Take them up").click()
    page.locator("#id_answer").fill("A.")
    page.get_by_role("button", name="Save and add another").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    expect(notice(page)).to_be_hidden()
    assert stored(run_command, "saved") == "A."
    assert page.evaluate(KEPT) == 0


def test_a_note_that_changed_since_says_so(open_form: OpenForm, run_command: RunCommand) -> None:
    page = open_form("basic", "changed-since")
    page.locator("#id_answer").fill("A.")
    save_new(page)
    path = f"/admin/decks/note/{pk_of(run_command, 'changed-since')}/change/"
    page.goto(path)
    page.locator("#id_answer").fill("A draft.")
    wait_until_kept(page)
    page = another_tab(page, path)
    expect(notice(page)).to_contain_text("You left changes here")
    expect(notice(page)).not_to_contain_text("has changed since")
    change = """
from flashcards.decks import services
from flashcards.decks.models import Note
note = Note.objects.get(key="changed-since")
note.explanation = "By somebody else."
services.save_note(note, tags=[])
"""
    run_command("shell", "-v", "0", "-c", change)
    page.reload()
    expect(notice(page)).to_contain_text("The stored note has changed since then")


def test_a_session_that_expired_loses_nothing_and_others_see_nothing(
    open_form: OpenForm, run_command: RunCommand
) -> None:
    page = open_form("basic", "expired")
    page.locator("#id_answer").fill("A.")
    wait_until_kept(page)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/login/**")
    page.locator("[name=login]").fill("erin@example.org")
    page.locator("[name=password]").fill("correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/note/add/")
    expect(notice(page)).to_be_visible()

    other = """
from django.contrib.auth.models import Group
from flashcards.accounts.models import User
eve = User.objects.create_user("eve@example.org", "correct horse battery", is_staff=True)
eve.groups.add(Group.objects.get(name="Editors"))
"""
    run_command("shell", "-v", "0", "-c", other)
    page.context.clear_cookies()
    page.goto(f"/account/login/?next={NEW}")
    page.locator("[name=login]").fill("eve@example.org")
    page.locator("[name=password]").fill("correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/note/add/")
    expect(page.locator(".note-preview-state")).to_have_text("Nothing to show yet.")
    expect(notice(page)).to_be_hidden()
    assert page.evaluate(KEPT) == 0


def test_drafts_of_last_month_go(open_form: OpenForm) -> None:
    page = open_form("basic", "old")
    wait_until_kept(page)
    page.evaluate(
        """() => {
            const key = Object.keys(localStorage).find(each => each.startsWith("note-draft "));
            const draft = JSON.parse(localStorage.getItem(key));
            localStorage.setItem(key.replace(/\\S+$/, "olderthanamonth"), JSON.stringify({
                ...draft, id: "olderthanamonth", at: Date.now() - 31 * 86400000,
            }));
        }"""
    )
    page = another_tab(page)
    expect(notice(page)).to_be_visible()
    assert page.evaluate(KEPT) == 1
