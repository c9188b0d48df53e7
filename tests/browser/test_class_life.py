"""A class from its first minute to its first report: shared, joined on a phone, studied, seen by its teacher."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import NewPage
from .test_classes import PHONE, join, make_class, sign_up

pytestmark = pytest.mark.browser


def share(teacher: Page, here: str, deck: str) -> None:
    teacher.goto(f"{here}decks/")
    teacher.get_by_label("Deck", exact=True).select_option(label=deck)
    teacher.get_by_role("button", name="Share").click()
    expect(teacher.get_by_text("is shared with the class")).to_be_visible()


def slip(student: Page) -> None:
    """Give the wrong answer that has a name, and take it for Again."""
    student.goto("/study/asking/")
    student.locator(".option", has_text="dropout").tap()
    expect(student.locator(".verdict")).to_contain_text("takes regularisation for optimisation")
    before = student.locator("#showing").get_attribute("data-place")
    student.locator("[data-proposed]").tap()
    student.wait_for_function("was => document.querySelector('#showing').dataset.place !== was", arg=before)


def test_a_student_studies_on_a_phone_and_the_teacher_sees_what_is_not_understood(
    page: Page, new_page: NewPage
) -> None:
    link = make_class(page)
    here = page.url.removesuffix("invite/")
    share(page, here, "Asking")
    phone = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    join(phone, link, "Zoë")
    phone.goto(here)
    expect(phone.get_by_role("heading", name="Your teacher sees")).to_be_visible()
    slip(phone)

    page.goto(here)
    row = page.get_by_role("row", name="Zoë").first
    expect(row).to_contain_text("today")
    expect(row).to_contain_text("1 of")
    expect(page.get_by_role("row", name="takes regularisation for optimisation")).to_contain_text("1")
    row.get_by_role("link", name="Zoë").click()
    expect(page.get_by_role("heading", name="Zoë")).to_be_visible()
    phone.goto("/account/record/")
    expect(phone.get_by_text("opened your page in Deep Learning")).to_be_visible()


def test_an_assistant_sees_and_changes_nothing(page: Page, new_page: NewPage, browser_errors_allowed: None) -> None:
    link = make_class(page)
    here = page.url.removesuffix("invite/")
    other = new_page()
    sign_up(other)
    other.goto(link)
    other.get_by_role("button", name="Join").click()
    page.goto(f"{here}members/")
    page.get_by_role("link", name="Change").last.click()
    page.get_by_label("Role").select_option("assistant")
    page.get_by_role("button", name="Give this role").click()

    for path in ("", "members/", "decks/", "invite/", "assignments/"):
        answer = other.goto(here + path)
        assert answer is not None
        assert answer.status == 200
        changing = other.locator("main form[method=post] button")
        assert changing.count() == 0, path
    for path in ("roster/", "assignments/new/"):
        refused = other.goto(here + path)
        assert refused is not None
        assert refused.status == 404
