"""Addresses of this room."""

from django.urls import path

from khet.insight.earlywarning.views import lists, pupils

app_name = "earlywarning"
urlpatterns = [
    path("", lists.schools, name="schools"),
    path("run/", lists.run, name="run"),
    path("how-good/", lists.card, name="card"),
    path("export/", lists.export, name="export"),
    path("schools/<str:code>/", lists.school, name="school"),
    path("pupils/<int:pk>/", pupils.pupil, name="pupil"),
    path("pupils/<int:pk>/act/", pupils.act, name="act"),
    path("pupils/<int:pk>/end/", pupils.end, name="end"),
    path("pupils/<int:pk>/overrule/", pupils.overrule, name="overrule"),
    path("pupils/<int:pk>/restore/", pupils.restore, name="restore"),
]
