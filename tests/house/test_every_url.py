"""Every address of the project, for everybody, for one's own class, another and none: what they get.

A new address fails here until it has its line in URLS. The admin and allauth are groups with a rule of their own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone

from flashcards.classes.models import StudyClass

from .cast import METHODS, ROLES, SIGN_IN, Cast, address, make_cast, routes, targets_of, things

pytestmark = pytest.mark.django_db

Status = int | str
Rule = Callable[[str, str], Status]
"""What somebody with a role gets (a status, or SIGN_IN) when they ask for the things of a target."""

STUDENTS = ("student",)
STAFF = ("owner", "teacher", "assistant")
TEACHERS = ("owner", "teacher")
ANYBODY = (*STAFF, *STUDENTS)
EDITORS = ("editor", "administrator")


def everybody(status: Status, **others: Status) -> Rule:
    """The same for all, but for the roles named."""
    return lambda role, target: others.get(role, status)


def signed_in(status: Status, **others: Status) -> Rule:
    """The same for all who are signed in, guests too; strangers are sent to sign in."""
    return everybody(status, stranger=SIGN_IN, **others)


def of_class(roles: tuple[str, ...], status: Status, *, stranger: Status = 404, **others: Status) -> Rule:
    """For these roles of the own class; it doesn't exist for anybody else, and no other class for any of them.

    A student reaches their own things, not those of another student.
    """

    def rule(role: str, target: str) -> Status:
        if role == "stranger":
            return stranger
        reached = target == "own" or (target == "neighbour" and role in STAFF)
        return others.get(role, status) if reached and role in roles else 404

    return rule


def of_owner(status: Status) -> Rule:
    """For one's own alone, whatever one may see else."""
    return lambda role, target: SIGN_IN if role == "stranger" else status if target == "own" else 404


def of_deck(status: Status, *, stranger: Status = SIGN_IN, **others: Status) -> Rule:
    """For everybody in a class that has the deck, and editors for every deck that there is."""

    def rule(role: str, target: str) -> Status:
        if role == "stranger":
            return stranger
        if role in others:
            return others[role]
        reached = {"own": (*ANYBODY, *EDITORS), "other": EDITORS}.get(target, ())
        return status if role in reached else 404

    return rule


def of_editors(status: Status) -> Rule:
    """For those who may edit every deck there is; the class's decks are nobody's own."""
    return lambda role, target: (
        SIGN_IN if role == "stranger" else status if role in EDITORS and target != "none" else 404
    )


def of_learner(status: Status, *, roles: tuple[str, ...] = (*ANYBODY, *EDITORS)) -> Rule:
    """For one's own alone, while one may study the deck."""
    return lambda role, target: SIGN_IN if role == "stranger" else status if role in roles and target == "own" else 404


def by_code(status: Status) -> Rule:
    """For whoever has a code, of whatever class."""
    return lambda role, target: 404 if target == "none" else status


NEVER = everybody(405)


@dataclass(frozen=True, slots=True)
class Line:
    """What comes of asking for an address, and of posting `data` to it."""

    get: Rule
    post: Rule = NEVER
    data: str = ""


