"""A note of Anki's own note types, or of anybody's: what it asks is what its templates show."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from flashcards.decks.formats.anki.reading import gaps as anki_gaps
from flashcards.decks.formats.anki.reading.characters import OPEN, warn
from flashcards.decks.formats.anki.reading.fields import Converter, local
from flashcards.decks.formats.anki.reading.note_types import NoteType, Template
from flashcards.decks.formats.anki.reading.occlusions import read_boxes
from flashcards.decks.formats.anki.reading.templates import Shown, Values, answer_part, fields_of, is_empty
from flashcards.decks.formats.records import NoteRecord
from flashcards.decks.kinds import Draft, get
from flashcards.decks.kinds.folding import fold

EMPTY = "—"
_LONGEST_TYPED = 200


@dataclass(slots=True)
class ForeignNote:
    """A note to be converted: its type, its fields' HTML by name, and what templates may show besides."""

    note_type: NoteType
    fields: dict[str, str]
    special: dict[str, str]
    converter: Converter

    @property
    def warnings(self) -> list[str]:
        """What was changed on the way."""
        return self.converter.warnings

    def records(self, ords: Iterable[int]) -> dict[int, NoteRecord]:
        """Return the notes that this one becomes, by the ord of the (first) card that each makes; keys are empty.

        `ords` are those of the cards that there are.
        """
        if self.note_type.is_occlusion and (record := self._occlusion()) is not None:
            return {-1: record}
        if self.note_type.is_cloze:
            return self._cloze()
        return self._cards([ord_ for ord_ in ords if ord_ < len(self.note_type.templates)])

    def _values(self, template: Template, **more: object) -> Values:
        return Values(self.fields, self.special | {"Card": escape(template.name)}, **more)  # type: ignore[arg-type]

    def _note(self, kind: str, question: str, answer: str = "", explanation: str = "") -> NoteRecord:
        if not question:
            warn(self.warnings, "The question was empty; a dash stands in its place.")
        if not answer and kind in {"basic", "reversed"}:
            warn(self.warnings, "The answer was empty; a dash stands in its place.")
            answer = EMPTY
        return NoteRecord("", kind, question or EMPTY, answer, explanation)

    def _cards(self, ords: list[int]) -> dict[int, NoteRecord]:
        templates = self.note_type.templates
        if not ords:
            ords = [
                index for index, each in enumerate(templates) if not is_empty(self._values(each).render(each.question))
            ]
        sides = {ord_: self._sides(templates[ord_]) for ord_ in ords}
        if ords == [0, 1] and sides[0] == tuple(reversed(sides[1])) and not self._typed(templates[0]):
            question, answer = (self.converter.markdown(side) for side in sides[0])
            return {-1: self._note("reversed", question, answer)}
        return {ord_: self._card(templates[ord_], *sides[ord_]) for ord_ in ords}

    def _card(self, template: Template, question: str, answer: str) -> NoteRecord:
        typed = self._typed(template)
        if typed and (words := self._plain_words(self.fields[typed])):
            values = self._values(template, instead=lambda shown: "" if shown.name == typed else None)
            more = self.converter.markdown(values.render(answer_part(template.question, template.answer)))
            return self._note("typed", self.converter.markdown(question), words, more)
        return self._note("basic", self.converter.markdown(question), self.converter.markdown(answer))

    def _sides(self, template: Template) -> tuple[str, str]:
        front = self._values(template)
        question = front.render(template.question).strip()
        back = self._values(template, instead=self._typed_as_field)
        answer = back.render(answer_part(template.question, template.answer)).strip()
        for problem in front.problems + back.problems:
            warn(self.warnings, problem)
        return question, answer

    def _typed_as_field(self, shown: Shown) -> str | None:
        return self.fields.get(shown.name, "") if "type" in shown.filters else None

    def _typed(self, template: Template) -> str:
        """Return the name of the one field that is typed, "" if there is none."""
        names = {shown.name for shown in fields_of(template.question) if "type" in shown.filters}
        return names.pop() if len(names) == 1 and names <= self.fields.keys() else ""

    def _plain_words(self, html: str) -> str:
        """Return a field that can be typed: words without markup; "" if it can't."""
        if any(sign in html for sign in ("<", "[sound:", "\\(", "\\[", "[$", "[latex]")):
            return ""
        words = self.converter.words(html)
        return words if 0 < len(words) <= _LONGEST_TYPED and fold(words) and not words.startswith("!") else ""

    def _cloze(self) -> dict[int, NoteRecord]:
        template = self.note_type.templates[0] if self.note_type.templates else Template("", "", "")
        gaps = anki_gaps.Gaps()
        marked: dict[str, str] = {}

        def with_marks(shown: Shown) -> str | None:
            if "cloze" not in shown.filters:
                return "" if "type" in shown.filters else None
            if "type" in shown.filters and shown.name in plain:
                return ""
            if shown.name not in marked:
                marked[shown.name] = gaps.mark(self.fields.get(shown.name, ""))
            return marked[shown.name]

        plain = {
            one.name for one in fields_of(template.question) if "cloze" in one.filters and "type" not in one.filters
        }
        question = self._values(template, instead=with_marks).render(template.question).strip()
        more = self._more(template)
        if not gaps.found:
            warn(self.warnings, "The text has no gap, so it is a question without an answer.")
            return {0: self._note("basic", self.converter.markdown(question), "", more)}
        if gaps.are_simple:
            markdown = self.converter.markdown(question, in_gaps=True)
            text = gaps.put_back(markdown, [self.converter.words(gap.hint) for gap in gaps.found])
            record = NoteRecord("", "cloze", text, "", more)
            if markdown.count(OPEN) == len(gaps.found) and _is_accepted(record):
                return {-1: record}
        warn(self.warnings, "Its gaps can't be kept as gaps; each number became a question and an answer.")
        return {number - 1: self._gap(template, number, more) for number in gaps.numbers()}

    def _gap(self, template: Template, number: int, more: str) -> NoteRecord:
        def filled(hide: bool) -> str:
            def instead(shown: Shown) -> str | None:
                if "cloze" not in shown.filters:
                    return None
                return anki_gaps.shown(anki_gaps.parse(self.fields.get(shown.name, "")), number, hide=hide)

            return self.converter.markdown(self._values(template, instead=instead).render(template.question))

        return self._note("basic", filled(True), filled(False), more)

    def _more(self, template: Template) -> str:
        """Return what the answer's template shows that the question's does not."""
        asked = {shown.name for shown in fields_of(template.question)}
        values = self._values(template, instead=lambda shown: "" if shown.name in asked else None)
        return self.converter.markdown(values.render(template.answer)).replace("{{c", "&#123;{c")

    def _occlusion(self) -> NoteRecord | None:
        occlusion, image, header, *others = [*self.fields.values(), "", "", ""]
        boxes = read_boxes(occlusion, {}, self.warnings)
        figure = figure_of(self.converter.markdown(image), self.converter.words(header))
        if not boxes.lines or not figure:
            warn(self.warnings, "A picture without boxes, or boxes without a picture: shown as it is.")
            return None
        answer = "\n".join([figure, f"hide: {'all' if boxes.hides_all else 'one'}", *boxes.lines])
        more = "\n\n".join(filter(None, (self.converter.markdown(other) for other in others[:2])))
        question = self.converter.markdown(header) or "What is hidden?"
        return NoteRecord("", "occlusion", question, answer, more)


def figure_of(image: str, shows: str) -> str:
    """Return the line of a figure: the first medium that `image` (Markdown) shows; "" if there is none."""
    start = image.find("media:")
    if start < 0:
        return ""
    address = image[start:].split(")", 1)[0].split('"', 1)[0]
    return f"![{shows.replace('[', '(').replace(']', ')')[:300] or 'Figure'}]({address})"


def _is_accepted(record: NoteRecord) -> bool:
    """Return whether our grammar of gaps takes the text."""
    draft = Draft(local(record.question), "", local(record.explanation))
    return not get("cloze").problems(draft)
