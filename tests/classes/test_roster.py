"""A roster is uploaded, looked at, applied: all of it or nothing."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from flashcards.accounts.models import User
from flashcards.classes import services
from flashcards.classes.models import Event, Invitation, Membership, Role, RosterUpload, StudyClass
from flashcards.classes.roster.lines import Line
from flashcards.classes.roster.plan import plan

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

ANNA = "Anna Müller;anna@example.org;1\n"
BEN = "Ben Okafor;ben@example.org;2\n"


def person(name: str, **fields: object) -> User:
    return User.objects.create_user(f"{name}@example.org", "correct horse", name=name.title(), **fields)


@pytest.fixture
def teacher() -> Membership:
    return services.create_class(person("tina"), StudyClass(name="Deep Learning"), timezone.now())


@pytest.fixture
def study_class(teacher: Membership) -> StudyClass:
    return teacher.study_class


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def browser(teacher: Membership) -> Client:
    return browser_of(teacher.user)


def address(study_class: StudyClass) -> str:
    return f"/classes/{study_class.slug}/roster/"


def upload(browser: Client, study_class: StudyClass, rows: str) -> "Response":
    file = SimpleUploadedFile("roster.csv", f"Name;E-mail;Student number\n{rows}".encode())
    return browser.post(address(study_class), {"do": "upload", "file": file})


def apply(browser: Client, study_class: StudyClass, **more: str) -> "Response":
    shown = browser.get(address(study_class)).context["plan"]
    return browser.post(address(study_class), {"do": "apply", "seen": shown.digest, **more})


def take(browser: Client, study_class: StudyClass, rows: str, **more: str) -> None:
    assert upload(browser, study_class, rows).status_code == 302
    assert apply(browser, study_class, **more).status_code == 302


def join(study_class: StudyClass, user: User, role: Role = Role.STUDENT) -> Membership:
    return services.join(study_class, user, role, timezone.now())


def invited(study_class: StudyClass) -> list[tuple[str, str, str]]:
    rows = study_class.invitations.order_by("email").values_list("name", "email", "student_number")
    return [(name, email, number) for name, email, number in rows]


def test_nothing_happens_before_it_is_applied_then_the_students_are_expected(
    browser: Client, study_class: StudyClass, teacher: Membership
) -> None:
    assert upload(browser, study_class, ANNA + BEN).status_code == 302
    page = browser.get(address(study_class)).content.decode()
    assert "2 new, 0 changed, 0 as they are" in page
    assert "Anna Müller" in page
    assert not study_class.invitations.exists()

    assert apply(browser, study_class).url == f"/classes/{study_class.slug}/members/"  # type: ignore[attr-defined]
    assert invited(study_class) == [("Anna Müller", "anna@example.org", "1"), ("Ben Okafor", "ben@example.org", "2")]
    assert {invitation.role for invitation in study_class.invitations.all()} == {Role.STUDENT}
    event = Event.objects.get(kind=Event.Kind.ROSTER)
    assert (event.actor, event.study_class, event.words) == (teacher.user, study_class, "2 new, 0 changed")
    assert not RosterUpload.objects.exists()
    assert mail.outbox == []


def test_the_new_ones_are_mailed_if_the_teacher_says_so(browser: Client, study_class: StudyClass) -> None:
    take(browser, study_class, ANNA)
    take(browser, study_class, ANNA + BEN, mail="on")
    assert [sent.to for sent in mail.outbox] == [["ben@example.org"]]
    assert study_class.invitations.get(email="ben@example.org").sent_at is not None


def test_problems_are_shown_with_their_rows_and_nothing_is_kept(browser: Client, study_class: StudyClass) -> None:
    response = upload(browser, study_class, ANNA + "<b>Ben</b>;no address;2\n")
    page = response.content.decode()
    assert response.status_code == 422
    assert "<b>Row 3</b>" in page
    assert "“no address” is no e-mail address." in page
    assert not RosterUpload.objects.exists()
    assert not study_class.invitations.exists()


def test_names_are_text_on_the_page(browser: Client, study_class: StudyClass) -> None:
    upload(browser, study_class, "<script>alert(1)</script>;eve@example.org;\n")
    assert b"<script>alert" not in browser.get(address(study_class)).content


@pytest.mark.parametrize("posted", [{"do": "upload"}, {"do": "apply"}, {"do": "apply", "seen": "x"}])
def test_without_a_file_nothing_is_done(browser: Client, study_class: StudyClass, posted: dict[str, str]) -> None:
    assert browser.post(address(study_class), posted).status_code == 422
    assert browser.post(address(study_class), {"do": "dance"}).status_code == 404


def test_members_get_name_and_number_and_keep_their_role(browser: Client, study_class: StudyClass) -> None:
    anna, ben = join(study_class, person("anna")), join(study_class, person("ben"), Role.ASSISTANT)
    upload(browser, study_class, ANNA + BEN)
    page = browser.get(address(study_class)).content.decode()
    assert "0 new, 2 changed" in page
    assert "joined, address not confirmed" in page
    apply(browser, study_class)
    for membership, expected in ((anna, ("Anna Müller", "1", "student")), (ben, ("Ben Okafor", "2", "assistant"))):
        membership.refresh_from_db()
        assert (membership.name, membership.student_number, membership.role) == expected
    assert not study_class.invitations.exists()


def test_whoever_joined_unseen_under_an_invited_address_is_one_person(
    browser: Client, study_class: StudyClass
) -> None:
    take(browser, study_class, ANNA)
    anna = join(study_class, person("anna"))
    take(browser, study_class, ANNA)
    assert study_class.invitations.get().membership_id == anna.pk
    anna.refresh_from_db()
    assert (anna.name, anna.student_number) == ("Anna Müller", "1")


def test_the_same_file_again_changes_nothing(browser: Client, study_class: StudyClass) -> None:
    join(study_class, person("anna"))
    take(browser, study_class, ANNA + BEN)
    before = invited(study_class)
    upload(browser, study_class, ANNA + BEN)
    response = browser.get(address(study_class))
    assert len(response.context["plan"].unchanged) == 2
    assert "The class is as the file says." in response.content.decode()
    browser.post(address(study_class), {"do": "discard"})
    assert browser.get(address(study_class)).context["plan"] is None
    assert invited(study_class) == before


def test_a_later_file_changes_what_differs_and_leaves_alone_who_is_missing(
    browser: Client, study_class: StudyClass
) -> None:
    take(browser, study_class, ANNA + BEN)
    carl = join(study_class, person("carl"))
    upload(browser, study_class, "Anna Meier;anna@example.org;1\n")
    response = browser.get(address(study_class))
    page = response.content.decode()
    assert "<del>Anna Müller</del>" in page
    assert "<ins>Anna Meier</ins>" in page
    assert [known.who.name for known in response.context["plan"].missing] == ["Ben Okafor", "Carl"]
    apply(browser, study_class)
    assert invited(study_class) == [("Anna Meier", "anna@example.org", "1"), ("Ben Okafor", "ben@example.org", "2")]
    carl.refresh_from_db()
    assert carl.left_at is None


def test_a_new_address_is_matched_by_number_and_told(browser: Client, study_class: StudyClass) -> None:
    take(browser, study_class, ANNA + BEN)
    ben = join(study_class, person("ben"))
    take(browser, study_class, ANNA + BEN)
    moved = "Anna Müller;a.mueller@uni.example;1\nBen Okafor;b.okafor@uni.example;2\n"
    take(browser, study_class, moved, mail="on")
    assert [sent.to for sent in mail.outbox] == [["a.mueller@uni.example"]]  # Ben is in, he needs no invitation
    assert [email for _, email, _ in invited(study_class)] == ["a.mueller@uni.example", "b.okafor@uni.example"]
    assert study_class.invitations.get(email="b.okafor@uni.example").membership_id == ben.pk
    upload(browser, study_class, moved)
    assert len(browser.get(address(study_class)).context["plan"].unchanged) == 2


def test_a_number_that_two_people_have_matches_nobody(study_class: StudyClass) -> None:
    for email in ("a@example.org", "b@example.org"):
        Invitation.objects.create(study_class=study_class, email=email, name="X", student_number="7")
    assert len(plan(study_class, [Line(2, "X", "c@example.org", "7")]).new) == 1


def test_two_addresses_that_change_hands_are_still_one_person_each(browser: Client, study_class: StudyClass) -> None:
    take(browser, study_class, ANNA + BEN)
    take(browser, study_class, "Ben Okafor;anna@example.org;2\nAnna Müller;ben@example.org;1\n")
    assert invited(study_class) == [("Ben Okafor", "anna@example.org", "2"), ("Anna Müller", "ben@example.org", "1")]


def test_a_file_without_numbers_takes_none_away(browser: Client, study_class: StudyClass) -> None:
    take(browser, study_class, ANNA)
    take(browser, study_class, "Anna Meier;anna@example.org;\n")
    assert invited(study_class) == [("Anna Meier", "anna@example.org", "1")]


def test_whoever_left_is_expected_again(browser: Client, study_class: StudyClass, teacher: Membership) -> None:
    take(browser, study_class, ANNA)
    anna = join(study_class, person("anna"))
    take(browser, study_class, ANNA)
    services.leave(anna, teacher.user, timezone.now())
    upload(browser, study_class, ANNA)
    assert "was here and left" in browser.get(address(study_class)).content.decode()
    apply(browser, study_class)
    assert study_class.invitations.get().membership is None


def test_what_was_not_shown_is_not_applied(browser: Client, study_class: StudyClass) -> None:
    upload(browser, study_class, ANNA + BEN)
    seen = browser.get(address(study_class)).context["plan"].digest
    join(study_class, person("anna"))
    response = browser.post(address(study_class), {"do": "apply", "seen": seen})
    assert response.status_code == 422
    assert "The class changed since this was shown." in response.content.decode()
    assert not study_class.invitations.exists()
    assert apply(browser, study_class).status_code == 302


def test_a_roster_waits_for_its_teacher_alone_and_for_a_day(browser: Client, study_class: StudyClass) -> None:
    other = join(study_class, person("theo"), Role.TEACHER)
    upload(browser, study_class, ANNA)
    assert browser_of(other.user).get(address(study_class)).context["plan"] is None
    RosterUpload.objects.update(uploaded_at=timezone.now() - timedelta(days=1, minutes=1))
    assert browser.get(address(study_class)).context["plan"] is None
    assert browser.post(address(study_class), {"do": "apply", "seen": ""}).status_code == 422
    upload(browser_of(other.user), study_class, BEN)
    assert [row.uploaded_by_id for row in RosterUpload.objects.all()] == [other.user_id]


def test_two_classes_don_t_meet(browser: Client, study_class: StudyClass, teacher: Membership) -> None:
    other = services.create_class(teacher.user, StudyClass(name="Other"), timezone.now()).study_class
    take(browser, other, ANNA)
    take(browser, study_class, "Anna;anna@example.org;9\n")
    assert invited(other) == [("Anna Müller", "anna@example.org", "1")]
    assert invited(study_class) == [("Anna", "anna@example.org", "9")]


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.STUDENT, None])
def test_only_teachers_get_to_a_roster(study_class: StudyClass, role: Role | None) -> None:
    user = person("sam")
    if role is not None:
        join(study_class, user, role)
    assert browser_of(user).get(address(study_class)).status_code == 404
    assert upload(browser_of(user), study_class, ANNA).status_code == 404
    assert Client().get(address(study_class)).status_code == 404


def test_the_queries_do_not_grow_with_the_class(
    study_class: StudyClass, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (3, 30):
        lines = [Line(n, f"S {n}", f"s{n}@example.org", str(n)) for n in range(2, count + 2)]
        for line in lines[::2]:
            user, _ = User.objects.get_or_create(email=line.email)
            join(study_class, user)
        with django_assert_num_queries(3):
            plan(study_class, lines)
