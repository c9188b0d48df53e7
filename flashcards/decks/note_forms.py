"""The form of a note on the site's own pages: in one deck, its fields called as the note's kind calls them."""

from typing import Any

from django import forms

from flashcards.decks import checks, kinds, services, topics
from flashcards.decks.forms import NoteForm, TopicField
from flashcards.decks.models import Deck, Note, Severity, Topic
from flashcards.decks.queries import topics_of
from flashcards.lib.errors import Refused

AS_IT_SEEMS = ""
SEVERITIES = (
    (AS_IT_SEEMS, "As the size of the change suggests"),
    (Severity.WORDING.value, "Wording: everybody's memory of it stays as it is"),
    (Severity.MEANING.value, "Meaning: whoever knows it sees once what changed, and is asked again when it is due"),
)
CHOOSE = "Choose a topic, or type the title of a new one."


class TopicTitleField(TopicField):
    """A topic of the deck, by its title."""

    def label_from_instance(self, obj: Topic) -> str:
        """Return the title."""
        return obj.title


class DeckNoteForm(NoteForm):
    """A note of one deck. An empty key is made from the question; a typed title of a topic goes before a chosen one.

    The cleaned topic may be one that is not stored yet; `note_saving.save` stores it with the note.
    """

    position = None  # type: ignore[assignment]  # notes stay in place, new ones go to the end of their topic
    topic = TopicTitleField(Topic.objects.none(), required=False, empty_label="Choose a topic")
    new_topic = forms.CharField(
        label="Or a new topic", required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    severity = forms.ChoiceField(
        label="How grave is the change?", required=False, choices=SEVERITIES, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=checks.MAX_REASON,
        help_text="Optional, one line for the note's history.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = (
        "kind", "new_topic", "topic", "question", "answer", "explanation", "tag_names", "source_ids", "reference",
        "key",
    )  # fmt: skip

    class Meta:
        model = Note
        fields = ("topic", "key", "kind", "question", "answer", "explanation", "reference")

    def __init__(self, deck: Deck, *args: Any, instance: Note | None = None, **kwargs: Any) -> None:
        self.deck = deck
        note = instance or Note(deck=deck)
        self._topic_before = note.topic_id
        super().__init__(*args, instance=note, **kwargs)
        if isinstance(field := self.fields["topic"], TopicTitleField):
            field.queryset = topics_of(deck)
        if note.pk is None:
            del self.fields["severity"], self.fields["reason"], self.fields["version"]
        self.fields["key"].required = False
        self.fields["key"].help_text = "Its id within the deck, for text files. Empty: made from the question."
        self._name_fields()

    @property
    def chosen_kind(self) -> kinds.Kind:
        """Return the kind that the form shows; the usual one if it names none."""
        try:
            return kinds.get(str(self["kind"].value() or ""))
        except Refused:
            return kinds.all_kinds()[0]

    @property
    def has_details_wrong(self) -> bool:
        """Whether something is wrong under "More"."""
        return any(name in self.errors for name in ("source_ids", "reference", "key"))

    def _name_fields(self) -> None:
        """Call the written fields as the kind does, and mark those that it does not use."""
        parts = {part.name: part for part in self.chosen_kind.parts}
        for name in kinds.FIELDS:
            field = self.fields[name]
            part = parts.get(name)
            field.label = part.label if part else name.capitalize()
            field.help_text = part.help if part else ""
            field.widget.attrs |= {"rows": 3 if name == "question" else 5, "spellcheck": "true"}
            field.widget.attrs |= {"lang": self.deck.language}

    def is_used(self, name: str) -> bool:
        """Whether the kind has this field, or something stands in it all the same."""
        return any(part.name == name for part in self.chosen_kind.parts) or bool(str(self[name].value() or "").strip())

    def clean_new_topic(self) -> str:
        """Return the title without space around it."""
        return str(self.cleaned_data["new_topic"]).strip()

    def clean_topic(self) -> Topic | None:
        """Return the topic that is typed, else the one chosen. Raises ValidationError without either."""
        title: str = self.cleaned_data.get("new_topic", "")
        chosen: Topic | None = self.cleaned_data["topic"]
        if not title and chosen is None:
            raise forms.ValidationError(CHOOSE)
        if not title:
            return chosen
        try:
            return topics.found_topic(self.deck, title) or topics.new_topic(self.deck, title)
        except Refused as refused:
            raise forms.ValidationError([problem.message for problem in refused.problems]) from refused

    def clean_key(self) -> str:
        """Return the key; for an empty one the note's, or one made from the question."""
        key: str = self.cleaned_data["key"]
        return key or self.instance.key or services.free_key(self.deck, self.cleaned_data.get("question", ""))

    @property
    def key_is_made(self) -> bool:
        """Whether the key of a new note was left to be made."""
        return self.instance.pk is None and not str(self.data.get("key", "")).strip()

    def _get_validation_exclusions(self) -> set[str]:
        # The topic was looked up already; a new one has no id to look up.
        return {*super()._get_validation_exclusions(), "topic"}  # type: ignore[misc]

    def _post_clean(self) -> None:
        topic = self.cleaned_data.get("topic")
        if topic is not None and (topic.pk is None or topic.pk != self._topic_before):
            self.instance.position = services.next_position(topic)
        super()._post_clean()
