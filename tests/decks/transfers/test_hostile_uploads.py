"""Files made to do harm, handed in on the page: told in a sentence, or made harmless; no table changes."""

import csv
import io
import json
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from bs4 import BeautifulSoup, Tag
from django.apps import apps
from django.test import Client
from django.utils.html import escape

from flashcards.decks.models import Card, Deck, Note, Transfer
from tests.decks.anki.judge import collection
from tests.decks.anki.packages import add, changed, copy_with, old_collection, packed, write_form
from tests.decks.anki.test_hostile_packages import ENDLESS, _same_child, _self_reference, _zeros

from .conftest import upload, write

pytestmark = pytest.mark.django_db

SQL = {
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END",
    "a view": f"CREATE VIEW v AS {ENDLESS} SELECT i FROM n",
    "a virtual table": "CREATE VIRTUAL TABLE v USING fts5(x)",
    "a generated column": "ALTER TABLE notes ADD COLUMN more TEXT AS (hex(zeroblob(900000000)))",
    "is not UTF-8": "UPDATE notes SET flds = CAST(x'4672fc6874' AS TEXT) WHERE id = 3",
    "more than 100,000 notes": "INSERT INTO notes SELECT 10 + i, 'h', 1, '', 'x' FROM"
    " (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000) SELECT i FROM n)",
}


def rows() -> dict[str, int]:
    models = [model for name in ("decks", "study") for model in apps.get_app_config(name).get_models()]
    return {model.__name__: model.objects.count() for model in models if model is not Transfer}  # type: ignore[attr-defined]


def refused(browser: Client, path: Path, words: str) -> None:
    """Hand a file in; fail unless the page says these words, and nothing else has changed."""
    before = rows()
    transfer = upload(browser, path.read_bytes(), path.name)
    assert transfer.state == "failed"
    shown = browser.get(f"/transfers/{transfer.pk}/").content.decode()
    assert "It could not be imported" in shown
    assert "Nothing was changed" in shown
    assert escape(words) in shown
    assert "Something went wrong here" not in shown
    again = browser.post(f"/transfers/{transfer.pk}/", {"do": "write", "title": "X", "deck": "", "skip": "on"})
    assert again.status_code == 422
    assert rows() == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a no zip", "is no Anki package"),
        (b"PK\x03\x04" + bytes(1000), "is cut off"),
        (b"PK\x05\x06" + bytes(18), "no collection in it"),
    ],
)
def test_no_package(data: bytes, words: str, browser: Client, tmp_path: Path) -> None:
    path = tmp_path / "cards.apkg"
    path.write_bytes(data)
    refused(browser, path, words)


def test_a_truncated_package_and_bombs_of_zstd(browser: Client, tmp_path: Path) -> None:
    with collection(tmp_path / "anki") as anki:
        add(anki, "Basic", "a", "b")
        write_form(anki, tmp_path / "good.apkg", "new")
    half = tmp_path / "half.apkg"
    data = (tmp_path / "good.apkg").read_bytes()
    half.write_bytes(data[: len(data) // 2])
    refused(browser, half, "is cut off")
    out = io.BytesIO()
    with zstandard.ZstdCompressor(level=1).stream_writer(out, closefd=False) as writer:
        writer.write(b"SQLite format 3\x00")
        for _ in range(600):
            writer.write(bytes(1 << 20))
    bomb = copy_with(tmp_path / "good.apkg", tmp_path / "bomb.apkg", {"collection.anki21b": out.getvalue()})
    refused(browser, bomb, "bigger than" if len(out.getvalue()) > 6_000_000 else "a zip bomb")


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "..\\evil", "C:\\evil"])
def test_names_that_lead_out(name: str, browser: Client, tmp_path: Path) -> None:
    path = packed(
        tmp_path / "x.apkg", {"collection.anki2": old_collection(tmp_path / "c"), "media": b"{}", name: b"x"}
    )
    refused(browser, path, "unsafe name")
    listed = json.dumps({"0": name}).encode()
    path = packed(tmp_path / "y.apkg", {"collection.anki2": tmp_path / "c", "media": listed, "0": b"x"})
    refused(browser, path, "unsafe name")
    assert not list(tmp_path.parent.glob("evil"))


def test_a_link_and_a_bomb(browser: Client, tmp_path: Path) -> None:
    path = packed(tmp_path / "x.apkg", {"collection.anki2": old_collection(tmp_path / "c"), "media": b"{}"})
    info = zipfile.ZipInfo("0")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    refused(browser, path, "is a link instead of a file")
    bomb = packed(tmp_path / "y.apkg", {"collection.anki2": b"SQLite format 3\x00" + bytes(60 << 20)})
    refused(browser, bomb, "a zip bomb")
    many = {str(number): b"" for number in range(31_000)}
    refused(browser, packed(tmp_path / "z.apkg", {"collection.anki2": b"", **many}), "more than 30,000 files")


