"""Clocks that run out, semesters that begin, tasks that are due."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from khet.core.notices.models import Notice
from khet.engines.cases import services
from khet.engines.cases.models import Case, Task
from khet.engines.cases.services.watching import escalate, remind, renew

pytestmark = pytest.mark.django_db


def run_out(case):
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(minutes=1))


def test_the_superior_is_told_once_and_again_after_the_days_named(case, director):
    run_out(case)
    now = timezone.now()
    assert escalate(now) == 1 and escalate(now) == 0
    assert Notice.objects.filter(user=director, urgent=True, words_en__contains="overdue").count() == 1
    assert escalate(now + timedelta(days=2)) == 0 and escalate(now + timedelta(days=3, minutes=1)) == 1
    case.refresh_from_db()
    assert case.missed


def test_a_late_step_is_marked_late(case, teacher):
    run_out(case)
    assert services.move(case, "start", by=teacher).late


def test_a_new_semester_opens_again_what_was_paused_before_it(case, teacher):
    services.move(case, "start", by=teacher)
    services.move(case, "pause", by=teacher, reason="not at home")
    Case.objects.filter(pk=case.pk).update(state_since=timezone.make_aware(timezone.datetime(2025, 9, 1)))
    assert renew(date(2025, 10, 20)) == 0
    assert renew(date(2025, 11, 3)) == 1 and renew(date(2025, 11, 4)) == 0
    case.refresh_from_db()
    assert case.state == "going"


def test_a_task_is_reminded_of_once_a_week(case, teacher):
    day = timezone.localdate()
    services.add_task(case, "ถามแม่", by=teacher, owner=teacher, due=day)
    assert remind(day) == 1 and remind(day) == 0 and remind(day + timedelta(days=7)) == 1
    assert "ถามแม่" not in Notice.objects.filter(user=teacher).latest("pk").words_th
    assert Task.objects.get().done_at is None


def test_of_a_circle_only_members_and_who_may_enter_it_hear(secret_case, safety_officer, director, administrator):
    run_out(secret_case)
    escalate(timezone.now())
    told = set(Notice.objects.filter(words_en__contains="overdue").values_list("user__username", flat=True))
    assert {safety_officer.username, director.username} <= told and administrator.username not in told
