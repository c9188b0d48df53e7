"""Addresses of studying."""

app_name = "study"
urlpatterns: list[object] = []
