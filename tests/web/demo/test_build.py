"""The demo through the intake: what Khet counts of the files is what is true in the world they were written of."""

from collections import Counter
from datetime import date

import pytest
from click.testing import CliRunner

from khet.core.accounts.access import can
from khet.core.accounts.models import User
from khet.core.activity import activities
from khet.core.audit.models import AuditEntry
from khet.core.orgs.models import Kind, Org
from khet.core.orgs.queries import default_office, schools_of
from khet.engines.cases.models import Case
from khet.engines.logbooks.models import Entry
from khet.engines.programmes.models import Participant
from khet.facts.queries import summed
from khet.facts.services import refresh
from khet.insight.indicators.queries import values
from khet.kit.home import home
from khet.kit.periods import Period
from khet.plan.models import Action, Note, PlanEdition
from khet.registers.intake.models import Batch, State
from khet.registers.people.models import Enrolment, Identifier, Person
from khet.registers.residents.models import Resident
from khet.web.demo import marker
from khet.web.demo.accounts import ACCOUNTS, PASSWORD
from khet.web.demo.build import DemoError, build_demo, load_the_past
from khet.web.demo.command import demo
from khet.web.demo.marker import Marker
from khet.web.demo.world import make_world
from khet.web.desk.models import CensusSnapshot, MapLayer
from tests.web.demo.conftest import TODAY

OFFICE = "99010000"
WANTED = Marker(schools=10, pupils=500, years=3, seed=7, today=TODAY.isoformat())

pytestmark = pytest.mark.django_db


def said(measure, year, *by):
    """{(org, dims …): value} of a measure in an academic year, as the facts have it."""
    rows = summed([measure], by=by, periods=[Period("academic_year", year)]).to_pylist()
    return {tuple(row[name] for name in ("org", *by)): row["value"] for row in rows}


def build(**options):
    return build_demo(WANTED, lambda words: None, **options)


@pytest.fixture
def truth():
    return make_world(schools=10, pupils=500, seed=7, today=TODAY).truth


def test_what_is_counted_is_what_is_true_and_planted_faults_are_found(truth):
    """Counts of every year, hand-made and computed, agree; loads are the planner's, and no fault stops one."""
    report = build()
    assert report.loads > 40 and report.later == 0
    _pupils_are_those_of_the_census(truth)
    _absences_and_results_are_all_there(truth)
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


def _absences_and_results_are_all_there(truth):
    for year in (2024, 2025):  # faults are planted in the latest files only
        absent = said("absent_days", year)
        assert {code: absent[code,] for code in truth[year].absent_days} == truth[year].absent_days
        assert said("mark_results", year)[OFFICE,] == truth[year].results
        assert said("mark_failures", year)[OFFICE,] == truth[year].failures
        assert said("pupils_with_failure", year)[OFFICE,] == truth[year].pupils_failing


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


def test_the_plan_is_alive_and_one_can_be_each_of_its_people(client, truth):
    build()
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


def test_the_past_can_come_later_and_comes_to_the_same():
    world = make_world(schools=10, pupils=500, seed=7, today=TODAY)
    report = build(defer=True)
    assert report.later > 10
    assert len(marker.read().later) == report.later
    early = Batch.objects.count()
    assert not Case.objects.filter(edition__family="safety").exists()
    assert load_the_past(lambda words: None) == report.later
    assert Case.objects.filter(edition__family="safety").count() == len(world.incidents)
    assert Entry.objects.exists()
    assert Batch.objects.count() == early + report.later
    assert (marker.read().later, marker.read().censuses) == ([], [])
    assert load_the_past(lambda words: None) == 0
    assert CensusSnapshot.objects.filter(round="C2025-03-31").exists()
    refresh()
    _absences_and_results_are_all_there(world.truth)
    # Counted from the programme's records now; in the sheet the schools that had not reported were left out.
    assert _sufficiency() == 100 * Participant.objects.count() / len(schools_of(default_office()))
    assert {system for system in activities(User.objects.get(username="planner"), default_office())} == {
        "active-learning", "eservice", "iqa", "pmqa", "safety", "sufficiency",
    }  # fmt: skip


def _sufficiency():
    director = User.objects.get(username="director")
    [value] = values(director, org=default_office(), indicators=["sufficiency_schools_rate"])
    return value.value


def test_an_office_of_its_own_is_never_filled_over(office):
    with pytest.raises(DemoError, match="holds an office of its own"):
        build()
    assert marker.read() is None
    assert list(Org.objects.filter(kind=Kind.SCHOOL)) == []


def test_a_filling_that_is_stopped_leaves_nothing_and_can_be_begun_again(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("khet.web.demo.story.adopt_plan", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build()
    assert not Org.objects.exists() and not Person.objects.exists() and not Resident.objects.exists()
    assert marker.read() == WANTED
    assert build().loads > 40


def test_the_command_fills_and_says_who_one_can_be():
    asked = ["--schools", "4", "--pupils", "120", "--years", "1", "--seed", "3", "--no-serve"]
    first = CliRunner().invoke(demo, asked)
    assert first.exit_code == 0, first.output
    assert "dmc_" in first.output and PASSWORD in first.output and "registrar" in first.output
    assert (home() / "demo-files" / "plan.docx").exists()
    again = CliRunner().invoke(demo, asked)
    assert again.exit_code == 0 and "dmc_" not in again.output


def test_the_command_refuses_fewer_pupils_than_schools():
    done = CliRunner().invoke(demo, ["--schools", "30", "--pupils", "20", "--no-serve"])
    assert done.exit_code == 2
    assert "fewer pupils than schools" in done.output


@pytest.mark.slow
def test_identifiers_change_with_a_history():
    """A child known by a G-code is given a number: one person, two identifiers, the first one ended."""
    wanted = Marker(schools=30, pupils=2600, years=3, seed=7, today=TODAY.isoformat())
    build_demo(wanted, lambda words: None)
    changed = [i for i in Identifier.objects.filter(kind="gcode", until__isnull=False)]
    assert changed
    for old in changed:
        assert Identifier.objects.filter(person=old.person, until__isnull=True).exclude(pk=old.pk).count() == 1
        assert old.until <= date(2026, 11, 24)
