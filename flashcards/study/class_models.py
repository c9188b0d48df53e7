"""Sums over reviews, by learner and by class, and what classes are to learn. Django finds them through `models`."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from flashcards.classes.models import StudyClass
from flashcards.decks.models import Card, Deck, Tag, Topic


class CardDay(models.Model):
    """What a learner did with a card on one study day: sums over the reviews that stand, kept in their transaction."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="card_days", db_index=False)
    card = models.ForeignKey(Card, models.CASCADE, related_name="+", db_index=False)
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="+", db_index=False)
    day = models.IntegerField()
    reviews = models.PositiveIntegerField()
    again = models.PositiveIntegerField(help_text="Reviews rated Again.")
    lapses = models.PositiveIntegerField(help_text="Those of them in which a card in review was forgotten.")
    duration_ms = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("user", "card", "day"), name="study_card_day_once")]
        indexes: ClassVar = [models.Index(fields=("user", "deck", "day"), name="study_card_day_deck")]

    def __str__(self) -> str:
        return f"{self.card_id} of {self.user_id} on {self.day}"


class ClassCardWeek(models.Model):
    """What a class did with a card in one week (`day // 7`): sums over reviews made while their learner was in it.

    What begins with `kept` is the part of these sums whose reviews are gone, because their learners were deleted.
    """

    study_class = models.ForeignKey(StudyClass, models.CASCADE, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.CASCADE, related_name="+", db_index=False)
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="+", db_index=False)
    week = models.IntegerField()
    reviews = models.PositiveIntegerField()
    again = models.PositiveIntegerField()
    lapses = models.PositiveIntegerField()
    duration_ms = models.PositiveBigIntegerField()
    kept_reviews = models.PositiveIntegerField(default=0, db_default=0)
    kept_again = models.PositiveIntegerField(default=0, db_default=0)
    kept_lapses = models.PositiveIntegerField(default=0, db_default=0)
    kept_duration_ms = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("study_class", "card", "week"), name="study_class_card_week_once")
        ]
        indexes: ClassVar = [models.Index(fields=("study_class", "deck", "week"), name="study_class_card_week_deck")]

    def __str__(self) -> str:
        return f"{self.card_id} in class {self.study_class_id}, week {self.week}"


class ClassWrongWeek(models.Model):
    """How often one wrong answer was given to a card in a class in one week; `kept_count` as in ClassCardWeek."""

    class Kind(models.TextChoices):
        SLIP = "slip", "a named error"
        OPTION = "option", "an option"
        TYPED = "typed", "something typed"

    study_class = models.ForeignKey(StudyClass, models.CASCADE, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.CASCADE, related_name="+", db_index=False)
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="+", db_index=False)
    week = models.IntegerField()
    kind = models.CharField(max_length=6, choices=Kind)
    what = models.CharField(max_length=80, help_text="The slip's name, the option's key, or the folded words.")
    count = models.PositiveIntegerField()
    kept_count = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("study_class", "card", "week", "kind", "what"), name="study_class_wrong_week_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=("study_class", "deck", "week"), name="study_class_wrong_week_deck")]

    def __str__(self) -> str:
        return f"{self.what} at {self.card_id} in class {self.study_class_id}"


class Standing(models.Model):
    """Where a learner of a class stands in a deck, topic by topic: cards seen, and recall predicted for days to come.

    Only cards last reviewed while their learner was in the class count: what was learnt before or after is not the
    class's to see. It is worked out from the memories when somebody looks (`standings`), and holds until a review
    sets `is_stale` or the deck's cards change.
    """

    study_class = models.ForeignKey(StudyClass, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="+", db_index=False)
    day = models.IntegerField(help_text="The study day from which days are counted.")
    seen = models.PositiveIntegerField()
    topics = models.JSONField(help_text="By topic id: cards seen, and the sums of predicted recall at each horizon.")
    cards = models.CharField(max_length=16, default="", help_text="A digest of the cards the deck had then.")
    is_stale = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("study_class", "user", "deck"), name="study_standing_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.deck_id} on {self.day}"


class Assignment(models.Model):
    """What a class is to learn by a day: a deck, or some of its topics and tags. Days are dates in its zone."""

    class Goal(models.TextChoices):
        SEEN = "seen", "Every card seen"
        RECALLED = "recalled", "Recalled with 90 % or more on the due day"

    study_class = models.ForeignKey(StudyClass, models.CASCADE, related_name="assignments")
    deck = models.ForeignKey(Deck, models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")
    opens_on = models.DateField()
    due_on = models.DateField()
    goal = models.CharField(max_length=8, choices=Goal, default=Goal.RECALLED)
    is_exam = models.BooleanField(default=False, help_text="Sessions aim at the highest recall on the due day.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.title


class Budget(models.Model):
    """The minutes a day that a learner has for an assignment."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="budgets")
    minutes = models.PositiveSmallIntegerField(default=12, validators=[MinValueValidator(1), MaxValueValidator(600)])

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("user", "assignment"), name="study_budget_once")]

    def __str__(self) -> str:
        return f"{self.minutes} min of {self.user_id} for {self.assignment_id}"
