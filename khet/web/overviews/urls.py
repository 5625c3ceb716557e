"""Addresses of this room."""

from django.urls import path

from khet.web.overviews import views

app_name = "overviews"
urlpatterns = [
    path("", views.overview, name="all"),
    path("lists/<slug:id>/", views.table, name="table"),
    path("equity/<slug:id>/", views.equity, name="equity"),
]
