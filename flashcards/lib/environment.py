"""What the environment says, turned into what Django wants; what is wrong is refused with a sentence.

No sentence repeats a password: they end up in logs.
"""

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

CONSOLE_MAIL = "django.core.mail.backends.console.EmailBackend"
SMTP_MAIL = "django.core.mail.backends.smtp.EmailBackend"
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}

TASKS_BACKENDS = {
    "immediate": "django.tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.DatabaseBackend",
}

SQLITE_OPTIONS = {
    # A deferred transaction that turns into a writer fails at once when another writes. The price: an atomic block
    # takes the write lock even if it only reads, so reads do without `atomic`.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
}


def whole_number(name: str, *, default: int, least: int = 0, variables: Mapping[str, str] = os.environ) -> int:
    """Return the variable `name` as a whole number, `default` where it is unset or empty.

    Raises ImproperlyConfigured if it is no number or below `least`.
    """
    text = variables.get(name, "").strip() or str(default)
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number, {least} or more; it is “{text}”.")
    return int(text)


def log_level(variables: Mapping[str, str] = os.environ) -> str:
    """Return LOG_LEVEL in capitals, INFO where it is unset. Raises ImproperlyConfigured if there is no such level."""
    level = (variables.get("LOG_LEVEL") or "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise ImproperlyConfigured("LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return level


def secret_key(*, base: Path, variables: Mapping[str, str] = os.environ) -> str:
    """Return SECRET_KEY, or what the file named by SECRET_KEY_FILE holds, or "" if neither is set.

    A relative file name counts from `base`. Raises ImproperlyConfigured if that file can't be read or is empty.
    """
    if variables.get("SECRET_KEY"):
        return variables["SECRET_KEY"]
    name = variables.get("SECRET_KEY_FILE")
    if not name:
        return ""
    try:
        key = (base / name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"SECRET_KEY_FILE names {name}, which can't be read.") from error
    if not key:
        raise ImproperlyConfigured(f"SECRET_KEY_FILE names {name}, which is empty.")
    return key


def writable_folder(path: Path) -> Path:
    """Return `path` as a folder that exists, making it if need be. Raises ImproperlyConfigured if it can't be made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} can't be made ({error.strerror}). Give yourself the right to write there, or name another "
            "folder in VAR_DIR."
        ) from error
    return path


def database_config(url: str, *, base: Path, pool_size: int, timeout: int) -> dict[str, Any]:
    """Return Django's settings for the database at `url`.

    A relative SQLite path counts from `base`. `pool_size` is how many PostgreSQL connections a server process keeps,
    `timeout` how many seconds one statement may take there (0: as long as it likes). Raises ImproperlyConfigured.
    """
    scheme = url.partition("://")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with sqlite:/// or postgres://, such as sqlite:///var/flashcards.sqlite3 "
            "or postgres://user:password@host:5432/flashcards."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            config: dict[str, Any] = environ.Env.db_url_config(url)
    except (ValueError, UserWarning):
        raise ImproperlyConfigured(
            "DATABASE_URL can't be read: a host, a port or a slash is wrong. An SQLite file takes three slashes "
            "before a path from the project's folder, four before one from the root. In a password, write @ : / ? # "
            "as %40 %3A %2F %3F %23."
        ) from None  # the cause quotes a part of the address, maybe of the password
    if not config["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database: postgres://user:password@host:5432/flashcards.")
    if scheme == "sqlite":
        if config["NAME"] != ":memory:":
            config["NAME"] = str(base / config["NAME"])
        return config | {"OPTIONS": SQLITE_OPTIONS | config.get("OPTIONS", {}), "CONN_MAX_AGE": None}
    limits = f"-c statement_timeout={timeout}s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s"
    options = {
        "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10},
        "connect_timeout": 5,
        "options": limits,
    }
    # The pool keeps connections, so Django itself must not; one that died with its server is not handed out.
    keeping = {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    return config | keeping | {"OPTIONS": options | config.get("OPTIONS", {})}


def tasks_backend(name: str) -> str:
    """Return the class that does background work: `immediate` within the request, `database` by a worker.

    Raises ImproperlyConfigured for any other name.
    """
    if name not in TASKS_BACKENDS:
        raise ImproperlyConfigured(f"TASKS_BACKEND must be immediate or database; it is “{name}”.")
    return TASKS_BACKENDS[name]


def mailer_config(url: str) -> dict[str, Any]:
    """Return Django's settings for sending mail by `url`.

    `console:` prints it; smtp://, smtp+tls:// and smtp+ssl:// send it. Raises ImproperlyConfigured.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    scheme = url.partition(":")[0]
    if scheme in {"console", "consolemail"}:  # the latter as in django-environ
        return {"BACKEND": CONSOLE_MAIL}
    if scheme not in SMTP_PORTS or not host:
        raise ImproperlyConfigured(
            "EMAIL_URL must be console: or begin with smtp://, smtp+tls:// or smtp+ssl://, such as "
            "smtp+tls://user:password@mail.example.org:587."
        )
    options: dict[str, Any] = {"host": host, "port": port or SMTP_PORTS[scheme], "timeout": 10}
    options |= {"use_tls": scheme == "smtp+tls", "use_ssl": scheme == "smtp+ssl"}
    if parts.username:
        options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return {"BACKEND": SMTP_MAIL, "OPTIONS": options}
