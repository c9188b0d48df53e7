"""How sign-up and sign-in behave here, for django-allauth: what a guest did is never lost on the way to an account."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from flashcards.accounts import services, time_zones
from flashcards.accounts.models import User

EMAIL_MAX_LENGTH = 254


class AccountAdapter(DefaultAccountAdapter):
    """The project's own choices; everything else is allauth's."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is switched off. Ask whoever runs this site.",
        "duplicate_email": "This is already an address of your account.",
        "email_password_mismatch": "Address and password don't fit together. Check both, or reset your password.",
        "email_taken": "There is an account with this address. Sign in to it: what you did here comes along.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "invalid_password_reset": "This link has expired or was used before. Ask for a new one.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes and try again, or reset your password.",
    }

    def clean_email(self, email: str) -> str:
        """Return the address; raises ValidationError if it is longer than what is stored."""
        if len(email) > EMAIL_MAX_LENGTH:
            raise ValidationError(f"An address has at most {EMAIL_MAX_LENGTH} characters.")
        return email

    def new_user(self, request: HttpRequest) -> User:
        """Return who signs up: the signed-in guest, so that everything of theirs stays theirs, else somebody new."""
        if request.user.is_authenticated and request.user.is_guest:
            guest = User.objects.filter(pk=request.user.pk, is_guest=True).first()
            if guest is not None:
                return guest
        return User()

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Store who signs up, as a member; a guest stays signed in, even while their address waits to be confirmed."""
        super().save_user(request, user, form, commit=False)
        zone = form.cleaned_data.get("time_zone", "")
        if time_zones.is_known(zone) and not user.time_zone_chosen:
            user.time_zone = zone
        if not commit:
            return user
        was_guest = user.pk
        user = services.become_member(user)
        if user.pk == was_guest:
            update_session_auth_hash(request, user)
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in. What the browser's guest did moves to the account first: a failure leaves the guest signed in."""
        guest = request.user
        moved = False
        with transaction.atomic():
            if guest.is_authenticated and guest.is_guest:
                moved = services.adopt_guest(guest.pk, user)
            super().login(request, user)
        if moved:
            messages.success(request, "What you studied as a guest is in your account now.")

    def logout(self, request: HttpRequest) -> None:
        """Sign out; but not a guest who opens a link from a mail (reset, confirmation): they would lose their work."""
        user = request.user
        if user.is_authenticated and user.is_guest and request.path != reverse("account_logout"):
            return
        super().logout(request)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Confirm an address, unless another account has it by now; tell whether it is confirmed."""
        if User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id).exists():
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False
        return bool(super().confirm_email(request, email_address))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody goes after changing their password."""
        return reverse("accounts:account")
