"""Addresses of material."""

from django.urls import path

from flashcards.decks import views

app_name = "decks"
urlpatterns = [
    path("decks/<slug:slug>/print/", views.print_page, name="print"),
    path("decks/<slug:slug>/print", views.print_page),  # people type it; a redirect to the same page helps nobody
]
