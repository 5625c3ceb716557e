"""A year that still runs: never a green light that means nothing, and in words what was compared."""

from datetime import date, datetime, time
from types import SimpleNamespace as T

import pytest
from django.utils import timezone, translation

from khet.core.catalogue import catalogue
from khet.core.ui.formats import be_date
from khet.engines.cases import services as cases
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning
from khet.facts.services import build
from khet.insight.indicators import queries
from khet.insight.indicators.running import way_of
from khet.kit.periods import Period
from khet.plan import services
from khet.plan.status import as_document, plan_status
from khet.plan.targets import status
from khet.registers.figures.services import set_figure
from khet.web.desk.queries.indicator import LAST_RUNS
from tests.plan.made_up import WITH_SCHOOLS

YEAR, TODAY = Period("academic_year", 2025), date(2026, 1, 10)
TOLD = {"channel": "school", "event": "harm", "hazard": "HV3", "harm": "none", "safe_now": True, "story": "ทดสอบ",
        "place": "playground"}  # fmt: skip


def target(direction, value=None):
    return T(direction=direction, value=value, unit="count", year=None)


@pytest.mark.parametrize(
    "value, asked, way, previous, same_days, expected",
    [
        # what only grows: what it has passed it does not come back from, what it has reached it keeps
        (0, target("zero", 0), "up", None, None, "running"),
        (1, target("zero", 0), "up", None, None, "missed"),
        (3, target("at_most", 10), "up", None, None, "running"),
        (12, target("at_most", 10), "up", None, None, "missed"),
        (30, target("at_least", 80), "up", None, None, "running"),
        (80, target("at_least", 80), "up", None, None, "met"),
        (3, target("exactly", 5), "up", None, None, "running"),
        (5, target("exactly", 5), "up", None, None, "running"),
        (9, target("exactly", 5), "up", None, None, "missed"),
        # what only falls, the other way round; what may do either is never judged
        (90, target("at_least", 80), "down", None, None, "running"),
        (70, target("at_least", 80), "down", None, None, "missed"),
        (9, target("at_most", 10), "down", None, None, "met"),
        (80, target("at_least", 80), "both", None, None, "running"),
        # lower than the year before: by the same days, unless the whole year is passed already
        (3, target("decrease"), "up", 20, None, "running"),
        (3, target("decrease"), "up", 20, 8, "met"),
        (9, target("decrease"), "up", 20, 8, "missed"),
        (8, target("decrease"), "up", 20, 8, "near"),
        (0, target("decrease"), "up", 20, 0, "running"),
        (21, target("decrease"), "up", 20, None, "missed"),
        (3, target("decrease"), "up", None, None, "running"),
        (21, target("increase"), "up", 20, 40, "met"),
        (9, target("increase"), "up", 20, 8, "met"),
        (3, target("increase"), "up", 20, None, "running"),
        (None, target("decrease"), "up", 20, None, "no_data"),
        (3, target("at_least"), "up", None, None, "no_target"),
    ],
)
def test_what_can_no_longer_change_is_said_and_the_rest_is_running(value, asked, way, previous, same_days, expected):
    assert status(value, [asked], previous=previous, way=way, same_days=same_days) == expected


@pytest.mark.parametrize(
    "indicator, way",
    [
        ("pupil_harm", "up"), ("pupil_harm_rate", "up"), ("pupil_harm_severe_rate", "up"), ("dropout_rate", "up"),
        ("returned_pupils", "up"), ("safety_late_rate", ""), ("near_miss_ratio", ""), ("absence_rate", ""),
        ("safety_first_help_days", ""), ("harm_repeated_rate", ""), ("return_rate", ""), ("out_of_school", ""),
        ("external_assessment_good", ""), ("service_satisfaction", ""),
    ],
)  # fmt: skip
def test_counts_fill_and_shares_of_two_counts_do_not(indicator, way):
    assert way_of(catalogue().get("indicator", indicator)) == way


# --- an office whose years are known


@pytest.fixture(autouse=True)
def today(request, monkeypatch):
    if "db" in request.fixturenames:
        real = timezone.localdate
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *of: real(*of) if of else TODAY)


@pytest.fixture
def planned(office, planner, tmp_path):
    path = tmp_path / "แผน.txt"
    path.write_text(WITH_SCHOOLS, encoding="utf-8")
    draft = services.draft_edition(services.receive_document(office, path, by=planner), 2023, 2027, by=planner)
    return services.adopt(draft, by=planner, leave_open="ไม่มีข้อมูลในระบบ")


@pytest.fixture
def harmed(safety_officer, school, settings):
    """harmed(day, day, ...): an incident on each of them, found to be one."""
    settings.KHET_SECOND_FACTOR = False
    kind = catalogue().get("case_kind", "safety_case_2565")

    def make(*days, org=school):
        told = [
            Beginning(org=org, answers=TOLD, received=timezone.make_aware(datetime.combine(day, time(9))))
            for day in days
        ]
        begun = cases.begin_many(kind, told, by=safety_officer)
        Case.objects.filter(pk__in=[case.pk for case in begun]).update(state="assigned")
        build()

    return make


