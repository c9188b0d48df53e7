"""The form of the page that changes many notes: what is posted, as an edit."""

from collections.abc import Callable
from typing import Any

from django import forms

from flashcards.decks import kinds
from flashcards.decks.bulk_edits import Archive, BulkEdit, Convert, Merge, Move, Replace, Restore, Retag
from flashcards.decks.forms import names_in
from flashcards.decks.kind_changes import kinds_from
from flashcards.decks.models import Deck, Severity, Topic
from flashcards.decks.queries import topics_of


class BulkForm(forms.Form):
    """What to do with notes, and what that takes; fields of other actions do not matter."""

    do = forms.ChoiceField(choices=lambda: [(name, name) for name in _MAKERS])
    find = forms.CharField(required=False, strip=False)
    by = forms.CharField(required=False, strip=False)
    fields_in = forms.MultipleChoiceField(choices=[(name, name.capitalize()) for name in kinds.FIELDS], required=False)
    match_case = forms.BooleanField(required=False)
    whole_words = forms.BooleanField(required=False)
    severity = forms.ChoiceField(choices=Severity.choices, required=False)
    topic = forms.ModelChoiceField(Topic.objects.none(), required=False)
    add_tags = forms.CharField(required=False)
    remove_tags = forms.CharField(required=False)
    to = forms.ChoiceField(
        choices=[(kind.name, kind.label) for kind in kinds.all_kinds() if any(
            kind.name in kinds_from(other.name) for other in kinds.all_kinds()
        )], required=False,
    )  # fmt: skip
    keep = forms.IntegerField(required=False)

    def __init__(self, deck: Deck, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topic"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = topics_of(deck)

    def edit(self) -> BulkEdit | None:
        """Return what is to be done; None if the form's errors say what is wrong. What is missing, `plan` refuses."""
        return _MAKERS[self.cleaned_data["do"]](self.cleaned_data) if self.is_valid() else None


def _replace(got: dict[str, Any]) -> BulkEdit:
    severity = Severity(got["severity"] or Severity.WORDING)
    return Replace(got["find"], got["by"], tuple(got["fields_in"]), got["match_case"], got["whole_words"], severity)


_MAKERS: dict[str, Callable[[dict[str, Any]], BulkEdit]] = {
    "replace": _replace,
    "move": lambda got: Move(got["topic"]),
    "tag": lambda got: Retag(names_in(got["add_tags"]), names_in(got["remove_tags"])),
    "kind": lambda got: Convert(got["to"]),
    "archive": lambda got: Archive(),
    "restore": lambda got: Restore(),
    "merge": lambda got: Merge(got["keep"] or 0),
}
