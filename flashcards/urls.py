"""Every address of the site; with `settings` the one place that knows all floors."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from flashcards.lib.health import health

# Browsers ask for it on pages that name no icon, such as the admin's; the hashed name is known only once served.
icon = lazy(static, str)("icons/icon.svg")

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=icon)),
    path("healthz", health),
    path("", include("flashcards.accounts.urls")),  # first: it stands in front of some of the next two's
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("", include("flashcards.classes.urls")),  # before study's: classes/new/ is no class
    path("", include("flashcards.decks.urls")),
    path("", include("flashcards.study.urls")),
]
