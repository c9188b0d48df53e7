"""Everybody who may ask for an address, and whose things an address may name: for the table of every URL."""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes.models import Invitation, Membership, Role, StudyClass
from flashcards.decks import media
from flashcards.decks.editors import EDITORS
from flashcards.decks.models import Card, ClassDeck, Deck, Note, Suggestion, Topic, Transfer
from flashcards.study.models import Assignment, StudySession
from flashcards.study.options import options_for

MEMBERS = ("owner", "teacher", "assistant", "student")
ROLES = ("stranger", "guest", "outsider", "elsewhere", "former", *MEMBERS, "editor", "administrator")
TARGETS = ("own", "neighbour", "other", "none", "crossed")
"""Whose: one's own, another student's in the class, another class's, nobody's, another class's under one's own."""
METHODS = ("GET", "POST")
SIGN_IN = "sign in"
NOTHING = {"class": "0" * 14, "deck": "no-such-deck", "card": "987654", "member": "987654", "assignment": "987654",
           "session": "987654", "invitation": "987654", "suggestion": "987654", "note": "987654",
           "media": f"{'0' * 40}.svg", "transfer": str(UUID(int=0)), "part": "nothing",
           "code": "ZZZZZZZZ"}  # fmt: skip

# What stands for whose thing in an address; of two that fit, the first.
PLACES = (
    (r"^classes/<slug:slug>", "class"),
    (r"(?<=^decks/)<slug:slug>", "deck"),
    (r"(?<=^study/)<slug:slug>", "deck"),
    (r"(?<=^study/session/)<int:pk>", "session"),
    (r"(?<=assignments/)<int:pk>", "assignment"),
    (r"(?<=/students/)<int:pk>", "member"),
    (r"(?<=/members/)<int:pk>", "member"),
    (r"(?<=invitations/)<int:pk>", "invitation"),
    (r"(?<=cards/)<int:pk>", "card"),
    (r"(?<=/health/)<int:pk>", "card"),
    (r"(?<=/suggestions/)<int:pk>", "suggestion"),
    (r"(?<=/notes/)<int:pk>", "note"),
    (r"(?<=^join/)<str:code>", "code"),
    (r"(?<=^transfers/)<uuid:pk>", "transfer"),
    (r"(?<=/media/)<str:name>", "part"),
    (r"(?<=^media/)<slug:digest>.<slug:extension>", "media"),
)


