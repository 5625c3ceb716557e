"""Addresses of this room."""

from django.urls import path

from khet.core.orgs import views

app_name = "orgs"
urlpatterns = [
    path("", views.org_tree, name="tree"),
    path("new/", views.org_new, name="new"),
    path("<int:pk>/", views.org_page, name="org"),
    path("<int:pk>/<str:act>/", views.org_change, name="change"),
]
