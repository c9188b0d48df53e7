"""The forms of classes. What is wrong is found by the services; here it is put beside its field."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from flashcards.accounts import time_zones
from flashcards.classes import codes, services, ways_in
from flashcards.classes.addresses import LONGEST_TEXT, MOST, Address, read
from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.text import text_problems, tidy

if TYPE_CHECKING:
    ClassModelForm = forms.ModelForm[StudyClass]
else:
    ClassModelForm = forms.ModelForm

MOST_SEATS = 100_000
LONGEST_KEEPING = 120
LONGEST_NAME = 150
LONGEST_NUMBER = 40
GIVEN_ROLES = (Role.STUDENT, Role.ASSISTANT, Role.TEACHER)


def add_problems(form: forms.BaseForm, refused: Refused) -> None:
    """Put what a service refused beside the fields it is about."""
    for problem in refused.problems:
        form.add_error(problem.field if problem.field in form.fields else None, _sentence(problem))


def _sentence(problem: Problem) -> str:
    said = str(problem)
    return said[:1].upper() + said[1:]


def _day_field() -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ClassForm(ClassModelForm):
    """A class: its name, its days, the zone they are in, and how long it remembers people."""

    starts_on = _day_field()
    ends_on = _day_field()
    keep_months = forms.IntegerField(min_value=0, max_value=LONGEST_KEEPING)

    class Meta:
        model = StudyClass
        fields = ("name", "starts_on", "ends_on", "time_zone", "keep_months")
        widgets: ClassVar = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = time_zones.choices_by_region()
        zone = str(self.initial.get("time_zone", ""))
        listed = {name for _, places in groups for name, _ in places}
        own = [] if zone in listed else [(zone, zone)]
        self.fields["time_zone"] = forms.ChoiceField(
            choices=[*own, *groups], help_text="Decides when a day of the class begins and ends."
        )
        self._say("name", "Name of the class", "As your students know it, such as Deep Learning 2026.")
        self._say("starts_on", "First day", "Optional.")
        self._say("ends_on", "Last day", "Optional. After it the join code lets nobody in.")
        self._say(
            "keep_months",
            "Months to keep names",
            "So long after its last day the class still knows who its students were.",
        )

    def _say(self, name: str, label: str, help_text: str) -> None:
        self.fields[name].label, self.fields[name].help_text = label, help_text

    def clean_name(self) -> str:
        """Return the name without space around it."""
        return tidy(self.cleaned_data["name"]).strip()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which its types leave out
        if not self.errors:
            add_problems(self, Refused(services.class_problems(self.instance)))


class NewClassForm(ClassForm):
    """A new class, and what its students call who makes it."""

    called = forms.CharField(
        max_length=LONGEST_NAME,
        label="Your name",
        help_text="As your students see it when they join.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_called(self) -> str:
        """Return the name; raises ValidationError for signs that can't be seen."""
        return _name(self.cleaned_data["called"])


class LimitsForm(forms.Form):
    """How long, and for how many, a join code is good."""

    until = _day_field()
    seats = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        label="Seats",
        help_text="The most students. Empty: any number.",
    )

    def __init__(self, study_class: StudyClass, data: Any = None) -> None:
        initial = {"until": ways_in.last_day(study_class), "seats": study_class.seats}
        super().__init__(data, initial=initial)
        self.fields["until"].label = "Last day to join"
        self.fields["until"].help_text = "Optional."


class InviteForm(forms.Form):
    """Addresses to invite, and as what."""

    addresses = forms.CharField(
        strip=False,
        max_length=LONGEST_TEXT,
        label="E-mail addresses",
        help_text=f"Up to {MOST}, pasted as you have them: a line each, or with commas, with names or without.",
        widget=forms.Textarea(
            attrs={"rows": 6, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    role = forms.ChoiceField(label="As", choices=[(role.value, role.label) for role in GIVEN_ROLES])

    def __init__(self, may_teach: bool, data: Any = None) -> None:
        super().__init__(data, initial={"role": Role.STUDENT.value})
        self.people: list[Address] = []
        if not may_teach:
            self.fields["role"] = forms.ChoiceField(
                choices=[(Role.STUDENT.value, Role.STUDENT.label)],
                widget=forms.HiddenInput,
                initial=Role.STUDENT.value,
                error_messages={"invalid_choice": "Only the owner invites people who teach."},
            )

    def clean_addresses(self) -> str:
        """Read the addresses into `people`. Raises ValidationError naming each part that is none."""
        typed: str = self.cleaned_data["addresses"]
        try:
            self.people = read(typed)
        except Refused as refused:
            raise ValidationError([_sentence(problem) for problem in refused.problems]) from refused
        return typed


class DetailsForm(forms.Form):
    """What the class calls a member."""

    name = forms.CharField(max_length=LONGEST_NAME)
    student_number = forms.CharField(max_length=LONGEST_NUMBER, required=False)

    def __init__(self, membership: Membership, data: Any = None) -> None:
        super().__init__(data, initial={"name": membership.name, "student_number": membership.student_number})


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label="Role", choices=[(role.value, role.label) for role in GIVEN_ROLES])

    def __init__(self, membership: Membership, data: Any = None) -> None:
        super().__init__(data, initial={"role": membership.role})


class CodeForm(forms.Form):
    """A join code as somebody types it."""

    code = forms.CharField(
        max_length=40,
        label="Join code",
        help_text="Eight letters and digits, from your teacher. Dashes and capitals don't matter.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-field"}
        ),
    )

    def clean_code(self) -> str:
        """Return the code as it is stored. Raises ValidationError for what can be no code."""
        stored = codes.as_stored(self.cleaned_data["code"])
        if len(stored) != codes.LENGTH or not set(stored) <= set(codes.ALPHABET):
            raise ValidationError("A join code has eight letters and digits, without 0, O, 1 and I. Look at it again.")
        return stored


class JoinForm(forms.Form):
    """What somebody who joins is called in the class."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        required=False,
        label="Your name",
        help_text="Optional. So that your teacher knows who you are.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean_name(self) -> str:
        """Return the name; raises ValidationError for signs that can't be seen."""
        return _name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """Drop a time zone that makes no sense: nobody typed it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors.pop("time_zone", None):
            cleaned["time_zone"] = ""
        return cleaned


def _name(typed: str) -> str:
    name = tidy(typed).strip()
    problems = text_problems("name", name, limit=LONGEST_NAME, one_line=True)
    if problems:
        raise ValidationError([problem.message for problem in problems])
    return name
