"""Showing cards: `{% load cards %}{{ card.question_html|trusted }}`."""

from django import template
from django.utils.safestring import SafeString

from flashcards.lib import sanitize

register = template.Library()


@register.filter
def trusted(html: str) -> SafeString:
    """Show HTML from a column that only `services` writes, through the sanitiser."""
    return sanitize.trusted(html)


@register.filter
def words(html: str) -> str:
    """Show the words of sanitised HTML on one line: `{{ card.question_html|words|truncatechars:80 }}`."""
    return sanitize.readable_words(html)