LEARNERS = tuple(role for role in ROLES if role not in {"stranger", "guest"})
URLS = {
    "": Line(everybody(200)),
    "favicon.ico": Line(everybody(302), everybody(302)),
    "healthz": Line(everybody(200)),
    "preferences/": Line(signed_in(200), signed_in(200)),
    "preferences/time-zone/": Line(NEVER, everybody(204, stranger=403), "time_zone=UTC"),
    "account/": Line(signed_in(200)),
    "account/data.json": Line(signed_in(200)),
    "account/delete/": Line(signed_in(200), signed_in(422)),
    "account/goodbye/": Line(everybody(200)),
    "account/record/": Line(signed_in(200)),
    "try/": Line(NEVER, everybody(302)),
    "history/": Line(signed_in(200)),
    "history.csv": Line(signed_in(200)),
    "decks/<slug:slug>/": Line(of_deck(200)),
    "decks/import/": Line(signed_in(200, guest=302), signed_in(422, guest=302)),
    "decks/<slug:slug>/export/": Line(of_deck(200, guest=302), of_deck(422, guest=302)),
    "decks/<slug:slug>/changes/": Line(of_editors(200), of_editors(422)),
    "transfers/<uuid:pk>/": Line(of_owner(200), of_owner(302), "do=discard"),
    "transfers/<uuid:pk>/file/": Line(everybody(404, stranger=SIGN_IN)),
    "transfers/<uuid:pk>/media/<str:name>": Line(everybody(404, stranger=SIGN_IN)),
    "decks/new/": Line(signed_in(200, guest=302), signed_in(422, guest=302)),
    "decks/<slug:slug>/settings/": Line(of_editors(200), of_editors(422)),
    "decks/<slug:slug>/topics/": Line(NEVER, of_editors(422), "do=add"),
    "decks/<slug:slug>/delete/": Line(everybody(404, stranger=SIGN_IN), everybody(404, stranger=SIGN_IN)),
    "decks/<slug:slug>/notes/": Line(of_editors(200)),
    "decks/<slug:slug>/notes/new/": Line(of_editors(200), of_editors(422)),
    "decks/<slug:slug>/notes/preview/": Line(NEVER, of_editors(200)),
    "decks/<slug:slug>/notes/<int:pk>/": Line(of_editors(200), of_editors(302), "do=archive"),
    "decks/<slug:slug>/notes/<int:pk>/history/": Line(of_editors(200), of_editors(404), "back=0"),
    "decks/<slug:slug>/print/": Line(of_deck(200, stranger=404)),
    "decks/<slug:slug>/print": Line(of_deck(200, stranger=404)),
    "decks/<slug:slug>/options/": Line(of_deck(200), of_deck(422)),
    "cards/<int:pk>/": Line(of_deck(200)),
    "cards/<int:pk>/suggest/": Line(of_deck(200), of_deck(302), "reason=wrong"),
    "suggestions/": Line(signed_in(200)),
    "decks/<slug:slug>/suggestions/": Line(of_editors(200)),
    "decks/<slug:slug>/suggestions/<int:pk>/": Line(of_editors(200), of_editors(422), "do=refuse"),
    "decks/<slug:slug>/bulk/": Line(of_editors(302), of_editors(302)),
    "decks/<slug:slug>/duplicates/": Line(of_editors(200)),
    "decks/<slug:slug>/health/": Line(of_editors(200)),
    "decks/<slug:slug>/health/<int:pk>/": Line(of_editors(200)),
    "media/": Line(NEVER, everybody(404)),
    "media/<slug:digest>.<slug:extension>": Line(of_deck(200, stranger=404)),
    "cards/<int:pk>/mark/": Line(NEVER, of_deck(302), "mark=star"),
    "study/<slug:slug>/": Line(of_deck(200)),
    "study/session/<int:pk>/answer/": Line(NEVER, of_learner(302)),
    "study/session/<int:pk>/give/": Line(NEVER, of_learner(302)),
    "study/session/<int:pk>/undo/": Line(NEVER, of_learner(302)),
    "study/session/<int:pk>/suspend/": Line(NEVER, of_learner(302)),
    "study/session/<int:pk>/bury/": Line(NEVER, of_learner(302)),
    "study/session/<int:pk>/star/": Line(NEVER, of_learner(302)),
    "study/session/<int:pk>/more/": Line(NEVER, of_learner(302)),
    "study/session/<int:pk>/ahead/": Line(NEVER, of_learner(302)),
    "classes/": Line(signed_in(200)),
    "classes/new/": Line(signed_in(200), signed_in(422)),
    "classes/invitations/<int:pk>/accept/": Line(NEVER, of_learner(302, roles=LEARNERS)),
    "classes/<slug:slug>/": Line(of_class(ANYBODY, 200)),
    "classes/<slug:slug>/settings/": Line(of_class(STAFF, 200), of_class(TEACHERS, 422)),
    "classes/<slug:slug>/members/": Line(of_class(STAFF, 200)),
    "classes/<slug:slug>/members/<int:pk>/": Line(of_class(TEACHERS, 200), of_class(TEACHERS, 302), "do=remove"),
    "classes/<slug:slug>/invite/": Line(of_class(STAFF, 200), of_class(TEACHERS, 302), "do=renew"),
    "classes/<slug:slug>/qr.svg": Line(of_class(STAFF, 200)),
    "classes/<slug:slug>/roster/": Line(of_class(TEACHERS, 200), of_class(TEACHERS, 302), "do=discard"),
    "classes/<slug:slug>/leave/": Line(of_class(ANYBODY, 200), of_class(ANYBODY, 302, owner=422)),
    "classes/<slug:slug>/decks/": Line(of_class(STAFF, 200), of_class(TEACHERS, 422), "do=share"),
    "classes/<slug:slug>/students/<int:pk>/": Line(of_class(ANYBODY, 200)),
    "classes/<slug:slug>/cards/<int:pk>/show/": Line(of_class(STAFF, 200)),
    "classes/<slug:slug>/gradebook.csv": Line(of_class(STAFF, 200)),
    "classes/<slug:slug>/gradebook.xlsx": Line(of_class(STAFF, 200)),
    "classes/<slug:slug>/assignments/": Line(of_class(ANYBODY, 200)),
    "classes/<slug:slug>/assignments/new/": Line(of_class(TEACHERS, 200), of_class(TEACHERS, 422)),
    "classes/<slug:slug>/assignments/<int:pk>/": Line(of_class(ANYBODY, 200), of_class(TEACHERS, 422)),
    "assignments/<int:pk>/budget/": Line(
        of_class(ANYBODY, 200, stranger=SIGN_IN), of_class(ANYBODY, 422, stranger=SIGN_IN)
    ),
    "join/": Line(everybody(200), everybody(422)),
    "join/<str:code>/": Line(by_code(200), by_code(302)),
}

