"""The forms about oneself: preferences, and leaving."""

import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from flashcards.accounts import time_zones
from flashcards.accounts.models import User

CONFIRMATION = "delete"
_TURNS_TEXT_AROUND = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


class PreferencesForm(UserForm):
    """How somebody studies. `time_zone` is empty for "as this browser says"."""

    day_start_hour = forms.TypedChoiceField(
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(13)],
        label="My day starts at",
        help_text="Cards studied before this hour still count for the day before.",
    )

    class Meta:
        model = User
        fields = ("name", "time_zone", "day_start_hour", "theme", "two_buttons")
        widgets: ClassVar = {"theme": forms.RadioSelect, "name": forms.TextInput(attrs={"autocomplete": "name"})}
        labels: ClassVar = {"name": "Name", "theme": "Light or dark", "two_buttons": "Grade with two buttons only"}
        help_texts: ClassVar = {
            "name": "Optional. How this site calls you.",
            "two_buttons": "Again and Good. Leave it off for four: Again, Hard, Good, Easy.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.instance
        groups = time_zones.choices_by_region()
        listed = {name for _, places in groups for name, _ in places}
        own = [] if user.time_zone in listed else [(user.time_zone, user.time_zone)]
        now = "" if user.time_zone_chosen else f" (now {user.time_zone})"
        zones = forms.ChoiceField(
            required=False,
            choices=[("", f"As this browser says{now}"), *own, *groups],
            help_text="Decides when a day ends for you, and with it which cards are due.",
        )
        self.fields["time_zone"] = zones
        if not user.time_zone_chosen:
            self.initial["time_zone"] = ""

    def clean_name(self) -> str:
        """Return the name without space around it. Raises ValidationError for signs that can't be seen."""
        name: str = self.cleaned_data["name"].strip()
        if any(unicodedata.category(sign) == "Cc" or sign in _TURNS_TEXT_AROUND for sign in name):
            raise ValidationError("The name holds a sign that can't be seen. Type it again by hand.")
        return name

    def clean_time_zone(self) -> str:
        """Return the zone to store: for "as this browser says" the one there is, until the browser says another."""
        chosen: str = self.cleaned_data["time_zone"]
        self.instance.time_zone_chosen = bool(chosen)
        return chosen or self.instance.time_zone


class DeletionForm(forms.Form):
    """Make sure that it is really the person who deletes the account: by password, or in words where there is none."""

    password = forms.CharField(
        strip=False,
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    confirmation = forms.CharField(
        max_length=20,
        label=f"Type {CONFIRMATION} to confirm",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        del self.fields["confirmation" if user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        """Raises ValidationError unless it is the person's password."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError("This is not your password. Nothing has been deleted.")
        return password

    def clean_confirmation(self) -> str:
        """Raises ValidationError unless the word was typed."""
        typed: str = self.cleaned_data["confirmation"].strip().lower()
        if typed != CONFIRMATION:
            raise ValidationError(f"Type the word {CONFIRMATION}. Nothing has been deleted.")
        return typed
