"""Addresses of this room. A school, a grade and a room stand in them, never a child."""

from django.urls import path

from khet.web.classroom import views

app_name = "classroom"
urlpatterns = [
    path("", views.rooms, name="rooms"),
    path("open/<uuid:ref>/", views.open_contact, name="open_contact"),
    path("results/<uuid:ref>/", views.results, name="results"),
    path("<str:code>/<str:grade>/<str:room>/", views.room, name="room"),
    path("<str:code>/<str:grade>/<str:room>/roll/", views.roll, name="roll"),
    path("<str:code>/<str:grade>/<str:room>/take-back/", views.take_back, name="take_back"),
    path("<str:code>/<str:grade>/<str:room>/begin/", views.begin, name="begin"),
    path("<str:code>/<str:grade>/<str:room>/screening/", views.screening, name="screening"),
]
