"""The way in as its teachers see it, and invitations by address."""

from smtplib import SMTPRecipientsRefused
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from flashcards.accounts.models import User
from flashcards.classes import codes, invitations, services, ways_in
from flashcards.classes.addresses import Address
from flashcards.classes.models import Event, Invitation, Membership, Role, StudyClass
from flashcards.lib.errors import Refused
from tests.classes import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted(db: None) -> None:
    cache.clear()


def here(study_class: StudyClass) -> str:
    return f"/classes/{study_class.slug}/invite/"


def post(membership: Membership, **form: str) -> str:
    """Send a form of the page and return the page that answers, after a redirect."""
    return people.browser(membership.user).post(here(membership.study_class), form, follow=True).content.decode()


def test_the_code_stands_large_with_link_and_picture(owner: Membership) -> None:
    page = people.browser(owner.user).get(here(owner.study_class)).content.decode()
    code = codes.shown(owner.study_class.join_code)
    assert f">{code}</p>" in page
    assert f"http://testserver/join/{code}/</a>" in page
    assert "QR code of the join link" in page


def test_the_picture_is_clean_svg(owner: Membership) -> None:
    answer = people.browser(owner.user).get(f"/classes/{owner.study_class.slug}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.content)
    names = {name for element in root.iter() for name in element.attrib}
    assert root.tag.endswith("svg")
    assert "style" not in names
    assert not {name for name in names if name.startswith("on")}
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "g", "path"}


def test_a_new_code_makes_another_picture(owner: Membership) -> None:
    browser, address = people.browser(owner.user), f"/classes/{owner.study_class.slug}/qr.svg"
    before = browser.get(address).content
    old = owner.study_class.join_code
    assert "There is a new code" in post(owner, do="renew")
    owner.study_class.refresh_from_db()
    assert owner.study_class.join_code != old
    assert browser.get(address).content != before


def test_the_way_in_is_closed_and_opened(teacher: Membership) -> None:
    assert ">closed</span>" in post(teacher, do="close")
    assert not StudyClass.objects.get().join_open
    assert ">open</span>" in post(teacher, do="open")
    assert StudyClass.objects.get().join_open
    assert Event.objects.filter(kind=Event.Kind.CODE, actor=teacher.user).count() == 2


def test_limits_are_stored_and_taken_away(owner: Membership) -> None:
    assert "to join until 31 December 2030" in post(owner, do="limits", until="2030-12-31", seats="30")
    study_class = StudyClass.objects.get()
    assert study_class.seats == 30
    assert str(ways_in.last_day(study_class)) == "2030-12-31"
    page = people.browser(owner.user).get(here(study_class)).content.decode()
    assert 'value="2030-12-31"' in page
    post(owner, do="limits", until="", seats="")
    study_class.refresh_from_db()
    assert study_class.seats is None
    assert study_class.join_until is None


@pytest.mark.parametrize(("until", "seats"), [("soon", ""), ("", "0"), ("", "-3"), ("", "many"), ("", "1000000000")])
def test_senseless_limits_are_told_at_their_field(owner: Membership, until: str, seats: str) -> None:
    form = {"do": "limits", "until": until, "seats": seats}
    answer = people.browser(owner.user).post(here(owner.study_class), form)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert StudyClass.objects.get().seats is None


def test_addresses_are_invited_and_mailed(owner: Membership) -> None:
    page = post(
        owner, do="invite", role="student", addresses="Zoë Müller <Zoe@example.org>, sam@example.org; SAM@example.org"
    )
    assert "2 invitations sent" in page
    rows = Invitation.objects.order_by("email")
    assert [(row.email, row.name, row.role) for row in rows] == [
        ("sam@example.org", "", "student"),
        ("zoe@example.org", "Zoë Müller", "student"),
    ]
    assert all(row.sent_at and row.invited_by == owner.user for row in rows)
    assert sorted(message.to[0] for message in mail.outbox) == ["sam@example.org", "zoe@example.org"]
    first = next(message for message in mail.outbox if message.to == ["zoe@example.org"])
    assert first.subject == "Flashcards: you are invited to Deep Learning"
    assert "Hello Zoë Müller" in first.body
    assert "Anna invites you" in first.body
    assert f"http://testserver/join/{codes.shown(owner.study_class.join_code)}/" in first.body


