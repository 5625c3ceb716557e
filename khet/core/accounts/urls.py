"""Addresses of this room."""

from django.urls import path

from khet.core.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.user_list, name="list"),
    path("new/", views.user_new, name="new"),
    path("why/", views.why_page, name="why"),
    path("<int:pk>/", views.user_page, name="user"),
    path("<int:pk>/edit/", views.user_edit, name="edit"),
    path("<int:pk>/grant/", views.role_grant, name="grant"),
    path("<int:pk>/end/<int:grant>/", views.role_end, name="end"),
    path("<int:pk>/invite/", views.user_invite, name="invite"),
    path("<int:pk>/password/", views.user_password, name="password"),
    path("<int:pk>/second-factor/", views.second_factor_reset, name="second_factor"),
    path("<int:pk>/active/", views.user_active, name="active"),
]
