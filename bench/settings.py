"""The project's settings, with the bare view and its tables beside it: same server, middleware and database."""

from flashcards.settings import *  # noqa: F403
from flashcards.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*PROJECT_APPS, "bench"]
ROOT_URLCONF = "bench.urls"
