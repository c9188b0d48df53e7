"""The forms of allauth with our words: no placeholders, no password to type twice."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from flashcards.accounts.models import User

HELP = "At least 8 characters, and not one that many people use."


class _Plain:
    """A label says what a field is for; a placeholder would only repeat it, and vanish."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name in ("login", "email"):
            if name in self.fields:
                self.fields[name].label = "E-mail address"


class LoginForm(_Plain, allauth_forms.LoginForm):
    """Sign in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""  # the page links to the reset below the form


class SignupForm(_Plain, allauth_forms.SignupForm):
    """Sign up; carries the browser's time zone."""

    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = HELP

    def clean(self) -> dict[str, Any]:
        """Drop a time zone that makes no sense: nobody typed it."""
        cleaned: dict[str, Any] = super().clean()
        if self.errors.pop("time_zone", None):
            cleaned["time_zone"] = ""
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Store the new member; the second of two sign-ups sent at once with one address is sent to sign in."""
        try:
            user, response = super().try_save(request)
        except IntegrityError:
            messages.info(request, "This account has just been made. Sign in to it.")
            return None, redirect("account_login")
        return user, response


class AddEmailForm(_Plain, allauth_forms.AddEmailForm):
    """Change the address: the new one waits until it is confirmed, the old one works until then."""

    def save(self, request: HttpRequest) -> Any:
        """Store the waiting address in place of an earlier one, send the mail and return the address.

        allauth's own would drop an unconfirmed first address at once, and after a typing error nobody could sign in.
        """
        waiting = EmailAddress.objects.filter(user=self.user, verified=False).exclude(email=self.user.email)
        waiting.delete()
        return EmailAddress.objects.add_email(request, self.user, self.cleaned_data["email"], confirm=True)


class ChangePasswordForm(_Plain, allauth_forms.ChangePasswordForm):
    """Change the password; the current one is asked for."""

    password2 = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Current password"
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = "New password"
        self.fields["password1"].help_text = HELP


class SetPasswordForm(_Plain, allauth_forms.SetPasswordForm):
    """Set a password where there is none."""

    password2 = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = HELP


class ResetPasswordForm(_Plain, allauth_forms.ResetPasswordForm):
    """Ask for a link to set a new password."""


class ResetPasswordKeyForm(_Plain, allauth_forms.ResetPasswordKeyForm):
    """Set a new password after following that link."""

    password2 = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "New password"
        self.fields["password1"].help_text = HELP


class ReauthenticateForm(_Plain, allauth_forms.ReauthenticateForm):
    """Type the password again before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
