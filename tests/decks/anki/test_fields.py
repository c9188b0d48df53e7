"""Anki's HTML becomes Markdown that shows the same; what is no Markdown stays harmless HTML."""

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.decks.formats.anki.reading.fields import Converter, local
from flashcards.decks.formats.anki.reading.structure import structure
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import clean, plain_words

SIGNS = st.sampled_from(
    [*"\\`*_{}[]()<>#+-.!|~$&=:;^\"'/ 0123456789abAB\u00a0é漢", "  ", "\n", "1. ", "- ", "# ", "```"]
)
WORDS = st.lists(
    st.one_of(SIGNS, st.sampled_from(["word", "http://a.b/", "&amp;", "{{c1::", "::", "}}"])), max_size=25
)
TAGS = ["b", "i", "u", "sub", "code", "div", "p", "li", "ul", "ol", "blockquote", "span", "h2", "pre", "td", "table"]


def converted(html: str, *, in_package: bool = True) -> tuple[str, list[str]]:
    converter = Converter(lambda _name: in_package)
    return converter.markdown(html), converter.warnings


def rendered(html: str) -> str:
    shown = render(local(converted(html)[0]))
    assert shown.problems == ()
    return shown.html


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("plain words", "plain words"),
        ("one<br>two", "one  \ntwo"),
        ("<div>one</div><div>two</div>", "one  \ntwo"),
        ("one<div><br></div><div>two &amp; three</div>", "one\n\ntwo & three"),
        ("x <b>bold </b>y, <i>slanted</i>", "x **bold** y, *slanted*"),
        ("<b>a<br>b</b>", "**a  \nb**"),
        ("1. no list", "1\\. no list"),
        ("it costs $5, not $6", "it costs \\$5, not \\$6"),
        ("a_b c_d 2*3*4", "a_b c_d 2\\*3\\*4"),
        ("&lt;b&gt;", "&lt;b>"),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>", "- a\n- b **c**"),
        ("<ol><li>a<ul><li>b</li></ul></li></ol>", "1. a\n    - b"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<h1>t</h1>x", "# t\n\nx"),
        ("x<sub>1</sub>", "x<sub>1</sub>"),
        ("<pre>a\n\n  b *c*</pre>", "```\na\n\n  b *c*\n```"),
        ('<a href="https://example.org/a_b">l*nk</a>', "[l\\*nk](https://example.org/a_b)"),
        ("<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></table>", "| a |\n| --- |\n| 1 |"),
        (
            "<table><tr><td>$1 *</td></tr></table>",
            "<div><table><tbody><tr><td>&#36;1 &#42;</td></tr></tbody></table></div>",
        ),
        ('<img src="a%20cat.png">', "![](media:a%2520cat.png)"),
        ("<img alt='a [cat]' src=cat.png>", "![a \\[cat\\]](media:cat.png)"),
        ('<img src="cat.png" width="40">', '<img src="media:cat.png" alt="" width="40">'),
        ("[sound:mew one.mp3]", '<audio src="media:mew%20one.mp3"></audio>'),
    ],
)  # fmt: skip
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert converted(html)[0] == markdown
    assert render(local(markdown)).problems == ()


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (r"\(x^2\)", "$x^2$"),
        (r"\[a &lt; b\]", "$$a < b$$"),
        ("[$]y_1[/$] and [$$]z[/$$]", "$y_1$ and $$z$$"),
        (r"\(a<br>+&nbsp;<b>b</b>\)", "$a + b$"),
        (r"\(x\)2 [$]y[/$][$]z[/$]", "$x$<!-- -->2 $y$<!-- -->$z$"),
        ('<anki-mathjax block="true">\\frac{1}{2}</anki-mathjax>', r"$$\frac{1}{2}$$"),
        ("[latex]Let $x$ be $$y$$[/latex]", "Let $x$ be $$y$$"),
        (r"[latex]\begin{align}a&amp;=b\end{align}[/latex]", r"$$\begin{aligned}a&=b\end{aligned}$$"),
        (r"[latex]\documentclass{article}\begin{document}$x$\end{document}[/latex]", "$x$"),
        (r"[latex]\frac{1}{2}[/latex]", r"$$\frac{1}{2}$$"),
        (r"<code>\(x\)</code>", r"`\(x\)`"),
        (r"<table><tr><td>\(x\)</td></tr></table>", "<div><table><tbody><tr><td>$x$</td></tr></tbody></table></div>"),
    ],
)
def test_latex_becomes_formulas(html: str, markdown: str) -> None:
    assert converted(html)[0] == markdown


def test_a_formula_that_can_not_be_shown_is_kept_as_code_with_a_warning() -> None:
    markdown, warnings = converted(r"see \(\unknown{x}$`\)")
    assert plain_words(render(markdown).html) == r"see \unknown{x}$`"
    assert "<code>" in render(markdown).html
    assert len(warnings) == 1
    assert warnings[0].startswith("A formula can't be shown and is kept as code")


