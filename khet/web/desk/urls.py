"""Addresses of this room."""

from django.urls import path

from khet.web.desk.views import (
    actions,
    casework,
    census,
    changes,
    figures,
    home,
    indicator,
    maps,
    people,
    quality,
    schools,
    systems,
    why,
)  # fmt: skip

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("strategies/<int:number>/", home.strategy, name="strategy"),
    path("indicators/<str:id>/", indicator.page, name="indicator"),
    path("indicators/<str:id>/schools/", indicator.schools, name="indicator_schools"),
    path("indicators/<str:id>/map.json", indicator.map_data, name="indicator_map"),
    path("indicators/<str:id>/list/", indicator.worklist, name="worklist"),
    path("indicators/<str:id>/list/cases/", casework.begin, name="worklist_cases"),
    path("indicators/<str:id>/why/", why.page, name="why"),
    path("indicators/<str:indicator>/notes/", actions.add_note, name="note_add"),
    path("indicators/<str:indicator>/actions/", actions.add_action, name="action_add"),
    path("notes/<int:pk>/", actions.withdraw_note, name="note_withdraw"),
    path("actions/", actions.overview, name="actions"),
    path("actions/<int:pk>/", actions.close_action, name="action_close"),
    path("changes/", changes.overview, name="changes"),
    path("schools/", schools.overview, name="schools"),
    path("schools/<str:code>/", schools.school, name="school"),
    path("quality/", quality.overview, name="quality"),
    path("people/", people.search, name="people"),
    path("people/by-id/", people.by_identifier, name="people_by_identifier"),
    path("people/<uuid:ref>/", people.person, name="person"),
    path("people/<uuid:ref>/open/", people.open_person, name="person_open"),
    path("people/<uuid:ref>/identifier/", people.identifier, name="person_identifier"),
    path("people/<uuid:ref>/trail/", people.trail, name="person_trail"),
    path("residents/<uuid:ref>/", people.resident, name="resident"),
    path("census/", census.overview, name="census"),
    path("census/freeze/", census.freeze, name="census_freeze"),
    path("census/<str:code>/", census.round, name="census_round"),
    path("figures/", figures.overview, name="figures"),
    path("systems/", systems.overview, name="systems"),
    path("tactics/<int:pk>/systems/", systems.decide, name="tactic_system"),
    path("maps/", maps.layers, name="layers"),
]
