"""Files on their way in and out: each test has a folder of its own for them. Bob imports, Charlie must see nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from flashcards.accounts.models import User
from flashcards.decks.models import Transfer

TEXT = b"""---
deck: rivers
title: Rivers
language: en
---

About rivers.

# Europe {#europe}

## longest
tags: long, east

Which river is the longest in Europe?

---

The Volga.

## capitals
kind: cloze

The {{c1::Danube}} flows through {{c2::Vienna}}.

# Africa {#africa}

## nile

Where does the Nile end?

---

In the Mediterranean.
"""


@pytest.fixture(autouse=True)
def var_folder(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


@pytest.fixture
def browser(client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def upload(browser: Client, content: bytes, name: str = "rivers.md", *, into: str = "") -> Transfer:
    """Hand in a file and return what became of it."""
    address = f"/decks/import/?deck={into}" if into else "/decks/import/"
    answer = browser.post(address, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return Transfer.objects.get(pk=answer["Location"].split("/")[2])


def write(browser: Client, transfer: Transfer, **choices: str) -> Transfer:
    """Say that what was read is to be imported, and return the transfer as it is then."""
    answer = browser.post(f"/transfers/{transfer.pk}/", {"do": "write", "title": "Rivers", "deck": "", **choices})
    assert answer.status_code == 302, answer.content.decode()
    transfer.refresh_from_db()
    return transfer
