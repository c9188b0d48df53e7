"""Addresses of classes and their people. Included before study's, whose class pages share the beginning."""

from django.urls import path

from flashcards.classes import class_views, invite_views, join_views, member_views, roster_views

app_name = "classes"
urlpatterns = [
    path("classes/", class_views.class_list, name="list"),
    path("classes/new/", class_views.class_new, name="new"),
    path("classes/invitations/<int:pk>/accept/", class_views.accept, name="accept"),
    path("classes/<slug:slug>/settings/", class_views.class_settings, name="settings"),
    path("classes/<slug:slug>/members/", member_views.members, name="members"),
    path("classes/<slug:slug>/members/<int:pk>/", member_views.member, name="member"),
    path("classes/<slug:slug>/invite/", invite_views.invite, name="invite"),
    path("classes/<slug:slug>/qr.svg", invite_views.qr, name="qr"),
    path("classes/<slug:slug>/roster/", roster_views.roster, name="roster"),
    path("classes/<slug:slug>/leave/", member_views.leave, name="leave"),
    path("join/", join_views.join, name="join"),
    path("join/<str:code>/", join_views.join_code, name="join_code"),
    path("account/record/", class_views.record, name="record"),
]
