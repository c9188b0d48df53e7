"""What may never be in the repository."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from flashcards.lib.math_font import FONT

ROOT: Path = settings.BASE_DIR
FONTS_AND_BUILDS = {
    ".woff", ".woff2", ".ttf", ".otf", ".eot", ".map", ".pyc", ".whl", ".zip", ".gz", ".br", ".sqlite3", ".db", ".pem",
}  # fmt: skip
LINE_OF_A_MINIFIED_FILE = 1000
LARGEST = 1_000_000

# Written in pieces, so that this file passes its own test.
HOME_FOLDERS = "|".join(["ro" + "ot", "wo" + "rk", "home/[a-z]", "Users/[A-Z]", "opt/[a-z]"])
MACHINE_PATH = re.compile(rf"(?<![\w.:)/}}>-])/(?:{HOME_FOLDERS}|t" + r"mp)(?:/|\b(?=\s*$))")
REGISTRY = re.compile(
    "|".join([r"py" + r"pi\.(?:org|python)", r"files\.python" + "hosted", r"registry\." + "npm", "--index" + "-url"])
)
SECRET = re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----")


def tracked() -> Iterator[Path]:
    """Every file that is in the repository or would be after `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return (ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_fonts_builds_or_large_files() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in FONTS_AND_BUILDS or ".min." in path.name or path.stat().st_size > LARGEST
    ]
    assert wrong == []


def test_scripts_and_styles_are_written_by_hand() -> None:
    wrong = [
        str(path)
        for path, text in texts()
        if path.suffix in {".js", ".css", ".html"}
        and any(len(line) > LINE_OF_A_MINIFIED_FILE for line in text.splitlines())
    ]
    assert wrong == []


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE_PATH, SECRET], ids=["registry", "machine path", "secret"])
def test_no_text_names_a_registry_a_machines_paths_or_a_secret(pattern: re.Pattern[str]) -> None:
    wrong = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]
    assert wrong == []


def test_the_patterns_find_what_they_are_for() -> None:
    assert MACHINE_PATH.search("see /" + "work/main")
    assert MACHINE_PATH.search('"/' + "tmp/x")
    assert not MACHINE_PATH.search("https://example.org/tmp/x")
    assert REGISTRY.search("https://py" + "pi.org/simple")


def test_every_package_is_pinned_by_hash() -> None:
    for name in ("run", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        packages = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
        assert len(packages) > 10
        assert [entry for entry in packages if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.django_db
def test_the_models_have_their_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_static_file_that_a_template_names_is_there() -> None:
    # With hashed names, one that is missing is an error 500 in production, and only there.
    named = {
        (path, name)
        for path, text in texts()
        if path.suffix == ".html"
        for name in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", text)
    }
    generated = {str(FONT)}
    assert sorted((str(path), name) for path, name in named if not finders.find(name) and name not in generated) == []