@dataclass
class Cast:
    """People by role with their browsers, and by role what they have: ids to put into addresses."""

    browsers: dict[str, Client] = field(default_factory=dict)
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, address: str, role: str, data: str = "") -> int | str:
        """Return the status of an answer, SIGN_IN if it leads there; what the request did is undone."""
        browser = self.browsers[role]
        cookies = copy(browser.cookies)
        with transaction.atomic():
            answer = browser.generic(method, address, data, content_type="application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        browser.cookies = cookies
        if answer.status_code == 302 and re.match(r"/(account|admin)/login/", answer["Location"]):
            return SIGN_IN
        return answer.status_code


def routes(group: str = "") -> list[str]:
    """Return every pattern of the project, each once; with a `group`, "admin" or "allauth", those alone."""
    found = dict(_routes(get_resolver(), ""))
    return [route for route, of in found.items() if of == group]


def _routes(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        elif route.startswith("admin/"):
            yield route, "admin"
        else:
            # Some of allauth's views stand behind doors of our own, at the same addresses.
            yield route, "allauth" if pattern.callback.__module__.startswith("allauth.") else ""


def places_in(route: str) -> list[str]:
    """Return what a pattern has places for: "class", "card" and so on."""
    return [kind for pattern, kind in PLACES if re.search(pattern, route)]


def address(route: str, things: dict[str, str]) -> str:
    """Return a pattern with things in its places."""
    for pattern, kind in PLACES:
        route = re.sub(pattern, lambda found, kind=kind: re.sub("<.*>", things[kind], found[0]), route)  # type: ignore[misc]
    assert "<" not in route, f"say in PLACES what stands in {route}"
    return f"/{route}"


def targets_of(route: str) -> tuple[str, ...]:
    """Return whose things a pattern can be asked for."""
    places = places_in(route)
    if not places:
        return ("own",)
    left_out = {"neighbour": "member" not in places, "crossed": len(places) == 1}
    return tuple(target for target in TARGETS if not left_out.get(target))


def things(cast: Cast, target: str, role: str) -> dict[str, str]:
    """Return the ids to put into an address."""
    own = cast.own[role]
    return {
        "own": own,
        "neighbour": {**own, "member": own["neighbour"]},
        "other": cast.other,
        "none": NOTHING,
        "crossed": {**cast.other, "class": own["class"]},
    }[target]


def make_cast() -> Cast:
    """Return a class with everybody in it, another class, and everybody's browser."""
    mine, other, third = (_class(slug) for slug in ("mine", "other", "third"))
    people = {role: _person(role) for role in ROLES if role not in {"stranger", "guest", "administrator"}}
    people["guest"] = User.objects.create_guest()
    people["administrator"] = User.objects.create_superuser("administrator@example.org", "a password")
    _make_editor(people["editor"])
    _join(third["class"], people["elsewhere"], Role.OWNER)
    _join(mine["class"], people["former"], left=True)
    for role in MEMBERS:
        membership = _join(mine["class"], people[role], Role(role))
    mine |= {"neighbour": mine["member"], "member": str(membership.pk)}
    cast = Cast(own={"stranger": mine}, other=other, browsers={"stranger": Client()})
    deck = Deck.objects.get(slug=mine["deck"])
    for role, person in people.items():
        cast.own[role] = mine | _belongings(person, deck)
        cast.browsers[role] = Client()
        cast.browsers[role].force_login(person)
    return cast


def _person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.org", "a password", name=name.title())


def _make_editor(person: User) -> None:
    person.is_staff = True
    person.save()
    person.groups.add(Group.objects.get(name=EDITORS))


def _join(slug: str, person: User, role: Role = Role.STUDENT, *, left: bool = False) -> Membership:
    now = timezone.now()
    return Membership.objects.create(
        study_class=StudyClass.objects.get(slug=slug), user=person, role=role, name=str(person),
        joined_at=now - timedelta(days=9), left_at=now - timedelta(days=1) if left else None,
    )  # fmt: skip


def _class(slug: str) -> dict[str, str]:
    """Make a class with a student, a deck that only it has, and an assignment; return the ids."""
    study_class = StudyClass.objects.create(slug=slug, name=slug.title(), join_code=f"{slug.upper():X<8}")
    student = _join(slug, _person(f"student-of-{slug}"))
    deck = Deck.objects.create(slug=f"deck-of-{slug}", title="Deck")
    topic = Topic.objects.create(deck=deck, slug="topic", title="Topic")
    note = Note.objects.create(deck=deck, topic=topic, key="note", kind="basic", question="Q", answer="A")
    card = Card.objects.create(
        note=note, deck=deck, topic=topic, kind="basic", ordinal=1, position=1, question_html="Q", answer_html="A",
        search_text="q",
    )  # fmt: skip
    ClassDeck.objects.create(study_class=study_class, deck=deck, keeps_memory=False)
    today = timezone.localdate()
    assignment = Assignment.objects.create(
        study_class=study_class, deck=deck, title="Learn it", opens_on=today, due_on=today + timedelta(days=7)
    )
    suggestion = Suggestion.objects.create(
        note=note, card=card, reason="wrong", version=note.history.latest().pk, made_at=timezone.now()
    )
    drawing = f"<svg viewBox='0 0 9 9'><text>{slug}</text></svg>".encode()
    picture = media.keep(deck, media.prepare("a.svg", drawing), None)
    ids = {
        "card": str(card.pk),
        "media": f"{picture.digest}.{picture.extension}",
        "suggestion": str(suggestion.pk),
        "note": str(note.pk),
        "member": str(student.pk),
        "assignment": str(assignment.pk),
    }
    return {"class": slug, "code": study_class.join_code, "deck": deck.slug, **ids, **_belongings(student.user, deck)}


def _belongings(person: User, deck: Deck) -> dict[str, str]:
    """Return the ids of what is one person's own: a session, an invitation to a class, a file on its way in."""
    now = timezone.now()
    session = StudySession.objects.create(
        user=person, deck=deck, options=options_for(person, deck), day=1, started_at=now, shown_at=now
    )
    to, _ = StudyClass.objects.get_or_create(slug="inviting", defaults={"name": "Inviting", "join_code": "INVITING"})
    if person.email:
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    invitation = Invitation.objects.create(study_class=to, email=person.email or "nobody@example.org")
    transfer = Transfer.objects.create(user=person, direction="in", format="text", created_at=now, state="failed")
    own = {"session": session.pk, "invitation": invitation.pk, "transfer": transfer.pk}
    return {"part": "nothing", **{name: str(pk) for name, pk in own.items()}}
