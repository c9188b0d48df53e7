"""What others did to somebody, told to them; and classes and their record in the admin."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes import services
from flashcards.classes.models import Event, Membership, Role, StudyClass
from tests.classes import people

pytestmark = pytest.mark.django_db


def read_of(student: Membership, by: Membership, days_ago: int = 0) -> None:
    """Write down that staff opened a student's page."""
    services.record(
        Event.Kind.READ, timezone.now() - timedelta(days=days_ago), study_class=by.study_class, actor=by.user,
        person=student.user,
    )  # fmt: skip


def test_a_student_reads_who_opened_their_page(owner: Membership, assistant: Membership, student: Membership) -> None:
    other = people.add(owner.study_class, people.member("Eve"))
    read_of(student, assistant)
    read_of(other, owner)
    services.change_role(student, Role.ASSISTANT, owner.user, timezone.now())
    page = people.browser(student.user).get("/account/record/").content.decode()
    assert "Ada opened your page in Deep Learning." in page
    assert "Anna made you an assistant of Deep Learning." in page
    assert "Anna opened" not in page
    assert "Sam" not in page[page.index("<ol") :]
    assert "@example.org" not in page[page.index("<ol") :]


def test_staff_without_a_name_are_not_named_by_their_address(student: Membership, teacher: Membership) -> None:
    User.objects.filter(pk=teacher.user.pk).update(name="")
    read_of(student, teacher)
    page = people.browser(student.user).get("/account/record/").content.decode()
    assert "Somebody who teaches there opened your page" in page
    assert "tom@example.org" not in page


def test_an_export_is_told_to_all_who_were_students_then(
    owner: Membership, assistant: Membership, student: Membership
) -> None:
    late = people.add(owner.study_class, people.member("Eve"))
    outside = people.member("Zed")
    Membership.objects.filter(pk=student.pk).update(joined_at=timezone.now() - timedelta(days=9))
    exported = timezone.now() - timedelta(days=3)
    services.record(Event.Kind.EXPORTED, exported, study_class=owner.study_class, actor=owner.user)
    told = {
        user: "exported the gradebook" in people.browser(user).get("/account/record/").content.decode()
        for user in (student.user, late.user, assistant.user, outside)
    }
    assert told == {student.user: True, late.user: False, assistant.user: False, outside: False}


@pytest.mark.parametrize("kind", Event.Kind.values)
def test_every_kind_of_line_has_words(student: Membership, owner: Membership, kind: str) -> None:
    now = timezone.now()
    services.record(Event.Kind(kind), now, study_class=None, actor=owner.user, person=student.user, words="more")
    page = people.browser(student.user).get("/account/record/").content.decode()
    assert "a class that is gone" in page
    assert "Nothing yet" not in page


def test_an_empty_record_says_so_and_the_account_leads_there(anna: User) -> None:
    browser = people.browser(anna)
    assert "Nobody has opened your pages" in browser.get("/account/record/").content.decode()
    assert "/account/record/" in browser.get("/account/").content.decode()


def test_the_record_is_in_the_persons_zone_and_paged(student: Membership, owner: Membership) -> None:
    User.objects.filter(pk=student.user.pk).update(time_zone="Pacific/Kiritimati")
    services.record(
        Event.Kind.READ, timezone.now().replace(2026, 3, 1, 12, 0), study_class=owner.study_class, actor=owner.user,
        person=student.user,
    )  # fmt: skip
    browser = people.browser(student.user)
    assert "2 Mar 2026, 02:00" in browser.get("/account/record/").content.decode()
    for days in range(60):
        read_of(student, owner, days)
    assert browser.get("/account/record/").content.decode().count("Anna opened your page") == 50
    assert "51–61 of 61" in browser.get("/account/record/?page=2").content.decode()


@pytest.fixture
def chief(db: None) -> User:
    """Return an administrator."""
    return User.objects.create_superuser("chief@example.org", "a password")


