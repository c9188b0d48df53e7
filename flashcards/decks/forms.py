"""The admin's forms: what the services refuse is said at its field, with its place."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict

from flashcards.decks import checks, conflicts, kinds, services
from flashcards.decks.models import Deck, Note, Topic
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render
from flashcards.lib.whole_numbers import LARGEST_ID

if TYPE_CHECKING:
    DeckModelForm = forms.ModelForm[Deck]
    TopicModelForm = forms.ModelForm[Topic]
    NoteModelForm = forms.ModelForm[Note]
    TopicChoice = forms.ModelChoiceField[Topic]
else:
    DeckModelForm = TopicModelForm = NoteModelForm = forms.ModelForm
    TopicChoice = forms.ModelChoiceField

_NOT_AGAIN = ("csrfmiddlewaretoken", "version")
_FORM_FIELDS = {"tags": "tag_names", "sources": "source_ids"}


def show_problems(form: forms.BaseForm, problems: list[Problem]) -> None:
    """Put each problem at its field of `form`, with its line; what has no field there goes above the form."""
    for problem in problems:
        name = _FORM_FIELDS.get(problem.field, problem.field)
        place = f"Line {problem.line}: " if problem.line is not None else ""
        form.add_error(name if name in form.fields else None, f"{place}{problem.message}")


def names_in(text: str) -> list[str]:
    """Return the names in a text with commas between them, each once."""
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


class TopicField(TopicChoice):
    """A topic, named with its deck."""

    def label_from_instance(self, obj: Topic) -> str:
        """Return deck and topic."""
        return f"{obj.deck.title} › {obj.title}"


class DeckForm(DeckModelForm):
    """A deck; its introduction is rendered to be checked."""

    class Meta:
        model = Deck
        fields = ("title", "slug", "language", "introduction", "is_public", "owner")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            rendered = render(checks.tidy_markdown(self.instance.introduction), field="introduction")
            show_problems(self, [*checks.deck_problems(self.instance), *rendered.problems])


class TopicForm(TopicModelForm):
    """A topic, which stays in its deck."""

    class Meta:
        model = Topic
        fields = ("deck", "title", "slug", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "deck" in self.fields:
            self.fields["deck"].disabled = True

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            show_problems(self, checks.topic_problems(self.instance))


class NoteForm(NoteModelForm):
    """A note with its tags and sources as text. Its deck is its topic's.

    If the note has a newer version than the one the form was opened with (`version`), the form is not valid:
    `conflict` then says what differs, and the form shows both changes as far as they can stand together.
    """

    topic = TopicField(Topic.objects.select_related("deck").order_by("deck__title", "position"))
    kind = forms.ChoiceField(choices=[(kind.name, kind.label) for kind in kinds.all_kinds()])
    position = forms.IntegerField(
        required=False, min_value=0, max_value=checks.MAX_POSITION, help_text="Within the topic. Empty: at its end."
    )
    tag_names = forms.CharField(label="Tags", required=False, help_text="With commas between them.")
    source_ids = forms.CharField(
        label="Sources", required=False, help_text="Ids of the subjects it covers, with commas between them."
    )
    version = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID, widget=forms.HiddenInput)
    conflict: conflicts.Comparison | None = None
    user_id: int | None = None
    """Whose form it is, so that somebody's own other tab is called theirs."""

    class Meta:
        model = Note
        fields = ("topic", "key", "kind", "position", "question", "answer", "explanation", "reference")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.instance
        if note.deck_id:
            topics = Topic.objects.select_related("deck").filter(deck=note.deck_id)
            if isinstance(field := self.fields.get("topic"), TopicField):
                field.queryset = topics
        if note.pk:
            self.initial.setdefault("tag_names", ", ".join(_tag_names(note)))
            self.initial.setdefault("source_ids", ", ".join(note.sources))
            self.initial.setdefault("version", services.version_of(note))

    def clean_tag_names(self) -> list[str]:
        """Return the tags' names."""
        return names_in(self.cleaned_data["tag_names"])

    def clean_position(self) -> int:
        """Return the position; an empty one is the end of the topic."""
        position: int | None = self.cleaned_data.get("position")
        topic = self.cleaned_data.get("topic")
        if position is not None or topic is None:
            return position or 0
        return services.next_position(topic)

    def _post_clean(self) -> None:
        self.instance.sources = names_in(self.cleaned_data.get("source_ids", ""))
        topic = self.cleaned_data.get("topic")
        if topic is not None:
            self.instance.deck = topic.deck
        super()._post_clean()  # type: ignore[misc]
        if topic is None or any(name in self.errors for name in ("key", "kind")):
            return
        try:
            services.checked_faces(self.instance, self.cleaned_data.get("tag_names", []))
        except Refused as refused:
            already = set(self.errors)
            show_problems(self, [each for each in refused.problems if each.field not in already])
        if not self.errors and self.instance.pk and self.cleaned_data.get("version") is not None:
            self._look_for_conflict(self.cleaned_data["version"])

    def _look_for_conflict(self, opened: int) -> None:
        """Refuse to save over a newer version, and put what only that changed into the form."""
        names = [name for name in conflicts.FIELDS if name in self.fields]
        found = conflicts.compare(self.instance, self.cleaned_data["tag_names"], names, opened, self.user_id)
        if found is None:
            return
        data = QueryDict(mutable=True)
        data.update(self.data)
        yours = [(name, text) for name, texts in data.lists() for text in texts if name not in _NOT_AGAIN]
        self.conflict = replace(found, yours=yours)
        typed_no_more = {"new_topic": ""} if "topic" in found.merged else {}
        for name, text in (found.merged | typed_no_more | {"version": str(found.version)}).items():
            data[name] = text
        self.data = data
        self.add_error(None, found.problem.message)


def _tag_names(note: Note) -> list[str]:
    """Return the note's tags; those of its time if `note` is one of its former versions."""
    historic = getattr(note, "_history", None)
    if historic is None:
        return sorted(note.tags.values_list("name", flat=True))
    return conflicts.tags_of_version(historic)


class MoveForm(forms.Form):
    """Where to move notes."""

    topic = TopicField(Topic.objects.select_related("deck").order_by("deck__title", "position"))


class TagsForm(forms.Form):
    """Which tags to add or remove."""

    tag_names = forms.CharField(label="Tags", help_text="With commas between them.")

    def clean_tag_names(self) -> list[str]:
        """Return the tags' names."""
        names = names_in(self.cleaned_data["tag_names"])
        for problem in checks.tag_problems(names):
            self.add_error("tag_names", problem.message)
        return names
