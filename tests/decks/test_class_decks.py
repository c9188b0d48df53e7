"""Decks shared with a class: who shares which, who sees them when, and what the record says."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes import services
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.decks.access import may_study, visible_decks
from flashcards.decks.models import ClassDeck, Deck

pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.org", "correct horse", name=name.title())


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def join(study_class: StudyClass, user: User, role: Role = Role.STUDENT) -> Membership:
    return services.join(study_class, user, role, timezone.now())


def pages_of(user: User, deck: Deck) -> set[int]:
    """Return how the pages of a deck answer `user`; all of them must agree with `access`."""
    browser = browser_of(user)
    answers = {browser.get(f"/decks/{deck.slug}/{page}").status_code for page in ("", "print/", "options/")}
    assert may_study(user, deck) is (deck in visible_decks(user)) is (answers == {200})
    return answers


@pytest.fixture
def teacher(bob: User) -> Membership:
    return services.create_class(bob, StudyClass(name="Optics"), timezone.now())


@pytest.fixture
def study_class(teacher: Membership) -> StudyClass:
    return teacher.study_class


@pytest.fixture
def private(bob: User) -> Deck:
    return Deck.objects.create(slug="bobs", title="Bob's", owner=bob)


@pytest.fixture
def do(teacher: Membership, study_class: StudyClass) -> Callable[..., int]:
    """Return a function that posts to the class's decks as its owner, or as another."""

    def post(what: str, deck: Deck, *, user: User | None = None, **more: str) -> int:
        address = f"/classes/{study_class.slug}/decks/"
        return browser_of(user or teacher.user).post(address, {"do": what, "deck": deck.pk, **more}).status_code

    return post


Do = Callable[..., int]


def test_a_private_deck_is_there_for_members_and_for_nobody_else(
    do: Do, study_class: StudyClass, private: Deck, charlie: User
) -> None:
    students = {role: person(role.value) for role in (Role.STUDENT, Role.ASSISTANT, Role.TEACHER)}
    for role, user in students.items():
        join(study_class, user, role)
        assert pages_of(user, private) == {404}
    other = services.create_class(charlie, StudyClass(name="Other"), timezone.now()).study_class
    elsewhere = person("elsewhere")
    join(other, elsewhere)

    assert do("share", private, keeps_memory="on") == 302
    for user in students.values():
        assert pages_of(user, private) == {200}
    for user in (charlie, elsewhere):
        assert pages_of(user, private) == {404}

    assert do("withdraw", private) == 302
    for user in students.values():
        assert pages_of(user, private) == {404}


@pytest.mark.parametrize("keeps", [True, False])
def test_leaving_takes_the_deck_along_only_if_it_may(
    do: Do, study_class: StudyClass, private: Deck, charlie: User, keeps: bool
) -> None:
    membership = join(study_class, charlie)
    do("share", private, **({"keeps_memory": "on"} if keeps else {}))
    services.leave(membership, charlie, timezone.now())
    assert pages_of(charlie, private) == ({200} if keeps else {404})

    join(study_class, charlie)
    assert pages_of(charlie, private) == {200}


def test_leavers_get_nothing_that_was_shared_after_they_left(
    do: Do, study_class: StudyClass, private: Deck, charlie: User
) -> None:
    services.leave(join(study_class, charlie), charlie, timezone.now())
    do("share", private, keeps_memory="on")
    assert pages_of(charlie, private) == {404}


def test_what_leavers_keep_can_be_changed(do: Do, study_class: StudyClass, private: Deck, charlie: User) -> None:
    membership = join(study_class, charlie)
    do("share", private, keeps_memory="on")
    services.leave(membership, charlie, timezone.now())
    assert do("keep", private) == 302
    assert pages_of(charlie, private) == {404}
    assert do("keep", private, keeps_memory="on") == 302
    assert pages_of(charlie, private) == {200}


