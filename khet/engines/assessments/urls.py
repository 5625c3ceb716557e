"""Addresses of this room."""

from django.urls import path

from khet.engines.assessments.views import (
    bulk,
    documents,
    evidence,
    filling,
    improvements,
    judges,
    reports,
    results,
    rounds,
)

app_name = "assessments"
urlpatterns = [
    path("", rounds.listing, name="list"),
    path("new/", rounds.new, name="new"),
    path("rounds/<int:pk>/", rounds.overview, name="round"),
    path("rounds/<int:pk>/edit/", rounds.edit, name="round_edit"),
    path("rounds/<int:pk>/schools/", rounds.targets, name="targets"),
    path("rounds/<int:pk>/judges/", judges.judges, name="judges"),
    path("rounds/<int:pk>/begin/", judges.begin, name="begin"),
    path("rounds/<int:pk>/compare/", results.compare, name="compare"),
    path("rounds/<int:pk>/spreadsheet/", bulk.bulk, name="bulk"),
    path("rounds/<int:pk>/spreadsheet/empty.xlsx", bulk.template, name="bulk_template"),
    path("rounds/<int:pk>/results.xlsx", bulk.export, name="export"),
    path("rounds/<int:pk>/<slug:act>/", rounds.act, name="round_act"),
    path("loads/<int:pk>/", bulk.load, name="load"),
    path("loads/<int:pk>/<slug:act>/", bulk.load_act, name="load_act"),
    path("evidence/", evidence.library, name="library"),
    path("evidence/<int:pk>/", evidence.item, name="evidence_item"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("uses/<int:pk>/remove/", evidence.unuse, name="unuse"),
    path("improvements/", improvements.listing, name="improvements"),
    path("improvements/<int:pk>/<slug:act>/", improvements.act, name="improvement_act"),
    path("assignments/<int:pk>/remove/", judges.unassign, name="unassign"),
    path("<int:pk>/", filling.page, name="assessment"),
    path("<int:pk>/save/", filling.save, name="save"),
    path("<int:pk>/rate/", filling.rate, name="rate"),
    path("<int:pk>/answers/", filling.answers, name="answers"),
    path("<int:pk>/calculate/", filling.calculate, name="calculate"),
    path("<int:pk>/judges/", judges.assign, name="assign"),
    path("<int:pk>/act/<slug:act>/", filling.act, name="act"),
    path("<int:pk>/readiness/", evidence.readiness, name="readiness"),
    path("<int:pk>/report/", reports.page, name="report"),
    path("<int:pk>/result/", results.result, name="result"),
    path("<int:pk>/improvements/", improvements.add, name="improvement_add"),
    path("<int:pk>/documents/<slug:which>.<slug:form>", documents.document, name="document"),
    path("<int:pk>/criteria/<str:criterion>/", evidence.criterion, name="criterion"),
    path("<int:pk>/criteria/<str:criterion>/evidence/", evidence.add, name="evidence_add"),
]
