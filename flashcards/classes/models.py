"""Classes: people who learn together, their roles, how they get in, and what was done to whom.

This floor knows people, not cards. A membership that ended is kept, so that what was done during it stays in the
class's sums; coming back makes a new one.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Role(models.TextChoices):
    """What a member of a class may do; an assistant sees what a teacher sees and changes nothing."""

    OWNER = "owner", "Owner"
    TEACHER = "teacher", "Teacher"
    ASSISTANT = "assistant", "Assistant"
    STUDENT = "student", "Student"


class StudyClass(models.Model):
    """A class. Days are dates in its own `time_zone`."""

    slug = models.SlugField(max_length=16, unique=True, help_text="In addresses; says nothing and lets nobody in.")
    name = models.CharField(max_length=200)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    keep_months = models.PositiveSmallIntegerField(
        default=12, help_text="Months after its end in which the class still knows who its students were."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    join_code = models.CharField(max_length=16, unique=True, help_text="Lets whoever has it in as a student.")
    join_open = models.BooleanField(default=True)
    join_until = models.DateTimeField(null=True, blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True, help_text="The most students; empty: any number.")
    locked_at = models.DateTimeField(null=True, blank=True, help_text="Locked by an administrator: nobody gets in.")
    locked_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = "class"
        verbose_name_plural = "classes"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Somebody in a class, from `joined_at` until `left_at` (None: still there)."""

    study_class = models.ForeignKey(StudyClass, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", db_index=False)
    role = models.CharField(max_length=10, choices=Role, default=Role.STUDENT)
    name = models.CharField(max_length=150, blank=True, help_text="What the class calls them.")
    student_number = models.CharField(max_length=40, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("study_class", "user"), condition=models.Q(left_at=None), name="classes_member_once_at_a_time"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=("study_class", "role", "name", "id"), name="classes_membership_of_class"),
            models.Index(fields=("user", "left_at"), name="classes_membership_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id} of {self.study_class_id}"


class Invitation(models.Model):
    """Somebody expected in a class: invited by address, or a line of a roster. `membership` is set once they came."""

    study_class = models.ForeignKey(StudyClass, models.CASCADE, related_name="invitations", db_index=False)
    email = models.EmailField(help_text="In lower case.")
    name = models.CharField(max_length=150, blank=True)
    student_number = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.STUDENT)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="invitations")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("study_class", "email"), name="classes_invitation_once_an_address")
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.study_class_id}"


class Event(models.Model):
    """A line of the record: what staff did in a class or to a person, and whose data they read. Never changed."""

    class Kind(models.TextChoices):
        CREATED = "created", "made the class"
        CHANGED = "changed", "changed the class"
        JOINED = "joined", "joined"
        LEFT = "left", "left"
        REMOVED = "removed", "was removed"
        ROLE = "role", "was given a role"
        HANDED_OVER = "handed", "was made the owner"
        CODE = "code", "changed the way in"
        INVITED = "invited", "invited"
        ROSTER = "roster", "applied a roster"
        SHARED = "shared", "shared or withdrew a deck"
        ASSIGNED = "assigned", "changed an assignment"
        READ = "read", "read a person's pages"
        EXPORTED = "exported", "exported the gradebook"
        LOCKED = "locked", "locked or unlocked the class"
        MERGED = "merged", "merged two accounts"
        DELETED = "deleted", "deleted a person"

    study_class = models.ForeignKey(StudyClass, models.SET_NULL, null=True, blank=True, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="class_events"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.CharField(max_length=300, blank=True, help_text="What else is to be known; names nobody.")
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.kind} in {self.study_class_id} at {self.at:%Y-%m-%d %H:%M}"


class RosterUpload(models.Model):
    """A roster between its preview and its application, as read from the file. Gone once applied, or after a day."""

    study_class = models.ForeignKey(StudyClass, models.CASCADE, related_name="+", db_index=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(db_index=True)
    lines = models.JSONField(help_text="Row, name, e-mail and student number of each student.")
    columns = models.JSONField(help_text="Where each of these was found in the file.")
    unread = models.JSONField(help_text="Titles of the other columns.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("study_class", "uploaded_by"), name="classes_one_roster_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{len(self.lines)} lines for {self.study_class_id}"
