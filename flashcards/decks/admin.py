"""Decks, topics and notes in the admin. Every save goes through `services`; notes are archived, never deleted."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.forms import Script, Stylesheet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from simple_history.admin import SimpleHistoryAdmin

from flashcards.decks import bulk, kinds, saved_drafts, services
from flashcards.decks.forms import DeckForm, NoteForm, TopicForm
from flashcards.decks.models import Deck, Note, Tag, Topic
from flashcards.decks.preview_answers import NOTE_SCRIPTS, NOTE_SHEETS, described_kinds, preview_answer

if TYPE_CHECKING:
    TagModelAdmin = admin.ModelAdmin[Tag]
else:
    TagModelAdmin = admin.ModelAdmin


class HistoryAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # simple_history has no types
    """An admin whose list of changes keeps to the site's content security policy."""

    object_history_list_template = "admin/decks/history_list.html"


@admin.register(Deck)
class DeckAdmin(HistoryAdmin):
    """Decks; one goes only with its owner, so that no reviews are lost by a click."""

    form = DeckForm
    list_display = ("title", "slug", "language", "is_public", "owner", "live_notes")
    list_filter = ("is_public", "language")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}  # noqa: RUF012  as Django's own
    raw_id_fields = ("owner",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deck]:
        """Return decks with the number of their live notes."""
        counted = Count("notes", filter=Q(notes__archived_at=None))
        decks: QuerySet[Deck] = super().get_queryset(request)
        return decks.select_related("owner").annotate(live=counted)

    @admin.display(description="Notes", ordering="live")
    def live_notes(self, deck: Any) -> int:
        """Return how many notes are not archived."""
        return int(deck.live)

    def save_model(self, request: HttpRequest, obj: Deck, form: Any, change: bool) -> None:
        """Render the introduction and store."""
        services.save_deck(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Deck | None = None) -> bool:
        """Nobody deletes a deck here."""
        return False


