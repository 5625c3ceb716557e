"""The office's incidents: how many there were is known to the made-up world, and indicator 4 is held against it."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from khet.core.accounts.models import User
from khet.core.catalogue import catalogue
from khet.core.notices.models import Notice
from khet.core.orgs.models import Kind, Org
from khet.core.orgs.queries import default_office
from khet.engines.cases.models import Case, Party
from khet.engines.cases.queries.overview import lessons
from khet.engines.logbooks.models import Entry
from khet.facts.queries import summed
from khet.facts.services import build
from khet.insight.indicators.queries import values
from khet.kit.periods import Period, academic_year
from khet.registers.people.models import Person
from khet.web.demo.build import build_demo
from khet.web.demo.marker import Marker
from khet.web.demo.world import make_world
from khet.web.demo.world.harm import HARMS, UNREAD, stories, telling, truth
from tests.support.shared import copy_home
from tests.web.demo.conftest import NO_ROLL_YET, TODAY

pytestmark = pytest.mark.django_db
SIZE = {"schools": 14, "pupils": 700, "years": 3, "seed": 7}
OFFICE = "99010000"


@pytest.fixture(scope="module")
def told(records):
    """The world of a filled office; its facts are built."""
    build_demo(Marker(**SIZE, today=TODAY.isoformat()), lambda words: None)
    return make_world(**SIZE, today=TODAY)


@pytest.fixture
def home(home, shared_home, told):
    copy_home(shared_home, home)
    return home


def reading(id: str, year: int, org=None, indicator="pupil_harm"):
    """The value of a reading of indicator 4 in an academic year."""
    director = User.objects.get(username="director")
    period = Period("academic_year", year)
    [value] = values(director, org=org or default_office(), indicators=[indicator], period=period,
                     readings={indicator: id} if id else {})  # fmt: skip
    return value.value


def counted(measure: str, year: int, by=()) -> Counter:
    """{group: value} of a measure at the office; "" without a breakdown."""
    rows = summed([measure], by=by, periods=[Period("academic_year", year)]).to_pylist()
    return Counter({row["grp"]: row["value"] for row in rows if row["org"] == OFFICE})


def test_indicator_4_and_its_readings_are_the_truth_of_every_year(told):
    known = truth(told.incidents)
    assert set(known) == {2024, 2025, 2026}
    for year, of_year in known.items():
        number, severe = of_year.incidents.total(), of_year.severe.total()
        pupils = told.truth[year].pupils(1)
        assert number > 0
        assert reading("count", year) == number
        assert reading("per_1000", year) == pytest.approx(1000 * number / pupils)
        assert reading("severe_per_1000", year) == pytest.approx(1000 * severe / pupils)
        assert reading("", year, indicator="pupil_harm_rate") == pytest.approx(1000 * number / pupils)
    assert sum(of_year.severe.total() for of_year in known.values()) > 1


def test_each_school_and_kind_of_danger_has_its_own_and_what_passed_a_school_by_is_the_office_s(told):
    for year, of_year in truth(told.incidents).items():
        by_place = Counter()
        for (place, _group), number in of_year.incidents.items():
            by_place[place] += number
        for org in Org.objects.filter(kind=Kind.SCHOOL):
            assert reading("count", year, org) == by_place[org.code]
        by_group = Counter()
        for (_place, group), number in of_year.incidents.items():
            by_group[group] += number
        found = counted("harm_incidents", year, ["group"])
        assert {group: found[group] for group in HARMS} == {group: by_group[group] for group in HARMS}
    assert any(place == OFFICE for of_year in truth(told.incidents).values() for place, _group in of_year.incidents)


def test_pupils_harmed_and_harmed_again_are_counted_once_each(told):
    known = truth(told.incidents)
    for year, of_year in known.items():
        assert counted("near_misses", year)[""] == of_year.near_misses.total()
        assert counted("harm_pupils_repeated", year)[""] == of_year.repeated.total()
        assert counted("harm_pupils", year)[""] == of_year.pupils.total()
    assert known[2025].repeated.total() >= 1
    assert Party.objects.filter(role="victim").count() == sum(bool(one.pupil) for one in told.incidents)
    assert set(Party.objects.values_list("person", flat=True)) <= set(Person.objects.values_list("pk", flat=True))


def test_the_upper_levels_and_what_the_law_asks_of_them_are_the_truth_of_every_year(told):
    known = truth(told.incidents)
    for year, of_year in known.items():
        serious, asked = of_year.serious.total(), of_year.asked.total()
        assert reading("count", year, indicator="safety_serious_incidents") == serious
        assert counted("safety_statutory_due", year)[""] == asked
        assert reading("", year, indicator="safety_statutory_rate") == (
            100 if asked else None
        )  # all told the day after
    assert sum(of_year.asked.total() for of_year in known.values()) > 1
    case = Case.objects.filter(contacts__kind="report_protection", level="S4").first()
    case.contacts.filter(kind="report_protection").update(on=case.received_at.date() + timedelta(days=4))
    build()
    year = academic_year(date.fromisoformat(case.answers["happened_on"])).year
    assert (
        reading("", year, indicator="safety_statutory_rate")
        == 100 * (known[year].asked.total() - 1) / known[year].asked.total()
    )


def test_a_double_and_what_was_no_case_count_nowhere(told):
    double = next(one for one in told.incidents if one.way == "double")
    first = next(one for one in told.incidents if one.number == double.double_of)
    assert (first.school, first.story) == (double.school, double.story)
    merged = Case.objects.get(merged_into__isnull=False)
    assert merged.state == "duplicate" and merged.merged_into.about.code == double.school
    year = 2026
    with_it = truth([*told.incidents, double.__class__(999, double.school, double.happened, double.story, "closed")])
    assert reading("count", year) == with_it[year].incidents.total() - 1
    assert Case.objects.filter(state="not_a_case").count() == 1


def test_the_office_has_something_of_everything(told):
    cases = Case.objects.filter(edition__family=telling()["family"])
    assert cases.count() == len(told.incidents)
    groups = {stories()[one.story]["group"] for one in told.incidents}
    assert groups == {*HARMS, ""}
    hazards = {value.code: value.group for value in catalogue().get("codes", "hazards").values}
    for story in stories().values():  # what is said by hand is what the code list says
        assert story["group"] in ("", hazards[story["told"]["hazard"]])
    assert {"S1", "S2", "S3", "S4"} == set(cases.values_list("level", flat=True))
    assert len({one.school for one in told.incidents}) > 8
    assert cases.overdue().exists() and cases.filter(missed=True).exists()
    assert cases.open().exclude(pk__in=cases.overdue()).exists()
    assert cases.filter(state="received").count() == sum(one.way in UNREAD for one in told.incidents)
    assert {case.org for case in cases.filter(passed_by=True)} == {default_office()}
    public = cases.get(reporter__isnull=False)
    assert public.messages.filter(from_reporter=False).exists()


def test_lessons_are_shared_and_steps_lie_in_their_days(told):
    safety = User.objects.get(username="safety")
    assert len(lessons(safety, default_office())) > 3
    cases = Case.objects.filter(edition__family=telling()["family"]).prefetch_related("steps")
    for case in cases:
        moments = [step.at for step in case.steps.all()]
        assert moments == sorted(moments) and moments[-1] <= timezone.now() and moments[-1] == case.state_since
        assert case.steps.first().at == case.received_at
    assert cases.filter(closed_at__year__lt=TODAY.year).exists()
    unread = Notice.objects.of(safety).unread().filter(topic="cases")
    assert unread.count() < cases.count() / 2  # of what is over, everything was read


def test_a_dozen_schools_keep_their_books(told):
    assert Entry.objects.values("org").distinct().count() == 12
    assert set(Entry.objects.values_list("edition__family", flat=True)) == {"safety_risks", "safety_drills"}
    assert Entry.objects.filter(due__lt=TODAY).exists()


@pytest.mark.parametrize(
    "today", [date(2026, 5, 16), date(2026, 6, 5), NO_ROLL_YET, date(2026, 6, 25), date(2027, 3, 1)]
)
def test_incidents_reach_up_to_today_on_any_day_of_the_year(today):
    told = make_world(**SIZE, today=today).incidents
    recent = [one for one in told if today - one.happened < timedelta(days=30)]
    assert max(one.happened for one in told) == today and len(recent) > 4
    assert all(one.happened <= today for one in told) and any(one.pupil for one in recent)
    assert {stories()[one.story]["told"]["event"] for one in recent} > {"harm"}


def test_the_same_seed_makes_the_same_incidents_and_nobody_real():
    one, other = (make_world(**SIZE, today=TODAY).incidents for _ in range(2))
    assert one == other
    assert make_world(**SIZE | {"seed": 8}, today=TODAY).incidents != one
    words = str(telling())
    assert not any(title in words for title in ("นาย", "นางสาว", "ด.ช.", "ด.ญ.", "เด็กชาย", "เด็กหญิง"))
