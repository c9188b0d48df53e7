"""What stands in each field of a note in Anki, by its kind."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Protocol

from flashcards.decks.formats.anki.card_html import CardHtml, tidied
from flashcards.decks.formats.anki.cloze_text import AnkiGaps, cloze_mark
from flashcards.decks.formats.records import NoteRecord


class Sides(Protocol):
    """A card as it is shown: a `Face` that was just made, or a row of `Card`."""

    @property
    def ordinal(self) -> int:
        """Its number in the note, from 1."""

    @property
    def question_html(self) -> str:
        """What it asks, sanitised."""

    @property
    def answer_html(self) -> str:
        """What it answers, sanitised."""

    @property
    def explanation_html(self) -> str:
        """What stands under the answer, sanitised; "" for nothing."""

    @property
    def data(self) -> dict[str, Any]:
        """What the kind needs of the note at each showing."""


def fields_of(note: NoteRecord, cards: Sequence[Sides], card_html: CardHtml) -> dict[str, str]:
    """Return the HTML of each field but `Source`; raises Refused if a text can't be shown."""
    first = cards[0]
    explanation = card_html.converted(first.explanation_html)
    reference = _plain(note.reference, card_html)
    if note.kind == "cloze":
        return {
            "Text": AnkiGaps(note.question).converted(card_html),
            "Explanation": explanation,
            "Reference": reference,
        }
    if note.kind == "occlusion":
        return _occlusion(cards, card_html) | {"Back Extra": explanation, "Comments": reference}
    question = card_html.converted(first.question_html)
    more = {"Explanation": explanation, "Reference": reference}
    if note.kind == "choice":
        return {"Question": card_html.converted(first.data["question"]), **_options(first.data, card_html), **more}
    if note.kind == "typed":
        return {"Question": question, **_answers(first.data, card_html), **more}
    return {"Question": question, "Answer": card_html.converted(first.answer_html), **more}


def _plain(text: str, card_html: CardHtml) -> str:
    return card_html.converted(escape(text, quote=False))


def _options(data: Mapping[str, Any], card_html: CardHtml) -> dict[str, str]:
    asked = told = ""
    for option in data["options"]:
        html, why = card_html.converted(option["html"]), card_html.converted(option["why"])
        slip = _plain(option["slip"], card_html)
        name = f"<strong>{slip}</strong> " if slip else ""
        because = f'<div class="why">{name}{why}</div>' if slip or why else ""
        asked += f"<li>{html}</li>"
        told += f'<li class="{"right" if option["right"] else "wrong"}">{html}{because}</li>'
    return {"Options": f'<ul class="options">{asked}</ul>', "Answer": f'<ul class="options">{told}</ul>'}


def _answers(data: Mapping[str, Any], card_html: CardHtml) -> dict[str, str]:
    first, *others = (_plain(text, card_html) for text in data["accepted"])
    also = f"<p>Also: {', '.join(others)}</p>" if others else ""
    errors = "".join(
        f"<li>{_plain(wrong['text'], card_html)}{card_html.converted(wrong['reason'])}</li>" for wrong in data["wrong"]
    )
    return {"Answer": first, "Also": also + (f"<p>Not:</p><ul>{errors}</ul>" if errors else "")}


def _occlusion(cards: Sequence[Sides], card_html: CardHtml) -> dict[str, str]:
    data = cards[0].data
    hides_all = ":oi=1" if data["hide"] == "all" else ""
    boxes = "".join(
        f"{{{{c{box['number']}::image-occlusion:rect:{_place(box)}{hides_all}}}}}<br>"
        for box in sorted(data["boxes"], key=lambda box: int(box["number"]))
    )
    labels = " ".join(
        cloze_mark(card.ordinal, card_html.converted(card.answer_html.replace("<p>", "").replace("</p>", "")))
        for card in cards
    )
    return {
        "Occlusion": boxes,
        "Image": tidied(card_html.image(data["src"], data["alt"])),
        "Header": card_html.converted(cards[0].question_html),
        "Labels": labels,
    }


def _place(box: Mapping[str, Any]) -> str:
    """Return a box as Anki's editor writes it: its edges as shares of the image's sides."""
    return ":".join(f"{edge}={_share(box[edge])}" for edge in ("left", "top", "width", "height"))


def _share(percent: float) -> str:
    return f"{percent / 100:.5f}".rstrip("0").rstrip(".").lstrip("0") or "0"
