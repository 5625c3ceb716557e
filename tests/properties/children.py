"""Children two records of whom may be one, and children on a list of early warnings; with their addresses."""

from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.insight.earlywarning.models import PupilWarning, WarningRun
from khet.insight.earlywarning.services.running import carry_out
from khet.registers.linkage import models as linkage
from khet.registers.people.models import Enrolment

YEAR = 2024


def pair_children(office, *, by):
    """A pair of records to judge, noted at the office."""
    one, other = [enrolment.person for enrolment in _enrolments(office)[:2]]
    run = linkage.Run.objects.create(org=office.org, kind=linkage.Kind.DOUBLES, year=YEAR, by=by)
    pair = linkage.Pair.objects.create(
        org=office.org, kind=linkage.Kind.DOUBLES, run=run, person=one, other=other, probability=0.9
    )
    office.add("linkage:pair linkage:open linkage:judge linkage:reopen", pair.pk)


def warn_of_children(office, schools, *, by):
    """A list on which each school has a pupil, noted at the school."""
    run = WarningRun.objects.create(
        org=office.org, rules=catalogue().all("warning")[0].id, year=YEAR, day=timezone.localdate(), capacity=9,
        started_by=by,
    )  # fmt: skip
    carry_out(run)
    for place in schools:
        pupil = next(enrolment for enrolment in _enrolments(office) if enrolment.school_id == place.org.pk)
        warning, _new = PupilWarning.objects.get_or_create(
            run=run, enrolment=pupil, defaults={"school": place.org, "rank": 1, "level": "act", "detail": {}}
        )
        place.add("earlywarning:school", place.org.code)
        place.add("behind:school behind:open behind:join", place.org.code)
        place.add("earlywarning:pupil earlywarning:act earlywarning:end earlywarning:overrule earlywarning:restore",
                  warning.pk)  # fmt: skip


def _enrolments(office):
    found = Enrolment.objects.select_related("person").filter(school__path__startswith=office.org.path)
    return list(found.order_by("school", "pk"))
