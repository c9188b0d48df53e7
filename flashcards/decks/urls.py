"""Addresses of material."""

from django.urls import path

from flashcards.decks import (
    bulk_views,
    change_views,
    class_views,
    deck_edit_views,
    export_views,
    import_views,
    media_views,
    note_views,
    suggestion_views,
    transfer_views,
    version_views,
    views,
)

app_name = "decks"
urlpatterns = [
    path("classes/<slug:slug>/decks/", class_views.class_decks, name="class_decks"),
    path("cards/<int:pk>/suggest/", suggestion_views.suggest, name="suggest"),
    path("suggestions/", suggestion_views.my_suggestions, name="my_suggestions"),
    path("decks/<slug:slug>/suggestions/", suggestion_views.suggestions, name="suggestions"),
    path("decks/<slug:slug>/suggestions/<int:pk>/", suggestion_views.suggestion, name="suggestion"),
    path("decks/import/", import_views.import_page, name="import"),
    path("decks/<slug:slug>/export/", export_views.export_page, name="export"),
    path("decks/<slug:slug>/bulk/", bulk_views.bulk, name="bulk"),
    path("decks/<slug:slug>/duplicates/", bulk_views.duplicates, name="duplicates"),
    path("decks/<slug:slug>/changes/", change_views.change_list, name="changes"),
    path("media/", media_views.upload, name="media_upload"),
    path("media/<slug:digest>.<slug:extension>", media_views.media, name="media"),
    path("transfers/<uuid:pk>/", transfer_views.transfer_page, name="transfer"),
    path("transfers/<uuid:pk>/file/", transfer_views.transfer_file, name="transfer_file"),
    path("transfers/<uuid:pk>/media/<str:name>", transfer_views.transfer_media, name="transfer_media"),
    path("decks/new/", deck_edit_views.deck_new, name="new"),
    path("decks/<slug:slug>/settings/", deck_edit_views.deck_settings, name="settings"),
    path("decks/<slug:slug>/topics/", deck_edit_views.topic_list, name="topics"),
    path("decks/<slug:slug>/delete/", deck_edit_views.deck_delete, name="delete"),
    path("decks/<slug:slug>/notes/", note_views.note_list, name="notes"),
    path("decks/<slug:slug>/notes/new/", note_views.note_new, name="note_new"),
    path("decks/<slug:slug>/notes/preview/", note_views.note_preview, name="note_preview"),
    path("decks/<slug:slug>/notes/<int:pk>/", note_views.note_page, name="note"),
    path("decks/<slug:slug>/notes/<int:pk>/history/", version_views.note_history, name="note_history"),
    path("decks/<slug:slug>/print/", views.print_page, name="print"),
    path("decks/<slug:slug>/print", views.print_page),  # people type it; a redirect to the same page helps nobody
]