def act(chief: User, action: str, *classes: StudyClass, reason: str = "") -> str:
    form = {"action": action, "reason": reason, "_selected_action": [str(one.pk) for one in classes]}
    return people.browser(chief).post("/admin/classes/studyclass/", form, follow=True).content.decode()


def test_an_administrator_finds_and_counts_classes(chief: User, owner: Membership, student: Membership) -> None:
    gone = people.add(owner.study_class, people.member("Gone"))
    services.leave(gone, gone.user, timezone.now())
    browser = people.browser(chief)
    page = browser.get("/admin/classes/studyclass/?q=deep").content.decode()
    assert "anna@example.org" in page
    assert '<td class="field-members_now">2</td>' in page
    assert "Deep Learning" not in browser.get("/admin/classes/studyclass/?q=calculus").content.decode()
    assert browser.get(f"/admin/classes/studyclass/{owner.study_class.pk}/change/").status_code == 200
    assert browser.get("/admin/classes/studyclass/add/").status_code == 403


def test_locking_needs_a_reason_and_is_written_down(chief: User, owner: Membership) -> None:
    study_class = owner.study_class
    assert "give a reason" in act(chief, "lock", study_class)
    assert StudyClass.objects.get().locked_at is None
    act(chief, "lock", study_class, reason="Copied from another school")
    locked = StudyClass.objects.get()
    assert locked.locked_at
    assert locked.locked_because == "Copied from another school"
    act(chief, "unlock", study_class)
    unlocked = StudyClass.objects.get()
    assert (unlocked.locked_at, unlocked.locked_because) == (None, "")
    said = list(
        Event.objects.filter(kind=Event.Kind.LOCKED, actor=chief).order_by("pk").values_list("words", flat=True)
    )
    assert said == ["locked: Copied from another school", "unlocked"]


def test_an_administrator_changes_a_class_by_the_same_rules(chief: User, owner: Membership) -> None:
    path = f"/admin/classes/studyclass/{owner.study_class.pk}/change/"
    browser = people.browser(chief)
    form = {
        "name": "Other",
        "time_zone": "UTC",
        "keep_months": "1",
        "starts_on": "2026-02-02",
        "ends_on": "2026-02-01",
    }
    assert "ends before it begins" in browser.post(path, form).content.decode()
    assert browser.post(path, form | {"ends_on": ""}).status_code == 302
    assert StudyClass.objects.get().name == "Other"
    assert Event.objects.filter(kind=Event.Kind.CHANGED, actor=chief).count() == 1


def test_a_class_with_students_is_not_deleted(chief: User, owner: Membership, student: Membership) -> None:
    empty = people.make_class(owner.user, "Empty").study_class
    services.leave(student, student.user, timezone.now())
    browser = people.browser(chief)
    assert (
        browser.post(f"/admin/classes/studyclass/{owner.study_class.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    act(chief, "delete_selected", owner.study_class)
    form = {"action": "delete_selected", "post": "yes", "_selected_action": [str(owner.study_class.pk)]}
    assert browser.post("/admin/classes/studyclass/", form).status_code == 403
    assert StudyClass.objects.filter(pk=owner.study_class.pk).exists()
    browser.post(f"/admin/classes/studyclass/{empty.pk}/delete/", {"post": "yes"})
    assert not StudyClass.objects.filter(pk=empty.pk).exists()


def test_the_record_is_only_read(chief: User, owner: Membership) -> None:
    event = Event.objects.get(kind=Event.Kind.CREATED)
    browser = people.browser(chief)
    assert "Deep Learning" in browser.get("/admin/classes/event/").content.decode()
    path = f"/admin/classes/event/{event.pk}"
    assert browser.get(f"{path}/change/").status_code == 200
    assert browser.post(f"{path}/change/", {"words": "else"}).status_code == 403
    assert browser.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert browser.get("/admin/classes/event/add/").status_code == 403
    event.refresh_from_db()
    assert event.words == ""