@pytest.mark.parametrize("words", SQL)
def test_databases_that_run_or_never_end(words: str, browser: Client, tmp_path: Path) -> None:
    refused(browser, changed(tmp_path, lambda database: database.executescript(SQL[words])), words)


@pytest.mark.parametrize("change", [_self_reference, _zeros, _same_child])
def test_corrupt_pages(change: Callable[[bytearray], None], browser: Client, tmp_path: Path) -> None:
    data = bytearray(old_collection(tmp_path / "c", notes=3_000).read_bytes())
    change(data)
    path = packed(tmp_path / "x.apkg", {"collection.anki2": bytes(data), "media": b"{}"})
    refused(browser, path, "damaged")


PAYLOADS = [
    '<img src=x onerror="alert(1)">', "<b onclick=alert(1) onmouseover='x()'>b</b>", "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">a</a>', '<a href=" java&#10;script:alert(1)">a</a>',
    '<a href="data:text/html,<script>alert(1)</script>">a</a>', "[a](javascript:alert(1))", "![](javascript:alert(1))",
    '<p hx-get="/account/" hx-trigger="load" data-hx-post="/decks/">p</p>', '<div data-hx-on:load="x()">d</div>',
    '<form action="/account/delete/" method=post><input name=x autofocus><button formaction=/x>go</button></form>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>', "<object data=x></object><embed src=x>",
    '<div style="position:fixed;inset:0;z-index:9999">over all</div>', "<style>body{display:none}</style>s",
    "<script>alert(1)</script>after", '<meta http-equiv=refresh content="0;url=//evil.example">m',
    '<base href="//evil.example/">b', '<link rel=stylesheet href="//evil.example/x.css">l',
    '<p id="main" class="page" name="csrfmiddlewaretoken">clobbered</p>', "<math><mtext><style><img src=x onerror=y>",
    '<a href="//evil.example" target=_blank>out</a>', "</main></body><p>outside</p>", "<textarea></textarea><b>t</b>",
    '<img src="https://evil.example/track.png">', '<video autoplay src="https://evil.example/v.mp4"></video>',
    '<template><img src=x onerror=y></template>', "<details open ontoggle=alert(1)>d</details>",
    '<p contenteditable accesskey=x tabindex=1 is="x-y" slot=a part=b>p</p>',
    "\\(\\href{javascript:alert(1)}{x}\\)", "[latex]\\input{/etc/passwd}[/latex]", "$\\htmlData{x=y}{z}$",
]  # fmt: skip
FORBIDDEN = {
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "textarea", "select", "meta", "base",
    "link", "template", "foreignobject", "svg", "noscript", "frame", "frameset", "main", "body", "html",
}  # fmt: skip
LOADING = ("src", "href", "poster", "data", "action", "formaction", "srcset", "xlink:href", "background")


