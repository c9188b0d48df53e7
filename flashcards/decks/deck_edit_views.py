"""Pages where somebody makes a deck, says what it is, puts its topics in order, or deletes it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from flashcards.accounts.access import guests_sign_up_first, signed_in
from flashcards.decks import deleting, media, services, topics
from flashcards.decks.access import edited_deck_or_404, is_editor
from flashcards.decks.deck_forms import DeckSettingsForm, DeleteDeckForm, NewDeckForm
from flashcards.decks.forms import show_problems
from flashcards.decks.models import Deck, Note, Topic
from flashcards.decks.queries import topics_with_counts
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.whole_numbers import whole_number


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@guests_sign_up_first
def deck_new(request: HttpRequest) -> HttpResponse:
    """Make a deck of one's own."""
    deck = Deck(owner=signed_in(request))
    form = NewDeckForm(request.POST if request.method == "POST" else None, instance=deck)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_deck(deck)
        except Refused as refused:
            show_problems(form, refused.problems)
        else:
            messages.success(request, "The deck is made. Only you see it until you share it with a class.")
            return redirect("decks:notes", deck.slug)
    return render(request, "decks/deck_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def deck_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a deck is: title, language, introduction; editors of the site also whether it is public."""
    deck = edited_deck_or_404(request.user, slug)
    if request.method != "POST":
        return _settings_page(request, deck, None)
    changed = Deck.objects.get(pk=deck.pk)  # the head of the page names what is stored
    form = DeckSettingsForm(request.POST, instance=changed, may_publish=is_editor(request.user))
    if form.is_valid():
        try:
            services.save_deck(changed)
        except Refused as refused:
            show_problems(form, refused.problems)
        else:
            media.claim(changed, [changed.introduction], signed_in(request))
            messages.success(request, "Saved.")
            return redirect("decks:settings", slug)
    return _settings_page(request, deck, form)


@require_POST
@never_cache
@login_required
def topic_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a topic, or rename, move or remove the one posted."""
    deck = edited_deck_or_404(request.user, slug)
    pk = whole_number(request.POST.get("topic", ""))
    title, do = request.POST.get("title", ""), request.POST.get("do")
    try:
        if do == "add":
            said = f"{topics.add_topic(deck, title)} is added at the end."
        else:
            said = _topic_changed(get_object_or_404(Topic, deck=deck, pk=pk), do or "", title)
    except Refused as refused:
        return _settings_page(request, deck, None, topic=pk, typed=title, problems=refused.problems)
    messages.success(request, said)
    return redirect(reverse("decks:settings", args=[slug], fragment="topics"))


def _topic_changed(topic: Topic, do: str, title: str) -> str:
    """Do what was posted to a topic and return what to say of it; raises Refused, and Http404 for anything else."""
    match do:
        case "rename":
            topics.rename_topic(topic, title)
            return f"The topic is called {topic} now."
        case "up" | "down":
            topics.move_topic(topic, -1 if do == "up" else 1)
            return f"{topic} is moved {do}."
        case "remove":
            topics.remove_topic(topic)
            return f"{topic} is removed."
        case _:
            raise Http404("Nothing of that kind can be done here.")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def deck_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what goes with a deck of one's own, and delete it once its title is typed."""
    user = signed_in(request)
    deck = get_object_or_404(Deck, slug=slug, owner=user)
    form = DeleteDeckForm(deck, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            deleting.delete_deck(deck, user, form.cleaned_data["title"], timezone.now())
        except Refused as refused:
            show_problems(form, refused.problems)
        else:
            messages.success(request, f"{deck.title} is deleted.")
            return redirect("study:home")
    context = {"deck": deck, "here": "settings", "form": form, "goes": deleting.what_goes(deck)}
    context["has_notes"] = Note.objects.filter(deck=deck).exists()
    return render(request, "decks/deck_delete.html", context, status=422 if form.errors else 200)


def _settings_page(
    request: HttpRequest,
    deck: Deck,
    form: DeckSettingsForm | None,
    *,
    topic: int | None = None,
    typed: str = "",
    problems: list[Problem] | None = None,
) -> HttpResponse:
    """Show the settings; with `problems` what is wrong with the `topic` posted (None: the new one), as `typed`."""
    shown = form or DeckSettingsForm(instance=deck, may_publish=is_editor(request.user))
    context = {
        "deck": deck,
        "here": "settings",
        "form": shown,
        "topics": topics_with_counts(deck),
        "wrong_topic": topic,
        "typed": typed,
        "problems": problems or [],
        "may_delete": deck.owner_id == request.user.pk,
    }
    return render(request, "decks/deck_settings.html", context, status=422 if shown.errors or problems else 200)
