"""Addresses of material."""

from django.urls import path

from flashcards.decks import class_views, suggestion_views, views

app_name = "decks"
urlpatterns = [
    path("classes/<slug:slug>/decks/", class_views.class_decks, name="class_decks"),
    path("cards/<int:pk>/suggest/", suggestion_views.suggest, name="suggest"),
    path("suggestions/", suggestion_views.my_suggestions, name="my_suggestions"),
    path("decks/<slug:slug>/suggestions/", suggestion_views.suggestions, name="suggestions"),
    path("decks/<slug:slug>/suggestions/<int:pk>/", suggestion_views.suggestion, name="suggestion"),
    path("decks/<slug:slug>/print/", views.print_page, name="print"),
    path("decks/<slug:slug>/print", views.print_page),  # people type it; a redirect to the same page helps nobody
]
