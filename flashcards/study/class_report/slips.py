"""Topics × slips: how often each named error was made, topic by topic."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from flashcards.lib.prepared import Prepared
from flashcards.study.class_report.scope import Scope
from flashcards.study.models import ClassWrongWeek

MOST_SLIPS = 20


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A named error: its count in each topic that has any (0: none), and in all."""

    name: str
    counts: list[int]
    total: int

    @property
    def cells(self) -> str:
        """The counts as cells of a table, HTML of digits alone: hundreds of them take a template's loop too long."""
        return "".join(f"<td>{count or '–'}</td>" for count in self.counts)


@dataclass(frozen=True, slots=True)
class SlipTable:
    """The table; `topics` are those with errors, in the deck's order, `left_out` counts rarer errors."""

    topics: list[str]
    rows: list[SlipRow]
    left_out: int


def slip_table(scope: Scope) -> SlipTable:
    """Return the named errors made in the weeks of `scope`, the commonest first; one query."""
    counts: dict[str, dict[int, int]] = {}
    for name, topic, count in COUNTED(scope.study_class.pk, scope.deck.pk, scope.first_week):
        counts.setdefault(name, {})[topic] = count
    names = sorted(counts, key=lambda name: (-sum(counts[name].values()), name))
    shown = names[:MOST_SLIPS]
    topics = [topic for topic in scope.topics if any(topic.pk in counts[name] for name in shown)]
    return SlipTable(
        topics=[topic.title for topic in topics],
        rows=[
            SlipRow(name, [counts[name].get(topic.pk, 0) for topic in topics], sum(counts[name].values()))
            for name in shown
        ],
        left_out=len(names) - len(shown),
    )


def _counted(study_class: int, deck: int, first_week: int) -> QuerySet[ClassWrongWeek, tuple[str, int, int]]:
    weeks = ClassWrongWeek.objects.filter(
        study_class=study_class, deck=deck, week__gte=first_week, kind=ClassWrongWeek.Kind.SLIP
    )  # fmt: skip
    return weeks.order_by().values_list("what", "card__topic_id").annotate(Sum("count"))


COUNTED = Prepared(_counted)
