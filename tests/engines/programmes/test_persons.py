"""Persons in programmes: who may see that somebody takes part, and whom; teachers at several places."""

from datetime import date

import pytest

from khet.core.catalogue import catalogue
from khet.engines.programmes import queries, services
from khet.engines.programmes.rights import ProgrammeError, may_name
from khet.engines.programmes.services.joining import Entrant
from tests.facts.records import person, pupil

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 1)


@pytest.fixture
def catch_up(office, supervisor):
    run = services.open_run(catalogue().get("programme", "catch_up_2565"), office, by=supervisor, starts=DAY)
    return services.start_run(run, by=supervisor)


@pytest.fixture
def child(school):
    who = person(school)
    pupil(school, 2024, who=who)
    return who


@pytest.fixture
def in_group(catch_up, school, child, school_director):
    return services.join(catch_up, Entrant("pupil", school, DAY, child), by=school_director)


def seen(viewer, run):
    return list(queries.participants(viewer, run))


def test_a_looker_on_does_not_see_that_a_pupil_takes_part(in_group, catch_up, someone, office, director, stranger):
    looker = someone("viewer", office)
    assert seen(looker, catch_up) == [] and seen(stranger, catch_up) == []
    assert seen(director, catch_up) == [in_group] and may_name(director, in_group)


def test_who_runs_it_without_the_right_to_list_pupils_counts_them_and_reads_no_name(
    in_group, catch_up, supervisor, child, client_for
):
    assert seen(supervisor, catch_up) == [in_group] and not may_name(supervisor, in_group)
    client = client_for(supervisor)
    page = client.get(f"/programmes/{catch_up.pk}/").content.decode()
    assert child.first_name not in page and str(in_group.org) in page
    assert client.get(f"/programmes/participants/{in_group.pk}/").status_code == 404


def test_another_school_finds_nothing(in_group, catch_up, other_director, client_for):
    assert seen(other_director, catch_up) == []
    assert client_for(other_director).get(f"/programmes/participants/{in_group.pk}/").status_code == 404


def test_a_confidential_programme_keeps_no_person(office, school, child, supervisor):
    rules = catalogue().get("programme", "democracy_2569")
    run = services.open_run(rules, office, by=supervisor, starts=DAY)
    with pytest.raises(ProgrammeError):
        services.join(run, Entrant("pupil", school, DAY, child), by=supervisor)


def test_no_trail_and_no_notice_bears_a_name(in_group, child):
    from khet.core.audit.models import AuditEntry

    for entry in AuditEntry.objects.filter(verb__startswith="programme."):
        assert child.first_name not in f"{entry.label} {entry.before} {entry.after} {entry.reason}"


def test_the_same_person_cannot_join_twice(in_group, catch_up, school, child, school_director):
    with pytest.raises(ProgrammeError):
        services.join(catch_up, Entrant("pupil", school, DAY, child), by=school_director)
