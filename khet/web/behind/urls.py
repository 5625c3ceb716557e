"""Addresses of this room. A school stands in them, never a child."""

from django.urls import path

from khet.web.behind import views

app_name = "behind"
urlpatterns = [
    path("", views.places, name="places"),
    path("<str:code>/", views.school, name="school"),
    path("<str:code>/open/", views.open_school, name="open"),
    path("<str:code>/join/", views.join, name="join"),
]
