import csv
import io
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from khet.core.catalogue import catalogue
from khet.facts.services import build
from khet.insight.indicators.document import of_explanation
from khet.insight.indicators.explain import explain
from khet.kit.periods import Period
from khet.plan.services import add_note
from khet.registers.figures.services import set_figure
from khet.web.desk.queries.indicator import IndicatorPage
from khet.web.desk.queries.renewal import Renewal
from khet.web.desk.services.maps import import_layer

ID = "external_assessment_good"
PAGE = reverse("desk:indicator", args=[ID])


@pytest.fixture
def as_user():
    """as_user(user) → a browser of their own."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_value_target_schools_and_readings_stand_on_the_page(as_user, planner, figures, school, other_school):
    page = text(as_user(planner).get(PAGE))
    assert "50.00" in page and "1 of 2" in page
    assert "≥ 80%" in page and "Not met" in page
    assert page.index(other_school.name) < page.index(school.name)  # the worst first
    assert "Next act" in page and "Read in other ways" in page


def test_a_chart_has_its_twin_as_a_table(as_user, planner, figures):
    page = text(as_user(planner).get(PAGE))
    assert "data-chart" in page
    assert "2567" in page[page.index("data-chart") :]


def test_another_period_and_reading_can_be_asked(as_user, planner, figures):
    client = as_user(planner)
    assert "No data yet" in text(client.get(PAGE, {"period": "AY2020"}))
    assert "33.33" in text(client.get(PAGE, {"reading": "p1_d3"}))
    assert "50.00" in text(client.get(PAGE, {"reading": "by_moonlight"}))


def test_the_list_of_schools_sorts_searches_and_downloads(as_user, planner, figures, school, other_school):
    client, address = as_user(planner), reverse("desk:indicator_schools", args=[ID])
    down = text(client.get(address, {"sort": "-value"}))
    assert down.index(school.name) < down.index(other_school.name)
    found = text(client.get(address, {"q": "ริม"}))
    assert school.name in found and other_school.name not in found
    answer = client.get(address, {"format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][1:3] == ["School code", "School"]
    assert rows[1][1] == other_school.code
    assert answer["Content-Disposition"].startswith("attachment") and "planner" in answer.content.decode()
    assert client.get(address, {"format": "xlsx"}).content[:2] == b"PK"
    assert client.get(address, {"format": "exe"}).status_code == 404


def test_a_name_that_looks_like_a_formula_is_harmless_in_a_file(as_user, planner, figures, school):
    type(school).objects.filter(pk=school.pk).update(name='=HYPERLINK("x")')
    from khet.facts.services import build

    build()
    answer = as_user(planner).get(reverse("desk:indicator_schools", args=[ID]), {"format": "csv"})
    assert "'=HYPERLINK" in answer.content.decode()


def test_schools_are_points_and_boundaries_add_up_before_dividing(as_user, planner, figures, office):
    square = [[[100, 19], [100.5, 19], [100.5, 19.5], [100, 19.5], [100, 19]]]
    import_layer(
        office, "boundaries",
        {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"name": "ตำบลต้นน้ำ"},
             "geometry": {"type": "Polygon", "coordinates": square}},
        ]}, by=planner,
    )  # fmt: skip
    data = json.loads(text(as_user(planner).get(reverse("desk:indicator_map", args=[ID]))))
    kinds = [feature["geometry"]["type"] for feature in data["features"]]
    assert kinds == ["Polygon", "Point", "Point", "Point"]
    area = data["features"][0]["properties"]
    assert (area["value"], area["status"]) == ("50.00 %", "missed")


def test_without_a_target_to_judge_by_points_grow_with_their_value(as_user, planner, figures, school):
    data = json.loads(text(as_user(planner).get(reverse("desk:indicator_map", args=["pupil_harm"]))))
    steps = {f["properties"]["name"]: f["properties"]["step"] for f in data["features"]}
    assert steps == {"บ้านริมธาร": 2, "บ้านเชิงเขา": 4, "วัดป่าสมมติ": 1}


def test_who_may_not_see_small_numbers_sees_none_on_page_map_or_file(as_user, someone, office, figures, school):
    client = as_user(someone("supervisor", office))
    for name in ("desk:indicator", "desk:indicator_map", "desk:indicator_schools"):
        answer = client.get(reverse(name, args=["pupil_harm"]))
        assert answer.status_code == 200
    rows = client.get(reverse("desk:indicator_schools", args=["pupil_harm"]), {"format": "csv"}).content.decode()
    own = next(line for line in rows.splitlines() if school.code in line)
    assert "withheld" in own and ",3," not in own


def test_why_walks_from_the_plan_to_the_figure(as_user, planner, figures, plan, school):
    page = text(as_user(planner).get(reverse("desk:why", args=[ID])))
    item = plan.items.get(binding__indicator=ID)
    assert item.text in page
    assert f"{reverse('plan:document', args=[plan.document_id])}#l{item.lines[0]}" in page
    assert "100 × 1 ÷ 2" in page and "50.00" in page
    assert "Typed in" in page and school.name in page


@pytest.mark.parametrize("name", ["desk:indicator", "desk:why"])
def test_where_a_number_comes_from_is_read_in_the_readers_language(client_for, planner, figures, name):
    source = catalogue().get("indicator", ID).source
    client = client_for(planner)
    for language, read, other in (("th", source.th, source.en), ("en", source.en, source.th)):
        client.cookies["django_language"] = language
        page = text(client.get(reverse(name, args=[ID])))
        assert read in page and other not in page


def test_the_document_of_an_explanation_names_its_source_as_one_string(planner, figures, office):
    with override("th"):
        written = json.loads(json.dumps(of_explanation(office, explain(planner, ID, office))))
    assert written["edition"]["source"] == catalogue().get("indicator", ID).source.th
    assert all(isinstance(reading["source"], str) for reading in written["readings"])


def test_why_names_the_schools_that_lack_a_part(as_user, planner, figures, system, cluster):
    from khet.core.orgs.services import create_org
    from khet.facts.services import build

    silent = create_org("school", "90010009", "บ้านเงียบ", cluster, by=system)
    build()
    page = text(as_user(planner).get(reverse("desk:why", args=[ID])))
    assert silent.name in page[page.index('id="missing"') :]


def test_a_note_and_an_action_are_added_on_the_page(as_user, planner, director, figures, office):
    client = as_user(planner)
    client.post(reverse("desk:note_add", args=[ID]), {"org": office.code, "text": "รอผลรอบห้า"})
    due = "31/12/2599"
    client.post(
        reverse("desk:action_add", args=[ID]), {"org": office.code, "text": "นิเทศ", "owner": "director", "due": due}
    )
    page = text(client.get(PAGE))
    assert "รอผลรอบห้า" in page and "นิเทศ" in page
    assert "นิเทศ" in text(as_user(director).get(reverse("desk:actions")))


@pytest.mark.parametrize(
    "asked", [{"due": "32/13/2599"}, {"due": "1/1/2560"}, {"owner": "nobody"}, {"text": ""}, {"owner_group": "moon"}]
)
def test_an_action_that_cannot_be_is_refused_with_words(as_user, planner, figures, office, asked):
    client = as_user(planner)
    data = {"org": office.code, "text": "นิเทศ", "owner": "planner", "due": "31/12/2599"} | asked
    answer = client.post(reverse("desk:action_add", args=[ID]), data, follow=True)
    assert "alert-danger" in text(answer)


def test_an_action_is_closed_and_opened_again(as_user, planner, figures, office):
    from django.utils import timezone

    from khet.plan.services import add_action

    action = add_action(office, ID, "นิเทศ", timezone.localdate(), by=planner, owner=planner)
    client, address = as_user(planner), reverse("desk:action_close", args=[action.pk])
    client.post(address, {"outcome": "ครบทุกโรงเรียน", "back": "actions"})
    assert "ครบทุกโรงเรียน" in text(client.get(reverse("desk:actions"), {"view": "closed"}))
    client.post(address, {"undo": "1"})
    action.refresh_from_db()
    assert action.is_open


def test_a_note_can_be_taken_back_and_put_back(as_user, planner, figures, office):
    note = add_note(office, ID, "ลองดู", by=planner)
    client, address = as_user(planner), reverse("desk:note_withdraw", args=[note.pk])
    client.post(address)
    assert "ลองดู" not in text(client.get(PAGE))
    client.post(address, {"undo": "1"})
    assert "ลองดู" in text(client.get(PAGE))


def test_pages_with_more_schools_cost_no_more_queries(
    as_user, planner, figures, office, system, django_assert_max_num_queries
):
    client = as_user(planner)
    for address in (
        PAGE,
        reverse("desk:indicator_schools", args=[ID]),
        reverse("desk:schools"),
        reverse("desk:quality"),
    ):
        client.get(address)
        with django_assert_max_num_queries(40):
            client.get(address)


@pytest.fixture
def assessed(figures, school, other_school, system):
    """One school was assessed five years before the page's year, one earlier and once more before that, one never."""
    for org, years in ((school, [2020]), (other_school, [2014, 2018])):
        for year in years:
            set_figure(org, "external_assessed_in_year", Period("academic_year", year), 1, by=system)
    build()


def test_schools_show_how_old_their_result_is_and_when_the_next_is_due(
    as_user, director, assessed, office, school, other_school, third_school
):
    page = IndicatorPage(director, ID, office, Period("academic_year", 2024))
    found = {row.value.org: row.renewal for row in page.aged_rows}
    told = {org: (one.last.year, one.due.year, one.is_late) for org, one in found.items() if one.last}
    assert told == {school.code: (2020, 2025, False), other_school.code: (2018, 2023, True)}
    assert found[third_school.code] == Renewal()
    client, address = as_user(director), reverse("desk:indicator_schools", args=[ID])
    text = client.get(address, {"period": "AY2567", "sort": "due"}).text
    assert text.index(third_school.name) < text.index(other_school.name) < text.index(school.name)
    assert "to be assessed" in text and "overdue" in text and ">2563<" in text
    sheet = client.get(address, {"period": "AY2567", "format": "csv"}).content.decode("utf-8-sig")
    assert "Next due" in sheet and "AY2023" in sheet


def test_where_results_come_every_year_no_age_is_shown(as_user, director, assessed, school):
    text = as_user(director).get(reverse("desk:indicator_schools", args=["pupil_harm_rate"])).text
    assert school.name in text
    assert "Next due" not in text
