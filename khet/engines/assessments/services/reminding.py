"""Reminders: those who have not handed over yet, before the day, on it and each week after."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.accounts.models import User
from khet.core.audit.services import record
from khet.core.notices.services import notify
from khet.engines.assessments import rights
from khet.engines.assessments.models import Assessment, Assignment, Improvement, Round
from khet.engines.assessments.services import AssessmentError
from khet.engines.assessments.services.telling import TOPIC, round_url

BEFORE = (7, 3, 1, 0)  # days before a round is due on which people are reminded; after it, once a week
WAITING = (Assessment.State.RATING, Assessment.State.RETURNED)


@transaction.atomic
def remind(round: Round, *, by) -> int:
    """Remind now those whose part is open; how many were told. Raises AssessmentError."""
    if not rights.may_manage(by, round):
        raise AssessmentError(_("You may not run rounds of %(org)s.") % {"org": round.org})
    told = _tell(round)
    record("round.reminded", round, by=by, org=round.org, count=told)
    return told


def remind_due() -> int:
    """The daily job: rounds that are due soon or late, improvements that are overdue; how many people were told."""
    today, told = timezone.localdate(), 0
    for round in Round.objects.filter(state=Round.State.OPEN, due__isnull=False).select_related("edition", "org"):
        left = (round.due - today).days
        if left in BEFORE or (left < 0 and left % 7 == 0):
            told += _tell(round)
    return told + _tell_of_improvements(today)


def _tell(round: Round) -> int:
    words = format_lazy(
        gettext_lazy("Still to be handed over by {day}: {title}"),
        day=lazystr(round.due.strftime("%d/%m/") + str(round.due.year + 543) if round.due else "–"),
        title=lazystr(round.title),
    )
    return notify(waited_for(round), topic=TOPIC, words=words, url=round_url(round), key=f"round-{round.pk}-due")


def waited_for(round: Round) -> list[User]:
    """Those whose part has not been handed over: named ones, else people of the place, else reviewers not finished."""
    open_ones = round.assessments.filter(state__in=WAITING)
    layer = "self" if "self" in round.layers else "reviewer"
    named = Assignment.objects.filter(assessment__in=open_ones, layer=layer, finished_at=None)
    reviewing = Assignment.objects.filter(
        assessment__round=round, assessment__state=Assessment.State.SENT, layer="reviewer", finished_at=None
    )
    users = set(
        User.objects.filter(pk__in=[*named.values_list("user", flat=True), *reviewing.values_list("user", flat=True)])
    )
    if layer == "self":
        orgs = open_ones.filter(confidential=False).exclude(assignments__layer="self").values_list("org", flat=True)
        near = User.objects.people().filter(is_active=True, roles__org__in=orgs).distinct()
        users |= {
            user for user in near.prefetch_related("roles__org")
            if any("assess.fill" in grant.permissions for grant in user.grants)
        }  # fmt: skip
    return sorted(users, key=lambda user: user.pk)


def _tell_of_improvements(today) -> int:
    late = Improvement.objects.overdue().filter(owner__isnull=False).select_related("owner")
    weekly = [one for one in late if (today - one.due) % timedelta(days=7) == timedelta(days=1)]
    words = gettext_lazy("An improvement that you answer for is overdue.")
    from django.urls import reverse

    return notify(
        {one.owner for one in weekly}, topic=TOPIC, words=words, url=reverse("assessments:improvements"),
        key="improvements-late",
    )  # fmt: skip
