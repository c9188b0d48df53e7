"""SVG: what draws stays, what runs, loads, links or explodes goes, and the same comes out each time."""

import re
import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.decks import media
from flashcards.decks.figures import figures
from flashcards.lib.errors import Refused

from .files import SVG

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10"'
SHAPE = '<path d="M0 0h9"/>'

HARMFUL = [
    "<script>alert(1)</script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<script xlink:href='https://evil.example/x.js'/>",
    "<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
    "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<handler type='text/javascript'>alert(1)</handler>",
    "<listener event='load' handler='#x'/>",
    "<g onload='alert(1)' onclick='alert(1)' onbegin='alert(1)' ONFOCUS='alert(1)'><path d='M0 0'/></g>",
    "<a href='javascript:alert(1)'><text>x</text></a>",
    "<a xlink:href='java&#10;script:alert(1)'><text>x</text></a>",
    "<a xlink:href='data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;' target='_top'><path d='M0 0'/></a>",
    "<text><a href='https://evil.example'>x</a></text>",
    "<use href='https://evil.example/x.svg#a'/>",
    "<use xlink:href='data:image/svg+xml;base64,PHN2Zz4=#a'/>",
    "<use xlink:href='/media/other.svg#a'/>",
    "<use href='#a' xlink:href='https://evil.example/x.svg#a'/><g id='a'/>",
    "<set attributeName='href' to='javascript:alert(1)'/>",
    "<a><animate attributeName='xlink:href' values='javascript:alert(1)'/><text>x</text></a>",
    "<animate attributeName='onload' to='alert(1)'/>",
    "<animateTransform onbegin='alert(1)'/><animateMotion/><discard/><mpath xlink:href='#x'/>",
    "<style>@import url(https://evil.example/x.css); path { fill: red }</style>",
    "<style>@import '//evil.example/x.css'; path { fill: red }</style>",
    "<style>@font-face { font-family: x; src: url(https://evil.example/x.woff) } text { font-family: x }</style>",
    "<style>@media screen { path { fill: url(https://evil.example/x) } }</style>",
    "<style>@media screen { @import 'https://evil.example'; @media x { p { mask: url(//evil.example) } } }</style>",
    "<style>path { background: url(https://evil.example/x) } path { fill: ur\\6c(https://evil.example/x) }</style>",
    "<style>path { fill: u/**/rl(https://evil.example/x); mask: URL( 'https://evil.example/x' ) }</style>",
    "<style>path { fill: image-set('https://evil.example/x' 1x); mask: src('//evil.example/x') }</style>",
    "<style>path { behavior: url(#x); -moz-binding: url(#x); animation: x 1s; transition: all 1s }</style>",
    "<style>path { --x: url(https://evil.example/x); fill: var(--x) }</style>",
    "<style>/* } */ path { fill: red } /* </style><style>*/ *{fill:url(https://evil.example)} @</style>",
    "<style type='text/css'><![CDATA[ </style><script>alert(1)</script> ]]></style>",
    "<style>path { fill: '} x:url('evil.png') { fill: red } @media url('evil.png') { path { fill: red } }</style>",
    "<path style='fill:url(https://evil.example/x);mask:url(&quot;//evil.example&quot;)' d='M0 0'/>",
    "<path style='behavior:url(x.htc);position:fixed;content:url(//evil.example)' d='M0 0'/>",
    "<path fill='url(https://evil.example/x)' filter='url(&#x2f;&#x2f;evil.example/x#f)' d='M0 0'/>",
    "<path cursor='url(https://evil.example/x)' mask='u\\72l(https://evil.example)' d='M0 0'/>",
    "<path marker-end=\"url('#x' https://evil.example)\" clip-path='URL(https://evil.example#x)' d='M0 0'/>",
    "<filter id='f'><feImage xlink:href='https://evil.example/x'/></filter>",
    "<path xml:base='https://evil.example/' fill='url(#x)' d='M0 0'/>",
    "<iframe xmlns='http://www.w3.org/1999/xhtml' src='https://evil.example'/>",
    "<body xmlns='http://www.w3.org/1999/xhtml' onload='alert(1)'><img src='x' onerror='alert(1)'/></body>",
    "<metadata><script>alert(1)</script></metadata>",
    "<text>&lt;script&gt;alert(1)&lt;/script&gt;</text>",
    "<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>",
    "<text><![CDATA[<script>alert(1)</script>]]></text>",
    "<path id='&quot;&gt;&lt;script&gt;' class='x&quot;onload=&quot;alert(1)' d='M0 0'/>",
    "<path data-x='1' hx-get='/account/delete/' x-on='alert(1)' ping='//evil.example' d='M0 0'/>",
    "<audio src='https://evil.example/x.mp3'/><video href='https://evil.example'/><embed src='x'/><object data='x'/>",
    "<?xml-stylesheet href='https://evil.example/x.css'?>",
    "<!-- --><script>alert(1)</script><!-- -->",
    "<switch><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject><text>kept</text></switch>",
    "<unknown><path d='M0 0'/></unknown><cursor xlink:href='https://evil.example/x'/>",
]
REFUSED = {
    "entity": f'<!DOCTYPE svg [<!ENTITY x "y">]><svg {NS}>{SHAPE}<text>&x;</text></svg>',
    "external entity": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg {NS}><text>&x;</text></svg>',
    "parameter entity": f'<!DOCTYPE svg [<!ENTITY % x SYSTEM "https://evil.example/x">%x;]><svg {NS}>{SHAPE}</svg>',
    "foreign document type": f'<!DOCTYPE svg SYSTEM "https://evil.example/x.dtd"><svg {NS}>{SHAPE}</svg>',
    "billion laughs": '<!DOCTYPE svg [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + f"]><svg {NS}><text>&j;</text></svg>",
    "page": f"<svg {NS}><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>x</body></foreignObject></svg>",
    "photo": f"<svg {NS}>{SHAPE}<image href='https://evil.example/x.png'/></svg>",
    "photo within": f"<svg {NS}>{SHAPE}<image href='data:image/png;base64,AAAA'/></svg>",
    "deep": f"<svg {NS}>" + "<g>" * 5_000 + SHAPE + "</g>" * 5_000 + "</svg>",
    "very deep": f"<svg {NS}>" + "<g>" * 90_000 + "</svg>",
    "many": f"<svg {NS}>" + SHAPE * 101_000 + "</svg>",
    "long": f"<svg {NS}><path d='{'M0 0' * 600_000}'/></svg>",
    "uses of uses": f"<svg {NS}><path id='u0' d='M0 0'/>"
    + "".join(f"<g id='u{n}'>{f'<use href="#u{n - 1}"/>' * 10}</g>" for n in range(1, 9))
    + "</svg>",
    "patterns of patterns": f"<svg {NS}><path id='u0' d='M0 0'/>"
    + "".join(f"<pattern id='u{n}'>{f'<path fill="url(#u{n - 1})"/>' * 10}</pattern>" for n in range(1, 9))
    + "</svg>",
    "circle": f"<svg {NS}><g id='a'>{'<use href="#b"/>' * 20}</g><g id='b'>{'<use href="#a"/>' * 20}</g></svg>",
    "itself": f"<svg {NS}><g id='a'><use href='#a'/></g></svg>",
    "chain": f"<svg {NS}>{SHAPE}"
    + "".join(f"<g id='u{n}'><use href='#u{n + 1}'/></g>" for n in range(900))
    + "</svg>",
    "no size": "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>",
    "nothing": f"<svg {NS}><script>alert(1)</script></svg>",
    "cut off": f"<svg {NS}><path",
    "no svg": f"<html {NS}><svg>{SHAPE}</svg></html>",
    "page with svg": f"<!doctype html><svg {NS}>{SHAPE}</svg>",
    "unsupported": f"<svg {NS}><switch><foreignObject/><text>[Not supported by viewer]</text></switch></svg>",
}
ALLOWED_ADDRESS = re.compile(r"#[\w.:-]+")


def prepared(svg: str | bytes) -> media.PreparedMedia:
    return media.prepare("drawing.svg", svg.encode() if isinstance(svg, str) else svg)


def assert_harmless(data: bytes) -> None:
    text = data.decode()
    assert not re.search(r"evil|javascript:|<script|<!|<\?|@import|@font|\\", text, re.IGNORECASE), text
    for element in ET.fromstring(text).iter():
        assert element.tag.startswith("{http://www.w3.org/2000/svg}"), element.tag
        tag = element.tag.rpartition("}")[2]
        assert tag not in {"script", "a", "image", "foreignObject", "set", "animate", "feImage", "handler", "metadata"}
        for name, value in element.attrib.items():
            assert not re.match(r"on|data-|hx-|x-|ping|target|.*base|cursor", name), (name, value)
            if name.endswith("href"):
                assert ALLOWED_ADDRESS.fullmatch(value), value
            assert not re.search(r"url\(\s*[\"']?[^#\"'\s]", value, re.IGNORECASE), value
        if tag == "style":
            assert not re.search(
                r"url\(\s*[\"']?[^#\"'\s]|image-set|src\(|animation", element.text or "", re.IGNORECASE
            )


@pytest.mark.parametrize("harm", HARMFUL)
def test_what_runs_loads_or_links_goes(harm: str) -> None:
    drawing = f"<svg {NS} onload='alert(1)'>{SHAPE}{harm}{SHAPE}</svg>"
    kept = prepared(drawing)
    assert_harmless(kept.data)
    assert kept.data.count(b"M0 0h9") == 2
    assert prepared(kept.data) == kept


@given(st.lists(st.sampled_from([*HARMFUL, SHAPE, "<g>", "</g>", "<text>", "</text>", "<style>", "</style>"])))
@settings(deadline=None)
def test_nor_does_any_mixture(pieces: list[str]) -> None:
    try:
        kept = prepared(f"<svg {NS}>{SHAPE}{''.join(pieces)}</svg>")
    except Refused:
        return
    assert_harmless(kept.data)
    assert prepared(kept.data) == kept


@pytest.mark.parametrize("name", REFUSED)
def test_what_explodes_or_hides_is_refused_at_once(name: str) -> None:
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        prepared(REFUSED[name])
    [problem] = refused.value.problems
    assert problem.message.startswith("“drawing.svg” ")
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "value", ["url(" * 200_000, "a" * 900_000, "(" * 500_000, "@" * 900_000, "{@media x" * 90_000]
)
def test_no_style_takes_long(value: str) -> None:
    began = time.process_time()
    for drawing in (
        f"<svg {NS}>{SHAPE}<style>{value}</style></svg>",
        f"<svg {NS}><path d='M0 0' style='fill:{value}'/></svg>",
    ):
        prepared(drawing)
    assert time.process_time() - began < 2


def test_what_draws_stays() -> None:
    drawing = (
        f'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">'
        f'<svg {NS} width="20mm" height="10mm" xml:space="preserve" inkscape:x="1" xmlns:inkscape="http://inkscape">'
        "<defs><linearGradient id='g'><stop offset='0' style='stop-color:#f00;-x-y:1'/></linearGradient></defs>"
        "<style>.a { fill: url(#g); stroke: rgb(1, 2, 3) }\n@media (prefers-color-scheme: dark) { .a { fill: #000 } }"
        "</style><g transform='translate(1 2) rotate(3)'><path class='a' d='M0 0h9'/><use xlink:href='#g'/></g>"
        "<text x='1'>a <tspan font-weight='bold'>&lt; b</tspan> c</text></svg>"
    )

    kept = prepared(drawing)

    assert kept.data.decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="76" height="38" viewBox="0 0 10 10" xml:space="preserve">'
        '<defs><linearGradient id="g"><stop offset="0" style="stop-color:#f00" /></linearGradient></defs>'
        "<style>.a{fill:url(#g);stroke:rgb(1, 2, 3)}\n@media (prefers-color-scheme: dark){.a{fill:#000}}</style>"
        '<g transform="translate(1 2) rotate(3)"><path class="a" d="M0 0h9" /><use href="#g" /></g>'
        '<text x="1">a <tspan font-weight="bold">&lt; b</tspan> c</text></svg>'
    )


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("viewBox='0 0 40 20'", (40, 20)),
        ("width='40' height='20px'", (40, 20)),
        ("width='1in' height='72pt'", (96, 96)),
        ("width='100%' height='100%' viewBox='0,0, 40 20'", (40, 20)),
        ("width='80' viewBox='0 0 40 20'", (80, 40)),
        ("height='10' viewBox='-5 -5 40 20'", (20, 10)),
        ("width='48000' height='24000'", (2400, 1200)),
        ("width='0.1' height='0.1'", (1, 1)),
    ],
)
def test_a_drawing_has_a_size(size: str, expected: tuple[int, int]) -> None:
    kept = prepared(f"<svg xmlns='http://www.w3.org/2000/svg' {size}>{SHAPE}</svg>")
    assert (kept.width, kept.height) == expected
    assert f'width="{expected[0]}" height="{expected[1]}" viewBox="'.encode() in kept.data


