import re

import pytest

from flashcards.lib.markdown import render
from flashcards.lib.sanitize import clean
from tests.hanging import must_end


def html(source: str) -> str:
    rendered = render(source, field="question")
    assert rendered.problems == ()
    return rendered.html


@pytest.mark.parametrize(
    "source",
    [
        "It costs $5 and $6.",
        "From $5 to $10, $20 at most.",
        r"\$x\$ is written so",
        "a $ b $ c",
        "`$x$` and ``a ` $x$ b``",
        "```\n$x$\n```",
        "```sh\necho $HOME $PATH\n```",
        "    indented $x$ code",
        "[x](https://example.org/$a$b)",
    ],
)
def test_what_is_no_formula_stays_text(source: str) -> None:
    shown = html(source)

    assert "<math" not in shown
    assert shown.count("$") == source.count("$")


@pytest.mark.parametrize(
    ("source", "sources"),
    [
        ("$x$", ["x"]),
        ("($x$, $y$).", ["x", "y"]),
        ("costs $5, and $x_1 * y_2$", ["x_1 * y_2"]),
        ("**$a*b*c$**", ["a*b*c"]),
        ("| a |\n|---|\n| $|x|$ |", ["|x|"]),
        ("- $x$\n- b", ["x"]),
        (r"$\$5$", [r"\$5"]),
        ("$a\nb$", ["a\nb"]),
        ("<b>$x$</b>", ["x"]),
        ("`a` $x$ `b`", ["x"]),
    ],
)
def test_formulas_are_found(source: str, sources: list[str]) -> None:
    assert re.findall(r'alttext="([^"]*)"', html(source)) == sources


@pytest.mark.parametrize("line", ["# b", "- b", "> b", "= b", "+ b", "    b", "1. b", "| b |"])
def test_a_formula_of_several_lines_is_not_read_as_markdown(line: str) -> None:
    shown = html(f"$$\na\n{line}\n$$".replace("#", r"\#"))

    assert shown.count("<math") == 1
    assert "<h1" not in shown
    assert "<ul" not in shown


def test_a_formula_in_a_quote_loses_the_marks_of_the_quote() -> None:
    assert 'alttext="a\n + b"' in html("> $$\n> a\n> + b\n> $$")


def test_code_is_coloured_with_classes() -> None:
    shown = html('```python\nx = "<b>"  # note\n```')

    assert '<div class="highlight">' in shown
    assert '<span class="c1"># note</span>' in shown
    assert "&lt;b&gt;" in shown
    assert "style=" not in shown


def test_tables_keep_their_alignment_without_styles() -> None:
    shown = html("| a | b |\n|:-:|--:|\n| 1 | 2 |")

    assert '<td align="center">1</td>' in shown
    assert '<td align="right">2</td>' in shown


def test_html_is_kept_where_it_is_harmless() -> None:
    assert html("H<sub>2</sub>O <b onclick=x>b</b><script>x</script>") == "<p>H<sub>2</sub>O <b>b</b></p>"


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("a\n\nb $x$ and $\\foo$", 3, r"\foo"),
        ("a\n\n$$\nx\n\\bar{\n$$", 6, "Expected closing"),
        ("a\n\n$$\nx \\foo\n$$", 4, r"\foo"),
        ("> a\n> $$\n> x\n> \\foo\n> $$", 4, r"\foo"),
        ("```\ncode\n```\n\n$\\foo$", 5, r"\foo"),
        ("a\n$$ x", 2, "not closed"),
        ("a\n\n```python\nx", 3, "never closed"),
        ("a\nb\x00", 2, "U+0000"),
    ],
)
def test_an_error_names_its_field_and_line(source: str, line: int, said: str) -> None:
    rendered = render(source, field="answer")

    (problem,) = rendered.problems
    assert (problem.field, problem.line) == ("answer", line)
    assert said in problem.message
    assert rendered.html == ""


def test_all_formulas_errors_are_told_at_once() -> None:
    assert len(render("$\\foo$\n$x$\n$\\bar{$").problems) == 2


SIZE = 50_000
UNITS = [
    "[", "![", "[a](", "[a][", "[a] ", "![a](b) ", "[a]: b\n", "](", "*", "_", "**a ", "*a **b ", "***a ", "__a _b ",
    "*a* ", "`", "` ``", "`a` ", "> ", "> a\n", "- ", "1. ", "- a\n", "<", "<a ", "<!--", "<?", "<![CDATA[", "<div>",
    "</div>", "<b>", "<div>\n\n", '<a b="', "$", "$$", "$a ", "$a$ ", "$$a$$\n\n", "\\", "&", "&a;", "|", "a|",
    "|a\n", "#", "# a\n", "a\n\n", "a\n", "a  \n", "```\n", "```a\n", "~~~a\n\n", " ", "\t", "    a\n", "(", "{",
    "{{c1::",
    "---\n", "a\n===\n", "http://a.b ", "<a@b> ",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_no_repetition_goes_on_for_ever(unit: str) -> None:
    with must_end():
        render(unit * (SIZE // len(unit)))


@pytest.mark.parametrize(
    "source",
    [
        ("[" + "a" * 240) * 200,
        ("**a" + "b" * 40) * 990,
        ("`" + "a" * 240) * 199,
        ("<!--" + "a" * 40) * 990,
        "<div>" * 990,
        "".join("    " * (index % 10) + "- a\n" for index in range(2900)),
        "|a" * 40 + "|\n" + "|-" * 40 + "|\n" + "|a\n" * 2900,
        "```python\nx = 1\n```\n" * 990,
        ("> " * 10 + "a\n\n") * 1400,
        ("$" + "x" * 90 + "$ ") * 500,
    ],
)
def test_nor_does_what_is_just_allowed(source: str) -> None:
    with must_end():
        render(source)


@pytest.mark.parametrize("source", ["> " * 10_000, "[" * 49_000, "|a" * 10_000 + "\n" + "|-" * 10_000, "x" * 10**7])
def test_what_would_take_long_is_refused_with_a_reason(source: str) -> None:
    (problem, *_) = render(source).problems

    assert re.search(r"[Mm]ore than|characters long", problem.message)


def test_the_result_went_through_the_sanitiser() -> None:
    shown = html("a $x$ `b` <i>c</i>\n\n| a |\n|---|\n| b |\n\n```py\nx\n```\n\n$$y$$")

    assert clean(shown) == shown
