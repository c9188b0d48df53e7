"""One's classes, a new one, its settings, and who may see which page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes import services
from flashcards.classes.models import Event, Membership, Role, StudyClass
from tests.classes import people

pytestmark = pytest.mark.django_db

NEW = {"name": " Deep Learning ", "called": "Dr. Anna", "time_zone": "Europe/Oslo", "keep_months": "6"}


def test_a_member_makes_a_class_and_owns_it(anna: User) -> None:
    answer = people.browser(anna).post("/classes/new/", NEW | {"starts_on": "2026-09-01", "ends_on": "2027-01-31"})
    made = StudyClass.objects.get()
    assert answer["Location"] == f"/classes/{made.slug}/invite/"
    assert (made.name, str(made.starts_on), made.keep_months) == ("Deep Learning", "2026-09-01", 6)
    membership = made.memberships.get()
    assert (membership.user, membership.role, membership.name) == (anna, Role.OWNER, "Dr. Anna")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "This field is required"),
        ({"name": "x" * 201}, "at most 200"),
        ({"name": "Deep\u202eLearning"}, "changes the direction"),
        ({"called": ""}, "This field is required"),
        ({"called": "An\u2066na"}, "changes the direction"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"starts_on": "2026-09-02", "ends_on": "2026-09-01"}, "The class ends before it begins"),
        ({"starts_on": "soon"}, "Enter a valid date"),
        ({"keep_months": "-1"}, "greater than or equal to 0"),
        ({"keep_months": "1000"}, "less than or equal to 120"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(anna: User, change: dict[str, str], sentence: str) -> None:
    answer = people.browser(anna).post("/classes/new/", NEW | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not StudyClass.objects.exists()


def test_a_guest_is_told_to_sign_up_first(db: None) -> None:
    browser = people.browser(User.objects.create_guest())
    page = browser.get("/classes/new/").content.decode()
    assert "/account/signup/?next=/classes/new/" in page
    assert 'name="keep_months"' not in page
    answer = browser.post("/classes/new/", NEW)
    assert answer.status_code == 422
    assert "Sign up first" in answer.content.decode()
    assert not StudyClass.objects.exists()
    assert "sign up first" in browser.get("/classes/").content.decode()


def test_the_list_names_ones_classes_and_roles(owner: Membership, teacher: Membership, anna: User) -> None:
    people.make_class(people.member("Eve"), "Somebody else's")
    other = people.make_class(anna, "Calculus").study_class
    locked = people.make_class(anna, "Locked").study_class
    services.set_lock(locked, "a reason", anna, timezone.now())
    page = people.browser(anna).get("/classes/").content.decode()
    assert page.index("Calculus") < page.index("Deep Learning")
    assert f"/classes/{other.slug}/" in page
    assert "Somebody else" not in page
    assert "Locked" not in page
    assert "Teacher" in people.browser(teacher.user).get("/classes/").content.decode()


def test_the_lists_queries_do_not_grow(anna: User) -> None:
    browser = people.browser(anna)
    counts = []
    for number in range(6):
        people.make_class(anna, f"Class {number}")
        browser.get("/classes/")
        with CaptureQueriesContext(connection) as captured:
            browser.get("/classes/")
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_strangers_sign_in_first(client: Client) -> None:
    for path in ("/classes/", "/classes/new/", "/account/record/"):
        assert client.get(path)["Location"] == f"/account/login/?next={path}"


def test_a_teacher_changes_the_class(study_class: StudyClass, teacher: Membership) -> None:
    browser = people.browser(teacher.user)
    path = f"/classes/{study_class.slug}/settings/"
    answer = browser.post(path, {"name": "Deeper", "time_zone": "Asia/Tokyo", "keep_months": "3"})
    assert answer["Location"] == path
    study_class.refresh_from_db()
    assert (study_class.name, study_class.time_zone, study_class.keep_months) == ("Deeper", "Asia/Tokyo", 3)
    assert Event.objects.filter(kind=Event.Kind.CHANGED, actor=teacher.user, study_class=study_class).count() == 1
    answer = browser.post(path, {"name": "", "time_zone": "Asia/Tokyo", "keep_months": "3"})
    assert answer.status_code == 422
    assert "<h1>Deeper</h1>" in answer.content.decode()


# What each page of a class answers to GET and POST: owner, teacher, assistant, student.
NOT_THERE = 404
TABLE = {
    "settings/": [(200, 422), (200, 422), (200, 404), (404, 404)],
    "members/": [(200, 405), (200, 405), (200, 405), (404, 405)],
    "invite/": [(200, 404), (200, 404), (200, 404), (404, 404)],
    "qr.svg": [(200, 405), (200, 405), (200, 405), (404, 405)],
    "leave/": [(200, 422), (200, 302), (200, 302), (200, 302)],
    "members/{student}/": [(200, 404), (200, 404), (404, 404), (404, 404)],
}


@pytest.mark.parametrize("page", TABLE)
def test_who_sees_which_page(
    page: str, owner: Membership, teacher: Membership, assistant: Membership, student: Membership
) -> None:
    path = f"/classes/{owner.study_class.slug}/{page.format(student=student.pk)}"
    for membership, (get, post) in zip((owner, teacher, assistant, student), TABLE[page], strict=True):
        browser = people.browser(membership.user)
        assert (browser.get(path).status_code, browser.post(path).status_code) == (get, post), membership.role
    gone = people.add(owner.study_class, people.member("Gone"))
    services.leave(gone, gone.user, timezone.now())
    other = people.make_class(people.member("Eve"))
    for user in (None, gone.user, other.user, User.objects.create_guest(), people.member("Nobody")):
        browser = people.browser(user)
        assert browser.get(path).status_code == NOT_THERE
        assert browser.post(path).status_code in {NOT_THERE, 405}


def test_a_locked_class_is_there_for_nobody(owner: Membership, student: Membership) -> None:
    services.set_lock(owner.study_class, "a reason", owner.user, timezone.now())
    for page in TABLE:
        path = f"/classes/{owner.study_class.slug}/{page.format(student=student.pk)}"
        assert people.browser(owner.user).get(path).status_code == NOT_THERE
        assert people.browser(student.user).get(path).status_code == NOT_THERE


def test_an_assistant_sees_without_forms(study_class: StudyClass, assistant: Membership) -> None:
    browser = people.browser(assistant.user)
    settings = browser.get(f"/classes/{study_class.slug}/settings/").content.decode()
    assert "Months to keep names" in settings
    assert 'name="keep_months"' not in settings
    assert "Change</th>" not in browser.get(f"/classes/{study_class.slug}/members/").content.decode()
