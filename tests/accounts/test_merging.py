"""Two accounts of one person become one, with all that either held; what can't be merged is refused."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from flashcards.accounts import merging
from flashcards.accounts.models import User
from flashcards.classes.models import Event, Invitation, Membership, Role, StudyClass
from flashcards.decks.models import ClassDeck, Deck
from flashcards.lib.errors import Refused
from flashcards.study.answering import Answer, record_offline
from flashcards.study.models import ClassCardWeek, Memory, Rating, Review
from flashcards.study.options import options_for
from tests.accounts import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.org", people.PASSWORD)


@pytest.fixture
def twin(db: None) -> User:
    """Return Alice's second account."""
    twin = people.member("twin@example.org", name="Alice the second")
    EmailAddress.objects.create(user=twin, email=twin.email, primary=True, verified=True)
    return twin


@pytest.fixture
def study_class(deck: Deck) -> StudyClass:
    """Return a class that studies `deck`."""
    study_class = StudyClass.objects.create(slug="abc", join_code="ABCDEFGH", name="Class")
    ClassDeck.objects.create(study_class=study_class, deck=deck, shared_at=timezone.now() - timedelta(days=9))
    ClassDeck.objects.update(shared_at=timezone.now() - timedelta(days=9))
    return study_class


def join(study_class: StudyClass, user: User, role: Role = Role.STUDENT, **fields: str) -> Membership:
    joined = timezone.now() - timedelta(days=9)
    return Membership.objects.create(study_class=study_class, user=user, role=role, joined_at=joined, **fields)


def answer(user: User, deck: Deck, rating: Rating, hours_ago: int) -> Review:
    card = deck.cards.get()
    given = Answer(uuid4(), card.pk, rating, None, 1000, timezone.now() - timedelta(hours=hours_ago))
    return record_offline(user, options_for(user, deck), card, given).review


def pages(root: User) -> Client:
    browser = Client()
    browser.force_login(root)
    return browser


def merge_page(first: User, second: User) -> str:
    return f"/admin/accounts/user/merge/{first.pk}/{second.pk}/"


def test_the_logs_are_joined_and_everything_stored_agrees(
    alice: User, twin: User, root: User, deck: Deck, study_class: StudyClass
) -> None:
    for user in (alice, twin):
        join(study_class, user)
    for hours, (user, rating) in enumerate([(alice, Rating.GOOD), (twin, Rating.AGAIN), (alice, Rating.EASY)]):
        answer(user, deck, rating, 100 - 30 * hours)
    own = people.make_deck("own", owner=twin)
    merging.merge(twin, alice, by=root, keep_address=False)
    assert list(User.objects.exclude(pk=root.pk)) == [alice]
    assert Memory.objects.get().reps == 3
    assert set(Review.objects.values_list("user", flat=True)) == {alice.pk}
    assert sum(ClassCardWeek.objects.values_list("reviews", flat=True)) == 3
    own.refresh_from_db()
    assert own.owner == alice
    call_command("verify", stdout=StringIO())


def test_of_a_class_of_both_one_membership_is_left_with_the_greater_role(
    alice: User, twin: User, root: User, study_class: StudyClass
) -> None:
    kept = join(study_class, alice, student_number="17")
    join(study_class, twin, Role.OWNER, name="The teacher", student_number="18")
    merging.merge(twin, alice, by=root, keep_address=False)
    now_there = Membership.objects.get(study_class=study_class, left_at=None)
    assert (now_there.pk, now_there.role, now_there.name, now_there.student_number) == (
        kept.pk, Role.OWNER, "The teacher", "17"
    )  # fmt: skip


def test_classes_of_the_other_alone_come_along(alice: User, twin: User, root: User, study_class: StudyClass) -> None:
    membership = join(study_class, twin)
    Event.objects.create(study_class=study_class, person=twin, kind=Event.Kind.READ, at=timezone.now())
    Invitation.objects.create(study_class=study_class, email="twin@example.org")
    merging.merge(twin, alice, by=root, keep_address=False)
    membership.refresh_from_db()
    assert membership.user == alice
    assert Event.objects.get(kind=Event.Kind.READ).person == alice
    assert Invitation.objects.get().email == "alice@example.org"
    line = Event.objects.get(kind=Event.Kind.MERGED)
    assert (line.actor, line.person) == (root, alice)
    assert "twin" not in line.words


