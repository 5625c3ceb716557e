"""Addresses for reports from outside: short, for posters and QR codes."""

from django.urls import path

from khet.engines.cases.views import public

app_name = "report"
urlpatterns = [
    path("", public.kinds, name="kinds"),
    path("leave/", public.leave, name="leave"),
    path("<slug:family>/", public.report, name="report"),
    path("<slug:family>/follow/", public.follow, name="follow"),
]
