"""`manage.py administrator`: the first administrator, so that nobody needs a password that others know."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from flashcards.accounts.models import User


class Command(BaseCommand):
    """Creates an administrator with a random password and prints it, once; does nothing if there is one already."""

    help = "Create an administrator with a random password, if there is none yet."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address to sign in with."""
        parser.add_argument("--email", default="admin@localhost", help="what to sign in with (admin@localhost)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the administrator and say the password."""
        if User.objects.filter(is_superuser=True).exists():
            return
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is no e-mail address.") from error
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} is a member already, but no administrator. Choose another --email.")
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(email, password)
        self.stdout.write(f"Administrator: {email}, password {password} (shown this once).")
