"""Addresses of one's own account, and of the link by which it begins."""

from django.urls import path

from khet.core.accounts import views

app_name = "own"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("sessions/<int:pk>/", views.session_end, name="session_end"),
    path("welcome/<str:who>/<str:token>/", views.welcome, name="welcome"),
]
