"""Classes in a real browser: a teacher makes one, a student comes in on a phone and leaves, and every page of it."""

import secrets
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from .conftest import NewPage
from .test_pages import faults, look_at

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
Scheme = Literal["light", "dark"]


def sign_up(page: Page) -> None:
    page.goto("/account/signup/")
    page.get_by_label("E-mail address").fill(f"{secrets.token_hex(6)}@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    page.wait_for_url(lambda url: "signup" not in url)


def make_class(page: Page) -> str:
    """Sign up, make a class and return the path of its join link."""
    sign_up(page)
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Classes").click()
    page.get_by_role("link", name="Make a class").click()
    page.get_by_label("Name of the class").fill("Deep Learning")
    page.get_by_label("Your name").fill("Dr. Anna Ek")
    page.get_by_role("button", name="Make the class").click()
    link = page.locator("#join-link").inner_text()
    assert link.startswith("http://127.0.0.1")
    return "/" + link.split("/", 3)[3]


def join(page: Page, link: str, name: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", name="Deep Learning")).to_be_visible()
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join as a guest").click()
    expect(page.get_by_text("You are in Deep Learning.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_student_joins_on_a_phone_by_the_link_and_leaves(page: Page, new_page: NewPage, scripts: bool) -> None:
    link = make_class(page)
    slug = page.url.split("/classes/")[1].split("/")[0]
    phone = new_page(viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=scripts)
    phone.goto(link)
    button = phone.get_by_role("button", name="Join as a guest")
    box = button.bounding_box()
    assert box
    assert box["y"] + box["height"] < PHONE["height"]
    assert box["height"] >= 44
    join(phone, link, "Zoë")

    page.goto(f"/classes/{slug}/members/")
    row = page.get_by_role("row").filter(has_text="Zoë")
    expect(row).to_contain_text("Student")
    expect(row).to_contain_text("guest")

    phone.goto("/classes/")
    phone.get_by_role("link", name="Leave Deep Learning").click()
    expect(phone.get_by_text("Your reviews made here stay in the class's sums")).to_be_visible()
    phone.get_by_role("button", name="Leave the class").click()
    expect(phone.get_by_text("You are in no class yet")).to_be_visible()
    page.reload()
    expect(row.get_by_role("cell").nth(3)).not_to_have_text("–")


def test_the_code_is_typed_and_the_link_is_copied(page: Page, new_page: NewPage) -> None:
    link = make_class(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(link)
    assert page.locator(".join-picture").evaluate("picture => picture.complete && picture.naturalWidth > 100")

    other = new_page(viewport=PHONE)
    other.goto("/join/")
    other.get_by_label("Join code").fill(link.split("/")[2].replace("-", "").lower())
    other.get_by_role("button", name="Go on").click()
    expect(other.get_by_role("heading", name="Deep Learning")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_of_a_class(new_page: NewPage, browser_errors_allowed: None, width: int, scheme: Scheme) -> None:
    view = {"viewport": {"width": width, "height": 720}, "color_scheme": scheme}
    teacher, student = new_page(**view), new_page(**view)
    link = make_class(teacher)
    here = teacher.url.removesuffix("invite/")
    wrong = look_at(student, link) + look_at(student, "/join/") + look_at(student, "/join/ABCD-2345/")
    join(student, link, "Zoë Wiśniewska-Featherstonehaugh")
    wrong += [
        fault
        for path in [link, "/classes/", "/classes/new/", "/account/record/", f"{here}leave/"]
        for fault in look_at(student, path)
    ]

    teacher.get_by_label("E-mail addresses").fill(
        "a.very.long.address.of.somebody@students.example.org\nsam@example.org"
    )
    teacher.get_by_role("button", name="Send invitations").click()
    expect(teacher.get_by_text("2 invitations sent")).to_be_visible()
    wrong += faults(teacher, "invite")
    teacher.get_by_label("E-mail addresses").fill("Foo@")
    teacher.get_by_role("button", name="Send invitations").click()
    expect(teacher.get_by_text("Line 1: “Foo@” is no e-mail address.")).to_be_visible()
    wrong += faults(teacher, "invite, refused")
    pages = [
        "/classes/",
        "/classes/new/",
        f"{here}members/",
        f"{here}members/?q=nobody",
        f"{here}settings/",
        f"{here}leave/",
    ]
    wrong += [fault for path in pages for fault in look_at(teacher, path)]
    teacher.goto(f"{here}members/")
    teacher.get_by_role("link", name="Change Zoë").click()
    expect(teacher.get_by_role("button", name="Remove Zoë")).to_be_visible()
    wrong += faults(teacher, "member")
    assert wrong == []
