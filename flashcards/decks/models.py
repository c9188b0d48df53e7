"""Material: a note is what a person writes; it makes one or more cards, which are what a learner is asked."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from flashcards.classes.models import StudyClass
from flashcards.decks.editing_models import (
    ChangedNote,
    ChangeSet,
    MediaFile,
    NoteVersion,
    Severity,
    Suggestion,
    Transfer,
)

__all__ = [
    "NOTE_HISTORY", "Card", "ChangeSet", "ChangedNote", "ClassDeck", "Deck", "MediaFile", "Note", "Severity",
    "Suggestion", "Tag", "Topic", "Transfer",
]  # fmt: skip


class Deck(models.Model):
    """A collection of notes in topics. Without an owner it is built in and belongs to the site."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    introduction = models.TextField(blank=True, help_text="Markdown.")
    introduction_html = models.TextField(blank=True, editable=False)
    language = models.CharField(max_length=35, default="en", help_text="BCP 47, such as en or pt-BR.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="decks")
    is_public = models.BooleanField(default=False, help_text="Anybody may study it.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(excluded_fields=["introduction_html", "updated_at"])

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class ClassDeck(models.Model):
    """A deck that a class studies; edits show at once for all."""

    study_class = models.ForeignKey(StudyClass, models.CASCADE, related_name="class_decks", db_index=False)
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="class_decks")
    keeps_memory = models.BooleanField(
        default=True, help_text="Whoever leaves the class may go on studying it with what they remember."
    )
    shared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("study_class", "deck"), name="decks_shared_once_with_a_class"),)

    def __str__(self) -> str:
        return f"{self.deck_id} for {self.study_class_id}"


class Topic(models.Model):
    """A chapter of a deck."""

    deck = models.ForeignKey(Deck, models.CASCADE, related_name="topics")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("deck", "slug"), name="decks_topic_slug_once_a_deck"),)

    def __str__(self) -> str:
        return self.title


class Tag(models.Model):
    """A word that notes of one deck share."""

    deck = models.ForeignKey(Deck, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("deck", "name"), name="decks_tag_once_a_deck"),)

    def __str__(self) -> str:
        return self.name


# By name, so that `services` can write one row for a note and its tags together.
NOTE_HISTORY = HistoricalRecords(m2m_fields=["tags"], excluded_fields=["updated_at"], bases=[NoteVersion])


class Note(models.Model):
    """What a person writes, in Markdown. `kind` says how it becomes cards; see `decks/kinds`.

    A note is archived, never deleted, so that the reviews of its cards stay true.
    """

    deck = models.ForeignKey(Deck, models.CASCADE, related_name="notes")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="notes")
    key = models.SlugField(max_length=80, help_text="Stable id within the deck; text files refer to it.")
    kind = models.CharField(max_length=20)
    position = models.PositiveIntegerField(default=0)
    question = models.TextField(help_text="Markdown.")
    answer = models.TextField(blank=True, help_text="Markdown.")
    explanation = models.TextField(blank=True, help_text="Markdown; shown under the answer.")
    reference = models.CharField(max_length=300, blank=True, help_text="A paper or book, by name and year.")
    sources = models.JSONField(default=list, blank=True, help_text="Ids of the subjects that this note covers.")
    tags = models.ManyToManyField(Tag, related_name="notes", blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = NOTE_HISTORY

    class Meta:
        ordering = ("topic__position", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("deck", "key"), name="decks_note_key_once_a_deck"),)

    def __str__(self) -> str:
        return self.question.split("\n", 1)[0][:80]


class Card(models.Model):
    """One question a learner is asked. Its HTML is rendered and sanitised when its note is saved.

    `deck`, `topic`, `position` and `kind` repeat the note's, so that studying reads this table alone. Where a kind
    asks for an answer, `data` holds what it asks and judges by, and the HTML an example to read.
    """

    note = models.ForeignKey(Note, models.CASCADE, related_name="cards")
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="cards", db_index=False)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="cards")
    kind = models.CharField(max_length=20)
    ordinal = models.PositiveIntegerField(help_text="Which of the note's cards: its gap's number, or 1, 2.")
    position = models.PositiveBigIntegerField(help_text="Place in the deck, over all topics.")
    question_html = models.TextField()
    answer_html = models.TextField()
    explanation_html = models.TextField(blank=True)
    search_text = models.TextField(help_text="Words of both sides in lower case, without markup.")
    data = models.JSONField(default=dict, help_text="What the kind needs at each showing; see `Face.data`.")
    archived_at = models.DateTimeField(null=True, blank=True)
    meaning_changed_at = models.DateTimeField(
        null=True, blank=True, help_text="The last edit that changed what it means; who knew it is told once."
    )

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("note", "ordinal"), name="decks_card_ordinal_once_a_note")
        ]
        indexes: ClassVar = [models.Index(fields=("deck", "position"), name="decks_card_deck_position")]

    def __str__(self) -> str:
        return f"{self.note_id}.{self.ordinal}"
