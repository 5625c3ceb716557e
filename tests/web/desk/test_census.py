from datetime import date

import pytest
from django.urls import reverse

from khet.core.audit.models import AuditEntry
from khet.kit.periods import Period
from khet.web.desk.models import CensusSnapshot
from khet.web.desk.queries.census import rounds, table
from khet.web.desk.services.census import CensusError, freeze

JUNE, NOVEMBER = Period("census", 2024, 610), Period("census", 2024, 1110)


@pytest.fixture
def pupils(pupil_at, school, other_school):
    """Four on the rolls in June; one left in August, one came in September."""
    for grade, sex in (("ป.1", "f"), ("ป.1", "m"), ("ป.2", "f")):
        pupil_at(school, grade=grade, sex=sex)
    pupil_at(other_school, left=date(2024, 8, 1))
    late = pupil_at(other_school, "สมหวัง", "มาช้า")
    late.enrolments.update(entered=date(2024, 9, 1))


def test_a_census_day_counts_who_stood_on_the_rolls_that_day(pupils, office, planner, school, other_school):
    june, november = freeze(office, JUNE, by=planner), freeze(office, NOVEMBER, by=planner)
    assert (june.pupils, june.schools, november.pupils) == (4, 2, 4)
    grades, rows = table(planner, november, june)
    assert grades == ["ป.1", "ป.2"]
    by_school = {row.school: row for row in rows}
    assert by_school[school].by_grade == {"ป.1": 2, "ป.2": 1}
    assert by_school[school].by_sex == {"f": 2, "m": 1}
    assert [(row.before, row.change) for row in rows] == [(3, 0), (1, 0)]


def test_a_frozen_count_stays_whatever_the_register_learns(pupils, office, planner, pupil_at, school):
    snapshot = freeze(office, JUNE, by=planner)
    pupil_at(school, "มาเพิ่ม", "ทีหลัง")
    assert sum(row.pupils for row in table(planner, snapshot)[1]) == 4


def test_a_day_is_counted_again_only_for_a_reason_and_the_first_count_is_kept(
    pupils, office, planner, pupil_at, school
):
    freeze(office, JUNE, by=planner)
    with pytest.raises(CensusError):
        freeze(office, JUNE, by=planner)
    pupil_at(school, "มาเพิ่ม", "ทีหลัง")
    again = freeze(office, JUNE, by=planner, reason="โหลดไฟล์ที่แก้แล้ว")
    assert again.pupils == 5
    assert list(CensusSnapshot.objects.order_by("pk").values_list("pupils", "superseded")) == [(4, True), (5, False)]
    assert AuditEntry.objects.filter(verb="census.frozen").first().reason == "โหลดไฟล์ที่แก้แล้ว"


@pytest.mark.parametrize("round", [Period("census", 2099, 610), Period("academic_year", 2024)])
def test_a_day_to_come_or_no_census_day_is_refused(pupils, office, planner, round):
    with pytest.raises(CensusError):
        freeze(office, round, by=planner)


def test_without_pupils_there_is_nothing_to_freeze(office, planner):
    with pytest.raises(CensusError):
        freeze(office, JUNE, by=planner)


def test_rounds_run_from_the_latest_day_that_has_come():
    found = rounds()
    assert found == sorted(found, reverse=True)
    assert {(period.part // 100, period.part % 100) for period in found} <= {(6, 10), (11, 10), (3, 31)}
    assert all(period.start <= date.today() for period in found)


def test_the_page_freezes_compares_and_downloads(client, pupils, office, planner, school):
    client.force_login(planner)
    client.cookies["django_language"] = "en"
    for period in (JUNE, NOVEMBER):
        client.post(reverse("desk:census_freeze"), {"round": period.code})
    address = reverse("desk:census_round", args=[NOVEMBER.code])
    page = client.get(address, {"with": JUNE.code}).content.decode()
    assert school.name in page and "Change" in page
    rows = client.get(address, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("School code,School,ป.1,ป.2,Boys,Girls,Total")
    assert rows[2].endswith("2,1,1,2,3")


def test_small_counts_are_withheld_from_who_has_no_duty_there(client, pupils, office, planner, someone):
    freeze(office, JUNE, by=planner)
    client.force_login(someone("supervisor", office))
    rows = client.get(reverse("desk:census_round", args=[JUNE.code]), {"format": "csv"}).content.decode("utf-8-sig")
    for row in rows.splitlines()[1:3]:
        assert row.split(",")[2:-1] == ["•", "•", "•", "•"]


def test_a_school_sees_its_own_counts_only(client, pupils, office, planner, school_director, school, other_school):
    freeze(office, JUNE, by=planner)
    client.force_login(school_director)
    page = client.get(reverse("desk:census_round", args=[JUNE.code])).content.decode()
    assert school.name in page and other_school.name not in page
    assert client.post(reverse("desk:census_freeze"), {"round": NOVEMBER.code}).status_code == 404
