"""Where things stand in small pictures: `{% load pictures %}{{ tally|gap_picture }}`."""

from django import template

from flashcards.study import words
from flashcards.study.card_health.tally import Tally

register = template.Library()
LEFT, WIDTH = 10.0, 100.0


@register.filter
def gap_picture(tally: Tally) -> dict[str, str]:
    """Return where recall observed, the ends of its interval and what was predicted stand, and all of it in words."""
    ends = {
        "observed": tally.observed,
        "expected": tally.expected,
        "low": tally.observed - tally.margin,
        "high": tally.observed + tally.margin,
    }
    places = {name: f"{LEFT + WIDTH * min(1.0, max(0.0, share)):.1f}" for name, share in ends.items()}
    told = f"{words.percent(tally.observed)} recalled, {words.percent(tally.expected)} predicted"
    return {**places, "words": f"{told}, ±{tally.margin * 100:.0f} points"}
