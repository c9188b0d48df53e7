"""How a learner studies a deck: limits, retention and what it costs, steps."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flashcards.decks.access import deck_or_404
from flashcards.study import words
from flashcards.study.option_forms import OptionsForm
from flashcards.study.option_saving import choose, defaults
from flashcards.study.options import default_options, policy_of
from flashcards.study.requests import LearnerRequest
from flashcards.study.scheduling import Policy, interval_for
from flashcards.study.sessions import SessionMoved

COMPARED = (0.8, 0.85, 0.9, 0.95)
USUAL = 0.9
EXAMPLE_DAYS = 30
SAVED = "Saved. Each card follows the new options from its next review."
RESET = "The options are as they were at first. Each card follows them from its next review."
BUSY = "Other tabs were faster, so this was not saved. Please try again."


@dataclass(frozen=True, slots=True)
class Cost:
    """What a desired retention costs: the wait instead of `EXAMPLE_DAYS`, and reviews beside those at 90 %."""

    retention: str
    wait: str
    reviews: str
    is_chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def deck_options(request: LearnerRequest, slug: str) -> HttpResponse:
    """Show and store the learner's options for a deck."""
    deck = deck_or_404(request.user, slug)
    options = default_options(request.user, deck)
    resets = "reset" in request.POST
    form = OptionsForm(options, request.POST if request.method == "POST" and not resets else None)
    if resets or form.is_valid():
        try:
            choose(request.user, deck, defaults() if resets else form.choice(), timezone.now())
        except SessionMoved:
            messages.warning(request, BUSY)
        else:
            messages.success(request, RESET if resets else SAVED)
        return redirect("study:deck_options", deck.slug)
    context = {"deck": deck, "form": form, "costs": costs(policy_of(options.preset_id)), "days": EXAMPLE_DAYS}
    return render(request, "study/deck_options.html", context, status=422 if form.errors else 200)


def costs(policy: Policy) -> list[Cost]:
    """Return what several retentions cost, the chosen one among them.

    Reviews are counted as one over the interval at the same stability; what is forgotten costs more on top.
    """
    chosen = policy.desired_retention
    usual = interval_for(1, replace(policy, desired_retention=USUAL))
    lines = []
    for retention in sorted({*COMPARED, chosen}):
        ratio = interval_for(1, replace(policy, desired_retention=retention)) / usual
        line = Cost(
            retention=f"{retention * 100:.4g} %",
            wait=words.interval_long(max(1, round(EXAMPLE_DAYS * ratio)) * words.DAY),
            reviews=f"{1 / ratio:.1f} ×",
            is_chosen=retention == chosen,
        )
        lines.append(line)
    return lines
