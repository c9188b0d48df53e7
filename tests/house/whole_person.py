"""A person with a row in every model that holds something about people, and a class that they learn in."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmation
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from flashcards.accounts.models import Session, User
from flashcards.classes.models import Event, Invitation, Membership, Role, RosterUpload, StudyClass
from flashcards.decks.models import (
    Card,
    ChangedNote,
    ChangeSet,
    ClassDeck,
    Deck,
    MediaFile,
    Note,
    Suggestion,
    Tag,
    Topic,
    Transfer,
)
from flashcards.study.models import (
    Action,
    Assignment,
    Budget,
    CardDay,
    ClassCardWeek,
    ClassWrongWeek,
    DeckOptions,
    Memory,
    Preset,
    Review,
    Standing,
    StudySession,
)

DAY = 739_000
GIVEN: dict[str, Any] = {
    "card": 1, "seed": 1, "edition": "e", "text": "my very own words", "duration_ms": 900, "verdict": "wrong",
    "slip": "a slip", "overruled": False, "wrong": [["slip", "a slip"]],
}  # fmt: skip


@dataclass
class Whole:
    """Somebody, a row of theirs by model as "accounts.User", and the class, which is over for long."""

    person: User
    study_class: StudyClass
    rows: dict[str, models.Model] = field(default_factory=dict)

    def keep(self, *rows: models.Model) -> None:
        self.rows |= {row._meta.label: row for row in rows}


def make_class(slug: str, **fields: Any) -> StudyClass:
    return StudyClass.objects.create(slug=slug, join_code=slug.upper(), name=f"Class {slug}", **fields)


def material(slug: str, owner: User | None) -> tuple[Deck, Topic, Tag, Note, Card]:
    """Return a deck with a topic, a tag, a note and its card, each with their history."""
    deck = Deck.objects.create(slug=slug, title=f"Deck {slug}", owner=owner)
    topic = Topic.objects.create(deck=deck, slug=slug, title=f"Topic of {slug}")
    tag = Tag.objects.create(deck=deck, name=f"tag of {slug}")
    note = Note.objects.create(deck=deck, topic=topic, key=f"note-{slug}", kind="basic", question="Q", answer="A")
    note.tags.add(tag)
    card = Card.objects.create(
        note=note, deck=deck, topic=topic, ordinal=1, position=1, question_html="Q", answer_html="A", search_text="q"
    )
    return deck, topic, tag, note, card


def whole_person() -> Whole:
    """Return a member who is a student of a class and has a deck of their own."""
    person = User.objects.create_user("alice@example.org", "a password", name="Alice Liddell", is_staff=True)
    study_class = make_class("over", ends_on=date(2020, 6, 30), keep_months=12)
    make_class("another")
    whole = Whole(person, study_class)
    _account(whole)
    membership = Membership.objects.create(
        study_class=study_class, user=person, name="Alice", student_number="17", joined_at=timezone.now()
    )
    invitation = Invitation.objects.create(
        study_class=study_class, email=person.email or "", name="Alice", membership=membership, invited_by=person
    )
    event = Event.objects.create(
        study_class=study_class, actor=person, person=person, kind=Event.Kind.READ, words="page", at=timezone.now()
    )
    roster = RosterUpload.objects.create(
        study_class=study_class, uploaded_by=person, uploaded_at=timezone.now(), lines=[], columns={}, unread=[]
    )
    whole.keep(membership, invitation, event, roster)
    _material(whole)
    material("spare", None)
    return whole


def _account(whole: Whole) -> None:
    person = whole.person
    group = Group.objects.create(name="A group")
    person.groups.add(group)
    person.user_permissions.add(Permission.objects.earliest("pk"))
    address = EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    whole.keep(
        person,
        address,
        EmailConfirmation.objects.create(email_address=address, key="key", sent=timezone.now()),
        Session.objects.create(
            session_key="a-secret-session-key", session_data="secret", expire_date=timezone.now(), user=person
        ),
        LogEntry.objects.create(
            user=person,
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(person.pk),
            object_repr=str(person),
            action_flag=CHANGE,
        ),
    )


def _material(whole: Whole) -> None:
    own = material("own", whole.person)
    shared = ClassDeck.objects.create(study_class=whole.study_class, deck=own[0])
    whole.keep(*own, shared)
    deck, topic, tag, note, card = material("of-the-site", None)
    ClassDeck.objects.create(study_class=whole.study_class, deck=deck)
    Deck.history.filter(id=deck.pk).update(owner=whole.person)
    for model, row in ((Deck, deck), (Topic, topic), (Note, note)):
        model.history.filter(id=row.pk).update(history_user=whole.person)
        whole.keep(model.history.filter(id=row.pk).latest())
    whole.keep(apps.get_model("decks.HistoricalNote_tags")._base_manager.filter(note=note).latest("pk"))
    _editing(whole, own[0], note, card)
    _sums(whole, deck, card)
    _studying(whole, deck, topic, tag, card)


def _editing(whole: Whole, own: Deck, note: Note, card: Card) -> None:
    person, now = whole.person, timezone.now()
    version = Note.history.filter(id=note.pk).latest().pk
    Note.history.filter(pk=version).update(credit=person, severity="wording")
    media = MediaFile.objects.create(
        deck=own, digest="d" * 39, extension="webp", name="a.png", size=9, width=3, height=3, added_by=person
    )
    suggestion = Suggestion.objects.create(
        note=note, card=card, author=person, reason="wrong", comment="It is not.", proposed={"answer": "B"},
        version=version, made_at=now, state="refused", reply="It is.", handled_at=now, told_at=now, handled_by=person,
    )  # fmt: skip
    change = ChangeSet.objects.create(deck=note.deck, made_by=person, made_at=now, kind="tag", words="1 note tagged.")
    changed = ChangedNote.objects.create(change=change, note=note, before=version, after=version)
    transfer = Transfer.objects.create(
        user=person, direction="in", format="anki", deck=own, name="mine.apkg", created_at=now, finished_at=now
    )
    whole.keep(media, suggestion, change, changed, transfer)


def _studying(whole: Whole, deck: Deck, topic: Topic, tag: Tag, card: Card) -> None:
    person, now = whole.person, timezone.now()
    preset, _ = (
        Preset.objects.create(
            pk=pk, parameters=[], desired_retention=pk / 10, learning_steps=[], relearning_steps=[]
        )
        for pk in (8, 9)
    )  # fmt: skip
    options = DeckOptions.objects.create(user=person, deck=deck, preset=preset)
    session = StudySession.objects.create(
        user=person, deck=deck, options=options, topic=topic, tag=tag, day=DAY, started_at=now, shown_at=now,
        given=GIVEN, assignment_id=whole.rows["study.Assignment"].pk,
    )  # fmt: skip
    memory = Memory.objects.create(
        user=person, card=card, note=card.note, deck=deck, state=2, step=0, stability=3.0, difficulty=5.0, reps=1,
        due_day=DAY + 3, due_at=now, last_day=DAY, last_answered_at=now, buried_until=DAY + 1,
    )  # fmt: skip
    review = Review.objects.create(
        id=uuid4(), user=person, card=card, deck=deck, session=session, rating=1, answered_at=now, day=DAY,
        day_ends_at=now, duration_ms=2500, preset=preset, state_before=0, interval_seconds=600, stability=3.0,
        difficulty=5.0, recall=0.9, given=GIVEN, verdict="wrong", slip="a slip", classes=[whole.study_class.pk],
    )  # fmt: skip
    action = Action.objects.create(
        user=person, session=session, sequence=2, cursor=1, revision=0, card=card, kind="suspend", before={},
        done_at=now, was_on_show=True,
    )  # fmt: skip
    day = CardDay.objects.create(
        user=person, card=card, deck=deck, day=DAY, reviews=1, again=1, lapses=0, duration_ms=2500
    )
    standing = Standing.objects.create(
        study_class=whole.study_class, user=person, deck=deck, day=DAY, seen=1, topics={}
    )
    whole.keep(options, session, memory, review, action, day, standing)


def _sums(whole: Whole, deck: Deck, card: Card) -> None:
    where = {"study_class": whole.study_class, "card": card, "deck": deck, "week": DAY // 7}
    week = ClassCardWeek.objects.create(**where, reviews=2, again=2, lapses=0, duration_ms=5000)
    wrong = ClassWrongWeek.objects.create(**where, kind=ClassWrongWeek.Kind.SLIP, what="a slip", count=2)
    today = timezone.localdate()
    assignment, other = (
        Assignment.objects.create(
            study_class=whole.study_class, deck=deck, title=title, opens_on=today, due_on=today + timedelta(days=7)
        )
        for title in ("The first", "The second")
    )
    assert other.pk
    budget = Budget.objects.create(user=whole.person, assignment=assignment, minutes=12)
    whole.keep(week, wrong, assignment, budget)


def owner_of(study_class: StudyClass) -> User:
    """Return the owner of a class, made now."""
    owner = User.objects.create_user(f"owner-of-{study_class.slug}@example.org", "a password", name="The owner")
    Membership.objects.create(study_class=study_class, user=owner, role=Role.OWNER, joined_at=timezone.now())
    return owner
