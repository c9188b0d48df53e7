"""Showing numbers: `{% load counts %}{{ total|count }}`."""

from django import template

register = template.Library()


@register.filter
def count(number: int) -> str:
    """Return a whole number with commas between thousands."""
    return f"{number:,}"
