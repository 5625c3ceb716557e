"""Addresses for respondents: short, for QR codes and messages."""

from django.urls import path

from khet.engines.surveys.views import answering

app_name = "answer"
urlpatterns = [
    path("<str:token>/", answering.answer, name="form"),
    path("<str:token>/sheet/", answering.take_sheet, name="sheet"),
    path("<str:token>/thanks/", answering.thanks, name="thanks"),
]
