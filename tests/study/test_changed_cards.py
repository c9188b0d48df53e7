"""Cards whose meaning was changed: who knew one is shown the difference once; memory and due day stay as they were."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from flashcards.accounts.models import User
from flashcards.decks import kinds, services, versions
from flashcards.decks.models import Card, Deck, Note, Severity, Topic
from flashcards.decks.services import Edit
from flashcards.lib.errors import Refused
from flashcards.study.answering import Answer, record_offline
from flashcards.study.giving import Given, seed_for
from flashcards.study.models import Memory, Rating, Review
from flashcards.study.options import options_for

from .material import add_note
from .test_asking import CHOICE, NUMERIC, TYPED, give, key_of
from .test_study_page import form, open_page, send

LINE = "The answer has been changed since you last saw this card."
MEANING, WORDING = Edit(Severity.MEANING), Edit(Severity.WORDING)


@pytest.fixture
def deck(db: None) -> Deck:
    deck = Deck.objects.create(slug="physics", title="Physics", is_public=True)
    Topic.objects.create(deck=deck, slug="light", title="Light")
    return deck


def write(deck: Deck, kind: str = "basic", **texts: Any) -> Note:
    """Return a note that was written two months ago."""
    texts = texts or {"question": "What is a photon?", "answer": "A quantum of light."}
    note = add_note(deck, deck.topics.get(), f"note-{deck.notes.count()}", kind, **texts)
    Note.history.filter(id=note.pk).update(history_date=timezone.now() - timedelta(days=60))
    return note


def learn(user: User, note: Note, ordinal: int = 1) -> Card:
    """Let somebody answer a card a month ago, so that it is due by now, and return it."""
    card = Card.objects.get(note=note, ordinal=ordinal)
    given = None
    if kinds.asking(card.kind) is not None:
        given = Given(card.pk, seed_for(user.pk, card, 0), card.data["edition"], "x", 1, "right")
    now = timezone.now() - timedelta(days=30)
    answer = Answer(uuid4(), card.pk, Rating.EASY, showing=None, duration_ms=1, answered_at=now, given=given)
    record_offline(user, options_for(user, card.deck), card, answer)
    return card


def change(note: Note, edit: Edit = MEANING, **texts: Any) -> None:
    for name, text in texts.items():
        setattr(note, name, text)
    services.save_note(note, tags=[], edit=edit)


def words(html: str) -> str:
    marked = html.replace("<del>", "[-").replace("</del>", "-]").replace("<ins>", "[+").replace("</ins>", "+]")
    return " ".join(re.sub(r"<[^>]*>", " ", marked).split())


def parts(page: str) -> tuple[str, str]:
    """Return the words of a study page before the answer, and those from it on."""
    before, _, after = page.partition('id="answer"')
    return words(before), words(after)


def study_page(client: Client, deck: Deck, **query: str) -> str:
    return client.get(reverse("study:session", args=[deck.slug]), query).content.decode()


def test_who_knew_the_card_is_told_when_it_next_comes(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck)
    learn(alice, note)
    change(note, answer="A quantum of the field.")

    before, after = parts(study_page(client_of_alice, deck))

    assert LINE in before
    assert "field" not in before
    assert "What changed in the answer A quantum of [-light-][+the field+]." in after


def test_it_is_told_once_and_again_after_undo(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck)
    learn(alice, note)
    change(note, answer="A quantum of the field.")
    showing = open_page(client_of_alice, deck)
    assert showing.changed is not None

    after = send(client_of_alice, showing, form(showing, rating=1)).context["showing"]

    assert after.card == showing.card, "asked again in a minute"
    assert after.changed is None
    undone = send(client_of_alice, after, {}, "undo").context["showing"]
    assert undone.changed == showing.changed
    assert LINE in study_page(client_of_alice, deck)


def test_without_javascript_the_difference_comes_with_the_answer(
    client_of_alice: Client, alice: User, deck: Deck
) -> None:
    note = write(deck)
    learn(alice, note)
    change(note, answer="A quantum of the field.")

    hidden = re.search(r'<div id="answer"[^>]*>', study_page(client_of_alice, deck))
    shown = re.search(r'<div id="answer"[^>]*>', study_page(client_of_alice, deck, answer="1"))

    assert hidden is not None
    assert shown is not None
    assert "hidden" in hidden[0]
    assert "hidden" not in shown[0]


def test_a_changed_question_is_shown_at_once(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck)
    learn(alice, note)
    change(note, question="What is a phonon?", explanation="Of sound.")

    before, after = parts(study_page(client_of_alice, deck))

    assert "What changed in the question What is a [-photon-][+phonon+]?" in before
    assert "Explanation [+Of sound.+]" in after
    change(note, explanation="")
    line = open_page(client_of_alice, deck).changed.line
    assert line == "The question has been changed since you last saw this card."


def test_the_version_is_that_of_the_last_answer(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck)
    change(note, answer="Older still.")
    Note.history.filter(answer="Older still.").update(history_date=timezone.now() - timedelta(days=40))
    learn(alice, note)
    change(note, answer="In between.")
    change(note, WORDING, answer="In *between*, at last.")

    (side,) = open_page(client_of_alice, deck).changed.answer

    assert "".join(piece.text for piece in side.pieces if piece.what != "added") == "Older still."
    assert "".join(piece.text for piece in side.pieces if piece.what != "removed") == "In between, at last."


def test_nothing_is_told_of_wording_or_to_whom_the_card_is_new(
    client_of_alice: Client, alice: User, bob: User, deck: Deck
) -> None:
    note = write(deck)
    card = learn(bob, note)
    change(note, answer="A quantum of the field.")
    Memory.objects.create(user=alice, card=card, note=note, deck=deck, is_starred=True)
    assert open_page(client_of_alice, deck).changed is None

    Memory.objects.all().delete()
    Review.objects.all().delete()
    learn(alice, note)
    Card.objects.update(meaning_changed_at=None)
    change(note, WORDING, answer="A quantum of fields.")
    showing = open_page(client_of_alice, deck)
    assert showing.card == card
    assert showing.changed is None


def test_a_gap_is_not_given_away(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck, "cloze", question="Light is made of {{c1::photons}} and {{c2::waves}}.")
    learn(alice, note, 1)
    change(note, question="Light, we say, is made of {{c1::quanta}} and {{c2::waves}}.")

    before, after = parts(study_page(client_of_alice, deck))

    assert LINE in before
    assert "Light [+, we say,+] is made of" in before or "Light[+, we say,+] is made of" in before
    assert "photons" not in before
    assert "quanta" not in before
    assert "[-photons-][+quanta+]" in after


def test_the_other_side_of_a_reversed_note_is_not_given_away(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck, "reversed", question="photon", answer="quantum of light")
    learn(alice, note, 2)
    change(note, question="phonon")

    before, after = parts(study_page(client_of_alice, deck))

    assert LINE in before
    assert "phonon" not in before
    assert "[-photon-][+phonon+]" in after


def test_a_changed_option_is_told_with_the_answer(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck, "choice", **CHOICE)
    learn(alice, note)
    change(note, answer=CHOICE["answer"].replace("pooling", "max pooling"))

    asked = words(study_page(client_of_alice, deck))
    assert LINE in asked
    assert "What changed" not in asked, "marked, it would be known among the others"

    showing = open_page(client_of_alice, deck)
    told = give(client_of_alice, showing, key_of(showing, "dense")).content.decode()
    assert "[+max +]pooling" in words(told)
    assert LINE in words(told)


@pytest.mark.parametrize(
    ("kind", "texts", "old", "new"),
    [("typed", TYPED, "step size", "stride"), ("numeric", NUMERIC, "n - f + 1\nslip", "n - f + 2\nslip")],
)
def test_cards_that_ask_tell_it_too(
    client_of_alice: Client, alice: User, deck: Deck, kind: str, texts: dict[str, str], old: str, new: str
) -> None:
    note = write(deck, kind, **texts)
    learn(alice, note)
    change(note, answer=texts["answer"].replace(old, new))

    showing = open_page(client_of_alice, deck)
    assert showing.changed.line == LINE
    assert "What changed" not in words(study_page(client_of_alice, deck))
    assert "What changed in the answer" in words(give(client_of_alice, showing).content.decode())


def test_what_can_not_be_shown_any_more_is_told_in_a_line(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck)
    learn(alice, note)
    Note.history.filter(id=note.pk).update(answer="$\\nosuch$")
    change(note, answer="Other")

    changed = open_page(client_of_alice, deck).changed

    assert (changed.line, changed.question, changed.answer) == (LINE, [], [])


def test_the_page_of_the_card_tells_it_too(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck)
    card = learn(alice, note)
    url = reverse("study:card", args=[card.pk])
    assert LINE not in client_of_alice.get(url).content.decode()

    change(note, answer="A quantum of the field.")

    shown = words(client_of_alice.get(url).content.decode())
    assert LINE in shown
    assert "[-light-][+the field+]" in shown


def test_markup_in_the_texts_is_shown_as_text(client_of_alice: Client, alice: User, deck: Deck) -> None:
    note = write(deck, question="Which tag?", answer="`<b>` <b>bold</b>")
    learn(alice, note)
    change(note, answer="`<script>` it is")

    page = study_page(client_of_alice, deck)

    assert "<script> it" not in page
    assert "&lt;script&gt;" in page


def test_a_grade_asks_no_more_unless_the_next_card_was_changed(
    client_of_alice: Client, alice: User, deck: Deck
) -> None:
    notes = [write(deck, question=f"What is {n}?", answer=f"It is {n}.") for n in range(5)]
    for note in notes:
        learn(alice, note)
    counts = []
    for turn in range(3):
        showing = open_page(client_of_alice, deck)
        if turn == 2:
            for note in notes:
                change(note, answer=f"{note.answer} And more of it than anybody knew.")
        with CaptureQueriesContext(connection) as queries:
            response = send(client_of_alice, showing, form(showing))
        assert response.status_code == 200
        assert (response.context["showing"].changed is not None) == (turn == 2)
        counts.append(len(queries))
    _first, usual, changed = counts
    assert changed == usual + 2, "its note, and one version of it"


# An edit never touches anybody's memory ------------------------------------------------------------------------------

TEXTS = st.sampled_from(
    [
        {"kind": "basic", "question": "What?", "answer": "That."},
        {"kind": "basic", "question": "What?", "answer": "That, $x^2$.", "explanation": "Because."},
        {"kind": "reversed", "question": "One", "answer": "Other"},
        {"kind": "cloze", "question": "{{c1::a}} and {{c2::b}}", "answer": ""},
        {"kind": "cloze", "question": "{{c2::b}} and {{c3::c}}", "answer": ""},
        {"kind": "choice", **CHOICE},
        {"kind": "typed", **TYPED},
        {"kind": "basic", "question": "No $\\nosuch$", "answer": "x"},
    ]
)
EDITS = st.sampled_from([MEANING, WORDING, None])


class Editing(RuleBasedStateMachine):
    """Two learners know the cards of a note; an editor does whatever may be done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        out = StringIO()
        call_command("verify", stdout=out)
        assert out.getvalue() == ""
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(texts=TEXTS.filter(lambda texts: texts["kind"] in {"reversed", "cloze"}))
    def begin(self, texts: dict[str, Any]) -> None:
        deck = Deck.objects.create(slug="edited", title="Edited", is_public=True)
        self.topics = [Topic.objects.create(deck=deck, slug=f"t{n}", title=f"T{n}", position=n) for n in range(2)]
        self.note = add_note(deck, self.topics[0], "note", **texts)
        knows, starred = (User.objects.create_user(f"learner-{n}@example.org") for n in range(2))
        for card in self.note.cards.all():
            learn(knows, self.note, card.ordinal)
            Memory.objects.create(user=starred, card=card, note=self.note, deck=deck, is_starred=True)
        self.before = self.learned()

    def learned(self) -> tuple[list[Any], list[Any]]:
        return list(Memory.objects.order_by("pk").values()), list(Review.objects.order_by("pk").values())

    def fresh(self) -> Note:
        return Note.objects.get(pk=self.note.pk)

    @rule(texts=TEXTS, edit=EDITS, tags=st.lists(st.sampled_from(["a", "b"]), unique=True))
    def edit(self, texts: dict[str, str], edit: Edit | None, tags: list[str]) -> None:
        note = self.fresh()
        for name, text in {"explanation": "", **texts}.items():
            setattr(note, name, text)
        try:
            services.save_note(note, tags=tags, edit=edit)
        except Refused:
            assert "nosuch" in texts["question"]

    @rule()
    def archive(self) -> None:
        services.archive_note(self.fresh())

    @rule()
    def restore(self) -> None:
        services.restore_note(self.fresh())

    @rule(topic=st.integers(0, 1))
    def move(self, topic: int) -> None:
        services.move_notes([self.fresh()], self.topics[topic])

    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        rows = list(versions.versions_of(self.note))
        versions.go_back(self.fresh(), data.draw(st.sampled_from(rows)))

    @invariant()
    def nobodys_memory_was_touched(self) -> None:
        assert self.learned() == self.before


@pytest.mark.django_db
def test_no_edit_touches_anybodys_memory() -> None:
    run_state_machine_as_test(
        Editing,
        settings=settings(
            max_examples=25, stateful_step_count=8, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
