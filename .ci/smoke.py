"""`make run` from this clone, on the port in the first argument, with a folder of its own for the database.

It must come up, be well, show its first page with its styles and font, and find nothing to do on a second start.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from email.message import Message
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE_SECONDS = 300
PORT = sys.argv[1]
SITE = f"http://127.0.0.1:{PORT}"
ONCE = ("Database:", "Built-in deck:", "Administrator:", "Math font:", "Static files:")


def fetch(path: str) -> tuple[str, Message]:
    """Return the text and the headers of a page that must answer 200."""
    with urlopen(SITE + path, timeout=10) as answer:
        return answer.read().decode(errors="replace"), answer.headers


def wait_until_well(server: subprocess.Popen[str]) -> None:
    """Return when /healthz answers 200; give up when the server ends or after PATIENCE_SECONDS."""
    end = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            fetch("/healthz")
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The site did not come up.")


def look_around() -> None:
    """Look at the first page and at every static file it names."""
    page, headers = fetch("/")
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert files, "the first page has no static files"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    for name in files:
        _, headers = fetch(name)
        assert "immutable" in headers["Cache-Control"], f"{name} may not be kept for ever"


def run(folder: str) -> str:
    """Start the site, look around, stop it as Ctrl-C does, and return what it said."""
    log = Path(folder) / "log"
    began = time.monotonic()
    with log.open("w") as output:
        server = subprocess.Popen(
            ["make", "run", f"PORT={PORT}"],
            env=os.environ | {"VAR_DIR": folder},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            wait_until_well(server)
            print(f"up after {time.monotonic() - began:.1f} s")
            look_around()
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGINT)
            server.wait(timeout=30)
            said = log.read_text()
            print(said)
    return said


def main() -> None:
    """Start twice: the first time everything is made, the second time nothing."""
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as folder:
        first, second = run(folder), run(folder)
        verified = [sys.executable, "manage.py", "verify"]
        subprocess.run(verified, env=os.environ | {"VAR_DIR": folder}, check=True)
    assert all(word in first for word in ONCE), "the first start left something out"
    assert not any(word in second for word in ONCE), "the second start did something again"
    assert "Traceback" not in first + second


if __name__ == "__main__":
    main()
