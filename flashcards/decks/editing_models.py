"""What grows around notes while people work on them: media, suggestions of learners, changes of many notes at once."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from flashcards.decks.formats.names import Format


class Severity(models.TextChoices):
    """How grave an edit of a note is for those who know its cards."""

    WORDING = "wording", "Wording"
    MEANING = "meaning", "Meaning"


class NoteVersion(models.Model):
    """What a version of a note in its history says beyond the note: how grave the edit was, and whose idea."""

    severity = models.CharField(max_length=8, choices=Severity, blank=True)
    credit = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="The learner whose suggestion it follows.",
    )  # fmt: skip

    class Meta:
        abstract = True


class MediaFile(models.Model):
    """A picture or a sound that notes of a deck show. The stored file is named by its content: `digest`.`extension`.

    Decks that hold the same file have a row each; the file is one.
    """

    deck = models.ForeignKey("decks.Deck", models.CASCADE, related_name="media", db_index=False)
    digest = models.CharField(max_length=40, help_text="Of the stored bytes: the first 160 bits of SHA-256, in hex.")
    extension = models.CharField(max_length=5)
    name = models.CharField(max_length=200, help_text="What the file was called.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    width = models.PositiveIntegerField(null=True, blank=True, help_text="Pixels; none for sounds.")
    height = models.PositiveIntegerField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("deck", "digest"), name="decks_media_once_a_deck")]
        indexes: ClassVar = [models.Index(fields=("digest",), name="decks_media_digest")]

    def __str__(self) -> str:
        return self.name


class Suggestion(models.Model):
    """What a learner says about a note: that something is wrong, or how it should read."""

    class Reason(models.TextChoices):
        WRONG = "wrong", "The answer is wrong"
        UNCLEAR = "unclear", "The question is unclear"
        TYPO = "typo", "There is a typing error"
        OUTDATED = "outdated", "It is out of date"
        DISPLAY = "display", "It does not show properly"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        CHANGED = "changed", "Accepted with changes"
        REFUSED = "refused", "Refused"

    note = models.ForeignKey("decks.Note", models.CASCADE, related_name="suggestions")
    card = models.ForeignKey("decks.Card", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="suggestions"
    )
    reason = models.CharField(max_length=10, choices=Reason)
    comment = models.TextField(blank=True)
    proposed = models.JSONField(null=True, help_text="The fields as the learner would have them, by name.")
    version = models.BigIntegerField(help_text="The version of the note that it speaks of: its `history_id`.")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    reply = models.CharField(max_length=500, blank=True, help_text="A word to the learner.")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the learner has seen what became of it.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=("note", "state"), name="decks_suggestion_note_state")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.state})"


class ChangeSet(models.Model):
    """Many notes changed in one go, kept so that it can be undone for a day."""

    class Kind(models.TextChoices):
        REPLACE = "replace", "Find and replace"
        MOVE = "move", "Move"
        TAG = "tag", "Tags"
        KIND = "kind", "Change of kind"
        MERGE = "merge", "Duplicates merged"
        ARCHIVE = "archive", "Archive"
        RESTORE = "restore", "Restore"
        IMPORT = "import", "Import"

    deck = models.ForeignKey("decks.Deck", models.CASCADE, related_name="changes")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind)
    words = models.CharField(max_length=300, help_text="What was done, in a sentence.")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.words


class ChangedNote(models.Model):
    """A note in a change of many: its versions (`history_id`) before and after; none before: it was made."""

    change = models.ForeignKey(ChangeSet, models.CASCADE, related_name="notes")
    note = models.ForeignKey("decks.Note", models.CASCADE, related_name="+")
    before = models.BigIntegerField(null=True, blank=True)
    after = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.note_id} in {self.change_id}"


class Transfer(models.Model):
    """A file on its way in or out: uploaded, read in the background, looked at, written; or undone again.

    Its files lie in a folder of its own, named by `id`; `flashcards.decks.transfers` says which.
    """

    class Direction(models.TextChoices):
        IN = "in", "Import"
        OUT = "out", "Export"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        READING = "reading", "Reading"
        READY = "ready", "Ready to look at"
        WRITING = "writing", "Writing"
        DONE = "done", "Done"
        FAILED = "failed", "Refused"
        UNDONE = "undone", "Undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="transfers")
    direction = models.CharField(max_length=3, choices=Direction)
    format = models.CharField(max_length=6, choices=Format)
    deck = models.ForeignKey("decks.Deck", models.SET_NULL, null=True, blank=True, related_name="transfers")
    name = models.CharField(max_length=200, help_text="What the file is called.")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    options = models.JSONField(default=dict, help_text="What the person chose.")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=dict, help_text="What reading the file found, for the page that previews it.")
    problems = models.JSONField(default=list, help_text="What is wrong: field, message and line of each.")
    outcome = models.JSONField(default=dict, help_text="What was done.")
    change = models.OneToOneField(ChangeSet, models.SET_NULL, null=True, blank=True, related_name="transfer")
    created_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True, blank=True, help_text="The last sign of life of whoever works on it.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.get_direction_display()} of {self.name}"
