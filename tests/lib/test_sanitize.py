import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.lib.sanitize import clean, plain_lines, plain_words, trusted

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<img src='//evil.example/x.png'>",
    "<img src='/\\evil.example/x.png'>",
    "<img src='https://evil.example/x.png'>",
    "<img src='\t//evil.example/x.png'>",
    "<img srcset='https://evil.example/x.png 1x'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A&#x61vascript&colon;alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='/x' target=_blank ping='https://evil.example'>x</a>",
    "<b hx-get='/account/delete/' hx-trigger='load'>x</b>",
    "<b data-hx-post='/account/delete/'>x</b>",
    "<b x-data='alert(1)' x-on:click='alert(1)' @click='alert(1)' :class='alert(1)'>x</b>",
    "<b data-key='z' id='reveal' name='rating' slot=x is=y>x</b>",
    "<b style='position:fixed;inset:0'>x</b>",
    "<p class='button primary showing'>x</p>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<form action=/account/delete/ method=post><input name=x><button formaction=//evil.example>x</button></form>",
    "<iframe src=//evil.example srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x><video src=x onerror=alert(1)></video>",
    "<audio src='https://evil.example/x.mp3' onplay=alert(1) autoplay loop crossorigin=use-credentials></audio>",
    "<audio src='//evil.example/x.mp3'><source src='https://evil.example/x'><track src='//evil.example'></audio>",
    "<audio src='javascript:alert(1)' controls='x' controlslist=y preload=auto><img src=x onerror=alert(1)></audio>",
    "<audio src='data:audio/wav;base64,AAAA'></audio><audio srcset='//evil.example'>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<math href='javascript:alert(1)'><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><maction actiontype='statusline#https://evil.example' xlink:href='javascript:alert(1)'>x</maction></math>",
    "<math><mi><table><mi><style><img src=x onerror=alert(1)></style></mi></table></mi></math>",
    "<math><semantics><annotation encoding='text/html'><script>alert(1)</script></annotation></semantics></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<title><img src=x onerror=alert(1)></title>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p popover id=why>x</p><button popovertarget=why>x</button>",
    "<select><option>x</select><dialog open>x</dialog>",
]  # fmt: skip
FORBIDDEN_TAGS = {
    "script", "style", "link", "meta", "base", "form", "input", "button", "select", "option", "textarea", "iframe",
    "object", "embed", "video", "svg", "template", "noscript", "annotation-xml", "annotation", "semantics", "mglyph",
    "maction", "title", "dialog", "xmp", "plaintext",
}  # fmt: skip
FORBIDDEN_ATTRIBUTES = re.compile(
    r"on|hx-|data-|x-|xlink|@|:|style$|id$|name$|srcset$|srcdoc$|target$|ping$|popover|formaction|action|slot$|is$"
)


class Seen(HTMLParser):
    """Collects what a lenient parser sees, which is more than a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def assert_harmless(html: str) -> None:
    for tag, attributes in Seen(html).tags:
        assert tag not in FORBIDDEN_TAGS, html
        for name, value in attributes.items():
            assert not FORBIDDEN_ATTRIBUTES.match(name), html
            if name in {"href", "src"}:
                address = re.sub(r"[\x00-\x20]", "", value).lower()
                assert not re.match(r"(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", address), html
            if name == "src":
                assert re.match(r"/(?![/\\])|[^/\\:]+(?:/|$)", value), html
            if name == "class":
                assert "button" not in value, html


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("frame", ["{}", "<p>{}</p>", "<math><mtext>{}</mtext></math>", "<table><tr><td>{}</table>"])
def test_no_authors_text_becomes_script(attack: str, frame: str) -> None:
    cleaned = clean(frame.format(attack))

    assert_harmless(cleaned)
    assert clean(cleaned) == cleaned


@given(st.lists(st.sampled_from([*ATTACKS, "<p>", "</p>", "<math>", "</math>", "<mtext>", "</mtext>", "<table>"])))
def test_nor_does_any_mixture(pieces: list[str]) -> None:
    assert_harmless(clean("".join(pieces)))


def test_what_a_card_needs_stays() -> None:
    html = (
        '<table><thead><tr><th align="right">a</th></tr></thead></table><p><em>b</em> <code>c</code></p>'
        '<img alt="d" src="/media/e.png"><div class="highlight"><pre tabindex="0"><code><span class="kn">import</span>'
        '</code></pre></div><span class="gap">[…]</span><mark class="gap">x</mark>'
    )

    assert clean(html) == html


def test_a_sound_is_heard_when_somebody_wants_to() -> None:
    expected = '<p>Say <audio src="/media/a.mp3" controls="" preload="none"></audio></p>'

    assert clean('<p>Say <audio src="/media/a.mp3"></audio></p>') == expected
    assert clean('<p>Say <audio autoplay="" loop="" src="/media/a.mp3" muted=""></audio></p>') == expected
    assert clean(clean('<p>Say <audio src="/media/a.mp3" autoplay></audio></p>')) == expected
    assert plain_words(expected) == "Say"


def test_links_lead_out_without_a_trace() -> None:
    assert clean('<a href="https://example.org">x</a>') == (
        '<a href="https://example.org" rel="noopener nofollow">x</a>'
    )


def test_words_are_words() -> None:
    assert plain_words("<p>one</p><p>t<b>wo</b></p><ul><li>3 &lt; 4</li></ul>") == "one two 3 < 4"


def test_lines_are_kept_where_they_mean_something() -> None:
    html = "<p>one\ntwo</p><ul><li>a &lt; b</li></ul><pre><code>if x:\n    y\n\n</code></pre><p>end</p>"

    assert plain_lines(html) == "one two\na < b\nif x:\n    y\nend"


def test_trusted_html_is_shown_as_it_is() -> None:
    assert trusted("<p>x</p>").__html__() == "<p>x</p>"
