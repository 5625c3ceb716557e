"""Addresses of this room."""

from django.urls import path

from khet.core.ui import views

app_name = "ui"
urlpatterns = [
    path("-/language/", views.language, name="language"),
    path("-/theme/", views.theme, name="theme"),
    path("-/office/", views.office, name="office"),
    path("_gallery/", views.gallery, name="gallery"),
    path("_gallery/map.json", views.gallery_map, name="gallery_map"),
    path("_gallery/plan/", views.gallery_plan, name="gallery_plan"),
]
