"""The people of a class: seen by its staff, changed by those who may, and free to leave."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes import services
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.lib.errors import Refused
from tests.classes import people

pytestmark = pytest.mark.django_db


def path(membership: Membership) -> str:
    return f"/classes/{membership.study_class.slug}/members/{membership.pk}/"


def fill(study_class: StudyClass, number: int) -> None:
    """Let many students join at once."""
    users = User.objects.bulk_create(
        User(email=f"s{index}@example.org", name=f"Student {index:03}") for index in range(number)
    )
    Membership.objects.bulk_create(
        Membership(study_class=study_class, user=user, name=user.name, joined_at=timezone.now()) for user in users
    )


def test_staff_see_everybody_who_left_last(owner: Membership, assistant: Membership, student: Membership) -> None:
    gone = people.add(owner.study_class, people.member("Aaron"))
    services.leave(gone, gone.user, timezone.now())
    page = people.browser(assistant.user).get(f"/classes/{owner.study_class.slug}/members/").content.decode()
    rows = page[page.index("<tbody>") :]
    assert rows.index("Anna") < rows.index("Ada") < rows.index("Sam") < rows.index("Aaron")
    assert "@example.org" not in rows


def test_days_are_those_of_the_class(owner: Membership, student: Membership) -> None:
    StudyClass.objects.update(time_zone="Pacific/Kiritimati")
    Membership.objects.filter(pk=student.pk).update(joined_at="2026-03-01T12:00:00Z")
    page = people.browser(owner.user).get(f"/classes/{owner.study_class.slug}/members/").content.decode()
    assert "2 Mar 2026" in page


def test_fifty_a_page_found_by_name_and_number_with_the_same_queries(owner: Membership) -> None:
    browser, here = people.browser(owner.user), f"/classes/{owner.study_class.slug}/members/"
    fill(owner.study_class, 3)
    browser.get(here)
    with CaptureQueriesContext(connection) as few:
        browser.get(here)
    for number in (120, 60):
        User.objects.filter(email__startswith="s").update(email=None, is_guest=True)
        fill(owner.study_class, number)
    with CaptureQueriesContext(connection) as many:
        page = browser.get(here).content.decode()
    assert len(many) == len(few)
    assert page.count('<th scope="row">') == 50
    assert "1–50 of 184" in page
    last = browser.get(f"{here}?page=4").content.decode()
    assert last.count('<th scope="row">') == 34
    Membership.objects.filter(name="Student 007").update(student_number="X-42")
    assert browser.get(f"{here}?q=x-4").content.decode().count('<th scope="row">') == 2
    assert browser.get(f"{here}?q=student+011").content.decode().count('<th scope="row">') == 2
    assert "Nobody in this class" in browser.get(f"{here}?q=%00nobody").content.decode()


def test_the_owner_gives_roles(owner: Membership, student: Membership) -> None:
    browser = people.browser(owner.user)
    assert browser.post(path(student), {"do": "role", "role": "assistant"}).status_code == 302
    student.refresh_from_db()
    assert student.role == Role.ASSISTANT
    event = Event.objects.get(kind=Event.Kind.ROLE)
    assert (event.actor, event.person, event.words) == (owner.user, student.user, "assistant")
    for role in ("owner", "chief", ""):
        assert browser.post(path(student), {"do": "role", "role": role}).status_code == 422
    student.refresh_from_db()
    assert student.role == Role.ASSISTANT


def test_a_guest_teaches_nothing(owner: Membership) -> None:
    guest = people.add(owner.study_class, User.objects.create_guest())
    browser = people.browser(owner.user)
    answer = browser.post(path(guest), {"do": "role", "role": "teacher"})
    assert answer.status_code == 422
    assert "they have to sign up first" in answer.content.decode()
    assert "Hand the class over" not in browser.get(path(guest)).content.decode()
    assert browser.post(path(guest), {"do": "hand_over"}).status_code == 422
    guest.refresh_from_db()
    assert guest.role == Role.STUDENT


def test_the_class_is_handed_over(owner: Membership, teacher: Membership) -> None:
    browser = people.browser(owner.user)
    assert "Make Tom the owner" in browser.get(path(teacher)).content.decode()
    assert browser.post(path(teacher), {"do": "hand_over"}).status_code == 302
    owner.refresh_from_db()
    teacher.refresh_from_db()
    assert (owner.role, teacher.role) == (Role.TEACHER, Role.OWNER)
    assert browser.post(path(teacher), {"do": "hand_over"}).status_code == 404


WHAT = [{"do": "remove"}, {"do": "role", "role": "student"}, {"do": "hand_over"}, {"do": "details", "name": "Other"}]


@pytest.mark.parametrize("form", WHAT, ids=lambda form: form["do"])
@pytest.mark.parametrize("whom", ["owner", "teacher", "assistant", "student"])
@pytest.mark.parametrize("who", ["owner", "teacher", "assistant", "student"])
def test_who_may_do_what_to_whom(who: str, whom: str, form: dict[str, str], request: pytest.FixtureRequest) -> None:
    owner: Membership = request.getfixturevalue("owner")
    by: Membership = request.getfixturevalue(who)
    target: Membership = request.getfixturevalue(whom)
    if who == whom:
        allowed = form["do"] == "details" and who in {"owner", "teacher"}
    else:
        allowed = who == "owner" or (who == "teacher" and whom == "student" and form["do"] in {"remove", "details"})
    before = list(Membership.objects.order_by("pk").values())
    answer = people.browser(by.user).post(path(target), form)
    assert answer.status_code == (302 if allowed else 404)
    assert (list(Membership.objects.order_by("pk").values()) == before) is not (
        allowed and (form["do"] != "role" or target.role != Role.STUDENT)
    )
    assert Membership.objects.filter(study_class=owner.study_class, role=Role.OWNER, left_at=None).count() == 1


def test_a_member_of_another_class_can_not_be_named(owner: Membership) -> None:
    other = people.make_class(people.member("Eve"))
    address = f"/classes/{owner.study_class.slug}/members/{other.pk}/"
    browser = people.browser(owner.user)
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"do": "remove"}).status_code == 404


def test_removing_is_asked_first_and_written_down(teacher: Membership, student: Membership) -> None:
    browser = people.browser(teacher.user)
    page = browser.get(path(student)).content.decode()
    assert "Remove Sam" in page
    assert "Give this role" not in page
    browser.post(path(student), {"do": "remove"})
    student.refresh_from_db()
    assert student.left_at
    assert Event.objects.filter(kind=Event.Kind.REMOVED, actor=teacher.user, person=student.user).exists()
    assert browser.post(path(student), {"do": "remove"}).status_code == 404


def test_details_are_stored_or_refused_at_their_field(teacher: Membership, student: Membership) -> None:
    browser = people.browser(teacher.user)
    browser.post(path(student), {"do": "details", "name": " Sam Ålesund ", "student_number": " 007 "})
    student.refresh_from_db()
    assert (student.name, student.student_number) == ("Sam Ålesund", "007")
    for wrong in (
        {"name": ""},
        {"name": "x" * 151},
        {"name": "S\u202eam"},
        {"name": "S", "student_number": "1\u2066"},
    ):
        answer = browser.post(path(student), {"do": "details"} | wrong)
        assert answer.status_code == 422
        assert "errorlist" in answer.content.decode()
    student.refresh_from_db()
    assert student.name == "Sam Ålesund"


def test_leaving_says_what_stays(student: Membership) -> None:
    browser = people.browser(student.user)
    here = f"/classes/{student.study_class.slug}/leave/"
    page = browser.get(here).content.decode()
    assert "Your reviews made here stay in the class's sums." in page.replace("&#x27;", "'")
    assert Membership.objects.get(pk=student.pk).left_at is None
    assert browser.post(here)["Location"] == "/classes/"
    assert Membership.objects.get(pk=student.pk).left_at is not None
    assert browser.get(here).status_code == 404
    assert Event.objects.filter(kind=Event.Kind.LEFT, person=student.user).count() == 1


def test_the_last_owner_stays_and_hears_why(owner: Membership, teacher: Membership) -> None:
    browser = people.browser(owner.user)
    here = f"/classes/{owner.study_class.slug}/leave/"
    for answer in (browser.get(here), browser.post(here)):
        page = answer.content.decode()
        assert "Hand it over to somebody first" in page
        assert "Leave the class</button>" not in page
    owner.refresh_from_db()
    assert owner.left_at is None
    services.hand_over(owner, teacher, timezone.now())
    assert browser.post(here).status_code == 302


def test_services_keep_the_last_owner(owner: Membership, teacher: Membership) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match="needs an owner"):
        services.leave(owner, owner.user, now)
    with pytest.raises(Refused, match="needs an owner"):
        services.change_role(owner, Role.TEACHER, owner.user, now)
    services.change_role(teacher, Role.OWNER, owner.user, now)
    services.leave(owner, owner.user, now + timedelta(seconds=1))
    with pytest.raises(Refused, match="needs an owner"):
        services.leave(teacher, teacher.user, now)
