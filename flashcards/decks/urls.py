"""Addresses of material."""

from django.urls import path

from flashcards.decks import class_views, views

app_name = "decks"
urlpatterns = [
    path("classes/<slug:slug>/decks/", class_views.class_decks, name="class_decks"),
    path("decks/<slug:slug>/print/", views.print_page, name="print"),
    path("decks/<slug:slug>/print", views.print_page),  # people type it; a redirect to the same page helps nobody
]
