"""The formats that decks travel in, by the names that forms, commands and rows use."""

from django.db.models import TextChoices


class Format(TextChoices):
    """A format: its name and what people call it."""

    TEXT = "text", "Flashcards text file"
    ANKI = "anki", "Anki package"
    TABLE = "table", "Spreadsheet"
    LIST = "list", "Pasted list"
    JSON = "json", "JSON"
