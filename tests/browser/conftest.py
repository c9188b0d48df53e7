"""The site as it is served, on a database of its own, and a Chromium that complains about every error on a page."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import environ
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .decks import DECKS

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PATIENCE_SECONDS = 60

NewPage = Callable[..., Page]


def database_url(folder: Path, worker: str) -> str:
    """Return an empty database beside the one that is tested: a SQLite file, or a PostgreSQL database made anew."""
    if "DATABASE_URL" not in os.environ or os.environ["DATABASE_URL"].startswith("sqlite"):
        return f"sqlite:///{folder / 'browser.sqlite3'}"
    url = os.environ["DATABASE_URL"]
    server = environ.Env.db_url_config(url)
    name = f"{server['NAME']}_browser_{worker}"
    with psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{url.rsplit('/', 1)[0]}/{name}"


@pytest.fixture(scope="session")
def site_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a site in production settings, prepared with the built-in deck and `DECKS`."""
    folder = tmp_path_factory.mktemp("site")
    environment = os.environ | {
        "VAR_DIR": str(folder),
        "DATABASE_URL": database_url(folder, os.environ.get("PYTEST_XDIST_WORKER", "alone")),
        "DEBUG": "off",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "off",
        "EMAIL_URL": "consolemail://",
        "WORKERS": "2",
    }
    manage = partial(subprocess.run, cwd=ROOT, env=environment, check=True)
    manage([sys.executable, "manage.py", "prepare"])
    for name, text in DECKS.items():
        (folder / name).write_text(text, encoding="utf-8")
        manage([sys.executable, "manage.py", "import_deck", str(folder / name)])
    return environment


@pytest.fixture(scope="session")
def site(site_environment: dict[str, str], chromium: str) -> Iterator[str]:
    """Serve the site and return its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=site_environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_well(server, address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_until_well(server: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            urlopen(f"{address}/healthz", timeout=5).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("the site did not come up")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Run a Chromium while a module's tests last."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def console() -> list[str]:
    """Return the errors and warnings that the test's pages wrote to their console."""
    return []


@pytest.fixture
def browser_errors_allowed(console: list[str]) -> Iterator[None]:
    """Let a test cut connections or send what is refused: Chromium writes both to the console."""
    yield
    console[:] = [said for said in console if "Failed to load resource" not in said and "htmx:" not in said]


@pytest.fixture
def new_page(browser: Browser, site: str, console: list[str]) -> Iterator[NewPage]:
    """Return a function that opens a page of a fresh visitor; after the test nothing may stand in its console."""
    contexts: list[BrowserContext] = []
    errors = console

    def listen(page: Page) -> None:
        page.on("console", lambda said: errors.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: errors.append(str(error)))

    def open_page(**options: object) -> Page:
        context = browser.new_context(**{"base_url": site, "timezone_id": "Europe/Berlin", **options})  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        context.on("page", listen)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """Return a page of a fresh visitor on a laptop."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def run_command(site_environment: dict[str, str]) -> Callable[..., str]:
    """Return a function that runs `manage.py` for the site and returns what it printed."""

    def run(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=site_environment, check=True, capture_output=True, text=True)
        return done.stdout

    return run
