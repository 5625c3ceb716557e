"""Filling a demo: at once or the past later, never over an office of its own, by a command."""

from datetime import date

import pytest
from click.testing import CliRunner

from khet.core.accounts.models import User
from khet.core.activity import activities
from khet.core.orgs.models import Kind, Org
from khet.core.orgs.queries import default_office, schools_of
from khet.engines.cases.models import Case
from khet.engines.logbooks.models import Entry
from khet.engines.programmes.models import Participant
from khet.facts.services import refresh
from khet.insight.indicators.queries import values
from khet.kit.home import home
from khet.registers.intake.models import Batch
from khet.registers.people.models import Identifier
from khet.web.demo import lists, marker
from khet.web.demo.accounts import PASSWORD
from khet.web.demo.build import DemoError, build_demo, load_the_past
from khet.web.demo.command import demo
from khet.web.demo.marker import Marker
from khet.web.demo.world import make_world
from khet.web.desk.models import CensusSnapshot
from tests.web.demo.conftest import TODAY
from tests.web.demo.counted import absences_and_results_are_all_there, build

pytestmark = pytest.mark.django_db


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
    absences_and_results_are_all_there(world.truth)
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


def test_the_command_fills_and_says_who_one_can_be():
    asked = ["--schools", "4", "--pupils", "120", "--years", "1", "--seed", "3", "--no-serve"]
    first = CliRunner().invoke(demo, asked)
    assert first.exit_code == 0, first.output
    assert "dmc_" in first.output and PASSWORD in first.output and "registrar" in first.output
    assert (home() / "demo-files" / "plan.docx").exists()
    again = CliRunner().invoke(demo, asked)
    assert again.exit_code == 0 and "dmc_" not in again.output
    assert "made when the office is served" in first.output and "made when the office is served" in again.output
    lists.ask_for(default_office(), by=User.objects.get(username="promoter"))
    assert "made when the office is served" not in CliRunner().invoke(demo, asked).output


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
