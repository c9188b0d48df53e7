"""What every test shares; a floor's own fixtures stand in its folder."""

import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import SimpleTestCase

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])), None
)
IN_CI = bool(os.environ.get("CI"))
NO_CHROMIUM = "no Chromium was found: install it, or name it in CHROMIUM"


MEDIA = tempfile.TemporaryDirectory(prefix="flashcards-media-")


def pytest_configure() -> None:
    """Hash passwords quickly: what is tested is never how slow that is. Keep media apart from the computer's own."""
    # No test fails by the clock: this computer may be busy.
    hypothesis.settings.register_profile("house", deadline=None)
    hypothesis.settings.load_profile("house")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = Path(MEDIA.name)


def pytest_unconfigure() -> None:
    """Remove the media that tests stored."""
    MEDIA.cleanup()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what drives a browser where there is none; in CI it runs and fails.

    What touches no database says the same on each, so it runs where the usual one is tested, on SQLite.
    """
    if not (CHROMIUM or IN_CI):
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
    if connection.vendor != "sqlite":
        once = [item for item in items if not _touches_a_database(item)]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if _touches_a_database(item)]


def _touches_a_database(item: pytest.Item) -> bool:
    """Return whether a test has a database, by a mark, a fixture or its class, or is about the project as a whole."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "browser"))
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    of_django = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return marked or bool(fixtures) or of_django or "house" in item.path.parts


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in a line of its own that the browser's tests were skipped."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_CHROMIUM in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests were skipped: {NO_CHROMIUM}.", yellow=True)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the Chromium to drive."""
    if CHROMIUM is None:
        pytest.fail(NO_CHROMIUM)
    return CHROMIUM
