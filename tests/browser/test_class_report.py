"""What a teacher sees of a class, in Chromium: the heat map by keyboard, a card before the class, no fault found."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from .conftest import NewPage
from .test_pages import faults, look_at

pytestmark = pytest.mark.browser
Scheme = Literal["light", "dark"]

MAKE = """
import json
from datetime import date, timedelta
from django.test import Client
from django.utils import timezone
from flashcards.accounts.models import User
from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.decks.models import ClassDeck, Deck
from flashcards.study.models import Assignment, CardDay, ClassCardWeek, ClassWrongWeek, Memory, State

now, day = timezone.now(), timezone.now().toordinal()
deck = Deck.objects.get(slug="asking")
found = StudyClass.objects.filter(slug="c0ffee").first()
if found is None:
    found = StudyClass.objects.create(slug="c0ffee", name="Deep Learning", join_code="C0FFEE22")
    ClassDeck.objects.create(study_class=found, deck=deck)
    ClassDeck.objects.create(study_class=found, deck=Deck.objects.get(slug="turned"))
    ClassDeck.objects.update(shared_at=now - timedelta(days=90))
    Assignment.objects.create(
        study_class=found, deck=deck, title="Midterm", opens_on=date.fromordinal(day - 3),
        due_on=date.fromordinal(day + 9),
    )
    for number, role in enumerate([Role.OWNER, Role.STUDENT, Role.STUDENT, Role.STUDENT]):
        user = User.objects.create_user(f"person-{number}@example.org", "correct horse", name=f"Person {number}")
        Membership.objects.create(
            study_class=found, user=user, role=role, name=user.name, joined_at=now - timedelta(days=60)
        )
        for card in deck.cards.order_by("position")[: number * 2]:
            Memory.objects.create(
                user=user, card=card, note_id=card.note_id, deck=deck, state=State.REVIEW, stability=30, difficulty=5,
                due_day=day + 9, last_day=day - 4, last_answered_at=now, interval_days=30, reps=3,
            )
            CardDay.objects.create(
                user=user, card=card, deck=deck, day=day - 4, reviews=3, again=1, lapses=1, duration_ms=90_000
            )
    for card in deck.cards.all():
        week = {"study_class": found, "card": card, "deck": deck, "week": day // 7}
        ClassCardWeek.objects.create(**week, reviews=30, again=9, lapses=7, duration_ms=400_000)
        ClassWrongWeek.objects.create(**week, kind="slip", what="forgot the padding", count=23)
sessions = []
for number in (0, 1):
    client = Client()
    client.force_login(User.objects.get(email=f"person-{number}@example.org"))
    sessions.append(client.cookies["sessionid"].value)
cards = {card.kind: card.pk for card in deck.cards.all()}
student = found.memberships.get(name="Person 1").pk
print("FOUND " + json.dumps({"sessions": sessions, "cards": cards, "student": student}))
"""


# Sums without reviews: gone again before another test lets `verify` look at the site.
REMOVE = """
from flashcards.accounts.models import User
from flashcards.classes.models import StudyClass

StudyClass.objects.filter(slug="c0ffee").delete()
User.objects.filter(email__startswith="person-").delete()
"""


@pytest.fixture
def made(run_command: Callable[..., str]) -> Iterator[dict[str, Any]]:
    """Return a class of three students: the sessions of its owner and of a student, its cards by kind."""
    printed = run_command("shell", "--no-imports", "-c", MAKE)
    yield json.loads(printed.split("FOUND ")[1])
    run_command("shell", "--no-imports", "-c", REMOVE)


def signed_in(page: Page, site: str, session: str) -> Page:
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_fault_on_any_page(new_page: NewPage, site: str, made: dict[str, Any], width: int, scheme: Scheme) -> None:
    window = {"width": width, "height": 720}
    teacher, student = (
        signed_in(new_page(viewport=window, color_scheme=scheme), site, session) for session in made["sessions"]
    )
    shows = [
        f"/classes/c0ffee/cards/{card}/show/{told}" for card in made["cards"].values() for told in ("", "?answer=1")
    ]
    paths = [
        "/classes/c0ffee/",
        "/classes/c0ffee/?deck=turned",
        f"/classes/c0ffee/students/{made['student']}/",
        *shows,
    ]
    wrong = [fault for path in paths for fault in look_at(teacher, path)]
    teacher.goto("/classes/c0ffee/")
    teacher.locator("details:not(.menu)").evaluate_all("all => all.forEach(each => { each.open = true; })")
    expect(teacher.get_by_role("table").nth(1)).to_be_visible()
    wrong += faults(teacher, "everything unfolded")
    wrong += look_at(student, "/classes/c0ffee/")
    assert wrong == []


def test_the_heat_map_by_keyboard(page: Page, site: str, made: dict[str, Any]) -> None:
    signed_in(page, site, made["sessions"][0]).goto("/classes/c0ffee/?deck=asking")
    picture = page.get_by_role("img", name="Predicted recall today of each student")
    expect(picture).to_be_visible()
    names = page.locator(".heat-names a")
    assert names.all_inner_texts() == ["Person 1", "Person 2", "Person 3"]
    boxes = [name.bounding_box() for name in names.all()]
    rows = picture.locator("tspan").evaluate_all("all => all.map(each => each.getBoundingClientRect().y)")
    for box, y in zip(boxes, sorted(rows), strict=True):
        assert box
        assert box["y"] - 8 <= y <= box["y"] + box["height"] + 8
    names.first.focus()
    page.keyboard.press("Tab")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Person 2")).to_be_visible()


def test_a_card_before_the_class_by_keyboard(page: Page, site: str, made: dict[str, Any]) -> None:
    signed_in(page, site, made["sessions"][0]).goto("/classes/c0ffee/?deck=asking")
    page.locator(f"a[href*='/cards/{made['cards']['numeric']}/show/']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/show/")
    answer = page.locator("#answer")
    expect(answer).to_be_hidden()
    page.keyboard.press("Space")
    expect(answer).to_be_visible()
    page.keyboard.press("Enter")
    expect(answer).to_be_hidden()
    asked = page.locator("#card .card-content").first.inner_text()
    page.keyboard.press("n")
    page.wait_for_url("**/show/?seed=2")
    assert page.locator("#card .card-content").first.inner_text() != asked
    page.locator("#card").click()
    expect(answer).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="What is not understood")).to_be_visible()


def test_the_answer_without_scripts(new_page: NewPage, site: str, made: dict[str, Any]) -> None:
    page = signed_in(new_page(java_script_enabled=False), site, made["sessions"][0])
    page.goto(f"/classes/c0ffee/cards/{made['cards']['choice']}/show/")
    expect(page.locator("#answer")).to_be_hidden()
    page.get_by_role("link", name="Show the answer").click()
    expect(page.locator("#answer")).to_contain_text("Right:")
    page.get_by_role("link", name="Hide the answer").click()
    expect(page.locator("#answer")).to_be_hidden()
