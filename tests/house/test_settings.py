"""Settings refuse what is missing or wrong with a sentence, and are clean in production."""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.db import connection

from flashcards.lib.environment import database_config, mailer_config, secret_key, whole_number

BASE = Path("site").absolute()
CALM = {
    "DEBUG": "off",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "cards.example.org",
    "EMAIL_URL": "smtp+tls://post:secret@mail.example.org",
}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL", "VAR_DIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "always", "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=kept | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set."),
        ({"SECRET_KEY": "", "SECRET_KEY_FILE": "no/such/file"}, "SECRET_KEY_FILE names no/such/file"),
        ({"DATABASE_URL": "mysql://somewhere/x"}, "DATABASE_URL must begin with"),
        ({"WORKERS": "many"}, "WORKERS must be a whole number, 1 or more"),
        ({"EMAIL_URL": "pigeon://roof"}, "EMAIL_URL must be console:"),
        ({"LOG_LEVEL": "shout"}, "LOG_LEVEL must be"),
        ({"VAR_DIR": "manage.py/below"}, "can't be made"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(change: dict[str, str], sentence: str) -> None:
    done = manage("check", **CALM | change)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_production_settings_pass_the_deployment_checks() -> None:
    done = manage("check", "--deploy", "--fail-level", "INFO", **CALM)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr


def test_mail_that_nobody_would_get_is_warned_about() -> None:
    done = manage("check", "--deploy", **CALM | {"EMAIL_URL": "console:"})
    assert "lib.W002" in done.stderr


def test_debug_needs_nothing() -> None:
    assert manage("check").returncode == 0


def config(url: str) -> dict[str, Any]:
    return database_config(url, base=BASE, pool_size=4, timeout=15)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///var/x.sqlite3", str(BASE / "var" / "x.sqlite3")),
        ("sqlite:////srv/x.sqlite3", "/srv/x.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
    ],
)
def test_sqlite_addresses(url: str, name: str) -> None:
    assert config(url)["NAME"] == name


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_address_with_options_keeps_the_limits(scheme: str) -> None:
    found = config(f"{scheme}://ada:p%40ss@db.example.org:5433/cards?sslmode=require")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.org", 5433, "cards")
    assert found["PASSWORD"] == "p@ss"
    assert found["OPTIONS"]["sslmode"] == "require"
    assert "statement_timeout=15s" in found["OPTIONS"]["options"]
    assert found["OPTIONS"]["pool"]["max_size"] == 4


@pytest.mark.parametrize(
    "url",
    [
        "",
        "foo",
        "sqlite:/x",
        "sqlite://x/y",
        "postgres://",
        "postgres://host",
        "postgres://u:sec/ret@h:5432/d",
        "postgres://[::1",
    ],
)
def test_nonsense_addresses_are_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        config(url)
    assert "DATABASE_URL" in str(caught.value)
    assert "sec" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_mail_address() -> None:
    assert mailer_config("smtp+tls://post:p%40ss@mail.example.org")["OPTIONS"] == {
        "host": "mail.example.org",
        "port": 587,
        "timeout": 10,
        "use_tls": True,
        "use_ssl": False,
        "username": "post",
        "password": "p@ss",
    }


@pytest.mark.parametrize("url", ["", "smtp://", "smtp://host:no", "https://mail.example.org"])
def test_nonsense_mail_addresses_are_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mailer_config(url)


def test_mailer_settings_make_a_mailer(settings: Any) -> None:
    settings.MAILERS = {"default": mailer_config("smtp+ssl://mail.example.org")}
    assert isinstance(mailers.default, SmtpBackend)
    assert (mailers.default.port, mailers.default.use_ssl) == (465, True)


def test_secret_key_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file\n")
    assert secret_key(base=tmp_path, variables={"SECRET_KEY_FILE": "key"}) == "from the file"
    assert secret_key(base=tmp_path, variables={"SECRET_KEY_FILE": "key", "SECRET_KEY": "itself"}) == "itself"
    (tmp_path / "key").write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="empty"):
        secret_key(base=tmp_path, variables={"SECRET_KEY_FILE": "key"})


def test_whole_numbers() -> None:
    assert whole_number("N", default=3, variables={}) == 3
    assert whole_number("N", default=3, variables={"N": " 0 "}) == 0
    for text in ("-1", "1.5", "١", "x"):
        with pytest.raises(ImproperlyConfigured, match="N must be"):
            whole_number("N", default=3, variables={"N": text})


@pytest.mark.django_db
def test_connection_has_its_pragmas_or_limits() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,)
            cursor.execute("PRAGMA foreign_keys")
            assert cursor.fetchone() == (1,)
        else:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("15s",)
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("10s",)
