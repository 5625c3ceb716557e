"""Reading: the newest list, the schools and pupils on it a viewer may see, what waits, and whether acting helped."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from khet.core.accounts.access import can
from khet.core.orgs.models import Org
from khet.core.orgs.queries import office_of
from khet.insight.earlywarning.models import FollowUp, PupilWarning, WarningRun

SUPPRESSED_BELOW = 5  # pupils; helped-or-not is told of no smaller group


@dataclass(frozen=True)
class SchoolRow:
    """A school on the list, as counts of the run and of what has been done since."""

    school: Org
    pupils: int
    act: int
    watch: int
    stopped: int
    listed: int
    share: float
    met: int
    waiting: int


@dataclass(frozen=True)
class PupilRow:
    """A pupil of the list with what has been recorded, newest first."""

    warning: PupilWarning
    met: bool
    waiting_days: int | None
    overruled: bool
    followups: list[FollowUp] = field(default_factory=list)

    @property
    def last(self) -> FollowUp | None:
        return self.followups[0] if self.followups else None


def places(viewer):
    """The orgs whose pupils the viewer may open."""
    return Org.objects.visible_to(viewer, "people.open")


def office_above(school: Org) -> Org | None:
    """The office a school belongs to."""
    return office_of(school)


def newest(viewer, office: Org | None) -> WarningRun | None:
    """The newest list that is made, of an office in or above which the viewer may open records; None without one."""
    if office is None or not _reaches(viewer, office):
        return None
    return (
        WarningRun.objects.filter(org=office, state=WarningRun.State.DONE).select_related("org").order_by("-pk").first()
    )


def under_way(viewer, office: Org | None) -> WarningRun | None:
    """The list that is being made, or the newest one when it failed; None otherwise. For who may ask for one."""
    if office is None or not may_run(viewer, office):
        return None
    last = WarningRun.objects.filter(org=office).order_by("-pk").first()
    return last if last is not None and last.state != WarningRun.State.DONE else None


def may_run(viewer, office: Org | None) -> bool:
    """Whether the viewer may have a list made for the office: opens records of the whole of it."""
    return office is not None and can(viewer, "people.open", office)


def _reaches(viewer, office: Org) -> bool:
    paths = viewer.paths("people.open")
    return any(office.path.startswith(path) or path.startswith(office.path) for path in paths)


def warnings(viewer, run: WarningRun):
    """The pupils of a list that the viewer may see, most pressing first."""
    found = PupilWarning.objects.visible_to(viewer).filter(run=run)
    return found.select_related("enrolment__person", "school", "run").order_by("rank")


def any_warning(viewer):
    """Every warning of a list that is made and that the viewer may see; for the page of one pupil."""
    return PupilWarning.objects.visible_to(viewer).filter(run__state=WarningRun.State.DONE).select_related(
        "enrolment__person", "school", "run__org"
    )  # fmt: skip


def schools(viewer, run: WarningRun) -> list[SchoolRow]:
    """The schools of a list that the viewer may see, most pressing first."""
    visible = {org.pk: org for org in places(viewer).schools()}
    state = Counter()
    for row in pupils(viewer, run):
        state[row.warning.school_id, "met"] += row.met
        state[row.warning.school_id, "waiting"] += row.waiting_days is not None
    return [
        SchoolRow(visible[one["school"]], one["pupils"], one["act"], one["watch"], one["stopped"], one["listed"],
                  one["share"], state[one["school"], "met"], state[one["school"], "waiting"])
        for one in run.schools if one["school"] in visible
    ]  # fmt: skip


def pupils(viewer, run: WarningRun, school: Org | None = None) -> list[PupilRow]:
    """The pupils of a list, or of one school on it, with what was recorded this year."""
    listed = list(warnings(viewer, run).filter(**({"school": school} if school else {})))
    return _with_followups(listed, run)


def pupil(viewer, warning: PupilWarning) -> PupilRow:
    """One pupil of a list with what was recorded this year."""
    return _with_followups([warning], warning.run)[0]


def _with_followups(listed: list[PupilWarning], run: WarningRun) -> list[PupilRow]:
    recorded = defaultdict(list)
    found = FollowUp.objects.filter(enrolment__in=[one.enrolment_id for one in listed], year=run.year)
    for one in found.select_related("by"):
        recorded[one.enrolment_id].append(one)
    patience = timedelta(days=run.edition.remind_after_days)
    return [_row(one, recorded[one.enrolment_id], patience) for one in listed]


def _row(warning: PupilWarning, followups: list[FollowUp], patience: timedelta) -> PupilRow:
    overruled = any(one.kind == "overrule" and one.withdrawn_at is None for one in followups)
    met = any(one.kind != "overrule" for one in followups)
    age = timezone.now() - warning.run.finished_at
    waiting = age.days if not (met or overruled) and age >= patience else None
    return PupilRow(warning, met, waiting, overruled, followups)


@dataclass(frozen=True)
class Helped:
    """Of last year's listed pupils, those somebody met and those nobody met: how many were lost all the same.

    No proof: who is met may be worse off. It says where to look.
    """

    year: int
    met: int
    met_lost: int | None
    others: int
    others_lost: int | None


def did_it_help(run: WarningRun) -> Helped | None:
    """What became of the pupils on the first list of the year before; None when it is not known."""
    from datetime import date

    from khet.insight.earlywarning.cohort import cohort

    before = WarningRun.objects.filter(org=run.org, year=run.year - 1, state="done").order_by("pk").first()
    if before is None:
        return None
    then = cohort(run.org, before.year, min(before.day, date(before.year + 1, 5, 15)))
    if then.ended is None:
        return None
    ended = dict(zip(then.enrolments.tolist(), then.ended.tolist(), strict=True))
    listed = before.warnings.exclude(level="stopped").values_list("enrolment_id", flat=True)
    acted = FollowUp.objects.filter(kind="action", year=before.year, enrolment__in=listed)
    met = set(acted.values_list("enrolment_id", flat=True))
    sides = {True: [], False: []}
    for enrolment in listed:
        if enrolment in ended:
            sides[enrolment in met].append(ended[enrolment])
    met_lost, others_lost = (_suppressed(sides[side]) for side in (True, False))
    return Helped(before.year, len(sides[True]), met_lost, len(sides[False]), others_lost)


def _suppressed(ends: list[float]) -> int | None:
    return int(sum(ends)) if len(ends) >= SUPPRESSED_BELOW else None
