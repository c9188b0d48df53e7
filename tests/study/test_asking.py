"""Cards that ask for an answer, over HTTP: what is asked, what is said of it, and which grades it allows."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks import services
from flashcards.decks.models import Card, Deck, Note, Topic
from flashcards.study.models import Rating, Review, StudySession

from .material import add_note
from .test_study_page import HTMX, form, open_page, send

NUMERIC = {
    "question": "An input of {{n}} pixels, filters of {{f}}: how wide is the output?",
    "answer": "n = 20 to 400\nf = one of 3, 5, 7\nanswer: n - f + 1\nslip: forgot the one = n - f\n  Not {{n - f}}.",
    "explanation": "It is {{n}} − {{f}} + 1 = {{answer}}.",
}
CHOICE = {
    "question": "Which layer learns nothing?",
    "answer": (
        "- [x] pooling\n- [ ] convolution\n  slip: takes filters for fixed\n  why: They are learned.\n- [ ] dense"
    ),
}
SEVERAL = {"question": "Which are optimisers?", "answer": "- [x] Adam\n- [x] RMSprop\n- [ ] dropout"}
TYPED = {
    "question": "What sets the size of a step?",
    "answer": "learning rate\nstep size\n! momentum = speed for size: It averages gradients.",
}

MakeDeck = Callable[..., Deck]


@pytest.fixture
def asking(db: None) -> MakeDeck:
    """Return a function that makes a public deck of notes, each a kind and its texts."""

    def make(*notes: tuple[str, dict[str, str]]) -> Deck:
        deck = Deck.objects.create(slug="asking", title="Asking", is_public=True)
        topic = Topic.objects.create(deck=deck, slug="all", title="All")
        for position, (kind, texts) in enumerate(notes):
            add_note(deck, topic, f"note-{position}", kind, position=position, **texts)
        return deck

    return make


def give(client: Client, showing: Any, given: object = None, **changes: object) -> Any:
    """Answer the card on show; without an answer, say that it is not known."""
    data = {
        "card": showing.card.pk,
        "seed": showing.exchange.seed,
        "edition": showing.exchange.edition,
        "duration_ms": 60_000,
        **({"skip": "1"} if given is None else {"given": given}),
        **changes,
    }
    return send(client, showing, data, "give")


def numbers(showing: Any) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", showing.question_html)]


def right(showing: Any) -> int:
    n, f = numbers(showing)
    return n - f + 1


def key_of(showing: Any, words: str) -> str:
    options = showing.exchange.asked.options
    return str(next(option.key for option in options if option.html == words))


def ratings(showing: Any) -> list[int]:
    return [grade.rating for grade in showing.grades]


def test_what_is_right_proposes_good_and_allows_every_grade(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("numeric", NUMERIC)))
    assert (showing.exchange.judged, ratings(showing)) == (None, [])
    told = give(client_of_alice, showing, right(showing)).context["showing"]
    assert told.exchange.headline == "Right"
    assert ratings(told) == [1, 2, 3, 4]
    assert told.exchange.proposed == Rating.GOOD
    assert f"= {right(showing)}." in told.explanation_html
    send(client_of_alice, told, form(told))
    review = Review.objects.get()
    assert (review.rating, review.verdict, review.slip) == (3, "right", "")
    assert (review.given or {})["text"] == str(right(showing))


def test_a_quick_right_answer_proposes_easy_unless_there_are_two_buttons(
    client_of_alice: Client, alice: User, asking: MakeDeck
) -> None:
    showing = open_page(client_of_alice, asking(("typed", TYPED)))
    told = give(client_of_alice, showing, "learning rate", duration_ms=900).context["showing"]
    assert told.exchange.proposed == Rating.EASY
    User.objects.filter(pk=alice.pk).update(two_buttons=True)
    told = open_page(client_of_alice, told.deck)
    assert (told.exchange.proposed, ratings(told)) == (Rating.GOOD, [1, 3])


def test_a_named_slip_is_told_and_stored(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("numeric", NUMERIC)))
    response = give(client_of_alice, showing, right(showing) - 1)
    told = response.context["showing"]
    page = response.content.decode()
    assert "forgot the one" in page
    assert f"Not {right(showing) - 1}." in page
    assert (told.exchange.proposed, ratings(told)) == (Rating.AGAIN, [1])
    send(client_of_alice, told, form(told, rating=1))
    assert (Review.objects.get().slip, Review.objects.get().verdict) == ("forgot the one", "wrong")


def test_what_was_wrong_counts_as_again_until_the_learner_says_otherwise(
    client_of_alice: Client, asking: MakeDeck
) -> None:
    showing = open_page(client_of_alice, asking(("typed", TYPED)))
    told = give(client_of_alice, showing, "weight decay").context["showing"]
    refused = send(client_of_alice, told, form(told, rating=3))
    assert refused.status_code == 409
    assert "counts as Again" in refused.content.decode()
    assert not Review.objects.exists()
    overruled = give(client_of_alice, told, overrule="1").context["showing"]
    assert overruled.exchange.given.text == "weight decay"
    assert (overruled.exchange.proposed, ratings(overruled)) == (Rating.GOOD, [1, 2, 3, 4])
    send(client_of_alice, overruled, form(overruled, rating=3))
    review = Review.objects.get()
    assert (review.rating, review.verdict, (review.given or {})["overruled"]) == (3, "wrong", True)


def test_not_knowing_shows_the_answer_and_counts_as_again(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("numeric", NUMERIC)))
    told = give(client_of_alice, showing).context["showing"]
    assert told.answer_html == f"<p>{right(showing)}</p>"
    assert (told.exchange.proposed, ratings(told)) == (Rating.AGAIN, [1])


def test_the_first_answer_to_a_showing_stands(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("numeric", NUMERIC)))
    give(client_of_alice, showing, 1)
    told = give(client_of_alice, showing, right(showing)).context["showing"]
    assert told.exchange.given.text == "1"
    assert told.exchange.headline == "Not right"
    assert open_page(client_of_alice, showing.deck).exchange.given.text == "1"


def test_no_grade_without_an_answer(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("choice", CHOICE)))
    for rating in Rating.values:
        response = send(client_of_alice, showing, form(showing, rating=rating))
        assert response.status_code == 409
        assert "asks for an answer" in response.content.decode()
    assert not Review.objects.exists()


def test_a_reload_asks_the_same_and_the_next_showing_something_else(client_of_alice: Client, asking: MakeDeck) -> None:
    deck = asking(("numeric", NUMERIC))
    showing = open_page(client_of_alice, deck)
    assert numbers(open_page(client_of_alice, deck)) == numbers(showing)
    told = give(client_of_alice, showing, 1).context["showing"]
    assert numbers(told) == numbers(showing)
    again = send(client_of_alice, told, form(told, rating=1)).context["showing"]
    assert again.card == showing.card
    assert again.exchange.asked is not None
    assert numbers(again) != numbers(showing)


def test_two_learners_are_asked_different_numbers(client_of_alice: Client, bob: User, asking: MakeDeck) -> None:
    deck = asking(("numeric", NUMERIC))
    other = Client()
    other.force_login(bob)
    assert numbers(open_page(client_of_alice, deck)) != numbers(open_page(other, deck))


def test_undo_brings_back_the_numbers_and_the_answer(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("numeric", NUMERIC), ("choice", CHOICE)))
    told = give(client_of_alice, showing, 1).context["showing"]
    after = send(client_of_alice, told, form(told, rating=1)).context["showing"]
    assert after.card != showing.card
    back = send(client_of_alice, after, {}, "undo").context["showing"]
    assert back.card == showing.card
    assert numbers(back) == numbers(showing)
    assert (back.exchange.given.text, ratings(back)) == ("1", [1])


def test_an_answer_to_what_is_not_on_show_is_refused(client_of_alice: Client, asking: MakeDeck) -> None:
    deck = asking(("numeric", NUMERIC), ("choice", CHOICE))
    showing = open_page(client_of_alice, deck)
    other = deck.cards.exclude(pk=showing.card.pk).get()
    for changes in ({"card": other.pk}, {"seed": showing.exchange.seed + 1}):
        response = give(client_of_alice, showing, 1, **changes)
        assert response.status_code == 409
        assert response.context["showing"].exchange.asked is not None


def test_a_card_edited_meanwhile_is_shown_anew(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("choice", CHOICE)))
    note = Note.objects.get()
    note.answer = note.answer.replace("dense", "fully connected")
    services.save_note(note, tags=[])
    response = give(client_of_alice, showing, key_of(showing, "pooling"))
    assert response.status_code == 409
    fresh = response.context["showing"]
    assert {option.html for option in fresh.exchange.asked.options} == {"pooling", "convolution", "fully connected"}
    told = give(client_of_alice, fresh, key_of(fresh, "pooling")).context["showing"]
    assert told.exchange.headline == "Right"


@pytest.mark.parametrize(
    ("kind", "given"), [("numeric", ""), ("numeric", "about 7"), ("numeric", "1/0"), ("typed", "  "), ("choice", "x")]
)
def test_what_cannot_be_read_is_asked_again(client_of_alice: Client, asking: MakeDeck, kind: str, given: str) -> None:
    texts = {"numeric": NUMERIC, "typed": TYPED, "choice": CHOICE}
    showing = open_page(client_of_alice, asking((kind, texts[kind])))
    response = give(client_of_alice, showing, given)
    assert response.status_code == 422
    again = response.context["showing"]
    assert again.exchange.asked == showing.exchange.asked
    assert again.exchange.unread
    assert StudySession.objects.get().given is None


@pytest.mark.parametrize(
    "changes",
    [{"card": "x"}, {"seed": ""}, {"seed": "-1"}, {"seed": str(2**64)}, {"given": "1" * 501}, {"duration_ms": "-5"}],
)
def test_a_form_without_sense_changes_nothing(
    client_of_alice: Client, asking: MakeDeck, changes: dict[str, str]
) -> None:
    showing = open_page(client_of_alice, asking(("numeric", NUMERIC)))
    assert give(client_of_alice, showing, **{"given": "1", **changes}).status_code == 422
    assert StudySession.objects.get().given is None


def test_a_card_that_is_turned_over_takes_no_answer(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    data = {"card": showing.card.pk, "seed": 1, "edition": "", "given": "x"}
    assert send(client_of_alice, showing, data, "give").status_code == 409


def test_options_are_shuffled_and_why_is_told_of_the_chosen_alone(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("choice", CHOICE)))
    response = give(client_of_alice, showing, key_of(showing, "convolution"))
    page = response.content.decode()
    assert "takes filters for fixed" in page
    assert "They are learned." in page
    told = response.context["showing"]
    send(client_of_alice, told, form(told, rating=1))
    assert Review.objects.get().slip == "takes filters for fixed"
    fresh = open_page(client_of_alice, told.deck)
    give(client_of_alice, fresh, key_of(fresh, "dense"))
    assert "They are learned." not in client_of_alice.get(reverse("study:session", args=["asking"])).content.decode()


def test_several_right_options_must_all_be_chosen(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("choice", SEVERAL), ("choice", {**SEVERAL, "question": "Again?"})))
    told = give(client_of_alice, showing, [key_of(showing, "Adam")]).context["showing"]
    assert told.exchange.headline == "Not right"
    following = send(client_of_alice, told, form(told, rating=1)).context["showing"]
    both = [key_of(following, "Adam"), key_of(following, "RMSprop")]
    assert give(client_of_alice, following, both).context["showing"].exchange.headline == "Right"


def test_a_near_miss_shows_the_difference_and_leaves_the_grade_to_the_learner(
    client_of_alice: Client, asking: MakeDeck
) -> None:
    showing = open_page(client_of_alice, asking(("typed", TYPED)))
    response = give(client_of_alice, showing, "learing rate")
    told = response.context["showing"]
    assert "<ins>n</ins>" in response.content.decode()
    assert (told.exchange.proposed, ratings(told)) == (None, [1, 2, 3, 4])
    assert "data-proposed" not in response.content.decode()


def test_what_is_typed_is_shown_as_text(client_of_alice: Client, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("typed", TYPED)))
    page = give(client_of_alice, showing, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_works_without_javascript(client_of_alice: Client, asking: MakeDeck) -> None:
    deck = asking(("numeric", NUMERIC))
    showing = open_page(client_of_alice, deck)
    url = reverse("study:give", args=[showing.session.pk])
    hidden = {"card": showing.card.pk, "seed": showing.exchange.seed, "edition": showing.exchange.edition}
    unread = client_of_alice.post(url, {**hidden, "given": "much"}, follow=True)
    assert "read as a number" in unread.content.decode()
    told = client_of_alice.post(url, {**hidden, "given": right(showing)}, follow=True)
    assert told.redirect_chain == [(reverse("study:session", args=[deck.slug]), 302)]
    assert told.context["showing"].exchange.headline == "Right"


def test_the_answer_is_not_in_the_page_before_it_was_given(client_of_alice: Client, asking: MakeDeck) -> None:
    deck = asking(("typed", {**TYPED, "explanation": "It scales the gradient."}))
    page = client_of_alice.get(reverse("study:session", args=[deck.slug])).content.decode()
    assert "learning rate" not in page
    assert "scales the gradient" not in page


def test_answers_are_in_the_history_and_in_what_is_handed_over(
    client_of_alice: Client, alice: User, asking: MakeDeck
) -> None:
    showing = open_page(client_of_alice, asking(("choice", CHOICE)))
    told = give(client_of_alice, showing, key_of(showing, "convolution")).context["showing"]
    send(client_of_alice, told, form(told, rating=1))
    csv = b"".join(client_of_alice.get(reverse("study:history_csv")).streaming_content).decode()  # type: ignore[attr-defined]
    assert "convolution,wrong,takes filters for fixed,no" in csv
    card_page = client_of_alice.get(reverse("study:card", args=[showing.card.pk])).content.decode()
    assert re.search(r'class="given">\s*convolution', card_page)


def test_others_get_nothing(client_of_alice: Client, charlie: User, asking: MakeDeck) -> None:
    showing = open_page(client_of_alice, asking(("choice", CHOICE)))
    other = Client()
    other.force_login(charlie)
    assert give(other, showing, key_of(showing, "pooling")).status_code == 404
    url = reverse("study:give", args=[showing.session.pk])
    assert client_of_alice.get(url, headers=HTMX).status_code == 405
    assert Client().post(url).status_code == 302


def test_an_occluded_figure_covers_what_it_asks(client_of_alice: Client, asking: MakeDeck) -> None:
    answer = "![Two boxes](/static/icons/icon.svg)\n1: 10 10 20 20 = left\n2: 60 10 20 20 = right"
    deck = asking(("occlusion", {"question": "What is hidden?", "answer": answer}))
    page = client_of_alice.get(reverse("study:session", args=[deck.slug])).content.decode()
    asked, covered = re.findall(r'<rect class="(\w+)"\s+x="([\d.]+)"', page)
    assert asked == ("asked", "10.0")
    assert covered == ("covered", "60.0")
    assert Card.objects.count() == 2