def test_a_name_of_a_class_stands_in_a_mail_as_it_is(owner: Membership) -> None:
    StudyClass.objects.update(name="C & <B>")
    post(owner, do="invite", role="student", addresses="sam@example.org")
    assert "C & <B>" in mail.outbox[0].body
    assert mail.outbox[0].subject.endswith("C & <B>")


def test_one_bad_address_and_nobody_is_invited(owner: Membership) -> None:
    form = {"do": "invite", "role": "student", "addresses": "sam@example.org\nFoo@\nbar"}
    answer = people.browser(owner.user).post(here(owner.study_class), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2: “Foo@” is no e-mail address." in page
    assert "Line 3: “bar” is no e-mail address." in page
    assert "sam@example.org\nFoo@" in page.replace("\r\n", "\n")
    assert not Invitation.objects.exists()
    assert not mail.outbox


def test_who_is_invited_already_gets_no_second_mail(owner: Membership) -> None:
    post(owner, do="invite", role="student", addresses="sam@example.org")
    page = post(owner, do="invite", role="student", addresses="Sam <sam@example.org> eve@example.org")
    assert "1 of these were invited before" in page
    assert [message.to for message in mail.outbox] == [["sam@example.org"], ["eve@example.org"]]


def test_again_and_withdraw(teacher: Membership) -> None:
    post(teacher, do="invite", role="student", addresses="sam@example.org")
    invitation = Invitation.objects.get()
    assert "1 invitation sent" in post(teacher, do="again", invitation=str(invitation.pk))
    assert len(mail.outbox) == 2
    other = people.make_class(people.member("Eve"))
    for pk in (str(invitation.pk), "0", "x", "9" * 30, "²"):
        for what in ("again", "withdraw"):
            answer = people.browser(other.user).post(here(other.study_class), {"do": what, "invitation": pk})
            assert answer.status_code == 404
    assert "no longer invited" in post(teacher, do="withdraw", invitation=str(invitation.pk))
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("role", "by_owner", "by_teacher"), [("student", 1, 1), ("assistant", 1, 0), ("teacher", 1, 0), ("owner", 0, 0)]
)
def test_who_invites_as_what(
    owner: Membership, teacher: Membership, role: str, by_owner: int, by_teacher: int
) -> None:
    post(owner, do="invite", role=role, addresses="sam@example.org")
    assert Invitation.objects.filter(role=role).count() == by_owner
    Invitation.objects.all().delete()
    post(teacher, do="invite", role=role, addresses="sam@example.org")
    assert Invitation.objects.filter(role=role).count() == by_teacher
    if role != "student":
        with pytest.raises(Refused):
            invitations.invite(teacher, [Address("sam@example.org")], Role(role), timezone.now())


def test_mails_are_limited(owner: Membership, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"invite": "1/h/user"}
    browser = people.browser(owner.user)
    form = {"do": "invite", "role": "student"}
    assert browser.post(here(owner.study_class), form | {"addresses": "sam@example.org"}).status_code == 302
    assert browser.post(here(owner.study_class), form | {"addresses": "eve@example.org"}).status_code == 429
    assert len(mail.outbox) == 1


