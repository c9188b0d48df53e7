"""People in the admin."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import actions
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from flashcards.accounts import merging, personal, services
from flashcards.accounts.models import User
from flashcards.lib.errors import Refused

if TYPE_CHECKING:
    CreationForm = AdminUserCreationForm[User]
    ChangeForm = UserChangeForm[User]
    BaseAdmin = UserAdmin[User]
else:
    CreationForm = AdminUserCreationForm
    ChangeForm = UserChangeForm
    BaseAdmin = UserAdmin


MOST_IN_DETAIL = 20
"""Of how many people the page that asks before deletion says what there is."""


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


class MergeForm(forms.Form):
    """Which of two accounts stays, and whether the other's address goes on opening it."""

    staying = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect, label="The account that stays")
    keep_address = forms.BooleanField(
        required=False, initial=True, label="Confirmed addresses of the other account open this one, too"
    )

    def __init__(self, sides: list[merging.Side], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = [side.person for side in sides if not side.problems]
        self.fields["staying"].choices = [(person.pk, f"{person}, {person.email}") for person in possible]  # type: ignore[attr-defined]


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
    actions = ("delete_selected", "merge_people")
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

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Tell whether they may merge accounts: administrators only, for rights and addresses may change hands."""
        return bool(request.user.is_active and request.user.is_superuser)

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of this admin, the page that merges two accounts first."""
        merge = path(
            "merge/<int:first>/<int:second>/", self.admin_site.admin_view(self.merge_view), name="accounts_user_merge"
        )
        return [merge, *super().get_urls()]

    @admin.action(description="Merge two accounts of one person", permissions=["merge"])
    def merge_people(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponseRedirect | None:
        """Lead to the page that merges the two people chosen."""
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            messages.error(request, "Choose two accounts, no more and no fewer.")
            return None
        return redirect("admin:accounts_user_merge", *chosen)

    def merge_view(self, request: HttpRequest, first: int, second: int) -> HttpResponseBase:
        """Show what two accounts hold, ask which stays, and merge them."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        people = [get_object_or_404(User, pk=pk) for pk in (first, second)]
        by = cast("User", request.user)
        sides = [merging.side(person, other, by) for person, other in zip(people, reversed(people), strict=True)]
        form = MergeForm(sides, request.POST if request.method == "POST" else None)
        if form.is_valid():
            staying, leaving = sorted(people, key=lambda person: person.pk != form.cleaned_data["staying"])
            try:
                words = merging.merge(leaving, staying, by=by, keep_address=form.cleaned_data["keep_address"])
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"Both accounts are one now. {words}".strip())
                return redirect(reverse("admin:accounts_user_change", args=[staying.pk]))
        context = {**self.admin_site.each_context(request), "title": "Merge two accounts", "opts": self.opts,
                   "sides": sides, "form": form}  # fmt: skip
        return TemplateResponse(request, "admin/accounts/user/merge.html", context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what the page that asks once more shows: people and how much there is of each, not every answer."""
        people = list(objs)
        refused = {"people" for person in people if not self.has_delete_permission(request, person)}
        shown: list[Any] = []
        for place, person in enumerate(people):
            shown.append(f"{person}, with everything of theirs")
            if place < MOST_IN_DETAIL:
                shown.append(personal.holdings(person))
        return shown, {"people": len(people)}, refused, []

    @admin.action(description="Delete people for good", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Ask once more, saying what stays, then delete."""
        response = actions.delete_selected(self, request, queryset)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data["keeps_sums"] = settings.KEEP_SUMS_OF_DELETED
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask once more, saying what stays, then delete."""
        context = {**(extra_context or {}), "keeps_sums": settings.KEEP_SUMS_OF_DELETED}
        return super().delete_view(request, object_id, extra_context=context)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete a person and all of theirs."""
        services.delete_person(obj, by=cast("User", request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete several people and all of theirs."""
        for person in queryset:
            services.delete_person(person, by=cast("User", request.user))
