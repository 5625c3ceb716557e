"""Addresses of the office's pages."""

from django.urls import path

from khet.engines.surveys.views import managing, showing

app_name = "surveys"
urlpatterns = [
    path("", managing.overview, name="list"),
    path("new/", managing.editions, name="editions"),
    path("new/<str:survey>/", managing.new, name="new"),
    path("<uuid:ref>/", managing.round_page, name="round"),
    path("<uuid:ref>/poster/", managing.poster, name="poster"),
    path("<uuid:ref>/qr.png", managing.qr_png, name="qr"),
    path("<uuid:ref>/codes/", managing.codes, name="codes"),
    path("<uuid:ref>/results/", showing.results_page, name="results"),
    path("<uuid:ref>/results.<str:kind>", showing.export, name="export"),
    path("<uuid:ref>/<str:what>/", managing.act, name="act"),
]
