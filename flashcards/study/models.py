"""People meeting material: the log of reviews, the memory state worked out from it, sessions and options.

The log is the truth: `Memory` is what `scheduling` makes of a card's reviews, kept beside them for speed, and
`manage.py verify` compares the two. Every table of this floor is keyed by the learner.
Study days are integers: the proleptic ordinal of the learner's local date (`date.toordinal`), see `lib/days.py`.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from flashcards.decks.models import Card, Deck, Note, Tag, Topic
from flashcards.study.class_models import Assignment, Budget, CardDay, ClassCardWeek, ClassWrongWeek, Standing

__all__ = [
    "Action", "Assignment", "Budget", "CardDay", "ClassCardWeek", "ClassWrongWeek", "DeckOptions", "Memory", "Preset",
    "Rating", "Review", "Standing", "State", "StudySession",
]  # fmt: skip


class Rating(models.IntegerChoices):
    """How well a card was recalled. Hard is a recall, with effort; only Again is a lapse."""

    AGAIN = 1, "Again"
    HARD = 2, "Hard"
    GOOD = 3, "Good"
    EASY = 4, "Easy"


class State(models.IntegerChoices):
    """Where a card stands with a learner."""

    NEW = 0, "New"
    LEARNING = 1, "Learning"
    REVIEW = 2, "Review"
    RELEARNING = 3, "Relearning"


class Preset(models.Model):
    """Settings of the scheduler. Rows never change: reviews point at the one they were made under, so a log replays
    exactly even after a learner chose other steps or another desired retention."""

    id = models.BigIntegerField(primary_key=True, help_text="A digest of the settings, so equal settings are one row.")
    parameters = models.JSONField(help_text="The 21 weights of FSRS-6.")
    desired_retention = models.FloatField()
    learning_steps = models.JSONField(help_text="Seconds.")
    relearning_steps = models.JSONField(help_text="Seconds.")

    def __str__(self) -> str:
        return f"{self.desired_retention:.0%}, steps {self.learning_steps}"


class DeckOptions(models.Model):
    """What one learner chose for one deck."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deck_options", db_index=False)
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="options")
    preset = models.ForeignKey(Preset, models.PROTECT)
    new_per_day = models.PositiveIntegerField(default=20, validators=[MaxValueValidator(9999)])
    reviews_per_day = models.PositiveIntegerField(default=200, validators=[MaxValueValidator(9999)])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("user", "deck"), name="study_options_once_a_user_and_deck")
        ]

    def __str__(self) -> str:
        return f"options of {self.user_id} for {self.deck_id}"


