"""What a learner asks of their history: which deck, which study days, which grade."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django import forms
from django.http import QueryDict

from flashcards.decks.models import Deck
from flashcards.study.models import Rating

NO_DATE = "Write a date as year-month-day, such as 2026-03-14. This filter is left out."
NO_DECK = "You have no reviews of such a deck. This filter is left out."
NO_GRADE = "A grade is Again, Hard, Good or Easy. This filter is left out."
BACKWARDS = "This day is before the first one, so it is left out."


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reviews are asked for; None does not filter. Days are study days, both included."""

    deck_id: int | None = None
    first_day: int | None = None
    last_day: int | None = None
    rating: int | None = None

    def of_any_day(self) -> "Filters":
        """Return the same filters without the days."""
        return replace(self, first_day=None, last_day=None)


class DayInput(forms.DateInput):
    """A date as browsers let people pick it."""

    input_type = "date"


class FilterForm(forms.Form):
    """The filters as fields of a page; every one may be left empty. A bad one is told and left out."""

    deck = forms.ChoiceField(required=False, error_messages={"invalid_choice": NO_DECK})
    grade = forms.ChoiceField(
        required=False,
        choices=[("", "All grades"), *((str(value), label) for value, label in Rating.choices)],
        error_messages={"invalid_choice": NO_GRADE},
    )

    def __init__(self, query: QueryDict, decks: Iterable[Deck]) -> None:
        super().__init__(query)
        self.decks = {deck.slug: deck for deck in decks}
        choices = [("", "All decks"), *((slug, deck.title) for slug, deck in self.decks.items())]
        self.fields["deck"].choices = choices  # type: ignore[attr-defined]
        for name, label in (("from", "From"), ("to", "To")):
            self.fields[name] = forms.DateField(
                label=label,
                required=False,
                input_formats=["%Y-%m-%d"],
                widget=DayInput(format="%Y-%m-%d"),
                error_messages={"invalid": NO_DATE},
            )
        self.order_fields(["deck", "from", "to", "grade"])

    def clean(self) -> dict[str, object]:
        """Refuse days that run backwards."""
        for name in {"from", "to"} & self.errors.keys():
            # A browser shows no date that is none, so what was written stays to be mended as text.
            self.fields[name].widget.input_type = "text"
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first is not None and last is not None and last < first:
            self.add_error("to", BACKWARDS)
        return self.cleaned_data

    def filters(self) -> Filters:
        """Return what is asked for, without the fields that made no sense."""
        self.is_valid()
        asked = self.cleaned_data
        return Filters(
            deck_id=self.decks[asked["deck"]].pk if asked.get("deck") else None,
            first_day=asked["from"].toordinal() if asked.get("from") else None,
            last_day=asked["to"].toordinal() if asked.get("to") else None,
            rating=int(asked["grade"]) if asked.get("grade") else None,
        )
