"""The bare view's two tables: a state a card and learner, and answers. The cards are the project's."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from flashcards.decks.models import Card


class BareState(models.Model):
    """When a learner is asked a card again."""

    objects: ClassVar[models.Manager["BareState"]] = models.Manager()
    user_id: int
    card_id: int
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.CASCADE, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    reps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("user", "card"), name="bare_state_once")]
        indexes: ClassVar = [models.Index(fields=("user", "due_at"), name="bare_state_due")]

    def __str__(self) -> str:
        return f"{self.card_id} of {self.user_id}"


class BareAnswer(models.Model):
    """One answer; its id is the browser's."""

    objects: ClassVar[models.Manager["BareAnswer"]] = models.Manager()
    user_id: int
    card_id: int
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.CASCADE, related_name="+", db_index=False)
    rating = models.PositiveSmallIntegerField()
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rating} for {self.card_id} by {self.user_id}"
