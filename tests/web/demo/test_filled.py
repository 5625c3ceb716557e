"""An office filled through the intake: what Khet counts of its files is what is true in the world they tell of."""

from collections import Counter

import pytest

from khet.core.accounts.access import can
from khet.core.accounts.models import User
from khet.core.audit.models import AuditEntry
from khet.core.orgs.models import Kind, Org
from khet.core.orgs.queries import default_office
from khet.insight.indicators.queries import values
from khet.plan.models import Action, Note, PlanEdition
from khet.registers.intake.models import Batch, State
from khet.registers.people.models import Enrolment, Person
from khet.registers.residents.models import Resident
from khet.web.demo import marker
from khet.web.demo.accounts import ACCOUNTS, PASSWORD
from khet.web.demo.build import DemoError, build_demo
from khet.web.demo.marker import Marker
from khet.web.demo.world import make_world
from khet.web.desk.models import CensusSnapshot, MapLayer
from tests.support.shared import copy_home
from tests.web.demo.conftest import TODAY
from tests.web.demo.counted import OFFICE, WANTED, absences_and_results_are_all_there, build, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def truth():
    return make_world(schools=10, pupils=500, seed=7, today=TODAY).truth


@pytest.fixture(scope="module")
def begun_again(records):
    """(what a filling that was stopped half-way has left, its marker, the report of the one begun after it)"""
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("khet.web.demo.story.adopt_plan", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build()
    left = [model.__name__ for model in (Org, Person, Resident) if model.objects.exists()]
    return left, marker.read(), build()


@pytest.fixture
def filled(home, shared_home, begun_again):
    """The report of a filled office; the home is a copy of its own."""
    copy_home(shared_home, home)
    return begun_again[2]


def test_a_filling_that_is_stopped_leaves_nothing_and_can_be_begun_again(begun_again):
    left, marked, report = begun_again
    assert (left, marked) == ([], WANTED)
    assert report.loads > 40


def test_what_is_counted_is_what_is_true_and_planted_faults_are_found(truth, filled):
    """Counts of every year, hand-made and computed, agree; loads are the planner's, and no fault stops one."""
    report = filled
    assert report.loads > 40 and report.later == 0
    _pupils_are_those_of_the_census(truth)
    absences_and_results_are_all_there(truth)
    _faults_are_found()
    loaded = AuditEntry.objects.filter(verb="intake.committed")
    assert loaded.filter(actor__username="system").count() == 1  # the register, before anybody worked there
    assert set(loaded.exclude(actor__username="system").values_list("actor__username", flat=True)) == {"planner"}


def _pupils_are_those_of_the_census(truth):
    schools = set(Org.objects.filter(kind=Kind.SCHOOL).values_list("code", flat=True))
    assert len(schools) == WANTED.schools
    for year in (2024, 2025, 2026):
        staff = {key: number for key, number in said("staff", year).items() if key[0] in schools}
        assert sum(staff.values()) == truth[year].staff.total()
        assert said("compulsory_residents", year)[OFFICE,] == truth[year].residents
        pupils = said("pupils", year, "grade", "sex")
        counted = Counter({key: number for key, number in pupils.items() if key[0] in schools})
        if year == 2026:  # its file holds a pupil in a grade that the school does not teach
            assert without_grade(counted) == without_grade(truth[year].on_roll[1])
        else:
            assert counted == truth[year].on_roll[1], year
    assert Enrolment.objects.filter(year=2025, hanging=True).count() == truth[2025].hanging[3]


def without_grade(counts):
    summed_up = Counter()
    for (school, _grade, sex), number in counts.items():
        summed_up[school, sex] += number
    return summed_up


def _faults_are_found():
    assert set(Batch.objects.values_list("state", flat=True)) == {State.COMMITTED}
    codes = {
        batch.files.first().name: set(batch.faults.filter(severity="error").values_list("code", flat=True))
        for batch in Batch.objects.all()
    }
    assert codes["dmc_2569_2.xlsx"] >= {"id_check", "scientific", "not_a_date"}
    warned = Batch.objects.get(files__name="dmc_2569_2.xlsx").faults.filter(severity="warning")
    assert {"two_schools", "grade_is_taught", "range_of", "taken_as_other"} <= set(
        warned.values_list("code", flat=True)
    )
    assert "not_in_codes" in codes["grade_results_2569.csv"]
    assert "not_future" in codes["absences_2569.csv"]
    assert "out_of_bounds" in codes["values_office_scores.xlsx"]
    assert codes["dmc_2567_1.csv"] == set()
    waiting = {batch.files.first().name for batch in Batch.objects.all() if batch.waiting}
    assert waiting == {"enrolment_by_grade_2569.csv", "onet_p6_2568.csv"}


def test_the_plan_is_alive_and_one_can_be_each_of_its_people(client, truth, filled):
    office = default_office()
    _every_indicator_has_value_target_and_owner(office)
    assert Note.objects.count() >= 4 and Action.objects.filter(state=Action.State.OPEN).count() >= 4
    assert MapLayer.objects.count() == 2
    assert CensusSnapshot.objects.get(round="C2025-06-10").pupils == truth[2025].pupils(1)
    for account in ACCOUNTS:
        assert client.login(username=account.username, password=PASSWORD)
    school, registrar = (User.objects.get(username=name) for name in ("school", "registrar"))
    assert school.org == registrar.org and school.org.kind == Kind.SCHOOL
    assert not can(school, "people.list", office)
    elsewhere = Person.objects.visible_to(school).exclude(org=school.org)
    on_its_roll = Enrolment.objects.filter(school=school.org, left__isnull=True).values("person")
    assert not elsewhere.exclude(pk__in=on_its_roll).exists()

    loads = Batch.objects.count()
    assert build().loads == 0 and Batch.objects.count() == loads  # filled once, then left as it is
    with pytest.raises(DemoError, match=r"holds a demo of 10 schools and 500 pupils \(seed 7\)"):
        build_demo(Marker(12, 600, 3, 7, TODAY.isoformat()), lambda words: None)


def _every_indicator_has_value_target_and_owner(office):
    edition = PlanEdition.objects.get(state=PlanEdition.State.ADOPTED)
    assert (edition.from_year, edition.to_year) == (2024, 2028)
    bindings = [item.binding for item in edition.items.filter(kind="indicator")]
    assert len(bindings) == 8
    assert all(binding.owner and binding.confirmed and binding.targets.exists() for binding in bindings)
    found = {value.indicator: value for value in values(User.objects.get(username="director"), org=office)}
    assert [b.indicator for b in bindings if found[b.indicator].value is None] == []
