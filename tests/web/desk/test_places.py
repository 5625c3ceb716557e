"""Schools, data quality and what changed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khet.kit.periods import academic_year
from khet.plan.services import add_note
from khet.registers.intake.models import Batch, State
from khet.registers.schools.models import School
from khet.web.desk.queries.quality import FAIR, GOOD, NONE, POOR, heat_map


@pytest.fixture
def browser():
    def sign_in(user):
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def load(office, planner):
    """load("staff_by_type", {school: {"read": 10, "rejected": 0}}) → a committed batch of this year."""

    def make(source, schools, **fields):
        now = timezone.now()
        return Batch.objects.create(
            org=office, source=source, state=State.COMMITTED, period=academic_year(timezone.localdate()).code,
            schools=[[org.pk, counts] for org, counts in schools.items()], created_by=planner, committed_at=now,
            committed_by=planner, counts={"read": 10, "new": 10}, **fields,
        )  # fmt: skip

    return make


def test_the_list_of_schools_finds_by_name_code_and_cluster(browser, planner, plan, school, other_school, third_school):
    client, address = browser(planner), reverse("desk:schools")
    everyone = text(client.get(address))
    assert all(org.name in everyone for org in (school, other_school, third_school))
    assert other_school.name not in text(client.get(address, {"q": "ริม"}))
    assert school.name in text(client.get(address, {"q": school.code}))
    assert third_school.name not in text(client.get(address, {"cluster": school.parent.code}))
    assert "No school matches" in text(client.get(address, {"q": "ดวงจันทร์"}))
    assert client.get(address, {"format": "csv"}).content.decode("utf-8-sig").count("9001000") == 3


def test_a_school_stands_beside_its_cluster_and_office(browser, planner, figures, school, pupil_at):
    page = text(browser(planner).get(reverse("desk:school", args=[school.code])))
    assert school.name in page and str(school.parent) in page
    row = page[page.index("/indicators/external_assessment_good/") :]
    row = row[: row.index("</tr>")]
    assert "100.00" in row and row.count("50.00") == 2


def test_a_schools_own_people_see_no_figure_of_the_others(browser, school_director, figures, school, office):
    page = text(browser(school_director).get(reverse("desk:school", args=[school.code])))
    assert "100.00" in page and "50.00" not in page


def test_pupils_by_grade_hide_small_numbers_from_who_has_no_duty(
    browser, planner, someone, office, plan, school, pupil_at
):
    from khet.facts.services import build

    for number in range(7):
        pupil_at(school, f"คน{number}", "ป.หนึ่ง", sex="f" if number < 6 else "m")
    build()
    address = reverse("desk:school", args=[school.code])

    def cells(user):
        page = text(browser(user).get(address))
        row = page[page.index('<th scope="row">ป.1</th>') :]
        return [cell.split("<")[0] for cell in row[: row.index("</tr>")].split('<td class="num">')[1:]]

    assert cells(planner) == ["1", "6", "7"]
    assert cells(someone("supervisor", office)) == ["–", "–", "7"]


def test_the_heat_map_tells_missing_old_faulty_and_good_apart(
    load, office, planner, school, other_school, third_school
):
    load("enrolment_by_grade", {school: {"read": 10, "rejected": 0}, other_school: {"read": 10, "rejected": 4}})
    columns, rows = heat_map(planner, office)
    assert [column.source.id for column in columns] == ["enrolment_by_grade"]
    steps = {row.org: row.cells[0].step for row in rows}
    assert steps == {school: GOOD, other_school: POOR, third_school: NONE}
    assert (columns[0].missing, columns[0].good, columns[0].faulty) == (1, 1, 1)


def test_an_old_load_is_told_from_a_current_one(load, office, planner, school):
    batch = load("enrolment_by_grade", {school: {"read": 10, "rejected": 0}})
    Batch.objects.filter(pk=batch.pk).update(period="AY2015", years=[2015])
    ((column,), rows) = heat_map(planner, office)
    assert {row.org: row.cells[0].step for row in rows}[school] == FAIR
    assert column.late == 1


def test_a_source_of_a_grade_is_expected_only_of_schools_that_teach_it(
    browser, load, planner, plan, office, school, other_school
):
    School.objects.create(org=other_school, grades=["ป.1", "ป.6"])
    load("onet_m3", {school: {"read": 10, "rejected": 0}})
    ((column,), rows) = heat_map(planner, office)
    cells = {row.org: row.cells[0] for row in rows}
    assert column.missing == 0 and not cells[other_school].expected
    page = text(browser(planner).get(reverse("desk:quality")))
    assert "no such grade" in page and ">missing<" not in page
    School.objects.filter(org=other_school).update(grades=["ป.1", "ม.3"])
    ((column,), _rows) = heat_map(planner, office)
    assert column.missing == 1


def test_the_page_of_data_quality_names_the_next_act(browser, load, planner, plan, school, other_school):
    assert "Nothing has been loaded yet" in text(browser(planner).get(reverse("desk:quality")))
    load("enrolment_by_grade", {school: {"read": 10, "rejected": 0}})
    page = text(browser(planner).get(reverse("desk:quality")))
    assert "ask 1 school" in page and "missing" in page
    only = text(browser(planner).get(reverse("desk:quality"), {"only": "faults"}))
    assert other_school.name in only and school.name not in only


def test_what_changed_tells_loads_notes_and_who(browser, load, planner, director, plan, office, school):
    load("enrolment_by_grade", {school: {"read": 10, "rejected": 0}})
    add_note(office, "service_satisfaction", "รอผลไตรมาสสี่", by=planner)
    page = text(browser(director).get(reverse("desk:changes")))
    assert "รอผลไตรมาสสี่" in page and "loaded" in page and "plan adopted" in page
    director.last_visit = timezone.now() + timedelta(minutes=1)
    director.visit_began = director.seen_at = timezone.now()
    director.save()
    assert "Nothing changed" in text(browser(director).get(reverse("desk:changes")))
    assert "รอผลไตรมาสสี่" in text(browser(director).get(reverse("desk:changes"), {"days": "7"}))


def test_a_load_is_news_to_who_reads_the_plan_but_opens_only_to_who_loads(
    browser, load, planner, director, plan, school
):
    batch = load("enrolment_by_grade", {school: {"read": 10, "rejected": 0}})
    address = reverse("intake:load", args=[batch.pk])
    assert address in text(browser(planner).get(reverse("desk:changes")))
    assert address not in text(browser(director).get(reverse("desk:changes")))
