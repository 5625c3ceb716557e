"""All cases of a kind, for those who answer for them at an office: what a page makes of them names nobody."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from khet.core.orgs.models import Org
from khet.engines.cases import editions
from khet.engines.cases.models import Case, Edition
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.schema.levels import holds
from khet.engines.cases.seats import roles_at

LESSONS = 200  # the newest; more are read by nobody


def overlooked(viewer, office: Org) -> list[CaseKind]:
    """Kinds of case that the viewer answers for at an office: may enter their circle, or manages them there."""
    held = roles_at(viewer, office)
    return [kind for kind in editions.on_offer(timezone.localdate()) if held & _answering(kind)]


def _answering(kind: CaseKind) -> set[str]:
    return set(kind.may_enter) if kind.circle else set(kind.manage_by) & set(kind.read_by)


def all_of(viewer, office: Org, family: str, since: datetime) -> QuerySet[Case]:
    """Every case of a family of an office since a moment; none that is kept from the viewer.

    The caller has looked that the viewer overlooks the kind, and shows sums only.
    """
    rows = Case.objects.filter(office=office, edition__family=family, received_at__gte=since).fit_for(viewer)
    return rows.select_related("edition", "about", "office", "person").prefetch_related("steps").order_by("pk")


def lessons(viewer, office: Org) -> list[tuple[Case, list, str]]:
    """[(case, fields shown beside it, the words)] of an office's lessons, the newest first.

    The caller shows neither number nor school nor day. What passed a school by is no lesson to that school: it would
    tell that there was something.
    """
    rows = Case.objects.filter(office=office, closed_at__isnull=False, merged_into__isnull=True)
    if viewer.org is not None and viewer.org.is_school:
        rows = rows.exclude(passed_by=True, about=viewer.org)
    taught = [edition.pk for edition in Edition.objects.all() if edition.rules.kind.lesson]
    rows = rows.filter(edition__in=taught).select_related("edition").order_by("-closed_at", "-pk")
    found = []
    for case in rows[:LESSONS]:
        lesson = case.kind.lesson
        if lesson and case.answers.get(lesson.words) and holds(lesson.when, case.answers):
            fields = [case.rules.fields[name] for name in lesson.shown if name in case.answers]
            found.append((case, fields, case.answers[lesson.words]))
    return found
