"""Addresses of this room."""

from django.urls import path

from khet.web.patterns import views

app_name = "patterns"
urlpatterns = [
    path("", views.overview, name="list"),
    path("lessons/", views.lessons, name="lessons"),
    path("<slug:family>/", views.pattern, name="pattern"),
    path("<slug:family>/map/", views.by_school, name="map"),
    path("<slug:family>/map.json", views.map_data, name="map_data"),
]