def test_a_locked_class_shares_nothing(do: Do, study_class: StudyClass, private: Deck, charlie: User) -> None:
    join(study_class, charlie)
    gone = person("gone")
    left = join(study_class, gone)
    do("share", private, keeps_memory="on")
    services.leave(left, gone, timezone.now())
    StudyClass.objects.filter(pk=study_class.pk).update(locked_at=timezone.now())
    assert pages_of(charlie, private) == {404}
    assert pages_of(gone, private) == {404}
    assert do("withdraw", private) == 404


def test_teachers_share_their_own_and_public_decks_and_editors_any(
    do: Do, study_class: StudyClass, deck: Deck, charlie: User, erin: User
) -> None:
    draft = Deck.objects.create(slug="draft", title="Draft", owner=charlie)
    assert do("share", draft) == 422
    assert do("share", deck) == 302
    join(study_class, erin, Role.TEACHER)
    assert do("share", draft, user=erin) == 302
    assert set(ClassDeck.objects.values_list("deck", flat=True)) == {deck.pk, draft.pk}


def test_what_a_class_shares_is_not_handed_on_to_another(do: Do, study_class: StudyClass, private: Deck) -> None:
    carol = person("carol")
    join(study_class, carol, Role.TEACHER)
    do("share", private)
    other = services.create_class(carol, StudyClass(name="Other"), timezone.now()).study_class
    page = browser_of(carol).get(f"/classes/{other.slug}/decks/")
    assert page.context["to_share"] == []
    posted = browser_of(carol).post(f"/classes/{other.slug}/decks/", {"do": "share", "deck": private.pk})
    assert posted.status_code == 422
    assert "Nothing was changed." in posted.content.decode()
    assert not ClassDeck.objects.filter(study_class=other).exists()


def test_who_sees_and_who_changes(do: Do, study_class: StudyClass, private: Deck, charlie: User) -> None:
    do("share", private)
    address = f"/classes/{study_class.slug}/decks/"
    assistant, student = person("assistant"), person("student")
    join(study_class, assistant, Role.ASSISTANT)
    join(study_class, student)
    page = browser_of(assistant).get(address)
    assert "Bob&#x27;s" in page.content.decode()
    assert 'name="deck"' not in page.content.decode()
    for user in (student, charlie):
        assert browser_of(user).get(address).status_code == 404
    for user in (assistant, student, charlie):
        for what in ("share", "keep", "withdraw"):
            assert do(what, private, user=user) == 404
    assert ClassDeck.objects.get().deck == private


@pytest.mark.parametrize("posted", ["", "x", "-1", "9" * 40, "999999", "\0", "٣"])
@pytest.mark.parametrize("what", ["share", "keep", "withdraw", "dance"])
def test_senseless_posts_change_nothing(teacher: Membership, study_class: StudyClass, posted: str, what: str) -> None:
    address = f"/classes/{study_class.slug}/decks/"
    assert browser_of(teacher.user).post(address, {"do": what, "deck": posted}).status_code in {404, 422}
    assert not Event.objects.filter(kind=Event.Kind.SHARED).exists()


def test_each_change_leaves_a_line_and_twice_is_once(
    do: Do, teacher: Membership, study_class: StudyClass, private: Deck
) -> None:
    for what, status in (("share", 302), ("share", 302), ("keep", 302), ("withdraw", 302), ("withdraw", 422)):
        assert do(what, private, **({"keeps_memory": "on"} if what == "share" else {})) == status
    events = Event.objects.filter(kind=Event.Kind.SHARED, study_class=study_class, actor=teacher.user)
    assert [event.words for event in events.order_by("pk")] == [
        "shared: Bob's",
        "leavers lose: Bob's",
        "withdrew: Bob's",
    ]


def test_edits_show_at_once_for_all(do: Do, study_class: StudyClass, private: Deck, charlie: User) -> None:
    join(study_class, charlie)
    do("share", private)
    Deck.objects.filter(pk=private.pk).update(title="Better")
    assert b"Better" in browser_of(charlie).get(f"/decks/{private.slug}/").content
