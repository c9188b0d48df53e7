"""People in the admin."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from flashcards.accounts import services
from flashcards.accounts.models import User

if TYPE_CHECKING:
    CreationForm = AdminUserCreationForm[User]
    ChangeForm = UserChangeForm[User]
    BaseAdmin = UserAdmin[User]
else:
    CreationForm = AdminUserCreationForm
    ChangeForm = UserChangeForm
    BaseAdmin = UserAdmin


class NewMemberForm(CreationForm):
    """A new member; the address is required and in lower case."""

    email = forms.EmailField(max_length=254)

    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        """Return the address in lower case."""
        email: str = self.cleaned_data["email"]
        return email.lower()


class PersonForm(ChangeForm):
    """A person; a member's address can be changed but not removed, a guest has none."""

    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self) -> str | None:
        """Return the address in lower case. Raises ValidationError when a member would lose theirs."""
        email: str | None = self.cleaned_data["email"]
        if self.instance.is_guest:
            return None
        if not email:
            raise ValidationError("A member needs an address.")
        return email.lower()


class KindFilter(admin.SimpleListFilter):
    """Members first; guests only when asked for."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices beside the first, members."""
        return [("guests", "Guests"), ("all", "All")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Return the people of the kind chosen."""
        if self.value() == "all":
            return queryset
        return queryset.filter(is_guest=self.value() == "guests")

    def choices(self, changelist: ChangeList) -> Any:
        """Yield the choices, the first of them named for what it shows."""
        first, *others = super().choices(changelist)
        yield {**first, "display": "Members"}
        yield from others


@admin.register(User)
class PersonAdmin(BaseAdmin):
    """Members by address; deleting one deletes all of theirs, as they could themselves."""

    add_form = NewMemberForm
    form = PersonForm
    ordering = ("email", "pk")
    list_display = ("__str__", "email", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = (KindFilter, "is_staff", "is_superuser", "is_active", "groups")
    search_fields = ("email", "name")
    readonly_fields = ("is_guest", "date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "is_guest", "date_joined", "last_login")}),
        ("May", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Studies", {"fields": ("time_zone", "time_zone_chosen", "day_start_hour", "theme", "two_buttons")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Return the fields only shown: a guest's address too, since a guest has none."""
        return (*self.readonly_fields, "email") if obj is not None and obj.is_guest else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Store a person; a changed address takes the place of the old one for signing in, too."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data and obj.email:
            services.change_address(obj, obj.email)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Tell whether they may delete a person: not themselves here, and an administrator only as one."""
        if obj is not None and (obj == request.user or (obj.is_superuser and not request.user.is_superuser)):
            return False
        return super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what the page that asks once more shows: people, not the thousands of answers that go with them."""
        people = list(objs)
        refused = {"people" for person in people if not self.has_delete_permission(request, person)}
        shown = [f"{person}, with everything of theirs" for person in people]
        return shown, {"people": len(people)}, refused, []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete a person and all of theirs."""
        services.delete_person(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete several people and all of theirs."""
        for person in queryset:
            services.delete_person(person)
