"""Addresses of this room."""

from django.urls import path

from khet.core.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="list"),
    path("export/", views.export, name="export"),
]
