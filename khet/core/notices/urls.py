"""Addresses of notices."""

from django.urls import path

from khet.core.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.overview, name="list"),
    path("<int:pk>/read/", views.read, name="read"),
    path("channel/", views.channel, name="channel"),
]