def test_a_mail_that_is_refused_is_named_and_the_others_go(owner: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    before = EmailBackend.send_messages

    def refuse_one(self: EmailBackend, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["bad@example.org"]:
            raise SMTPRecipientsRefused({})
        return before(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse_one)
    page = post(owner, do="invite", role="student", addresses="a@example.org bad@example.org b@example.org")
    assert "no mail reached bad@example.org" in page
    assert "2 invitations sent" in page
    assert set(Invitation.objects.filter(sent_at=None).values_list("email", flat=True)) == {"bad@example.org"}


def test_without_a_mail_server_people_are_invited_all_the_same(
    owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_server(self: EmailBackend) -> bool:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "open", no_server)
    page = post(owner, do="invite", role="student", addresses="a@example.org")
    assert "no mail reached a@example.org" in page
    assert Invitation.objects.get().sent_at is None


def test_the_pages_queries_do_not_grow(owner: Membership) -> None:
    browser = people.browser(owner.user)
    counts = []
    for number in (1, 120):
        Invitation.objects.bulk_create(
            Invitation(study_class=owner.study_class, email=f"{number}-{index}@example.org") for index in range(number)
        )
        browser.get(here(owner.study_class))
        with CaptureQueriesContext(connection) as captured:
            page = browser.get(here(owner.study_class)).content.decode()
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert "1–50 of 121" in page


def invited(owner: Membership, user: User, role: Role = Role.STUDENT) -> Invitation:
    """Return an invitation to somebody's address, as a line of a roster has it."""
    [invitation] = invitations.invite(owner, [Address(user.email or "", "Samuel")], role, timezone.now())
    invitation.student_number = "0042"
    invitation.save()
    return invitation


def test_the_list_offers_an_invitation_with_one_button(owner: Membership) -> None:
    sam = people.confirm(people.member("Sam"))
    invitation = invited(owner, sam)
    ways_in.set_open(owner.study_class, False, owner.user, timezone.now())
    browser = people.browser(sam)
    page = browser.get("/classes/").content.decode()
    assert "You are invited to <strong>Deep Learning</strong>" in page
    assert f"/classes/invitations/{invitation.pk}/accept/" in page
    assert browser.get(f"/classes/invitations/{invitation.pk}/accept/").status_code == 405
    answer = browser.post(f"/classes/invitations/{invitation.pk}/accept/")
    assert answer["Location"] == f"/classes/{owner.study_class.slug}/"
    membership = sam.memberships.get()
    assert (membership.name, membership.student_number) == ("Samuel", "0042")
    assert "You are invited" not in browser.get("/classes/").content.decode()
    assert browser.post(f"/classes/invitations/{invitation.pk}/accept/").status_code == 404


@pytest.mark.parametrize("who", ["unconfirmed", "another", "guest"])
def test_nobody_else_accepts_it(owner: Membership, who: str) -> None:
    sam = people.member("Sam")
    invitation = invited(owner, sam)
    user = User.objects.create_guest() if who == "guest" else sam
    if who == "another":
        user = people.confirm(people.member("Eve"))
    browser = people.browser(user)
    assert "You are invited" not in browser.get("/classes/").content.decode()
    assert browser.post(f"/classes/invitations/{invitation.pk}/accept/").status_code == 404
    assert not user.memberships.exists()


def test_a_locked_class_invites_nobody(owner: Membership) -> None:
    sam = people.confirm(people.member("Sam"))
    invitation = invited(owner, sam)
    services.set_lock(owner.study_class, "a reason", owner.user, timezone.now())
    browser = people.browser(sam)
    assert "You are invited" not in browser.get("/classes/").content.decode()
    assert browser.post(f"/classes/invitations/{invitation.pk}/accept/").status_code == 404


def test_an_invitation_needs_a_seat_too(owner: Membership, student: Membership) -> None:
    ways_in.set_limits(owner.study_class, None, 1, owner.user, timezone.now())
    eve = people.confirm(people.member("Eve"))
    invitation = invited(owner, eve)
    answer = people.browser(eve).post(f"/classes/invitations/{invitation.pk}/accept/", follow=True)
    assert ways_in.FULL in answer.content.decode()
    assert not eve.memberships.exists()


def test_a_student_who_is_in_already_gets_what_the_invitation_says(owner: Membership, student: Membership) -> None:
    people.confirm(student.user)
    invitation = invited(owner, student.user, Role.ASSISTANT)
    people.browser(student.user).post(f"/classes/invitations/{invitation.pk}/accept/")
    student.refresh_from_db()
    assert (student.name, student.student_number, student.role) == ("Samuel", "0042", Role.ASSISTANT)
    assert student.user.memberships.count() == 1
    assert Event.objects.filter(kind=Event.Kind.ROLE, actor=owner.user, person=student.user).count() == 1


def test_an_invitation_that_was_used_does_not_bring_somebody_back(owner: Membership) -> None:
    ada = people.confirm(people.member("Ada"))
    membership = invitations.accept(invited(owner, ada, Role.ASSISTANT), ada, timezone.now())
    services.leave(membership, owner.user, timezone.now())
    browser = people.browser(ada)
    assert "You are invited" not in browser.get("/classes/").content.decode()
    browser.post(f"/join/{owner.study_class.join_code}/")
    assert ada.memberships.get(left_at=None).role == Role.STUDENT
