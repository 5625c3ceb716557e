import pytest
from django.db import IntegrityError, transaction

from khet.core.audit.models import AuditEntry
from khet.core.changes.models import Change
from khet.plan.models import PlanEdition, PlanItem
from khet.plan.queries import current_plan
from khet.plan.services import PlanError, adopt, faults, leave_unbound, remove_item, revise


def test_a_draft_with_an_indicator_without_a_number_is_not_adopted(draft, planner):
    with pytest.raises(PlanError):
        adopt(draft, by=planner)
    draft.refresh_from_db()
    assert draft.is_draft


def test_faults_name_what_stops_first_and_then_what_deserves_a_look(draft):
    found = faults(draft)
    assert [fault.stops for fault in found] == sorted((fault.stops for fault in found), reverse=True)
    assert found[0].item.text == "จำนวนวันฝนตกในเขตพื้นที่ลดลง"


def test_a_draft_whose_open_indicators_are_explained_is_adopted(draft, planner, office):
    leave_unbound(draft.items.get(binding__indicator="").binding, "ไม่มีข้อมูล", by=planner)
    edition = adopt(draft, by=planner)
    assert edition.state == "adopted" and edition.adopted_by == planner
    assert current_plan(planner, office).edition == edition
    assert AuditEntry.objects.filter(verb="plan.adopted").exists()
    assert Change.objects.filter(subject="plan").exists()


def test_a_plan_without_indicators_is_not_adopted(draft, planner):
    for item in list(draft.items.filter(kind=PlanItem.Kind.INDICATOR)):
        remove_item(item, by=planner)
    with pytest.raises(PlanError):
        adopt(draft, by=planner)


def test_adopting_a_revision_supersedes_the_plan_in_force(adopted, planner, office):
    new = adopt(revise(adopted, by=planner), by=planner)
    adopted.refresh_from_db()
    assert adopted.state == "superseded" and adopted.superseded_at
    assert current_plan(planner, office).edition == new


def test_a_plan_is_adopted_once(adopted, planner):
    with pytest.raises(PlanError):
        adopt(adopted, by=planner)


def test_the_database_itself_refuses_two_plans_in_force(adopted, planner):
    draft = revise(adopted, by=planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanEdition.objects.filter(pk=draft.pk).update(
            state="adopted", adopted_at=adopted.adopted_at, adopted_by=planner
        )
