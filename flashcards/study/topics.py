"""The topics of a deck as a learner stands with them: what is known of each, and what studying it now would ask."""

from dataclasses import dataclass

from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks.models import Deck, Topic
from flashcards.study import today
from flashcards.study.days import Moment
from flashcards.study.known import Pile, piles
from flashcards.study.today import Today


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic as the learner stands with it, and what studying it now would ask."""

    topic: Topic
    pile: Pile
    today: Today

    @property
    def title(self) -> str:
        """The topic's title."""
        return self.topic.title

    @property
    def url(self) -> str:
        """The address that studies this topic alone."""
        return reverse("study:session", args=[self.topic.deck.slug], query={"topic": self.topic.slug})


def topic_lines(user: User, deck: Deck, topics: list[Topic], moment: Moment) -> list[TopicLine]:
    """Return the topics that hold cards, in order, in a number of queries that does not grow with them."""
    heaps = piles(user.pk, moment.day, [deck.pk], "topic")
    limits = today.limits(user.pk, moment.day, [deck.pk])[deck.pk]
    unseen = today.unseen_notes(user.pk, moment.day, [deck.pk], "topic") if limits.new_left else {}
    plan = today.open_plans(user.pk, moment, [deck.pk]).get(deck.pk)
    lines = []
    for topic in topics:
        if topic.pk in heaps:
            own = plan if plan is not None and plan.topic == topic.pk else None
            asked = today.asked_today(heaps[topic.pk], limits, unseen.get(topic.pk, 0), own)
            lines.append(TopicLine(topic, heaps[topic.pk], asked))
    return lines