def test_pictures_from_elsewhere_are_dropped_and_named() -> None:
    markdown, warnings = converted('a <img src="https://example.org/x.png"> <img src="missing.png">', in_package=False)
    assert markdown == "a ![](media:missing.png)"
    assert warnings == ["A picture that is not in the package was left out: https://example.org/x.png"]


def test_a_name_is_looked_for_as_it_is_and_unquoted() -> None:
    assert Converter(lambda name: name == "a cat.png").markdown('<img src="a%20cat.png">') == "![](media:a%20cat.png)"


def test_characters_that_can_not_be_stored_are_left_out_and_named() -> None:
    markdown, warnings = converted("a\u200eb\x07&#8207;c\u2028d")
    assert markdown == "abc  \nd"
    assert any("U+200E" in warning for warning in warnings)


def test_marks_of_the_conversion_can_not_be_forged() -> None:
    assert converted("&#xfdd0;99&#xfdd1; \ufdd07\ufdd1 &#64976;1&#64977")[0] == "99 7 1"


PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>', '<div hx-get="/logout" hx-trigger="load">x</div>',
    '<b data-hx-post="/x">x</b>', "<form action=/x><input name=a><button>go</button></form>",
    '<iframe src="https://example.org"></iframe>', "<style>body{display:none}</style>",
    '<div style="position:fixed;inset:0">x</div>', "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<object data=x></object><embed src=x>", '<base href="//evil.example/">', '<meta http-equiv=refresh content="0">',
    '<p id="csrf" class="button">x</p>', "<template><script>alert(1)</script></template>",
    "<x onclick=alert(1)>x</x>",
    "![x](javascript:alert)", "[x](javascript:alert)", "`<script>`<script>alert(1)</script>",
    "<!--><img src onerror=x>-->",
    '<details open ontoggle=alert(1)><summary>x</summary>y</details>',
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    '\\(<img src=x onerror=alert(1)>\\)', '[latex]<script>alert(1)</script>[/latex]', '[sound:"onerror=alert(1).mp3]',
    "<img alt='\"><script>alert(1)</script>' src=a.png>", "<audio src=a.mp3 onplay=alert(1)></audio>",
    "<u onclick=x>a</u>",
]  # fmt: skip
DANGEROUS = re.compile(
    r"<(?:script|style|iframe|form|input|button|object|embed|base|meta|svg|template|noscript)\b"
    r"|<[a-z][^>]*\s(?:on[a-z]+|style|id|(?:data-)?hx-[a-z]+)=|(?:href|src)=\"\s*javascript:",
    re.IGNORECASE,
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_field_becomes_script(payload: str) -> None:
    for html in (payload, f"<div>{payload}<ul><li>x</li></ul></div>", f"words {payload} <b>more</b>"):
        shown = rendered(html)
        assert clean(shown).replace(' tabindex="0"', "") == shown.replace(' tabindex="0"', "")
        assert not DANGEROUS.search(re.sub(r'(?:alt|title|alttext)="[^"]*"', "", shown))


@pytest.mark.parametrize(
    ("html", "warning"),
    [
        ("<b onclick='x()'>b</b>", "A script was left out."),
        ("<form><input></form>", "A form was left out."),
        ("<iframe src=x></iframe>", "An embedded page was left out."),
        ('<span style="color: red">b</span>', "Colours, fonts and other styles were left out."),
    ],
)
def test_what_is_left_out_is_told(html: str, warning: str) -> None:
    assert warning in converted(f"x {html}")[1]


@given(WORDS)
def test_escaped_words_mean_themselves(words: list[str]) -> None:
    text = re.sub(r"\\([(\[])", r"\\ \1", "".join(words)).replace("[$", "[ $")
    # A run of more than one space or a break between words is one space in HTML.
    expected = " ".join(re.split(r"[ \n]+", text)).strip(" \u00a0")
    shown = render(converted(escape(text, quote=False))[0]).html
    assert structure(shown) == structure(f"<p>{escape(expected)}</p>")


@given(st.recursive(WORDS.map(lambda words: escape("".join(words))), lambda inside: st.lists(
    st.tuples(st.sampled_from(TAGS), inside).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>") | st.just("<br>"),
    max_size=4,
).map("".join), max_leaves=6))  # fmt: skip
def test_whatever_the_html_the_markdown_shows_the_same(html: str) -> None:
    html = re.sub(r"\\(?=[(\[])", r"\\ ", html).replace("[$", "[ $")
    converter = Converter(lambda _name: True)
    shown = render(converter.markdown(html))
    assert shown.problems == ()
    if "The layout of this text could not be kept, only its words." not in converter.warnings:
        assert structure(shown.html) == structure(clean(html))
    else:
        assert "".join(plain_words(shown.html).split()) == "".join(plain_words(clean(html)).split())
