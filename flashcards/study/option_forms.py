"""The form of a deck's options."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from flashcards.lib.errors import Refused
from flashcards.study.models import DeckOptions
from flashcards.study.option_saving import Choice
from flashcards.study.options import policy_of
from flashcards.study.steps import parse_steps, write_steps

MOST_A_DAY = 9999
LOWEST_RETENTION, HIGHEST_RETENTION = 70, 97
LONGEST_STEPS = 200


class OptionsForm(forms.Form):
    """How a learner studies a deck; retention in per cent, steps as text."""

    new_per_day = forms.IntegerField(
        min_value=0,
        max_value=MOST_A_DAY,
        label="New cards a day",
        help_text="Each comes back several times in the weeks after. 0 begins none.",
    )
    reviews_per_day = forms.IntegerField(
        min_value=0,
        max_value=MOST_A_DAY,
        label="Reviews a day",
        help_text="When more is due, you are asked what is most worth saving first. New cards count too.",
    )
    desired_retention = forms.FloatField(
        min_value=LOWEST_RETENTION,
        max_value=HIGHEST_RETENTION,
        label="Desired retention, in per cent",
        help_text="A card comes back once your chance to recall it has fallen to this. 70 to 97; 90 suits most.",
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    learning_steps = forms.CharField(
        required=False,
        max_length=LONGEST_STEPS,
        label="Learning steps",
        help_text="When a new card comes back until it is learned, such as 1m 10m. "
        "Units: s, m, h, d. Empty: the first answer decides the interval.",
    )
    relearning_steps = forms.CharField(
        required=False,
        max_length=LONGEST_STEPS,
        label="Relearning steps",
        help_text="The same for a card that you forgot, such as 10m.",
    )

    def __init__(self, options: DeckOptions, data: Any = None) -> None:
        policy = policy_of(options.preset_id)
        initial = {
            "new_per_day": options.new_per_day,
            "reviews_per_day": options.reviews_per_day,
            "desired_retention": f"{policy.desired_retention * 100:.6g}",
            "learning_steps": write_steps(policy.learning_steps),
            "relearning_steps": write_steps(policy.relearning_steps),
        }
        super().__init__(data, initial=initial)
        for name in ("learning_steps", "relearning_steps"):
            self.fields[name].widget.attrs |= {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}

    def clean_learning_steps(self) -> tuple[int, ...]:
        """Return the steps in seconds. Raises ValidationError."""
        return self._steps("learning_steps")

    def clean_relearning_steps(self) -> tuple[int, ...]:
        """Return the steps in seconds. Raises ValidationError."""
        return self._steps("relearning_steps")

    def _steps(self, field: str) -> tuple[int, ...]:
        try:
            return parse_steps(field, self.cleaned_data[field])
        except Refused as refused:
            raise ValidationError([problem.message for problem in refused.problems]) from refused

    def choice(self) -> Choice:
        """Return what was chosen, once the form is valid."""
        chosen = self.cleaned_data
        return Choice(
            new_per_day=chosen["new_per_day"],
            reviews_per_day=chosen["reviews_per_day"],
            desired_retention=round(chosen["desired_retention"] / 100, 6),
            learning_steps=chosen["learning_steps"],
            relearning_steps=chosen["relearning_steps"],
        )
