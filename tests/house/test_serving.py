"""The server comes up, answers, and goes when it is told to."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def ask(port: int) -> int:
    """Return the status of /healthz, waiting until somebody answers."""
    for _ in range(200):
        asking = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asking.request("GET", "/healthz")
            return asking.getresponse().status
        except ConnectionError:
            time.sleep(0.1)
        finally:
            asking.close()
    return 0


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("time_", [1, 2, 3])  # what this is about went well every third time
def test_ctrl_c_and_sigterm_stop_every_process_at_once(
    time_: int, told: signal.Signals, port: int, tmp_path: Path
) -> None:
    environment = os.environ | {
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "DEBUG": "off",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert ask(port) == 503  # nothing has been migrated
        os.killpg(server.pid, told)
        said, _ = server.communicate(timeout=8)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    assert server.returncode == 0
    assert f"http://127.0.0.1:{port}/" in said
    assert len(said.splitlines()) == 3