@pytest.mark.parametrize(
    "size",
    ["viewBox='0 0 0 0'", "viewBox='0 0 nan 1'", "viewBox='0 0 1e99 1'", "width='-1' height='1'", "viewBox='1 2 3'"],
)
def test_no_size_is_no_size(size: str) -> None:
    with pytest.raises(Refused, match="its size"):
        prepared(f"<svg xmlns='http://www.w3.org/2000/svg' {size}>{SHAPE}</svg>")


def test_other_encodings_are_read() -> None:
    plain = prepared(SVG)
    for encoding in ("utf-8-sig", "utf-16"):
        assert prepared(SVG.decode().encode(encoding)).data == plain.data
    latin = f"<?xml version='1.0' encoding='latin-1'?><svg {NS}><text>é</text></svg>".encode("latin-1")
    assert "é" in prepared(latin).data.decode()
    bare = prepared(b"<svg viewBox='0 0 40 20'><rect width='9' height='9'/></svg>")
    assert bare.data.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')


def test_the_built_in_decks_figures_lose_nothing() -> None:
    # A class that exports the deck and imports it again should see the same figures.
    for name, draw in figures().items():
        given = str(draw())
        kept = prepared(given).data.decode()
        for sign in ("<path", "<text", "<rect", "fill=", "class=", "transform=", "color-mix(", "var(--", "@media"):
            assert given.count(sign) == kept.count(sign), (name, sign)
