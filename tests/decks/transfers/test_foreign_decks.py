"""A deck that somebody learnt with Anki, of every kind that there is: here it asks the same and goes on from there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from anki.deck_config_pb2 import UpdateDeckConfigsMode, UpdateDeckConfigsRequest
from django.core.management import call_command
from django.test import Client

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck, MediaFile, Note, Transfer
from flashcards.study.models import Memory, Review
from flashcards.study.options import DEFAULT_POLICY
from flashcards.study.scheduling import fuzz_bounds, interval_for
from tests.decks.anki.judge import collection
from tests.decks.anki.packages import FORMS, add, new_type, write_form
from tests.decks.files import SOUNDS, as_file, photo

from .conftest import upload, write

pytestmark = pytest.mark.django_db

LOGS = {"un": [(60, 3), (59, 3), (56, 3), (45, 3), (15, 3)], "deux": [(40, 3), (38, 1), (36, 4), (20, 2)]}
"""The days ago on which cards were answered, and how; by their front."""


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Any]:
    with collection(tmp_path / "anki") as opened:
        opened.media.write_data("carte de l'été.png", as_file(photo(40, 30), "PNG"))
        opened.media.write_data("mot.mp3", SOUNDS["mp3"])
        fill(opened)
        yield opened


def fill(anki: Any) -> None:
    """Add notes of every kind, in decks within decks."""
    add(anki, "Basic", "un", "<b>one</b>[sound:mot.mp3]", deck="French::Words", tags=["a1", "numbers::small"])
    add(anki, "Basic", r"Energy: \(E = mc^2\)?", r"[$$]\frac{a}{b}[/$$] and [latex]\[x_1 + y\][/latex]", deck="French")
    add(anki, "Basic (and reversed card)", "deux", "two", deck="French::Words")
    add(anki, "Cloze", r"{{c1::Paris}} lies on the {{c2::Seine::river}}: \({{c1::x}}\)", "An extra", deck="French")
    add(anki, "Basic (type in the answer)", "chat", "cat", deck="French::Words")
    add(
        anki, "Image Occlusion",
        "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}<br>"
        "{{c2::image-occlusion:rect:left=.5:top=.5:width=.25:height=.25:oi=1}}",
        '<img src="carte de l\'été.png">', "Which city?", deck="French::Places",
    )  # fmt: skip
    new_type(
        anki, "Verb", ["Verb", "Meaning", "Past"],
        [
            ("<i>{{Verb}}</i> means?", "{{FrontSide}}<hr id=answer>{{Meaning}}{{^Past}} (regular){{/Past}}"),
            ("{{#Past}}Past of {{Verb}}?{{/Past}}", "{{FrontSide}}<hr id=answer>{{Past}}"),
        ],
    )  # fmt: skip
    add(anki, "Verb", "aller", "go", "allé", deck="French::Verbs::Irregular")
    add(anki, "Verb", "parler", "speak", "", deck="French::Verbs")


def learn(anki: Any) -> None:
    """Give cards a log as Anki keeps it, and a place in its schedule; one is suspended, one was begun today."""
    now = datetime.now(UTC)
    for front, log in LOGS.items():
        for card in anki.find_cards(f'"{front}"'):
            last = 0
            for days, ease in log:
                at = int((now - timedelta(days=days, minutes=5)).timestamp() * 1000)
                while anki.db.scalar("select 1 from revlog where id = ?", at):
                    at += 1
                interval = {1: -600, 2: last + 1, 3: last * 2 + 1, 4: last * 3 + 4}[ease]
                kind = 0 if last == 0 else 1
                row = (at, card, -1, ease, interval, last, 2500, 4321, kind)
                anki.db.execute("insert into revlog values (?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)
                last = max(interval, 1)
            anki.db.execute(
                "update cards set type = 2, queue = 2, due = ?, ivl = ?, factor = 2500, reps = ? where id = ?",
                anki.sched.today + last - log[-1][0], last, len(log), card,
            )  # fmt: skip
    anki.sched.suspend_cards(list(anki.find_cards('"chat"')))


def with_fsrs(anki: Any) -> None:
    """Let Anki schedule by FSRS and put every card where that would have it."""
    deck = anki.decks.id_for_name("French")
    anki.decks.update_deck_configs(
        UpdateDeckConfigsRequest(
            target_deck_id=deck, configs=[anki.decks.get_deck_configs_for_update(deck).all_config[0].config],
            fsrs=True, fsrs_reschedule=True, mode=UpdateDeckConfigsMode.UPDATE_DECK_CONFIGS_MODE_NORMAL,
            limits=anki.decks.get_deck_configs_for_update(deck).current_deck.limits,
        )
    )  # fmt: skip


def imported(browser: Client, anki: Any, path: Path, form: str) -> tuple[Transfer, Deck]:
    write_form(anki, path, form)
    transfer = upload(browser, path.read_bytes(), path.name)
    assert (transfer.state, transfer.found["left_out"]) == ("ready", 0), transfer.problems
    transfer = write(browser, transfer, title=transfer.found["title"], history="on")
    assert transfer.state == "done", transfer.problems
    assert transfer.deck is not None
    return transfer, transfer.deck


@pytest.mark.parametrize("form", FORMS)
def test_it_asks_what_it_asked_there(form: str, anki: Any, browser: Client, bob: User, tmp_path: Path) -> None:
    learn(anki)
    ending = "colpkg" if form.endswith("colpkg") else "apkg"

    transfer, deck = imported(browser, anki, tmp_path / f"French.{ending}", form)

    reviews = anki.db.scalar("select count() from revlog")
    assert reviews == len(LOGS["un"]) + 2 * len(LOGS["deux"])
    assert (transfer.outcome["created"], transfer.outcome["reviews"], transfer.outcome["media"]) == (9, reviews, 2)
    assert deck.title == "French"
    assert dict(Note.objects.values_list("question", "kind")) == {
        "un": "basic", "deux": "reversed", "chat": "typed", "Which city?": "occlusion", "*aller* means?": "basic",
        "Past of aller?": "basic", "*parler* means?": "basic", "Energy: $E = mc^2$?": "basic",
        "{{c1::Paris}} lies on the {{c2::Seine::river}}: ${{c1::x}}$": "cloze",
    }  # fmt: skip
    assert {topic.title for topic in deck.topics.all()} == {
        "French", "Words", "Places", "Verbs", "Verbs › Irregular",
    }  # fmt: skip
    shown = {card.question_html: card for card in Card.objects.all()}
    energy = next(card for html, card in shown.items() if "Energy" in html)
    assert "<math" in energy.question_html
    assert energy.answer_html.count("<math") == 2
    assert "<mfrac>" in energy.answer_html
    assert Card.objects.filter(question_html__contains="Paris").count() == 1
    assert Card.objects.get(note__question="*parler* means?").answer_html == "<p>speak (regular)</p>"
    assert [len(card.data["boxes"]) for card in Card.objects.filter(kind="occlusion")] == [2, 2]
    assert set(Note.objects.get(question="un").tags.values_list("name", flat=True)) == {"a1", "numbers::small"}
    for medium in MediaFile.objects.all():
        assert browser.get(f"/media/{medium.digest}.{medium.extension}").status_code == 200
    assert Memory.objects.get(is_suspended=True).card.note.question == "chat"
    assert browser.get(f"/decks/{deck.slug}/").status_code == 200
    call_command("verify", stdout=StringIO())
    again = write(browser, upload(browser, (tmp_path / f"French.{ending}").read_bytes(), f"F.{ending}"),
                  deck=deck.slug, history="on")  # fmt: skip
    assert [again.outcome[key] for key in ("created", "updated", "unchanged", "reviews")] == [0, 0, 9, 0]
    assert Review.objects.filter(user=bob).count() == reviews


def stood(anki: Any) -> dict[tuple[str, int], tuple[date, float]]:
    """Return when Anki asks cards again, and their stability by its FSRS, by front and ordinal."""
    today = datetime.now(UTC).date() - timedelta(days=anki.sched.today)
    kept = {}
    for front in LOGS:
        for card in map(anki.get_card, anki.find_cards(f'"{front}"')):
            stability = anki.compute_memory_state(card.id).stability
            kept[front, card.ord + 1] = (today + timedelta(days=card.due), stability)
    return kept


@pytest.mark.parametrize("is_fsrs", [True, False])
def test_it_is_known_as_it_was_there(is_fsrs: bool, anki: Any, browser: Client, bob: User, tmp_path: Path) -> None:
    learn(anki)
    if is_fsrs:
        with_fsrs(anki)
    there = stood(anki)
    imported(browser, anki, tmp_path / "French.apkg", "new")
    memories = Memory.objects.filter(user=bob, reps__gt=0).select_related("card__note")
    here = {(memory.card.note.question, memory.card.ordinal): memory for memory in memories}
    assert here.keys() == there.keys()
    for key, (due, stability) in there.items():
        memory = here[key]
        assert memory.stability == pytest.approx(stability, rel=1e-4)
        assert memory.due_day == (memory.last_day or 0) + memory.interval_days
        lowest, highest = fuzz_bounds(interval_for(stability, DEFAULT_POLICY))
        # Both spread intervals by chance, each its own way; what is overdue Anki puts on today.
        if is_fsrs and due > datetime.now(UTC).date():
            assert abs(due.toordinal() - (memory.due_day or 0)) <= highest - lowest


def test_what_was_reset_there_is_new_here(anki: Any, browser: Client, bob: User, tmp_path: Path) -> None:
    learn(anki)
    anki.sched.schedule_cards_as_new(list(anki.find_cards('"un" or "deux"')))
    card = next(card for card in map(anki.get_card, anki.find_cards('"deux"')) if card.ord == 0)
    card.start_timer()
    states = anki._backend.get_scheduling_states(card.id)
    anki.sched.answer_card(anki.sched.build_answer(card=card, states=states, rating=3))
    imported(browser, anki, tmp_path / "French.apkg", "new")
    memory = Memory.objects.get(user=bob, reps__gt=0)
    assert (memory.card.note.question, memory.card.ordinal, memory.reps) == ("deux", 1, 1)
