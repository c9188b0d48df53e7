"""The forms of a deck on the site's own pages: a new one, its settings, and whether it really shall go."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from flashcards.decks import checks, services
from flashcards.decks.forms import show_problems
from flashcards.decks.models import Deck
from flashcards.lib.markdown import render

if TYPE_CHECKING:
    DeckModelForm = forms.ModelForm[Deck]
else:
    DeckModelForm = forms.ModelForm

LANGUAGES = "A language tag, such as en, de or pt-BR. Screen readers and spelling go by it."
_TITLE = forms.TextInput(attrs={"autocomplete": "off"})
_LANGUAGE = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "size": 10})


class NewDeckForm(DeckModelForm):
    """A new deck: title and language. Its address is made from the title."""

    class Meta:
        model = Deck
        fields = ("title", "language")
        widgets: ClassVar = {"title": _TITLE, "language": _LANGUAGE}
        help_texts: ClassVar = {"title": "As learners see it.", "language": LANGUAGES}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which its types leave out
        if not self.errors:
            self.instance.slug = self.instance.slug or services.free_slug(self.instance.title)
            rendered = render(checks.tidy_markdown(self.instance.introduction), field="introduction")
            show_problems(self, [*checks.deck_problems(self.instance), *rendered.problems])


class DeckSettingsForm(NewDeckForm):
    """What a deck is; only editors of the site say whether it is public."""

    class Meta:
        model = Deck
        fields = ("title", "language", "introduction", "is_public")
        widgets = NewDeckForm.Meta.widgets
        help_texts: ClassVar = {
            **NewDeckForm.Meta.help_texts,
            "introduction": "Markdown. Shown on the deck's page: what it is about, and for whom.",
            "is_public": "Everybody may study it. Only editors of this site can say so.",
        }
        labels: ClassVar = {"is_public": "Public"}

    def __init__(self, *args: Any, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["introduction"].widget.attrs |= {"rows": 8, "spellcheck": "true", "lang": self.instance.language}
        if not may_publish:
            del self.fields["is_public"]


class DeleteDeckForm(forms.Form):
    """The title of a deck, typed to make sure."""

    title = forms.CharField(max_length=200, widget=_TITLE)

    def __init__(self, deck: Deck, data: Any = None) -> None:
        super().__init__(data)
        self.fields["title"].label = f"Type the title to confirm: {deck.title}"
