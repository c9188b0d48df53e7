"""What every test shares; a floor's own fixtures stand in its folder."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])), None
)
IN_CI = bool(os.environ.get("CI"))
NO_CHROMIUM = "no Chromium was found: install it, or name it in CHROMIUM"


MEDIA = tempfile.TemporaryDirectory(prefix="flashcards-media-")


def pytest_configure() -> None:
    """Hash passwords quickly: what is tested is never how slow that is. Keep media apart from the computer's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = Path(MEDIA.name)


def pytest_unconfigure() -> None:
    """Remove the media that tests stored."""
    MEDIA.cleanup()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what drives a browser where there is none; in CI it runs and fails."""
    if CHROMIUM or IN_CI:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


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
