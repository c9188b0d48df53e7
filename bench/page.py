"""What the first visit to the study page loads: page, styles, scripts and icons as they travel, without fonts."""

import re
from posixpath import dirname, join, normpath

from bench.server import SQLITE, serving, site
from bench.wire import Browser, Reply

# Links of a page, imports of a module, and addresses in a style sheet.
_IN_PAGE = re.compile(r"""<(?:link|script|img|use)\b[^>]*?\b(?:href|src)="([^"#]+)["#]""")
_IN_SCRIPT = re.compile(r"""^\s*(?:import|export)\b[^"';]*["'](\.{0,2}/[^"'\s]+)["']""", re.MULTILINE)
_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
FONT = "fonts/STIXTwoMath.woff2"
BUILT_IN = "deep-learning"


def page() -> dict[str, float]:
    """Return the study page's first load and the math font in kB (1,000 bytes). Raises Trouble."""
    with site(SQLITE, "page") as made:
        filled = made.ask("bench_fill", "--cards=100", "--reviews=1000", "--learners=1")
        with serving(made, workers=1) as port, Browser(port, filled["sessions"][0]) as browser:
            loaded = load(browser, f"/study/{BUILT_IN}/")
    fonts = {path: reply for path, reply in loaded.items() if is_font(path)}
    others = {path: reply for path, reply in loaded.items() if not is_font(path)}
    return {
        "study_page_kb": sum(len(reply.body) for reply in others.values()) / 1000,
        "study_page_requests": len(others),
        "math_font_kb": sum(len(reply.body) for reply in fonts.values()) / 1000,
    }


def load(browser: Browser, path: str) -> dict[str, Reply]:
    """Return everything that the page at `path` names, and what that names in turn."""
    loaded: dict[str, Reply] = {}
    waiting = [path]
    while waiting:
        path = waiting.pop()
        if path in loaded:
            continue
        reply = loaded[path] = browser.get(path)
        if not is_font(path):
            waiting += named(path, reply)
    return loaded


def named(path: str, reply: Reply) -> list[str]:
    """Return the addresses on this site that a page, style sheet or script loads."""
    pattern = _IN_STYLE if path.endswith(".css") else _IN_SCRIPT if path.endswith(".js") else _IN_PAGE
    found = ["".join(groups) for groups in (match.groups("") for match in pattern.finditer(reply.text))]
    here = [address for address in found if not address.startswith(("data:", "http:", "https:", "#"))]
    return [address if address.startswith("/") else normpath(join(dirname(path), address)) for address in here]


def is_font(path: str) -> bool:
    """Whether the address is of a font."""
    return path.endswith((".woff2", ".woff", ".ttf", ".otf"))
