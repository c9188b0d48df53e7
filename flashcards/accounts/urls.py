"""Addresses about oneself. Included before allauth's, some of whose views these stand in front of."""

from django.urls import path

from flashcards.accounts import views

app_name = "accounts"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/time-zone/", views.time_zone, name="time_zone"),
    path("account/", views.account, name="account"),
    path("account/data.json", views.export, name="export"),
    path("account/delete/", views.delete, name="delete"),
    path("account/goodbye/", views.goodbye, name="goodbye"),
    path("account/login/", views.sign_in),
    path("account/signup/", views.sign_up),
    path("account/email/", views.change_email),
    path("account/password/change/", views.change_password),
    path("account/password/set/", views.set_password),
    path("account/reauthenticate/", views.reauthenticate),
    path("admin/login/", views.admin_sign_in),
]
