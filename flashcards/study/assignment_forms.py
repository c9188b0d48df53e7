"""The forms of an assignment, and of the minutes that a learner has for it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from flashcards.classes.models import StudyClass
from flashcards.decks.models import Deck, Tag, Topic
from flashcards.lib.text import tidy
from flashcards.lib.whole_numbers import whole_number
from flashcards.study.assignments import Wish
from flashcards.study.models import Assignment

if TYPE_CHECKING:
    PartsField = forms.ModelMultipleChoiceField[Topic | Tag]
else:
    PartsField = forms.ModelMultipleChoiceField

LEAST_MINUTES, MOST_MINUTES = 1, 600
NOT_SHARED = "This deck is not shared with the class."
NOT_LISTED = "Choose from the list only."
NO_DAY = "Write a day such as 2026-12-04."


class DeckPartsField(PartsField):
    """Topics or tags of decks; a value that is no sensible number is none of them."""

    def clean(self, value: Any) -> Any:
        """Return the chosen rows. Raises ValidationError."""
        for pk in value or ():
            if whole_number(str(pk)) is None:
                raise forms.ValidationError(NOT_LISTED)
        return super().clean(value)


def _day_field(label: str, help_text: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget, error_messages={"invalid": NO_DAY})


def _parts_field(label: str, help_text: str) -> DeckPartsField:
    return DeckPartsField(
        None,
        required=False,
        label=label,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NOT_LISTED},
    )


class AssignmentForm(forms.Form):
    """What a class is to learn, from when until when, and how well."""

    title = forms.CharField(
        max_length=200,
        label="Title",
        help_text="As your students will read it, such as Midterm or Week 3.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    deck: Any = forms.ModelChoiceField(
        None, label="Deck", empty_label=None, error_messages={"invalid_choice": NOT_SHARED, "required": NOT_SHARED}
    )
    topics = _parts_field("Topics", "With none and no tags, it is the whole deck.")
    tags = _parts_field("Tags", "Cards with any of them count as well as those of the topics.")
    opens_on = _day_field("Opens on", "Students see it from this day on.")
    due_on = _day_field("Due on", "The day of the exam, if it is one.")
    goal = forms.ChoiceField(choices=Assignment.Goal.choices, label="Goal", widget=forms.RadioSelect)
    is_exam = forms.BooleanField(
        required=False,
        label="Aim at the due day",
        help_text="For an exam: each student’s sessions are planned so that recall on that day is the highest for"
        " the minutes they have. Otherwise cards come when they are due.",
    )

    def __init__(self, study_class: StudyClass, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        decks = Deck.objects.filter(class_decks__study_class=study_class).order_by("title")
        topics = Topic.objects.filter(deck__in=decks).select_related("deck").order_by("deck__title", "position", "pk")
        tags = Tag.objects.filter(deck__in=decks).select_related("deck").order_by("deck__title", "name")
        self.has_deck, self.has_tags = decks.exists(), tags.exists()
        self._offer("deck", decks)
        self._offer("topics", topics, _by_deck((topic.deck.title, topic.pk, topic.title) for topic in topics))
        self._offer("tags", tags, _by_deck((tag.deck.title, tag.pk, tag.name) for tag in tags))

    def _offer(self, name: str, rows: Any, choices: list[Any] | None = None) -> None:
        field: Any = self.fields[name]
        field.queryset = rows
        if choices is not None:
            field.choices = choices

    @property
    def parts(self) -> list[forms.BoundField]:
        """The fields of what is assigned of a deck; tags only if there are any."""
        return [self["topics"], self["tags"]] if self.has_tags else [self["topics"]]

    def clean_title(self) -> str:
        """Return the title in composed characters, without space around it."""
        return tidy(self.cleaned_data["title"]).strip()

    def wish(self) -> Wish:
        """Return what is wished for, once the form is valid."""
        return Wish(**self.cleaned_data)


def _by_deck(rows: Iterable[tuple[str, int, str]]) -> list[Any]:
    """Return choices in a group for each deck; of one deck without a group."""
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for deck, pk, label in rows:
        groups[deck].append((pk, label))
    return list(groups.items()) if len(groups) > 1 else [one for group in groups.values() for one in group]


class BudgetForm(forms.Form):
    """The minutes a day that a learner has for an assignment."""

    minutes = forms.IntegerField(
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        label="Minutes a day",
        help_text="1 to 600. What you can keep to, rather than what you wish for.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
