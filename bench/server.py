"""A site of one's own: a database, its rows, and granian in front, as in production; all gone afterwards."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any
from urllib.request import urlopen

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
VAR_DIR = ROOT / os.environ.get("VAR_DIR", "var") / "bench"
POSTGRESQL = os.environ.get("BENCH_POSTGRESQL_URL", "postgres://root@127.0.0.1:5432")
SQLITE, POSTGRES = "sqlite", "postgresql"
START_SECONDS = 30
ASSETS_MADE = Event()


class Trouble(Exception):
    """Something that is measured could not be set up or run; `str()` says what."""


@dataclass(frozen=True, slots=True)
class Site:
    """Settings of one site, as environment variables, and what its material is."""

    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command of this site and return what it prints. Raises Trouble."""
        done = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Trouble(f"manage.py {arguments[0]} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def ask(self, *arguments: str) -> Any:
        """Run a management command that prints JSON and return its value. Raises Trouble."""
        return json.loads(self.manage(*arguments))


@contextmanager
def site(kind: str, name: str) -> Iterator[Site]:
    """Give a site with an empty, migrated database of `kind`; the database goes when the block ends.

    Raises Trouble, for example when there is no PostgreSQL.
    """
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    with database(kind, name) as url:
        made = Site(
            {
                **os.environ,
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "bench.settings",
                "VAR_DIR": str(VAR_DIR),
                "SECRET_KEY": secrets.token_urlsafe(48),
                "DEBUG": "off",
                "ALLOWED_HOSTS": "127.0.0.1",
                "SECURE_SSL_REDIRECT": "off",
                "LOG_LEVEL": "WARNING",
            }
        )
        made.manage("migrate", "--verbosity=0")
        made.manage("migrate", "--run-syncdb", "--verbosity=0")  # our own tables, once those they refer to are there
        made.manage("createcachetable", "--verbosity=0")
        make_assets(made)
        yield made


def make_assets(made: Site) -> None:
    """Make the math font and gather the static files, once in this process for all sites."""
    if not ASSETS_MADE.is_set():
        made.manage("math_font")
        made.manage("draw_figures")
        made.manage("collectstatic", "--no-input", "--verbosity=0")
        ASSETS_MADE.set()


@contextmanager
def database(kind: str, name: str) -> Iterator[str]:
    """Give the address of a new, empty database."""
    if kind == SQLITE:
        # In the project's own folder: a temporary one may be memory, where a commit costs nothing.
        folder = tempfile.mkdtemp(dir=VAR_DIR)
        try:
            yield f"sqlite:///{folder}/{name}.sqlite3"
        finally:
            shutil.rmtree(folder)
        return
    own = f"bench_flashcards_{name}_{os.getpid()}"  # of this run alone: another may be under way
    identifier = sql.Identifier(own)
    try:
        server = psycopg.connect(f"{POSTGRESQL}/postgres", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise Trouble(f"PostgreSQL can't be reached ({error}); BENCH_POSTGRESQL_URL says where it is.") from error
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        try:
            yield f"{POSTGRESQL}/{own}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@contextmanager
def serving(made: Site, workers: int) -> Iterator[int]:
    """Serve the site as `manage.py serve` does, with `workers` processes; give its port. Raises Trouble."""
    port = free_port()
    with tempfile.TemporaryFile() as output:
        server = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=made.environment | {"WORKERS": str(workers)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            if not answers(f"http://127.0.0.1:{port}/healthz", server):
                output.seek(0)
                raise Trouble(f"The server did not start: {output.read().decode()}")
            yield port
        finally:
            server.terminate()
            server.wait()


def answers(address: str, server: "subprocess.Popen[bytes]") -> bool:
    """Wait until the server answers at `address`; False if it ended or took too long."""
    end = monotonic() + START_SECONDS
    while monotonic() < end and server.poll() is None:
        try:
            with urlopen(address, timeout=5) as reply:  # noqa: S310 - our own address
                return bool(reply.status == 200)
        except OSError:
            sleep(0.1)
    return False


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
