"""Addresses of this room."""

from django.urls import path

from khet.registers.intake.views import acts, lines, loads, mapping, sources

app_name = "intake"
urlpatterns = [
    path("", loads.overview, name="list"),
    path("sources/", sources.overview, name="sources"),
    path("sources/<str:id>/", sources.source, name="source"),
    path("sources/<str:id>/template.xlsx", sources.template, name="template"),
    path("<int:pk>/", loads.load, name="load"),
    path("<int:pk>/faults/", loads.faults, name="faults"),
    path("<int:pk>/check/", acts.check, name="check"),
    path("<int:pk>/commit/", acts.commit, name="commit"),
    path("<int:pk>/confirm/", acts.confirm, name="confirm"),
    path("<int:pk>/discard/", acts.discard, name="discard"),
    path("<int:pk>/undo/", acts.undo, name="undo"),
    path("<int:pk>/rejected.xlsx", lines.rejected, name="rejected"),
    path("<int:pk>/mapping/", mapping.mapping, name="mapping"),
    path("<int:pk>/files/<int:file>/row/<int:row>/", lines.line, name="row"),
]
