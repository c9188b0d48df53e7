"""Every address of the site; with `settings` the one place that knows all floors."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("", include("flashcards.study.urls")),
]
