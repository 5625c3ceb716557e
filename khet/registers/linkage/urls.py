"""Addresses of this room."""

from django.urls import path

from khet.registers.linkage import views

app_name = "linkage"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("match/", views.start, name="match"),
    path("confirm/", views.confirm_sure, name="confirm_sure"),
    path("<int:pk>/", views.pair, name="pair"),
    path("<int:pk>/open/", views.open_pair, name="open"),
    path("<int:pk>/judge/", views.judge, name="judge"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
]