def test_a_confirmed_address_goes_on_opening_the_account(alice: User, twin: User, root: User) -> None:
    words = merging.merge(twin, alice, by=root, keep_address=True)
    assert words == "twin@example.org opens the account as well."
    browser = Client()
    people.sign_in(browser, "twin@example.org")
    assert people.user_of(browser) == alice


@pytest.mark.parametrize(("keep", "verified"), [(False, True), (True, False)])
def test_an_address_that_is_not_kept_is_dropped_with_a_word(
    keep: bool, verified: bool, alice: User, twin: User, root: User
) -> None:
    EmailAddress.objects.update(verified=verified)
    words = merging.merge(twin, alice, by=root, keep_address=keep)
    assert words == "twin@example.org opens no account any more."
    assert not EmailAddress.objects.filter(email="twin@example.org").exists()
    browser = Client()
    people.sign_in(browser, "twin@example.org")
    assert people.user_of(browser) is None


def test_the_page_shows_what_each_holds_and_merges(
    alice: User, twin: User, root: User, deck: Deck, study_class: StudyClass
) -> None:
    join(study_class, twin)
    answer(twin, deck, Rating.GOOD, 3)
    browser = pages(root)
    chosen = {"action": "merge_people", "_selected_action": [str(alice.pk), str(twin.pk)]}
    to = browser.post("/admin/accounts/user/", chosen)
    page = browser.get(to["Location"]).content.decode()
    for words in ("1 review", "student of the class “Class”", "address alice@example.org", "be undone"):
        assert words in page
    browser.post(to["Location"], {"staying": alice.pk})
    assert not User.objects.filter(pk=twin.pk).exists()
    assert not LogEntry.objects.filter(object_repr__contains="second").exists()


@pytest.mark.parametrize("number", [1, 3])
def test_two_are_chosen(number: int, alice: User, twin: User, root: User) -> None:
    chosen = [str(user.pk) for user in (alice, twin, root)][:number]
    browser = pages(root)
    answer = browser.post("/admin/accounts/user/", {"action": "merge_people", "_selected_action": chosen}, follow=True)
    assert "Choose two accounts" in answer.content.decode()


def test_an_administrator_is_not_merged_into_somebody_else(alice: User, root: User) -> None:
    chief = User.objects.create_superuser("chief@example.org", people.PASSWORD)
    with pytest.raises(Refused, match="may do more in the admin"):
        merging.merge(chief, alice, by=root, keep_address=True)
    pages(root).post(merge_page(alice, chief), {"staying": alice.pk})
    assert User.objects.filter(pk__in=[alice.pk, chief.pk]).count() == 2
    merging.merge(alice, chief, by=root, keep_address=True)
    assert not User.objects.filter(pk=alice.pk).exists()


def test_what_makes_no_sense_is_refused(alice: User, root: User, deck: Deck) -> None:
    _, guest = people.guest_browser(deck)
    for leaving, staying, words in (
        (alice, alice, "one account"),
        (root, User.objects.create_superuser("chief@example.org"), "signed in with would go"),
        (alice, guest, "no address"),
    ):
        with pytest.raises(Refused, match=words):
            merging.merge(leaving, staying, by=root, keep_address=True)


def test_only_administrators_merge(alice: User, twin: User) -> None:
    editor = people.member("editor@example.org", is_staff=True)
    assert pages(editor).get(merge_page(alice, twin)).status_code == 403
    with pytest.raises(Refused, match="Only an administrator"):
        merging.merge(twin, alice, by=editor, keep_address=True)
    assert pages(User.objects.create_superuser("root@example.org")).get(merge_page(alice, alice)).status_code == 200
