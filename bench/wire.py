"""A browser as far as a server can tell, made of a socket, so that the load costs little of the machine under test."""

import gzip
import re
import socket
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from bench.form import Form, ratings

LINE = b"\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *csrftoken=(\w+)", re.IGNORECASE)


class Unexpected(Exception):
    """The server answered something else than a page."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the server: status line and headers, the body as sent, and the seconds it took."""

    head: bytes
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body, unpacked."""
        packed = b"content-encoding: gzip" in self.head.lower()
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Browser:
    """One kept-alive connection of one learner. Use as a context manager."""

    def __init__(self, port: int, session: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._port = port
        self._cookies = f"sessionid={session}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._socket.close()

    def open(self, path: str) -> Form:
        """Load a page that shows a card, as a browser does at first; return its form."""
        return Form.of(self.enter(path).text)

    def enter(self, path: str) -> Reply:
        """Load a page and keep the cookie that it sets. Raises Unexpected."""
        reply = self.get(path)
        token = _COOKIE.search(reply.head)
        if token:
            self._cookies = f"{self._cookies.split(';')[0]}; csrftoken={token[1].decode()}"
        return reply

    def get(self, path: str) -> Reply:
        """Return what `path` gives. Raises Unexpected for any status but 200."""
        return self._exchange(f"GET {path} HTTP/1.1\r\n{self._common()}\r\n".encode())

    def grade(self, form: Form, rating: int) -> Reply:
        """Post a grade as htmx does; return the next card's page. Raises Unexpected."""
        return self.post(form.url, form.token, form.fields(rating))

    def post(self, url: str, token: str, fields: dict[str, str]) -> Reply:
        """Post a form as htmx does. Raises Unexpected for any status but 200."""
        body = urlencode(fields)
        return self._exchange(
            f"POST {url} HTTP/1.1\r\n{self._common()}HX-Request: true\r\nHX-Target: showing\r\n"
            f"x-csrftoken: {token}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )

    def _common(self) -> str:
        return (
            f"Host: 127.0.0.1:{self._port}\r\nCookie: {self._cookies}\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
            f"Origin: http://127.0.0.1:{self._port}\r\n"
        )

    def _exchange(self, request: bytes) -> Reply:
        began = perf_counter()
        self._socket.sendall(request)
        received = self._receive(b"")
        while b"\r\n\r\n" not in received:
            received = self._receive(received)
        head, _, body = received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise Unexpected(f"{request.partition(LINE)[0]!r} was answered with {head.partition(LINE)[0]!r}")
        while len(body) < int(length[1]):
            body = self._receive(body)
        return Reply(head, body, perf_counter() - began)

    def _receive(self, received: bytes) -> bytes:
        more = self._socket.recv(65536)
        if not more:
            raise Unexpected("the server closed the connection")
        return received + more


def grade_many(port: int, session: str, page: str, count: int) -> list[float]:
    """Let one learner grade `count` cards in a row, beginning at `page`; return the seconds of each request."""
    with Browser(port, session) as browser:
        return grade_on(browser, browser.open(page), count)


def grade_on(browser: Browser, form: Form, count: int) -> list[float]:
    """Grade `count` cards in a row, beginning with the form's; return the seconds of each request."""
    taken = []
    for rating, _ in zip(ratings(), range(count), strict=False):
        reply = browser.grade(form, rating)
        taken.append(reply.seconds)
        form = Form.of(reply.text)
    return taken
