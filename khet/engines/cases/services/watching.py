"""Regular work: clocks that ran out, semesters that begin, tasks that are due."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy, gettext_noop

from khet.core.accounts.models import system_user
from khet.core.audit.services import record
from khet.engines.cases.models import Case, Edition, Task
from khet.engines.cases.seats import holders
from khet.engines.cases.services.base import mark, members, tell
from khet.engines.cases.services.moving import move
from khet.kit.periods import Period, academic_year

AT_ONCE = 500


def watch() -> str:
    """Escalate what is overdue, open again what a new semester opens, remind of tasks; what was done, in figures."""
    now = timezone.now()
    counts = escalate(now), renew(timezone.localdate()), remind(timezone.localdate())
    return "escalated {}, opened again {}, reminded {}".format(*counts)


def escalate(now) -> int:
    """Tell the superior of each case whose clock has run out, once and again as its state says; how many."""
    rows = Case.objects.overdue(now).select_related("edition", "org", "office", "about", "owner")
    return sum(_escalate(case, now) for case in rows.order_by("due_at")[:AT_ONCE])


@transaction.atomic
def _escalate(case: Case, now) -> bool:
    rule = case.stands.escalate
    if case.escalated_at is not None:
        again = rule.again_after if rule else None
        if again is None or now < case.escalated_at + timedelta(days=again):
            return False
    Case.objects.filter(pk=case.pk).update(escalated_at=now, missed=True)
    if not case.missed:
        mark(case)
    users = [case.owner, *_superiors(case, rule)]
    words = format_lazy(gettext_lazy("{number} is overdue in “{state}”."), number=case.number, state=case.stands.title)
    tell(users, case, words, key="overdue", urgent=True)
    record("case.escalated", case, by=system_user(), org=case.org, after={"state": case.state})
    return True


def _superiors(case: Case, rule) -> list:
    """Who is told. Of a circle: its members, and those of the office who may enter it."""
    if not case.kind.circle:
        return holders(rule.to, case.org) if rule else []
    above = set(rule.to) & set(case.kind.may_enter) if rule else set()
    return [*members(case), *holders(above, case.office)]


def renew(day: date) -> int:
    """Open again the cases that a new semester or year opens; how many."""
    total = 0
    renewed = [edition.pk for edition in Edition.objects.all() if edition.rules.kind.renewal]
    rows = Case.objects.filter(edition__in=renewed, merged_into__isnull=True)
    for case in rows.select_related("edition", "org"):
        renewal = case.kind.renewal
        stands_since = timezone.localtime(case.state_since).date()
        if renewal and case.state in renewal.states and stands_since < _began(day, renewal):
            move(case, renewal.move, by=system_user(), reason=gettext_noop("a new semester began"))
            total += 1
    return total


def _began(day: date, renewal) -> date:
    """The first day of the semester or year in which a day lies (the break belongs to the semester before)."""
    year = academic_year(day)
    if renewal.each == "academic_year":
        return year.start
    terms = [Period("semester", year.year, number).start for number in (1, 2)]
    return max(start for start in terms if start <= day)


def remind(day: date) -> int:
    """Tell owners of tasks that are due today or late, once a week; how many tasks."""
    rows = Task.objects.filter(done_at__isnull=True, due__lte=day, case__merged_into__isnull=True)
    rows = rows.filter(Q(case__closed_at__isnull=True) | Q(by__isnull=True))  # a routine follows a closed case
    rows = rows.exclude(reminded_on__gt=day - timedelta(days=7)).select_related("case__edition", "case__owner", "owner")
    told = 0
    for task in rows[:AT_ONCE]:
        words = format_lazy(gettext_lazy("{number}: a task is due."), number=task.case.number)
        told += bool(tell(_minds(task), task.case, words, key=f"task-{task.pk}"))
        Task.objects.filter(pk=task.pk).update(reminded_on=day)
    return told


def _minds(task: Task) -> list:
    """Whose a task is: who was given it, as long as they see the case; else who has the case, else its members."""
    for user in (task.owner, task.case.owner):
        if user is not None and Case.objects.visible_to(user).filter(pk=task.case_id).exists():
            return [user]
    return members(task.case)
