"""Addresses of this room."""

from django.urls import path

from khet.web.setup import views

app_name = "setup"
urlpatterns = [
    path("", views.begin, name="begin"),
    path("office/", views.office, name="office"),
    path("administrator/", views.administrator, name="administrator"),
    path("plan/", views.plan, name="plan"),
    path("files/", views.files, name="files"),
]
