"""Every page that can be reached carries the headers, and nothing that the content security policy would block."""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from flashcards.accounts.models import User

pytestmark = pytest.mark.django_db

MOST_PAGES = 80
STARTS = ["/", "/account/login/", "/account/signup/", "/account/password/reset/", "/no-such-page/"]


class Page(HTMLParser):
    """Collects where a page leads to and what a strict policy blocks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.blocked: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "style" or "style" in found:
            self.blocked.append(f"style on <{tag}>")
        if tag == "script" and "src" not in found and "nonce" not in found and found.get("type") != "application/json":
            self.blocked.append("<script> without a nonce")
        self.blocked += [f"{name} on <{tag}>" for name in found if name.startswith("on")]
        self.blocked += [f"address {value}" for value in found.values() if value and value.startswith("javascript:")]


def look_around(client: Client, starts: list[str]) -> list[str]:
    """Follow the links from `starts` and return what is wrong with each page, a line a fault."""
    wrong: list[str] = []
    waiting, seen, kinds = deque(starts), set(starts), set[str]()
    while waiting and len(seen) <= MOST_PAGES:
        address = waiting.popleft()
        answer = client.get(address)
        policy = answer.headers.get("Content-Security-Policy", "")
        if answer.status_code >= 500:
            wrong.append(f"{address}: {answer.status_code}")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            wrong.append(f"{address}: its policy is “{policy}”")
        for header, value in {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }.items():
            if answer.headers.get(header) != value:
                wrong.append(f"{address}: {header} is {answer.headers.get(header)}")
        if answer.has_header("Location"):
            links = [answer["Location"]]
        elif answer["Content-Type"].startswith("text/html") and not answer.streaming:
            page = Page(answer.content.decode())
            links = page.links
            wrong += [f"{address}: {fault}" for fault in page.blocked]
        else:
            links = []
        for link in links:
            target = urlsplit(urljoin(address, link))
            path = target.path + (f"?{target.query}" if target.query else "")
            # One page of each kind: numbers in addresses, and what stands after the question mark, make no new kind.
            kind = re.sub(r"\d+", "0", target.path)
            if target.netloc in {"", "testserver"} and path not in seen and kind not in kinds:
                seen.add(path)
                kinds.add(kind)
                waiting.append(path)
    assert len(seen) >= len(starts)
    return wrong


def test_what_anybody_can_reach(client: Client) -> None:
    assert look_around(client, STARTS) == []


def test_what_an_administrator_can_reach(client: Client) -> None:
    client.force_login(User.objects.create_superuser("chief@example.org", "a password"))
    assert look_around(client, ["/admin/", "/"]) == []
