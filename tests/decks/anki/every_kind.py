"""Notes of every kind: one of each by hand, and any number by chance."""

from hypothesis import strategies as st

from flashcards.decks import kinds
from flashcards.decks.formats.records import NoteRecord
from flashcards.lib.text import tidy

FIGURE = "/media/0123456789abcdef0123456789abcdef01234567.png"
SOUND = "/media/89abcdef0123456789abcdef0123456701234567.mp3"

ONE_OF_EACH = [
    NoteRecord(
        "photon",
        question="What is a **photon**?",
        answer="A quantum of light: $E = h \\nu$.",
        explanation="See $$\\frac{a_{1}}{b^{2}}$$",
        reference="Einstein & others, 1905 <first>",
        sources=["S01", "S02"],
        tags=["deep light", "basics"],
        topic="light",
    ),
    NoteRecord("gauge", "reversed", "Ampere", "The unit of current", topic="matter"),
    NoteRecord(
        "speed",
        "cloze",
        "Light is {{c1::fast::how?}}: $c = {{c2::\\frac{1}{\\sqrt{\\mu_{0}\\varepsilon_{0}}}}}$ and `{{c12::a::b}}`.",
        explanation="So it is.",
        topic="light",
    ),
    NoteRecord(
        "spin",
        "choice",
        "Which spin has a photon?",
        "- [x] $1$\n- [ ] $\\frac12$\n  slip: an electron's\n  why: That is the *electron*.\n- [ ] none",
        topic="light",
    ),
    NoteRecord(
        "name",
        "typed",
        "Who wrote about the photoelectric effect?",
        "Albert Einstein\nEinstein\n! Newton = a century off: Newton lived *before*.",
        topic="matter",
    ),
    NoteRecord(
        "energy",
        "numeric",
        "A share of ${{p:.1%}}$ of ${{n}}$ J is?",
        "n = 10 to 90 step 10\np = one of 0.1, 0.25\nanswer: n * p\nunit: J",
        "$n \\cdot p = {{answer}}$",
        topic="matter",
    ),
    NoteRecord(
        "prism",
        "occlusion",
        "What is hidden? {{c9::nothing}}",
        f"![A prism]({FIGURE})\nhide: one\n"
        "1: 12.5 30 18 9 = in {{b}}\n3: 40 30.125 0.5 9 = out::side\n1: 60 1 9 9 =",
        "Light bends.",
        topic="light",
    ),
]

# What Markdown, MathJax, Anki's gaps, sounds and templates, HTML or SQLite could trip over.
_PIECES = st.sampled_from(
    [
        "word", "Ünïcödé ẍ́", "日本", "a & b < c > d", "&#x301;", "e&#x301;", "&nbsp;", "&#31;",
        "**bold**", "*soft*", "`code`",
        "`{{c3::x}}`", "`[sound:a.mp3]`", "[sound:a.mp3]", "[latex]x[/latex]", "[$]x[/$]", "[$$]x[/$$]", "[anki:tts]",
        "\\\\(x\\\\)", "\\\\[x\\\\]", "$x^{2}$", "$a<b \\& c>d$", "$\\text{if }x_{i_{j}}$",
        "\n\n$$\\frac{a}{b^{c}}$$\n\n",
        "\n\n```python\nd = {1: {2: {}}}  # {{c4::x}}\n```\n\n", "\n\n- one\n- two\n\n", "\n\n> said\n\n", "}}", "::",
        "{ {c1::x}}",
        "{\\{c7::x}}", "<b title=\"}} :: {\\{c8::x}}\">x</b>", "{{Question}}", "{{#Source}}", "\\{{", "<!-- x -->",
        "<br>",
        "\n\n| a | b |\n|---|---|\n| 1 | `::` |\n\n", "123", "-1", "' or 1=1 --", "\U0001f600", "\n",
        f'<audio src="{SOUND}"></audio>', f"![a \"b\" }}}} c]({FIGURE})",
    ]
)  # fmt: skip
_texts = st.lists(_PIECES, min_size=1, max_size=6).map(" ".join).map(tidy).map(str.strip)
_gaps = st.builds(
    lambda number, hidden, hint: f"{{{{c{number}::{hidden}{hint}}}}}",
    st.integers(1, 12),
    st.sampled_from(["x", "**y**", "$x^{2}$", "$\\frac{a}{b}$", "`a{b}`", "x & y", "(a: :b)", "日本", "{a}", "a:"]),
    st.sampled_from(["", "::hint", "::5 % of {it} <b>", "::a$b_c"]),
)
_math_gaps = st.builds(
    lambda number, hidden, hint: f"$y = \\frac{{{{{{c{number}::{hidden}{hint}}}}}}}{{2}} + \\text{{so}}$",
    st.integers(1, 12),
    st.sampled_from(["x", "x^{2}", "\\frac{a}{b^{c}}", "a<b", "\\{a\\}"]),
    st.sampled_from(["", "::hint", "::5 % of it", "::what_ever"]),
)
_words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12).map(tidy)
_labels = st.sampled_from(["left", "a::b", "{{c5::x}}", "}}", "x < y & z", "[sound:x]", "日本"])


