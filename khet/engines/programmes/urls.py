"""Addresses of this room."""

from django.urls import path

from khet.engines.programmes.views import outputs, participants, runs, sessions, sheets

app_name = "programmes"
urlpatterns = [
    path("", runs.overview, name="list"),
    path("open/", runs.choose, name="choose"),
    path("open/<str:code>/<slug:programme>/", runs.open_run, name="open"),
    path("<int:pk>/", runs.page, name="run"),
    path("<int:pk>/edit/", runs.edit, name="edit"),
    path("<int:pk>/act/<slug:act>/", runs.act, name="act"),
    path("<int:pk>/target/", runs.target, name="target"),
    path("<int:pk>/costs/", runs.cost, name="cost"),
    path("<int:pk>/costs/<int:cost>/withdraw/", runs.cost_withdraw, name="cost_withdraw"),
    path("<int:pk>/schools/", participants.add_schools, name="add_schools"),
    path("<int:pk>/people/", participants.add_people, name="add_people"),
    path("<int:pk>/names/", participants.add_name, name="add_name"),
    path("<int:pk>/statuses/", participants.judge_many, name="judge_many"),
    path("<int:pk>/sheet/", sheets.upload, name="sheet"),
    path("<int:pk>/sheet/template/", sheets.template, name="sheet_template"),
    path("sheets/<int:pk>/", sheets.preview, name="sheet_preview"),
    path("sheets/<int:pk>/<slug:act>/", sheets.act, name="sheet_act"),
    path("participants/<int:pk>/", participants.page, name="participant"),
    path("participants/<int:pk>/answers/", participants.answers, name="answers"),
    path("participants/<int:pk>/leave/", participants.leave, name="leave"),
    path("participants/<int:pk>/stay/", participants.stay, name="stay"),
    path("participants/<int:pk>/status/", participants.judge, name="judge"),
    path("statuses/<int:pk>/withdraw/", participants.status_withdraw, name="status_withdraw"),
    path("statuses/<int:pk>/file/", participants.status_file, name="status_file"),
    path("<int:pk>/sessions/new/", sessions.new, name="session_new"),
    path("sessions/<int:pk>/", sessions.page, name="session"),
    path("sessions/<int:pk>/edit/", sessions.edit, name="session_edit"),
    path("sessions/<int:pk>/cancel/", sessions.cancel, name="session_cancel"),
    path("sessions/<int:pk>/rest/", sessions.note_rest, name="attendance_rest"),
    path("sessions/<int:pk>/attendance/<int:participant>/", sessions.note, name="attendance"),
    path("outputs/", outputs.register, name="outputs"),
    path("outputs/review/", outputs.review_queue, name="review_queue"),
    path("outputs/export/<slug:kind>/", outputs.export, name="outputs_export"),
    path("<int:pk>/outputs/new/<slug:kind>/", outputs.new, name="output_new"),
    path("outputs/<int:pk>/", outputs.page, name="output"),
    path("outputs/<int:pk>/edit/", outputs.edit, name="output_edit"),
    path("outputs/<int:pk>/file/", outputs.file, name="output_file"),
    path("outputs/<int:pk>/review/", outputs.review, name="output_review"),
    path("outputs/<int:pk>/use/", outputs.use, name="output_use"),
    path("outputs/<int:pk>/act/<slug:act>/", outputs.act, name="output_act"),
]