def harm_in(html: str) -> list[str]:
    """Return what in a card's HTML could run, load, send or get out of the card."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        assert isinstance(tag, Tag)
        if tag.name in FORBIDDEN:
            found.append(str(tag)[:80])
        for name, value in tag.attrs.items():
            text = "".join(str(value).split()).lower()
            leads = name in LOADING and (
                text.startswith(("javascript:", "data:", "vbscript:", "//")) and (name != "href" or text[0] != "/")
            )
            loads = name in {"src", "poster", "srcset", "data"} and text.startswith(("http", "//"))
            acts = name.startswith(("on", "hx-", "data-hx", "form")) or name in {"style", "srcdoc", "id", "autofocus"}
            if leads or loads or acts or name in {"contenteditable", "accesskey", "is", "slot", "autoplay", "action"}:
                found.append(f"{name}={value} in {str(tag)[:80]}")
    return found


def shown_cards(browser: Client, transfer: Transfer) -> list[str]:
    """Return the HTML of the cards on the page that shows a file before it is written."""
    page = BeautifulSoup(browser.get(f"/transfers/{transfer.pk}/").content.decode(), "html.parser")
    return [str(each.decode_contents()) for each in page.select(".transfer-card .card-content")]


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 8))
def test_harmful_html_is_made_harmless(start: int, browser: Client, tmp_path: Path) -> None:
    payloads = PAYLOADS[start : start + 8]

    def fill(database: sqlite3.Connection) -> None:
        for number, payload in enumerate(payloads, start=1):
            fields = f"Q {payload}\x1fA {payload}"
            database.execute("INSERT INTO notes VALUES (?, ?, 1, '', ?)", (100 + number, f"h{number}", fields))
            database.execute(
                "INSERT INTO cards SELECT 100 + ?, 100 + ?, did, 0, 0, 0, 0, 0, 0, 0, 0, '' FROM cards LIMIT 1",
                (number, number),
            )
        database.execute("DELETE FROM notes WHERE id < 100")
        database.execute("DELETE FROM cards WHERE id < 100")

    path = changed(tmp_path, fill)
    before = rows()
    transfer = upload(browser, path.read_bytes(), "harm.apkg")
    assert transfer.state == "ready", transfer.problems
    assert rows() == before
    assert transfer.found["notes"] == len(payloads)
    cards = shown_cards(browser, transfer)
    assert len(cards) >= 2 * len(payloads)
    for html in cards:
        assert harm_in(html) == []
    write(browser, transfer, title="Harm", skip="on")
    for card in Card.objects.all():
        assert harm_in(card.question_html + card.answer_html + card.explanation_html) == []
    deck = Deck.objects.get(owner__email="bob@example.org")
    for address in (f"/decks/{deck.slug}/notes/", f"/decks/{deck.slug}/print/"):
        page = browser.get(address).content.decode()
        assert "alert(1)</script>" not in page
        assert "onerror=" not in page.replace("onerror=&", "")


@pytest.mark.parametrize("name", ["x.json", "x.csv"])
def test_harmful_html_in_other_files_is_told_or_made_harmless(name: str, browser: Client) -> None:
    if name == "x.json":
        notes = [{"key": f"n{n}", "question": f"Q {text}", "answer": text} for n, text in enumerate(PAYLOADS)]
        content = json.dumps({"format": "flashcards-deck", "version": 1, "deck": {"title": "H"}, "notes": notes})
    else:
        lines = io.StringIO()
        csv.writer(lines).writerows([("question", "answer"), *((f"Q {text}", text) for text in PAYLOADS)])
        content = lines.getvalue()
    before = rows()
    transfer = upload(browser, content.encode(), name)
    assert transfer.state == "ready", transfer.problems
    assert rows() == before
    assert transfer.found["notes"] + transfer.found["left_out"] == len(PAYLOADS)
    cards = shown_cards(browser, transfer)
    assert len(cards) >= 20
    for html in cards:
        assert harm_in(html) == []
    write(browser, transfer, title="Harm", skip="on")
    assert Card.objects.exists()
    for card in Card.objects.all():
        assert harm_in(card.question_html + card.answer_html + card.explanation_html) == []


def test_a_drawing_with_a_script_and_files_that_are_no_pictures(browser: Client, tmp_path: Path) -> None:
    script = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)"><script>alert(1)</script>'
        b'<foreignObject><p>x</p></foreignObject><a href="javascript:alert(1)"><rect width="9" height="9"/></a></svg>'
    )
    files = {"bad.svg": script, "no.png": b"<html><script>alert(1)</script>", "x.html": b"<script>alert(1)</script>"}
    names = {str(number): name for number, name in enumerate(files)}
    fields = "".join(f'<img src="{name}" alt="{name}">' for name in files) + "\x1fA"

    def fill(database: sqlite3.Connection) -> None:
        database.execute("UPDATE notes SET flds = ? WHERE id = 1", (fields,))

    made = changed(tmp_path, fill)
    content = {number: files[name] for number, name in names.items()}
    path = copy_with(made, tmp_path / "y.apkg", {"media": json.dumps(names).encode(), **content})
    before = rows()
    transfer = upload(browser, path.read_bytes(), path.name)
    assert transfer.state == "ready", transfer.problems
    assert rows() == before
    page = browser.get(f"/transfers/{transfer.pk}/").content.decode()
    for name in ("no.png", "x.html"):
        assert f"“{name}” is left out" in page
    for number in range(transfer.found["media"]):
        spool = tmp_path / "transfers" / str(transfer.pk)
        (stored,) = spool.rglob("*.svg")
        answer = browser.get(f"/transfers/{transfer.pk}/media/{stored.name}")
        assert number == 0
        assert b"script" not in answer.content.lower()
        assert b"onload" not in answer.content
        assert b"foreignObject" not in answer.content
        assert "sandbox" in answer["Content-Security-Policy"]
    write(browser, transfer, title="Drawn")
    assert Note.objects.count() == 5
