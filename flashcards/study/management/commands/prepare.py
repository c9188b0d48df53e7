"""`manage.py prepare`: everything the site needs before it can be served; the second time it finds nothing to do."""

import hashlib
import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from flashcards.decks.models import Deck

BUILT_IN_DECK = settings.BASE_DIR / "fixtures" / "deep-learning.md"


class Command(BaseCommand):
    """Brings database, built-in deck, administrator, font and static files to where this version needs them."""

    help = "Prepare database, built-in deck, administrator, math font and static files. Safe to run again."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the administrator's address."""
        parser.add_argument("--email", default="admin@localhost", help="the administrator's address (admin@localhost)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what has not been done yet, with a line for each."""
        try:
            self.migrate()
            call_command("createcachetable", verbosity=0)
            self.import_deck()
            call_command("administrator", email=options["email"], stdout=self.stdout)
        except Error as error:
            raise CommandError(f"The database {database_name()} can't be used: {error}".strip()) from error
        call_command("math_font", stdout=self.stdout)
        call_command("draw_figures", stdout=self.stdout)
        self.collect_static_files()

    def migrate(self) -> None:
        """Apply the migrations that the database lacks."""
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            call_command("migrate", verbosity=0, interactive=False)
            self.stdout.write(f"Database: {len(pending)} migrations applied to {database_name()}.")

    def import_deck(self) -> None:
        """Import the built-in deck unless this database has had this very file already.

        So what an editor changed in the admin stays until the file itself changes.
        """
        mark = Mark("deck", connection.settings_dict["HOST"], connection.settings_dict["NAME"])
        state = hashlib.sha256(BUILT_IN_DECK.read_bytes()).hexdigest()
        if mark.says(state) and Deck.objects.filter(owner=None).exists():
            return
        report = StringIO()
        call_command("import_deck", str(BUILT_IN_DECK), json=True, stdout=report)
        counts = json.loads(report.getvalue())
        self.stdout.write(f"Built-in deck: {counts['notes']} notes, {counts['cards']} cards.")
        mark.set(state)

    def collect_static_files(self) -> None:
        """Gather the static files, compressed and under hashed names, if any has changed; with DEBUG on do nothing."""
        if settings.DEBUG:
            return
        mark = Mark("static", str(settings.STATIC_ROOT))
        state = static_state()
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if mark.says(state) and manifest.exists():
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("Static files: gathered and compressed.")
        mark.set(state)


class Mark:
    """A note in `var/prepared/` of the state in which something was last prepared; losing it costs only time."""

    def __init__(self, subject: str, *place: str) -> None:
        digest = hashlib.sha256("\n".join(place).encode()).hexdigest()[:12]
        self.path = settings.VAR_DIR / "prepared" / f"{subject}-{digest}"

    def says(self, state: str) -> bool:
        """Say whether `state` is the one noted."""
        return self.path.exists() and self.path.read_text(encoding="ascii") == state

    def set(self, state: str) -> None:
        """Note `state`."""
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(state, encoding="ascii")


def database_name() -> str:
    """Return what people call the database: its file, or its name and host; never a password."""
    name, host = connection.settings_dict["NAME"], connection.settings_dict["HOST"]
    return f"{name} on {host}" if host else str(name)


def static_state() -> str:
    """Return a digest of every static file's name, size and time of change."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
