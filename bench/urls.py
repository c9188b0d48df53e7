"""The site's addresses and the bare view's."""

from django.urls import include, path

from bench import bare

urlpatterns = [
    path("bare/", bare.page, name="bare_page"),
    path("bare/answer/", bare.answer, name="bare_answer"),
    path("", include("flashcards.urls")),
]