BEFORE = [date(2023, 9, 1), date(2024, 6, 3), date(2024, 9, 2), date(2025, 1, 10), date(2025, 1, 11), date(2025, 3, 3)]


def harm(viewer, office):
    return next(s for s in plan_status(viewer, office).indicators if s.binding.indicator == "pupil_harm")


def test_a_running_count_is_held_against_the_same_days_and_says_so(planned, planner, office, harmed):
    harmed(*BEFORE, date(2025, 7, 1), date(2025, 11, 3))
    state = harm(planner, office)
    # the year before had five, of which three came by 10 January
    assert (state.number, state.previous.value, state.compared_with.value, state.change) == (2, 5, 3, -1)
    assert state.status == "met"
    assert "2 incidents" in state.note and "3 incidents" in state.note and "10 Jan" in state.note
    document = next(
        one for s in as_document(plan_status(planner, office))["strategies"] for one in s["indicators"]
        if one["indicator"] == "pupil_harm"
    )  # fmt: skip
    assert document["compared"] == {"period": "AY2024", "until": "2025-01-10", "value": 3.0, "whole": False}
    assert document["running_until"] == "2026-01-10" and document["note"] == state.note


def test_more_than_in_the_same_days_is_missed_though_the_whole_year_had_more(planned, planner, office, harmed):
    harmed(*BEFORE, date(2025, 7, 1), date(2025, 8, 1), date(2025, 9, 1), date(2026, 1, 10))
    state = harm(planner, office)
    assert (state.number, state.previous.value, state.status) == (4, 5, "missed")


def test_where_the_same_days_are_not_known_it_runs_unjudged(planned, planner, office, school, system, harmed):
    """The year before was typed as a whole: nobody knows what of it had come by today."""
    set_figure(school, "harm_incidents", YEAR.previous(), 30, by=system)
    harmed(date(2025, 7, 1))
    state = harm(planner, office)
    assert (state.number, state.previous.value, state.compared_with, state.change) == (1, 30, None, None)
    assert state.status == "running" and "not judged" in state.note


def test_where_cases_began_in_the_midst_of_the_year_before_its_days_are_not_known(planned, planner, office, harmed):
    harmed(date(2024, 9, 2), date(2025, 1, 11), date(2025, 7, 1))
    assert harm(planner, office).status == "running"


def test_a_school_that_told_nothing_the_year_before_leaves_the_comparison_open(
    planned, planner, office, school, other_school, harmed, monkeypatch
):
    harmed(*BEFORE, date(2025, 7, 1))
    assert harm(planner, office).status == "met"
    known = queries.queries.Sheet.leaves

    def without(self, measure, target):
        leaf = known(self, measure, target)
        if measure == "harm_incidents" and target == YEAR.previous():
            leaf.ends[self.tree.index[other_school.code]] = 0
        return leaf

    monkeypatch.setattr(queries.queries.Sheet, "leaves", without)
    from khet.insight.indicators import running

    running._found.clear()
    assert harm(planner, office).status == "running"
    running._found.clear()


def test_a_year_that_is_over_is_judged_as_a_whole(planned, planner, office, harmed):
    harmed(*BEFORE, date(2025, 7, 1))
    state = next(
        s for s in plan_status(planner, office, YEAR.previous()).indicators if s.binding.indicator == "pupil_harm"
    )
    assert (state.number, state.status, state.note, state.compared_with.value) == (5, "missed", "", 1)


def test_a_running_point_is_in_no_limits_and_no_signal(planned, planner, office, school, system, harmed):
    for year in range(2014, 2024):
        set_figure(school, "harm_incidents", Period("academic_year", year), 40 + year % 3, by=system)
    harmed(*BEFORE, date(2025, 7, 1))
    state = harm(planner, office)
    assert state.number == 1 and not state.is_signal
    assert len(state.points) - 1 == len([p for p in state.points[state.trend.start :] if not p.running])


@pytest.mark.parametrize("language, word", [("en", "Still running"), ("th", "ยังไม่สิ้นสุดปี")])
def test_every_page_says_what_was_compared(planned, planner, office, harmed, client_for, language, word):
    planner.language = language
    planner.save()
    harmed(*BEFORE, date(2025, 7, 1), date(2025, 11, 3))
    client = client_for(planner)
    with translation.override(language):
        then = be_date(date(2025, 1, 10))
    for page in ("/", "/strategies/3/", "/indicators/pupil_harm/", "/indicators/pupil_harm/why/"):
        answer = client.get(page)
        assert answer.status_code == 200 and then in answer.content.decode(), page
    with translation.override(language):
        assert str(LAST_RUNS) in client.get("/indicators/pupil_harm/").content.decode()
    Case.objects.filter(received_at__year__lt=2025).delete()
    build()
    assert word in client.get("/").content.decode()


def test_another_room_is_told_the_same(planned, planner, office, harmed):
    harmed(*BEFORE, date(2025, 7, 1))
    [value] = queries.values(planner, org=office, indicators=["pupil_harm"])
    assert value.status == "met" and "3 incidents" in value.target.note and value.running.until == TODAY