def _of_kind(
    kind: str, question: st.SearchStrategy[str], answer: st.SearchStrategy[str]
) -> st.SearchStrategy[NoteRecord]:
    return st.builds(
        NoteRecord,
        key=st.just(""),
        kind=st.just(kind),
        question=question,
        answer=answer,
        explanation=st.one_of(st.just(""), _texts),
        tags=st.lists(
            st.sampled_from(["a", "A", "a b", "a_b", "x::y", "x::", "ä", "Ä", '"q"', "1"]), unique=True, max_size=4
        ),
        sources=st.lists(st.sampled_from(["S01", "S02"]), unique=True),
        reference=st.sampled_from(["", "Feynman, QED", "a <b> & {{c1::c}}", "[sound:x.mp3]"]),
        topic=st.sampled_from(["", "light", "matter"]),
    )


def _occlusion(numbers: list[int], label: str, hide: str) -> str:
    boxes = "\n".join(f"{number}: {index} 0.5 3.125 99 = {label}{number}" for index, number in enumerate(numbers))
    return f"![seen]({FIGURE})\nhide: {hide}\n{boxes}"


def _sound(note: NoteRecord) -> bool:
    return not kinds.get(note.kind).problems(note)


_EACH = [
    _of_kind("basic", _texts, _texts),
    _of_kind("reversed", _texts, _texts),
    _of_kind(
        "cloze", st.lists(_PIECES | _gaps | _math_gaps, min_size=1, max_size=7).map(" ".join).map(tidy), st.just("")
    ),
    _of_kind(
        "choice",
        _texts,
        st.builds(
            lambda right, wrong, why: f"- [x] {right}\n- [ ] {wrong}\n  slip: {wrong}\n  why: {why}",
            _words,
            _words,
            _words,
        ),
    ),
    _of_kind("typed", _texts, st.builds(lambda one, two, why: f"{one}\n! {two}: {why}", _words, _words, _words)),
    _of_kind(
        "numeric", _texts.map(lambda text: f"{text.replace('{{', '')} {{{{n}}}}"), st.just("n = 1 to 9\nanswer: n / 3")
    ),
    _of_kind(
        "occlusion",
        _texts,
        st.builds(
            _occlusion, st.lists(st.integers(1, 40), min_size=1, max_size=5), _labels, st.sampled_from(["all", "one"])
        ),
    ),
]


def _numbered(notes: list[NoteRecord]) -> list[NoteRecord]:
    for index, note in enumerate(notes):
        note.key = f"note-{index}"
    return notes


decks = st.lists(st.one_of(_EACH).filter(_sound), min_size=1, max_size=10).map(_numbered)
"""Notes with a key each, all of them such as the site would store."""
