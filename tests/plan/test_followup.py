from datetime import timedelta

import pytest
from django.utils import timezone

from khet.core.audit.models import AuditEntry
from khet.plan.queries import actions, notes
from khet.plan.services import (
    PlanError,
    add_action,
    add_note,
    close_action,
    reopen_action,
    restore_note,
    withdraw_note,
)

ID = "service_satisfaction"
SOON = timedelta(days=7)


@pytest.fixture
def action(office, planner, director):
    return add_action(office, ID, "โทรถามผู้รับบริการ", timezone.localdate() + SOON, by=planner, owner=director)


def test_a_note_is_seen_at_the_org_and_above_and_not_by_strangers(school, office, planner, school_director, stranger):
    add_note(school, ID, "ประตูหน้ารอซ่อม", by=school_director)
    assert notes(planner, org=office, indicator=ID).count() == 1
    assert notes(school_director, org=school).count() == 1
    assert not notes(stranger).exists()


def test_a_withdrawn_note_is_gone_until_it_is_put_back(office, planner):
    note = add_note(office, ID, "ลองดู", by=planner)
    withdraw_note(note, by=planner)
    assert not notes(planner, org=office).exists()
    restore_note(note, by=planner)
    assert notes(planner, org=office).get() == note


def test_only_its_writer_or_who_writes_the_plan_takes_a_note_back(office, planner, director, someone):
    note = add_note(office, ID, "ของผู้อำนวยการ", by=director)
    with pytest.raises(PlanError):
        withdraw_note(note, by=someone("supervisor", office))
    withdraw_note(note, by=planner)


@pytest.mark.parametrize("text, id", [("  ", ID), ("ข้อความ", "moon_phase")])
def test_an_empty_note_or_one_on_nothing_is_refused(office, planner, text, id):
    with pytest.raises(PlanError):
        add_note(office, id, text, by=planner)


def test_an_action_is_somebodys_until_a_day_to_come(office, planner, director, stranger):
    today = timezone.localdate()
    for text, due, owner in (
        ("", today, director),
        ("ทำ", today - SOON, director),
        ("ทำ", today, stranger),
        ("ทำ", today, None),
    ):
        with pytest.raises(PlanError):
            add_action(office, ID, text, due, by=planner, owner=owner)


def test_an_action_is_closed_dropped_with_a_reason_and_opened_again(action, director):
    with pytest.raises(PlanError):
        close_action(action, by=director, dropped=True)
    close_action(action, by=director, outcome="โทรครบ 20 ราย")
    assert (action.state, action.done_by) == ("done", director)
    reopen_action(action, by=director)
    assert action.is_open and action.outcome == ""
    verbs = list(
        AuditEntry.objects.filter(object_id=str(action.pk), verb__startswith="action.").values_list("verb", flat=True)
    )
    assert verbs == ["action.reopened", "action.done", "action.added"]


def test_overdue_actions_are_those_whose_day_has_passed(action, planner, office):
    assert not actions(planner, org=office).overdue().exists()
    type(action).objects.filter(pk=action.pk).update(due=timezone.localdate() - SOON)
    assert actions(planner, org=office).overdue().get().is_overdue
