"""Matching and early warning in the demo: filled by the worker, said to be under way before, and near the truth."""

import pytest
from django.urls import reverse

from khet.core.orgs.queries import default_office
from khet.insight.earlywarning.models import PupilWarning, WarningRun
from khet.insight.earlywarning.tasks import make_list
from khet.registers.linkage import queries
from khet.registers.linkage.models import Kind, Pair, Run
from khet.registers.linkage.tasks import match_lists
from khet.registers.people.models import Identifier
from khet.web.demo.accounts import PASSWORD
from khet.web.demo.build import build_demo, load_the_past
from khet.web.demo.marker import Marker
from khet.web.demo.tasks import load_later
from khet.web.demo.world import make_world
from khet.web.demo.world.children import is_compulsory
from tests.web.demo.conftest import TODAY

pytestmark = pytest.mark.django_db
WANTED = Marker(schools=10, pupils=1200, years=1, seed=7, today=TODAY.isoformat())


@pytest.fixture
def queued(monkeypatch, settings):
    """What is put into the queue, in order; nothing is done before its turn."""
    settings.KHET_SECOND_FACTOR = False
    found = []
    for task in (match_lists, make_list):
        monkeypatch.setattr(type(task), "enqueue", lambda self, *args: found.append((self.name, args)))
    return found


@pytest.fixture
def filled(queued):
    build_demo(WANTED, lambda words: None, defer=True)
    return default_office()


def test_the_pages_say_that_the_lists_are_under_way_and_then_hold_them(filled, queued, client, monkeypatch):
    assert queued == [] and not Run.objects.exists() and not WarningRun.objects.exists()  # filling asks for none
    client.login(username="promoter", password=PASSWORD)
    pages = [reverse("linkage:queue"), reverse("earlywarning:schools")]

    def look_meanwhile(progress):
        for page in pages:
            assert 'hx-trigger="every 3s"' in client.get(page).content.decode(), page
        assert queued == []  # what reads the past waits for it
        return load_the_past(progress)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("khet.web.demo.build.load_the_past", look_meanwhile)
        load_later.call()
    assert [name for name, _run in queued] == ["match_lists", "match_lists", "make_list"]
    for name, (run,) in queued:
        {"match_lists": match_lists, "make_list": make_list}[name].call(run)
    for page in pages:
        assert 'hx-trigger="every 3s"' not in client.get(page).content.decode(), page
    assert PupilWarning.objects.exists()
    _every_planted_pair_is_proposed()
    _the_truth_lies_within_what_is_said(filled)

    queued.clear()
    load_later.call()  # a second start asks for nothing that is there
    assert queued == [] and Run.objects.count() == 2 and WarningRun.objects.count() == 1


def _every_planted_pair_is_proposed():
    world = make_world(schools=10, pupils=1200, years=1, seed=7, today=TODAY)
    misread = {child.identifiers[-1][1] for child in world.children if child.listed}
    twice = {slip.value for slip in world.slips if slip.kind == "pupil_under_two_numbers"}
    assert misread and twice
    pairs = Pair.objects.filter(kind=Kind.REGISTER).values("person")
    assert misread == {one.value for one in Identifier.objects.filter(person__in=pairs)}
    others = Pair.objects.filter(kind=Kind.DOUBLES).values("other")
    assert twice <= {one.value for one in Identifier.objects.filter(person__in=others)}


def _the_truth_lies_within_what_is_said(office):
    """By number alone children who sit in class count as in no school; the matching says about how many."""
    world, year = make_world(schools=10, pupils=1200, years=1, seed=7, today=TODAY), TODAY.year
    on_a_roll = {e.child.number for e in world.roll(year, max(world.rounds(year).values()))}
    listed = [child for child, state in world.residents(year) if state == "living" and is_compulsory(child, year)]
    truth = sum(child.number not in on_a_roll for child in listed)
    known = queries.uncertainty(office, year)
    assert known.unmatched == truth + sum(child.listed is not None for child in listed)
    assert round(known.true_count.low) <= truth <= round(known.true_count.high)
