"""The code lets people in, and nobody else; what lets nobody in looks the same and costs the same."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from flashcards.accounts.models import User
from flashcards.classes import codes, invitations, joining, services, ways_in
from flashcards.classes.addresses import Address
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.lib.errors import Refused
from tests.classes import people

pytestmark = pytest.mark.django_db

WRONG = "ABCD-2345"


@pytest.fixture(autouse=True)
def nothing_counted(db: None) -> None:
    cache.clear()


def page(study_class: StudyClass) -> str:
    return f"/join/{codes.shown(study_class.join_code)}/"


def shut(study_class: StudyClass, how: str) -> None:
    """Close the way in, one of the ways there are."""
    past = timezone.now() - timedelta(days=3)
    match how:
        case "closed":
            study_class.join_open = False
        case "until":
            study_class.join_until = past
        case "ended":
            study_class.ends_on = past.date()
        case "locked":
            study_class.locked_at = past
        case _:
            raise AssertionError
    study_class.save()


WAYS = ["closed", "until", "ended", "locked"]


def test_the_page_says_whose_class_it_is_and_joins_nobody(study_class: StudyClass) -> None:
    said = people.browser(None).get(page(study_class)).content.decode()
    assert "Deep Learning" in said
    assert "A class of Anna" in said
    assert "Your teacher sees" in said
    assert "Join as a guest" in said
    people.browser(people.member("Sam")).get(page(study_class))
    assert Membership.objects.count() == 1


def test_a_stranger_joins_as_a_guest_with_one_form(study_class: StudyClass) -> None:
    browser = people.browser(None)
    answer = browser.post(page(study_class), {"name": " Zoë ", "time_zone": "Europe/Oslo"})
    assert answer["Location"] == f"/classes/{study_class.slug}/"
    guest = User.objects.get(is_guest=True)
    assert guest.time_zone == "Europe/Oslo"
    membership = guest.memberships.get()
    assert (membership.name, membership.role, membership.study_class) == ("Zoë", Role.STUDENT, study_class)


def test_a_guest_without_a_name_gets_a_number(study_class: StudyClass) -> None:
    for _ in range(2):
        people.browser(None).post(page(study_class))
    assert set(Membership.objects.exclude(role=Role.OWNER).values_list("name", flat=True)) == {"Guest 2", "Guest 3"}


def test_a_member_joins_under_their_name_and_stays_one(study_class: StudyClass) -> None:
    sam = people.member("Sam")
    browser = people.browser(sam)
    assert 'name="name"' not in browser.get(page(study_class)).content.decode()
    for _ in range(2):
        assert browser.post(page(study_class)).status_code == 302
    assert sam.memberships.get().name == "Sam"
    assert "You are in this class already" in browser.get(page(study_class)).content.decode()


def test_signing_in_first_comes_back(study_class: StudyClass) -> None:
    people.member("Sam")
    browser = people.browser(None)
    here = page(study_class)
    assert f"/account/login/?next={here}" in browser.get(here).content.decode()
    answer = browser.post("/account/login/", {"login": "sam@example.org", "password": "correct horse", "next": here})
    assert answer["Location"] == here


def test_the_field_takes_a_code_as_people_type_it(study_class: StudyClass) -> None:
    typed = f" {study_class.join_code[:4].lower()} {study_class.join_code[4:].lower()} "
    answer = people.browser(None).post("/join/", {"code": typed})
    assert answer["Location"] == page(study_class)
    assert people.browser(None).get(f"/join/{study_class.join_code.lower()}/").status_code == 200


@pytest.mark.parametrize("typed", ["", "ABC", "ABCD-EFG0", "ABCD-EFGH-J", "<b>", "ÄBCD-EFGH"])
def test_what_can_be_no_code_is_told_at_the_field(db: None, typed: str) -> None:
    answer = people.browser(None).post("/join/", {"code": typed})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()


def without_token(answer: bytes, code: str) -> str:
    """Return a page without what is new each time, and without the code that was typed."""
    lines = answer.decode().replace(code, "CODE").splitlines()
    return "\n".join(line for line in lines if "csrf" not in line and "nonce" not in line)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("how", WAYS)
def test_what_lets_nobody_in_looks_like_a_wrong_code(study_class: StudyClass, how: str, method: str) -> None:
    shut(study_class, how)
    code = codes.shown(study_class.join_code)
    unknown = getattr(Client(), method)(f"/join/{WRONG}/")
    answer = getattr(Client(), method)(f"/join/{code}/")
    assert answer.status_code == unknown.status_code == 404
    assert without_token(answer.content, code) == without_token(unknown.content, WRONG)
    assert joining.SHUT in answer.content.decode()
    assert Membership.objects.count() == 1
    assert not User.objects.filter(is_guest=True).exists()


@pytest.mark.parametrize("who", ["stranger", "member", "student"])
def test_every_code_costs_the_same_queries(study_class: StudyClass, who: str) -> None:
    user = None if who == "stranger" else people.member("Sam")
    if user and who == "student":
        people.add(study_class, user)
    browser = people.browser(user)
    browser.get("/join/")

    def queries(code: str) -> list[str]:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            browser.get(f"/join/{code}/")
        asked = [re.split("WHERE|VALUES|SET", query["sql"])[0] for query in captured]
        return [re.sub(r"\d+", "0", sql) for sql in asked if "SAVEPOINT" not in sql]

    right = queries(study_class.join_code)
    assert queries(WRONG) == right
    study_class.join_open = False
    study_class.save()
    assert queries(study_class.join_code) == right


@pytest.mark.parametrize("method", ["get", "post"])
def test_codes_tried_are_counted_by_address(study_class: StudyClass, settings: Settings, method: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"join": "2/m/ip"}
    for _ in range(2):
        assert getattr(Client(), method)(f"/join/{WRONG}/").status_code == 404
    assert getattr(Client(), method)(page(study_class)).status_code == 429
    assert Client().get(page(study_class), REMOTE_ADDR="192.0.2.7").status_code == 200


def test_codes_tried_are_counted_by_account(study_class: StudyClass, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"join_user": "2/m/user"}
    browser = people.browser(people.member("Sam"))
    for number in range(2):
        assert browser.get(f"/join/{WRONG}/", REMOTE_ADDR=f"192.0.2.{number}").status_code == 404
    assert browser.get(page(study_class), REMOTE_ADDR="192.0.2.9").status_code == 429
    assert people.browser(people.member("Eve")).get(page(study_class)).status_code == 200


def test_one_code_is_counted_however_it_is_typed_and_from_wherever(
    study_class: StudyClass, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"join_code": "2/m/key"}
    code = study_class.join_code
    for number, typed in enumerate([code, code.lower()]):
        assert Client().get(f"/join/{typed}/", REMOTE_ADDR=f"192.0.2.{number}").status_code == 200
    assert Client().post(page(study_class), REMOTE_ADDR="192.0.2.9").status_code == 429
    assert Client().get(f"/join/{WRONG}/").status_code == 404


def test_a_renewed_code_shuts_the_old_one_out(study_class: StudyClass, anna: User) -> None:
    old = page(study_class)
    ways_in.renew(study_class, anna, timezone.now())
    assert Client().get(old).status_code == 404
    assert Client().get(page(study_class)).status_code == 200


def test_a_full_class_says_so_only_to_the_right_code(study_class: StudyClass, student: Membership) -> None:
    study_class.seats = 1
    study_class.save()
    for answer in (Client().get(page(study_class)), Client().post(page(study_class))):
        assert answer.status_code == 422
        assert ways_in.FULL in answer.content.decode()
    assert ways_in.FULL not in Client().get(f"/join/{WRONG}/").content.decode()
    assert not User.objects.filter(is_guest=True).exists()
    assert "You are in this class already" in people.browser(student.user).get(page(study_class)).content.decode()
    services.leave(student, student.user, timezone.now())
    assert Client().post(page(study_class)).status_code == 302


def test_the_last_day_counts_in_the_zone_of_the_class(study_class: StudyClass, anna: User) -> None:
    study_class.time_zone = "Pacific/Kiritimati"
    day = timezone.now().date()
    ways_in.set_limits(study_class, day, None, anna, timezone.now())
    assert ways_in.last_day(study_class) == day
    assert study_class.join_until is not None
    assert ways_in.is_open(study_class, study_class.join_until - timedelta(seconds=1))
    assert not ways_in.is_open(study_class, study_class.join_until)


@pytest.mark.django_db(transaction=True)
def test_two_who_join_at_once_do_not_share_the_last_seat() -> None:
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads share one connection to a database in memory")
    study_class = people.make_class(people.member("Anna"), seats=1).study_class
    both = [people.member("Sam"), people.member("Eve")]
    together = Barrier(2)

    def enter(user: User) -> bool:
        together.wait(timeout=10)
        try:
            joining.enter(study_class.join_code, user, "", timezone.now())
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter, both)) == [False, True]
    assert ways_in.students_in(study_class.pk) == 1


def test_the_last_seat_taken_between_looking_and_joining(
    study_class: StudyClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    study_class.seats = 1
    study_class.save()
    before = joining.enter
    eve = people.member("Eve")

    def somebody_first(code: str, user: User, name: str, now: object) -> Membership:
        people.add(study_class, eve)
        return before(code, user, name, timezone.now())

    monkeypatch.setattr(joining, "enter", somebody_first)
    answer = people.browser(people.member("Sam")).post(page(study_class))
    assert answer.status_code == 422
    assert ways_in.FULL in answer.content.decode()
    assert ways_in.students_in(study_class.pk) == 1


def test_an_invitation_gives_name_number_and_role_to_a_confirmed_address(owner: Membership) -> None:
    study_class = owner.study_class
    now = timezone.now()
    sam, eve = people.confirm(people.member("Sam")), people.member("Eve")
    invited = [Address(user.email or "", f"{user.name} of the list") for user in (sam, eve)]
    for invitation in invitations.invite(owner, invited, Role.ASSISTANT, now):
        invitation.student_number = "0042"
        invitation.save()
    for user in (sam, eve):
        people.browser(user).post(page(study_class))
    confirmed, unconfirmed = sam.memberships.get(), eve.memberships.get()
    assert (confirmed.name, confirmed.student_number, confirmed.role) == ("Sam of the list", "0042", Role.ASSISTANT)
    assert (unconfirmed.name, unconfirmed.student_number, unconfirmed.role) == ("Eve", "", Role.STUDENT)
    assert study_class.invitations.get(membership=confirmed).email == sam.email
    assert Event.objects.filter(kind=Event.Kind.JOINED, person=sam).count() == 1


def test_somebody_invited_to_assist_needs_no_seat(owner: Membership, student: Membership) -> None:
    study_class = owner.study_class
    study_class.seats = 1
    study_class.save()
    ada = people.confirm(people.member("Ada"))
    invitations.invite(owner, [Address(ada.email or "")], Role.ASSISTANT, timezone.now())
    assert people.browser(ada).post(page(study_class)).status_code == 302
    assert ada.memberships.get().role == Role.ASSISTANT


def test_joining_again_makes_a_new_membership(study_class: StudyClass, student: Membership) -> None:
    services.leave(student, student.user, timezone.now())
    people.browser(student.user).post(page(study_class))
    assert student.user.memberships.count() == 2
    assert student.user.memberships.filter(left_at=None).count() == 1
