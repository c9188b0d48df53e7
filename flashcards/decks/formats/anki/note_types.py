"""Our note types in Anki, one a kind: fields, templates, and the JSON that a collection of schema 11 keeps of them."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flashcards.decks.formats.anki import source_field
from flashcards.decks.formats.anki.look import CSS

REVISED = 1_764_000_000
"""When templates or style sheets last changed, in seconds since 1970: Anki takes over what is newer than its own."""

_FIRST_ID = 1_764_000_000_100
_OCCLUSION_STOCK = 6
"""Anki's number for its own image occlusion: its editor opens notes of types that came from it."""

_ANSWER = '\n<hr id="answer">\n'
_MORE = (
    '\n{{#Explanation}}<div class="explanation">{{Explanation}}</div>{{/Explanation}}'
    '\n{{#Reference}}<div class="reference">{{Reference}}</div>{{/Reference}}'
)
_FIGURE = """\
{{#Header}}<div class="question">{{Header}}</div>{{/Header}}
<div hidden>{{cloze:Occlusion}}</div>
<div id="err"></div>
<div id="image-occlusion-container">{{Image}}<canvas id="image-occlusion-canvas"></canvas></div>
<script>
  try { anki.imageOcclusion.setup(); }
  catch { document.getElementById("err").textContent = "This card needs Anki 23.10 or newer."; }
</script>"""
_UNDER_FIGURE = """
<div class="labels">{{cloze:Labels}}</div>
<div><button id="toggle">Show or hide all boxes</button></div>
{{#Back Extra}}<div class="explanation">{{Back Extra}}</div>{{/Back Extra}}
{{#Comments}}<div class="reference">{{Comments}}</div>{{/Comments}}"""


@dataclass(frozen=True, slots=True)
class Template:
    """What a card shows: the HTML of its sides with fields in braces."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """The note type of a kind; `fields` are its names in order, the last one is `Source`."""

    kind: str
    name: str
    number: int
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    has_gaps: bool = False

    @property
    def id(self) -> int:
        """The same in every package, so that a second import finds the type of the first."""
        return _FIRST_ID + self.number

    def as_json(self) -> dict[str, Any]:
        """Return what the collection's `models` hold for it."""
        is_occlusion = self.kind == "occlusion"
        return {
            "id": self.id,
            "name": self.name,
            "type": int(self.has_gaps),
            "mod": REVISED,
            "usn": -1,
            "sortf": 0,
            "did": None,
            "tmpls": [self._template(place, template) for place, template in enumerate(self.templates)],
            "flds": [self._field(place, name) for place, name in enumerate(self.fields)],
            "css": CSS.get(self.kind, CSS[""]),
            "latexPre": "\\documentclass[12pt]{article}\n\\usepackage{amssymb,amsmath}\n\\pagestyle{empty}\n"
            "\\setlength{\\parindent}{0in}\n\\begin{document}\n",
            "latexPost": "\\end{document}",
            "latexsvg": False,
            "req": [[place, "any", [0]] for place in range(len(self.templates))],
            **({"originalStockKind": _OCCLUSION_STOCK} if is_occlusion else {}),
        }

    def _template(self, place: int, template: Template) -> dict[str, Any]:
        return {
            "id": _lasting_id(f"{self.name}/template/{template.name}"),
            "name": template.name,
            "ord": place,
            "qfmt": template.front,
            "afmt": template.back,
            "bqfmt": "",
            "bafmt": "",
            "did": None,
            "bfont": "",
            "bsize": 0,
        }

    def _field(self, place: int, name: str) -> dict[str, Any]:
        is_source = name == source_field.FIELD
        field: dict[str, Any] = {
            "id": _lasting_id(f"{self.name}/field/{name}"),
            "name": name,
            "ord": place,
            "sticky": False,
            "rtl": False,
            "font": "Arial",
            "size": 20,
            "description": "Read when the deck comes back to Flashcards. Please leave it as it is."
            if is_source
            else "",
            "plainText": is_source,
            "collapsed": is_source,
            "excludeFromSearch": is_source,
        }
        if self.kind == "occlusion" and place < len(_OCCLUSION_FIELDS):
            # By these numbers, not by name, Anki's editor knows the fields.
            field |= {"tag": place, "preventDeletion": place < len(_OCCLUSION_FIELDS) - 1}
        return field


def _lasting_id(name: str) -> int:
    """Return an id that a field or template keeps over packages, so that Anki matches it even when renamed."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)


_BASIC_FIELDS = ("Question", "Answer", "Explanation", "Reference", source_field.FIELD)
_OCCLUSION_FIELDS = ("Occlusion", "Image", "Header", "Back Extra", "Comments")
_TURNED = Template("Card", "{{Question}}", "{{Question}}" + _ANSWER + "{{Answer}}" + _MORE)

NOTE_TYPES: dict[str, NoteType] = {
    note_type.kind: note_type
    for note_type in (
        NoteType("basic", "Flashcards Basic", 1, _BASIC_FIELDS, (_TURNED,)),
        NoteType(
            "reversed",
            "Flashcards Reversed",
            2,
            _BASIC_FIELDS,
            (
                Template("Forward", _TURNED.front, _TURNED.back),
                Template("Backward", "{{Answer}}", "{{Answer}}" + _ANSWER + "{{Question}}" + _MORE),
            ),
        ),
        NoteType(
            "cloze",
            "Flashcards Cloze",
            3,
            ("Text", "Explanation", "Reference", source_field.FIELD),
            (Template("Cloze", "{{cloze:Text}}", "{{cloze:Text}}" + _MORE),),
            has_gaps=True,
        ),
        NoteType(
            "choice",
            "Flashcards Choice",
            4,
            ("Question", "Options", "Answer", "Explanation", "Reference", source_field.FIELD),
            (Template("Choice", "{{Question}}\n{{Options}}", "{{Question}}" + _ANSWER + "{{Answer}}" + _MORE),),
        ),
        NoteType(
            "typed",
            "Flashcards Typed",
            5,
            ("Question", "Answer", "Also", "Explanation", "Reference", source_field.FIELD),
            (
                Template(
                    "Typed",
                    "{{Question}}\n{{type:Answer}}",
                    "{{Question}}"
                    + _ANSWER
                    + '{{type:Answer}}\n{{#Also}}<div class="also">{{Also}}</div>{{/Also}}'
                    + _MORE,
                ),
            ),
        ),
        NoteType("numeric", "Flashcards Numeric", 6, _BASIC_FIELDS, (_TURNED,)),
        NoteType(
            "occlusion",
            "Flashcards Occlusion",
            7,
            (*_OCCLUSION_FIELDS, "Labels", source_field.FIELD),
            (Template("Occlusion", _FIGURE, _FIGURE + _UNDER_FIGURE),),
            has_gaps=True,
        ),
    )
}
"""By the kind's name."""
