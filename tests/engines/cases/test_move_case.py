"""Taking a step."""

from datetime import timedelta

import pytest
from django.utils import timezone

from khet.core.workflow.machine import MoveNotAllowed
from khet.engines.cases import services
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case
from khet.engines.cases.services.noting import Contacted

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def visited(case, by, **answers):
    return services.record_contact(case, Contacted("visit", TODAY(), {"seen": True, **answers}), by=by)


def test_a_step_leads_on_and_its_clock_starts(case, teacher):
    before = case.due_at
    step = services.move(case, "start", by=teacher)
    case.refresh_from_db()
    assert (step.before, step.after, case.state) == ("waiting", "going", "going")
    assert case.due_at > before


def test_it_is_refused_where_it_is_not_possible_and_the_open_ones_are_named(case, teacher):
    with pytest.raises(MoveNotAllowed, match="Start"):
        services.move(case, "finish", by=teacher)
    case.refresh_from_db()
    assert case.state == "waiting" and case.steps.count() == 1


def test_a_reason_that_is_asked_for_is_needed(case, teacher):
    services.move(case, "start", by=teacher)
    with pytest.raises(CaseError, match="why"):
        services.move(case, "pause", by=teacher, reason=" - ")
    services.move(case, "pause", by=teacher, reason="the family is away")
    case.refresh_from_db()
    assert case.state == "paused" and case.due_at is None


def test_what_the_law_asks_for_comes_first(case, teacher):
    services.move(case, "start", by=teacher)
    with pytest.raises(CaseError, match="Go and look first"):
        services.move(case, "finish", by=teacher, answers={"seen": True})
    visited(case, teacher)
    services.move(case, "finish", by=teacher, answers={"seen": True})
    case.refresh_from_db()
    assert not case.is_open and case.closed_by == teacher


def test_a_contact_taken_back_no_longer_answers_the_prompt(case, teacher):
    services.move(case, "start", by=teacher)
    contact = visited(case, teacher, hurt=True)
    services.withdraw_contact(contact, by=teacher)
    with pytest.raises(CaseError, match="Go and look first"):
        services.move(case, "finish", by=teacher, answers={"seen": True})
    case.refresh_from_db()
    assert "hurt" not in case.answers and case.answers == {"colour": "red"}


def test_what_is_learnt_raises_the_level_and_a_second_person_closes(case, teacher, school_director):
    services.move(case, "start", by=teacher)
    visited(case, teacher, hurt=True)
    case.refresh_from_db()
    assert (case.level, case.rank) == ("high", 2)
    with pytest.raises(CaseError, match="second person"):
        services.move(case, "finish", by=teacher, answers={"seen": True})
    services.move(case, "finish", by=school_director, answers={"seen": True})
    case.refresh_from_db()
    assert case.state == "done"


def test_a_level_is_lowered_only_by_the_office_and_with_a_reason(case, teacher, promoter):
    services.set_level(case, "high", by=teacher)
    with pytest.raises(CaseError, match="Only the office"):
        services.set_level(case, "low", by=teacher, reason="not so bad")
    with pytest.raises(CaseError, match="why"):
        services.set_level(case, "low", by=promoter)
    services.set_level(case, "low", by=promoter, reason="a false alarm")
    case.refresh_from_db()
    assert case.level == "low"


def test_an_ended_case_brings_its_routine_task_and_opens_again(case, teacher, school_director):
    services.move(case, "start", by=teacher)
    visited(case, teacher)
    services.move(case, "finish", by=teacher, answers={"seen": True})
    assert case.tasks.get().due == TODAY() + timedelta(days=30)
    services.move(case, "again", by=school_director)
    case.refresh_from_db()
    assert case.is_open and case.closed_by is None


def test_who_is_outside_takes_no_step(case, stranger, other_director):
    for user in (stranger, other_director):
        with pytest.raises((CaseError, MoveNotAllowed)):
            services.move(case, "start", by=user)


def test_many_steps_at_once_stop_at_none_that_cannot(case, teacher):
    done, refused = services.move_many([case, Case.objects.get(pk=case.pk)], "start", by=teacher)
    assert (done, len(refused)) == ([case], 1)


def test_a_routine_speaks_the_readers_language_and_a_written_task_stays_as_written(case, teacher, client_for):
    services.move(case, "start", by=teacher)
    services.add_task(case, "โทรหาแม่", by=teacher)
    visited(case, teacher)
    services.move(case, "finish", by=teacher, answers={"seen": True})
    shown = {}
    for language in ("th", "en"):
        teacher.language = language
        teacher.save(update_fields=["language"])
        client = client_for(teacher)
        client.post(f"/cases/{case.ref}/open/", {"reason": "I work on this case"})
        shown[language] = client.get(f"/cases/{case.ref}/").content.decode()
    assert "ถามอีกครั้ง" in shown["th"] and "Ask again" not in shown["th"]
    assert "Ask again" in shown["en"] and "ถามอีกครั้ง" not in shown["en"]
    assert all("โทรหาแม่" in page for page in shown.values())
