"""Classes and their record in the admin: looked at, locked and unlocked; the record is only read."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes import services
from flashcards.classes.forms import ClassForm
from flashcards.classes.models import Event, Membership, Role, StudyClass

if TYPE_CHECKING:
    ClassModelAdmin = admin.ModelAdmin[StudyClass]
    EventModelAdmin = admin.ModelAdmin[Event]
else:
    ClassModelAdmin = EventModelAdmin = admin.ModelAdmin


class LockForm(ActionForm):
    """The choice of an action, with the reason that locking needs."""

    reason = forms.CharField(required=False, max_length=200, label="Reason, for locking")


class LockedFilter(admin.SimpleListFilter):
    """Locked classes or open ones."""

    title = "lock"
    parameter_name = "locked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("yes", "Locked"), ("no", "Not locked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StudyClass]) -> QuerySet[StudyClass]:
        """Return the classes of the choice."""
        return queryset.filter(locked_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(StudyClass)
class StudyClassAdmin(ClassModelAdmin):
    """All classes. One that ever had a student is not deleted: reviews hang on it."""

    form = ClassForm
    action_form = LockForm
    actions = ("lock", "unlock")
    list_display = ("name", "owner", "members_now", "starts_on", "ends_on", "is_open", "created_at")
    list_filter = (LockedFilter, "created_at")
    search_fields = ("name", "slug", "memberships__user__email", "memberships__name")
    readonly_fields = ("slug", "join_open", "join_until", "seats", "locked_at", "locked_because", "created_at")
    fieldsets = (
        (None, {"fields": ("name", "starts_on", "ends_on", "time_zone", "keep_months")}),
        ("The way in", {"fields": ("join_open", "join_until", "seats")}),
        ("Kept by the site", {"fields": ("slug", "created_at", "locked_at", "locked_because")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[StudyClass]:
        """Return classes with the number of their members and an owner of each."""
        here = Membership.objects.filter(study_class=OuterRef("pk"), left_at=None)
        counted = here.order_by().values("study_class").annotate(number=Count("pk")).values("number")
        owner = here.filter(role=Role.OWNER).order_by("joined_at", "pk").values("user__email")[:1]
        classes = super().get_queryset(request)
        return classes.annotate(members=Coalesce(Subquery(counted), 0), owner_email=Subquery(owner))

    @admin.display(description="Owner", ordering="owner_email")
    def owner(self, study_class: Any) -> str:
        """Return the address of an owner."""
        return study_class.owner_email or "–"

    @admin.display(description="Members", ordering="members")
    def members_now(self, study_class: Any) -> int:
        """Return how many are in the class now."""
        return int(study_class.members)

    @admin.display(description="Not locked", boolean=True)
    def is_open(self, study_class: StudyClass) -> bool:
        """Tell whether the class is there for its people."""
        return study_class.locked_at is None

    @admin.action(description="Lock, for the reason given", permissions=["change"])
    def lock(self, request: HttpRequest, queryset: QuerySet[StudyClass]) -> None:
        """Lock classes: for their people they are not there until somebody unlocks them."""
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, "Nothing was locked: give a reason beside the action.", messages.ERROR)
            return
        for study_class in queryset.filter(locked_at=None):
            services.set_lock(study_class, reason, cast("User", request.user), timezone.now())
        self.message_user(request, "Locked.", messages.SUCCESS)

    @admin.action(description="Unlock", permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[StudyClass]) -> None:
        """Unlock classes."""
        for study_class in queryset.exclude(locked_at=None):
            services.set_lock(study_class, "", cast("User", request.user), timezone.now())
        self.message_user(request, "Unlocked.", messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: StudyClass, form: Any, change: bool) -> None:
        """Store what was changed, with a line in the record."""
        services.change_class(obj, cast("User", request.user), timezone.now())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Classes are made on the site, by who owns them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: StudyClass | None = None) -> bool:
        """Only a class that never had a student can go."""
        if obj is not None and obj.memberships.filter(role=Role.STUDENT).exists():
            return False
        return super().has_delete_permission(request, obj)


@admin.register(Event)
class EventAdmin(EventModelAdmin):
    """The record, as it was written."""

    list_display = ("at", "kind", "study_class", "actor", "person", "words")
    list_filter = ("kind",)
    list_select_related = ("study_class", "actor", "person")
    search_fields = ("study_class__name", "study_class__slug", "actor__email", "person__email")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Nobody changes what happened."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Nothing that happened goes."""
        return False