class Memory(models.Model):
    """What one learner's reviews of one card come to. No row: the card is new to the learner.

    `due_day` is set once the card has a review; `due_at` only while it is in steps shorter than the day.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memories", db_index=False)
    card = models.ForeignKey(Card, models.CASCADE, related_name="memories")
    note = models.ForeignKey(Note, models.CASCADE, related_name="+", db_index=False)
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="+", db_index=False)
    state = models.PositiveSmallIntegerField(choices=State, default=State.NEW)
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    stability = models.FloatField(null=True, blank=True, help_text="Days until recall falls to 90 %.")
    difficulty = models.FloatField(null=True, blank=True, help_text="1 to 10.")
    due_day = models.IntegerField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    last_day = models.IntegerField(null=True, blank=True)
    last_answered_at = models.DateTimeField(null=True, blank=True)
    interval_days = models.PositiveIntegerField(default=0)
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    is_leech = models.BooleanField(default=False)
    is_suspended = models.BooleanField(default=False)
    is_starred = models.BooleanField(default=False)
    buried_until = models.IntegerField(null=True, blank=True, help_text="Study day on which it comes back.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("user", "card"), name="study_memory_once_a_user_and_card")
        ]
        indexes: ClassVar = [
            models.Index(fields=("user", "deck", "due_day"), name="study_memory_due_day"),
            models.Index(
                fields=("user", "deck", "due_at"), name="study_memory_due_at", condition=models.Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} of {self.user_id}"


class StudySession(models.Model):
    """One sitting over a deck, a topic, a tag or an assignment.

    `plan` is picked when it begins; `cursor` counts what is behind.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="study_sessions", db_index=False)
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="+", db_index=False)
    options = models.ForeignKey(DeckOptions, models.CASCADE, related_name="+", db_index=False)
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    assignment = models.ForeignKey(Assignment, models.SET_NULL, null=True, blank=True, related_name="sessions")
    day = models.IntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    plan = models.JSONField(default=list, help_text="Pairs [card id, kind], see `queue.Entry`.")
    cursor = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="Cards in the plan and in learning when it began.")
    revision = models.PositiveIntegerField(default=0, help_text="Counts the times the plan was made anew.")
    current_card = models.ForeignKey(Card, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    shown_at = models.DateTimeField()
    given = models.JSONField(
        null=True, help_text="The answer to the card on show, not graded yet; see `giving.Given`."
    )
    sequence = models.PositiveIntegerField(default=0, help_text="Counts what can be undone.")
    version = models.PositiveIntegerField(default=0, help_text="Counts the times this row was stored.")

    # Whether `plan` has to be stored: most of what moves a session leaves its plan alone.
    plan_changed = False

    class Meta:
        indexes: ClassVar = [models.Index(fields=("user", "deck", "started_at"), name="study_session_user_deck")]

    def __str__(self) -> str:
        return f"session {self.pk} of {self.user_id}"


class Review(models.Model):
    """One answer, appended for ever. Undoing marks it; nothing is removed, so that a repeated send stays known.

    What follows `preset` is the outcome, worked out by `scheduling` and rewritten when an earlier answer arrives late.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, help_text="Made by the browser.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviews", db_index=False)
    card = models.ForeignKey(Card, models.CASCADE, related_name="reviews", db_index=False)
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="+", db_index=False)
    session = models.ForeignKey(StudySession, models.SET_NULL, null=True, blank=True, db_index=False)
    sequence = models.PositiveIntegerField(default=0)
    cursor = models.PositiveIntegerField(default=0, help_text="The session's cursor before this answer.")
    revision = models.PositiveIntegerField(default=0, help_text="The session's plan at this answer.")
    was_on_show = models.BooleanField(default=False, help_text="Whether the session showed this card then.")
    rating = models.PositiveSmallIntegerField(choices=Rating, validators=[MinValueValidator(1), MaxValueValidator(4)])
    answered_at = models.DateTimeField()
    day = models.IntegerField()
    day_ends_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    given = models.JSONField(null=True, help_text="What was answered where the kind asks for it; see `giving.Given`.")
    verdict = models.CharField(max_length=8, blank=True, help_text="What the answer was; see `kinds.Verdict`.")
    slip = models.CharField(max_length=80, blank=True, help_text="The named error that the answer was.")
    classes = models.JSONField(null=True, help_text="Ids of the classes in whose sums it counts; see `class_sums`.")
    undone_at = models.DateTimeField(null=True, blank=True)
    preset = models.ForeignKey(Preset, models.PROTECT, db_index=False)
    state_before = models.PositiveSmallIntegerField(choices=State)
    recall = models.FloatField(null=True, blank=True, help_text="Predicted at this moment, 0 to 1; none at the first.")
    interval_seconds = models.PositiveBigIntegerField(help_text="To the next showing, as the button said.")
    stability = models.FloatField()
    difficulty = models.FloatField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("user", "card", "answered_at"), name="study_review_user_card"),
            models.Index(fields=("user", "day"), name="study_review_user_day"),
            models.Index(fields=("session", "sequence"), name="study_review_session"),
        ]

    def __str__(self) -> str:
        return f"{self.get_rating_display()} for {self.card_id} by {self.user_id}"


class Action(models.Model):
    """Something done to a card in a session besides answering, kept so that it can be undone."""

    class Kind(models.TextChoices):
        SUSPEND = "suspend"
        BURY = "bury"
        STAR = "star"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    session = models.ForeignKey(StudySession, models.CASCADE, related_name="actions", db_index=False)
    sequence = models.PositiveIntegerField()
    cursor = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    was_on_show = models.BooleanField()
    card = models.ForeignKey(Card, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    before = models.JSONField(null=True, help_text="The flag that it changed, as it was.")
    done_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("session", "sequence"), name="study_action_session")]

    def __str__(self) -> str:
        return f"{self.kind} {self.card_id} by {self.user_id}"
