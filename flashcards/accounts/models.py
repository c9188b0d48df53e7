"""People: one model for members and guests alike, so a guest who signs up keeps everything by staying the same row."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Creates members, guests and administrators."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new member with this address, stored in lower case; without a password nobody can sign in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_guest(self, **fields: Any) -> "User":
        """Return a new guest: no address, no password, known only by the browser's session."""
        user = self.model(email=None, is_guest=True, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who studies, teaches, edits or administers; a guest is one who has not signed up yet."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField("e-mail", unique=True, null=True, blank=True)
    name = models.CharField(max_length=150, blank=True)
    is_guest = models.BooleanField(default=False)
    is_staff = models.BooleanField("may open the admin", default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    time_zone = models.CharField(max_length=64, default="UTC")
    time_zone_chosen = models.BooleanField(
        default=False, help_text="Chosen by the person: the browser's is then ignored."
    )
    day_start_hour = models.PositiveSmallIntegerField(default=4, validators=[MaxValueValidator(12)])
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    two_buttons = models.BooleanField("grade with two buttons", default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="accounts_user_guest_has_no_email",
                condition=models.Q(is_guest=True, email__isnull=True) | models.Q(is_guest=False, email__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email or f"guest {self.pk}"


class Session(AbstractBaseSession):
    """One browser's session. Knowing whose it is, it goes when the person goes."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Return the store that reads and writes these rows."""
        from flashcards.accounts.sessions import SessionStore  # noqa: PLC0415  the store needs this model

        return SessionStore
