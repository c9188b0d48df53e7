"""Every address of the site; with `settings` the one place that knows all floors."""

from django.contrib import admin
from django.urls import include, path

from flashcards.lib.health import health

urlpatterns = [
    path("healthz", health),
    path("", include("flashcards.accounts.urls")),  # first: it stands in front of some of the next two's
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("", include("flashcards.study.urls")),
]
