"""Addresses of studying."""

from django.urls import path

from flashcards.study import (
    assignment_views,
    card_views,
    class_views,
    deck_views,
    health_views,
    history_views,
    home_views,
    option_views,
    views,
)

app_name = "study"
urlpatterns = [
    path("", home_views.home, name="home"),
    path("decks/<slug:slug>/", deck_views.deck_page, name="deck"),
    path("decks/<slug:slug>/options/", option_views.deck_options, name="deck_options"),
    path("decks/<slug:slug>/health/", health_views.health, name="health"),
    path("decks/<slug:slug>/health/<int:pk>/", health_views.health_card, name="health_card"),
    path("try/", views.try_it, name="try"),
    path("study/<slug:slug>/", views.session_page, name="session"),
    path("study/session/<int:pk>/answer/", views.answer, name="answer"),
    path("study/session/<int:pk>/give/", views.give, name="give"),
    path("study/session/<int:pk>/undo/", views.undo, name="undo"),
    path("study/session/<int:pk>/suspend/", views.suspend, name="suspend"),
    path("study/session/<int:pk>/bury/", views.bury, name="bury"),
    path("study/session/<int:pk>/star/", views.star, name="star"),
    path("study/session/<int:pk>/more/", views.more_new, name="more_new"),
    path("study/session/<int:pk>/ahead/", views.learn_ahead, name="learn_ahead"),
    path("cards/<int:pk>/", card_views.card_page, name="card"),
    path("cards/<int:pk>/mark/", card_views.card_mark, name="card_mark"),
    path("history/", history_views.history_page, name="history"),
    path("history.csv", history_views.history_csv, name="history_csv"),
    path("classes/<slug:slug>/assignments/", assignment_views.assignment_list, name="assignments"),
    path("classes/<slug:slug>/assignments/new/", assignment_views.assignment_new, name="assignment_new"),
    path("classes/<slug:slug>/assignments/<int:pk>/", assignment_views.assignment_page, name="assignment"),
    path("assignments/<int:pk>/budget/", assignment_views.budget, name="budget"),
    path("classes/<slug:slug>/", class_views.class_page, name="class"),
    path("classes/<slug:slug>/students/<int:pk>/", class_views.class_student, name="class_student"),
    path("classes/<slug:slug>/cards/<int:pk>/show/", class_views.class_show, name="class_show"),
    path("classes/<slug:slug>/gradebook.csv", class_views.gradebook_csv, name="gradebook_csv"),
    path("classes/<slug:slug>/gradebook.xlsx", class_views.gradebook_xlsx, name="gradebook_xlsx"),
]
