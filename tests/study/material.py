"""Small decks for tests of studying: plain rows without rendering, and notes as editors write them."""

from flashcards.decks import services
from flashcards.decks.models import Card, Deck, Note, Tag, Topic


def make_deck(slug: str = "deck", topics: int = 2, notes: int = 5, cards_a_note: int = 1, **fields: object) -> Deck:
    """Return a public deck whose notes, `notes` in each topic, make `cards_a_note` cards each."""
    deck = Deck.objects.create(slug=slug, title=slug.title(), **{"is_public": True, **fields})
    for t in range(topics):
        topic = Topic.objects.create(deck=deck, slug=f"topic-{t}", title=f"Topic {t}", position=t)
        tag = Tag.objects.create(deck=deck, name=f"tag-{t}")
        for n in range(notes):
            note = Note.objects.create(
                deck=deck, topic=topic, key=f"note-{t}-{n}", kind="basic", position=n, question=f"Q{t}.{n}"
            )
            note.tags.add(tag)
            for ordinal in range(1, cards_a_note + 1):
                Card.objects.create(
                    note=note,
                    deck=deck,
                    topic=topic,
                    ordinal=ordinal,
                    position=t * 10**9 + n * 10**3 + ordinal,
                    question_html=f"<p>Question {t}.{n}.{ordinal}</p>",
                    answer_html=f"<p>Answer {t}.{n}.{ordinal}</p>",
                    explanation_html=f"<p>Because {t}.{n}.{ordinal}</p>",
                    search_text=f"question {t}.{n}.{ordinal} answer {t}.{n}.{ordinal}",
                )
    return deck


def add_note(deck: Deck, topic: Topic, key: str, kind: str, position: int = 0, **texts: str) -> Note:
    """Return a note written as an editor would, rendered with its cards."""
    note = Note(deck=deck, topic=topic, key=key, kind=kind, position=position, **texts)
    services.save_note(note, tags=[])
    return note