# Open to strangers; every other page of allauth sends them to sign in.
OPEN = {
    "account/login/", "account/signup/", "account/logout/", "account/inactive/", "account/confirm-email/",
    r"account/^confirm-email/(?P<key>[-:\w]+)/$", "account/password/reset/", "account/password/reset/done/",
    "account/password/reset/key/done/", r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    """Return everybody."""
    return make_cast()


def test_every_address_has_its_line() -> None:
    assert set(routes()) == set(URLS)


@pytest.mark.parametrize("route", URLS)
def test_who_gets_what(route: str, cast: Cast) -> None:
    line, wrong = URLS[route], []
    for method, rule in zip(METHODS, (line.get, line.post), strict=True):
        for target in targets_of(route):
            for role in ROLES:
                data = line.data if method == "POST" else ""
                got = cast.ask(method, address(route, things(cast, target, role)), role, data)
                expected = 405 if rule is NEVER else rule(role, target)
                if got != expected:
                    wrong.append(f"{method} {target} by {role}: {got}, not {expected}")
    assert wrong == []


@pytest.mark.parametrize("route", [route for route in URLS if route.startswith("classes/<slug:slug>/")])
def test_a_locked_class_is_there_for_nobody(route: str, cast: Cast) -> None:
    StudyClass.objects.update(locked_at=timezone.now())
    line = URLS[route]
    for method, rule in zip(METHODS, (line.get, line.post), strict=True):
        for role in ANYBODY:
            got = cast.ask(method, address(route, cast.own[role]), role, line.data if method == "POST" else "")
            assert got == (405 if rule is NEVER else 404), f"{method} by {role}: {got}"


def filled(route: str, cast: Cast) -> str:
    """Return an address of the admin or allauth with something in its places: a student's id, a key that is none."""
    route = re.sub(r"<(path|int):\w+>", cast.own["student"]["member"], route)
    route = re.sub(r"\(\?P<app_label>(\w+)[^)]*\)", r"\1", route)
    return "/" + re.sub(r"\(\?P<\w+>[^)]*\)", "1", route).replace("^", "").replace("$", "")


@pytest.mark.parametrize("route", routes("allauth"))
def test_allauth_is_about_oneself(route: str, cast: Cast) -> None:
    for method in METHODS:
        for role in ROLES:
            got = cast.ask(method, filled(route, cast), role)
            reached = role != "stranger" or route in OPEN
            allowed = {200, 302, 405, 404 if "key>" in route else 200} if reached else {SIGN_IN}
            assert got in allowed, f"{method} by {role}: {got}"


@pytest.mark.parametrize("route", routes("admin"))
def test_the_admin_is_for_those_who_may(route: str, cast: Cast) -> None:
    ours_too = re.match(r"admin/(decks/|$|login/|logout/|password_change/|jsi18n/|autocomplete/|r/|\^?\(\?P)", route)
    for method in METHODS:
        for role in ROLES:
            got = cast.ask(method, filled(route, cast), role)
            if role == "administrator":
                assert got == SIGN_IN or int(got) < 500, f"{method} by {role}: {got}"
            elif role == "editor":
                # Away from what is not there, or from an old address to the new one.
                assert ours_too or got in {302, 403, 404, 405}, f"{method} by {role}: {got}"
            else:
                # Signing out leads to the front; its own sign-in refuses members who may not.
                assert got in {SIGN_IN, 302 if "logout" in route else 403}, f"{method} by {role}: {got}"