@admin.register(Topic)
class TopicAdmin(HistoryAdmin):
    """Topics; their order can be changed in the list."""

    form = TopicForm
    list_display = ("title", "deck", "position", "live_notes")
    list_editable = ("position",)
    list_filter = ("deck",)
    list_select_related = ("deck",)
    search_fields = ("title", "slug")
    ordering = ("deck__title", "position")
    prepopulated_fields = {"slug": ("title",)}  # noqa: RUF012

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        """Return topics with the number of their live notes."""
        topics: QuerySet[Topic] = super().get_queryset(request)
        return topics.annotate(live=Count("notes", filter=Q(notes__archived_at=None)))

    @admin.display(description="Notes", ordering="live")
    def live_notes(self, topic: Any) -> int:
        """Return how many notes are not archived."""
        return int(topic.live)

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        """Store; the cards follow a new position."""
        services.save_topic(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        """Only an empty topic can go."""
        return bool(obj and not obj.notes.exists() and super().has_delete_permission(request, obj))


@admin.register(Tag)
class TagAdmin(TagModelAdmin):
    """Tags; most are made by writing them at a note."""

    list_display = ("name", "deck", "live_notes")
    list_filter = ("deck",)
    list_select_related = ("deck",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        """Return tags with the number of their live notes."""
        return super().get_queryset(request).annotate(live=Count("notes", filter=Q(notes__archived_at=None)))

    @admin.display(description="Notes", ordering="live")
    def live_notes(self, tag: Any) -> int:
        """Return how many notes are not archived."""
        return int(tag.live)

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> tuple[str, ...]:
        """A tag stays in its deck."""
        return ("deck",) if obj else ()


class ArchivedFilter(admin.SimpleListFilter):
    """Live notes unless others are asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices beyond live."""
        return [("archived", "Archived"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        """Name the first choice for what it is."""
        for index, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "Live"} if index == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Note]) -> QuerySet[Note]:
        """Return the notes in the chosen state."""
        if self.value() == "all":
            return queryset
        return queryset.filter(archived_at__isnull=self.value() != "archived")


class KindFilter(admin.SimpleListFilter):
    """Notes of one kind."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the kinds."""
        return [(kind.name, kind.label) for kind in kinds.all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Note]) -> QuerySet[Note]:
        """Return the notes of the chosen kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Note)
class NoteAdmin(HistoryAdmin):
    """Notes, each with its cards beside it as learners see them."""

    form = NoteForm
    fields = (
        ("topic", "key"), ("kind", "position"), "question", "answer", "explanation", "tag_names", "source_ids",
        "reference", "version",
    )  # fmt: skip
    list_display = ("__str__", "key", "topic", "kind", "tag_list", "live_cards")
    list_filter = (ArchivedFilter, KindFilter, "deck", ("topic", admin.RelatedOnlyFieldListFilter), "tags")
    list_select_related = ("topic", "deck")
    list_per_page = 50
    search_fields = ("question", "answer", "explanation", "key", "reference", "tags__name")
    ordering = ("deck__title", "topic__position", "position")
    actions = bulk.ACTIONS
    change_form_template = "admin/decks/note/change_form.html"

    class Media:
        js = tuple(Script(f"js/{name}.js", type="module") for name in NOTE_SCRIPTS)
        css = {"all": tuple(Stylesheet(f"css/{name}.css") for name in ("tokens", *NOTE_SHEETS))}  # noqa: RUF012

    def get_queryset(self, request: HttpRequest) -> QuerySet[Note]:
        """Return notes with their tags and the number of their live cards."""
        notes: QuerySet[Note] = super().get_queryset(request)
        counted = Count("cards", filter=Q(cards__archived_at=None), distinct=True)
        return notes.prefetch_related("tags").annotate(live=counted)

    @admin.display(description="Tags")
    def tag_list(self, note: Note) -> str:
        """Return the tags' names."""
        return ", ".join(tag.name for tag in note.tags.all())

    @admin.display(description="Cards", ordering="live")
    def live_cards(self, note: Any) -> int:
        """Return how many cards are asked."""
        return int(note.live)

    def get_form(self, request: HttpRequest, obj: Note | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Tell the form whose it is."""
        form = super().get_form(request, obj, change, **kwargs)
        form.user_id = request.user.pk
        return form

    def save_model(self, request: HttpRequest, obj: Note, form: NoteForm, change: bool) -> None:
        """Render and store the note, its cards and its tags."""
        services.save_note(obj, tags=form.cleaned_data["tag_names"], expected_version=form.cleaned_data.get("version"))

    def response_add(self, request: HttpRequest, obj: Note, post_url_continue: str | None = None) -> HttpResponse:
        """Lead on, and let the browser forget its draft."""
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        saved_drafts.tell(request, response)
        return response

    def response_change(self, request: HttpRequest, obj: Note) -> HttpResponse:
        """Lead on, and let the browser forget its draft."""
        response: HttpResponse = super().response_change(request, obj)
        saved_drafts.tell(request, response)
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        """Notes are archived instead."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the preview."""
        view = self.admin_site.admin_view(require_POST(self.preview_view))
        urls: list[URLPattern] = super().get_urls()
        return [path("preview/", view, name="decks_note_preview"), *urls]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Add what the preview needs to the page; status 409 if the note has a newer version than the form knows."""
        context = {"preview_url": reverse("admin:decks_note_preview"), "kinds": described_kinds()}
        while True:
            try:
                response: HttpResponse = super().changeform_view(
                    request, object_id, form_url, {**context, **(extra_context or {})}
                )
            except services.Conflict:
                continue  # somebody saved between the form's look and the write: this time the form sees it
            break
        shown = getattr(response, "context_data", None) or {}
        if "adminform" in shown and shown["adminform"].form.conflict is not None:
            response.status_code = 409
        return response

    def preview_view(self, request: HttpRequest) -> JsonResponse:
        """Answer what the posted text would make: see `preview_answer`."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        return JsonResponse(preview_answer(request.POST, Note.objects.all()))
