"""Reading. The viewer comes first."""

from collections import Counter, defaultdict
from datetime import date

from django.db.models import Count
from django.utils import timezone

from khet.core.accounts.access import can
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.programmes import editions
from khet.engines.programmes.counting import Held, rung
from khet.engines.programmes.expiry import expiring
from khet.engines.programmes.models import Attendance, Cost, Output, Participant, Run, Session, Sheet, Status
from khet.engines.programmes.rights import RUN, TAKE_PART
from khet.engines.programmes.searching import found
from khet.kit.thai import sort_key
from khet.registers.people.models import Person


def runs(viewer, *, system: str = "", state: str = ""):
    """Runs the viewer may see, those that go on first."""
    rows = Run.objects.visible_to(viewer).select_related("edition", "org")
    if system:
        rows = rows.filter(edition__system=system)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("edition__system", "-starts", "title")


def places_of(viewer, org: Org):
    """Runs in which an org takes part, or somebody of it, as far as the viewer sees participants; a subquery."""
    return Participant.objects.visible_to(viewer).filter(org=org).order_by().values("run").distinct()


def by_system(viewer, rows) -> list[tuple[object, list[Run]]]:
    """[(system, its runs)] by row of the strategy; each run knows how many take part as far as the viewer sees."""
    rows = list(rows)
    counts = dict(
        Participant.objects.visible_to(viewer).taking_part().filter(run__in=[run.pk for run in rows])
        .order_by().values_list("run").annotate(Count("pk"))
    )  # fmt: skip
    systems = defaultdict(list)
    for run in rows:
        run.taking_part = counts.get(run.pk, 0)
        systems[run.edition.system].append(run)
    known = [(catalogue().find("system", id), found) for id, found in systems.items()]
    return sorted(known, key=lambda pair: (pair[0].strategy if pair[0] else "9", pair[0].id if pair[0] else ""))


def systems(viewer) -> list:
    """Systems with a programme the viewer sees or could open, by strategy."""
    there = set(Run.objects.visible_to(viewer).order_by().values_list("edition__system", flat=True).distinct())
    there |= {rules.system for _org, offered in to_open(viewer) for rules in offered}
    return sorted((s for id in there if (s := catalogue().find("system", id))), key=lambda s: (s.strategy, s.id))


def to_open(viewer) -> list[tuple[Org, list]]:
    """[(org, programmes the viewer may open there)] for the orgs where the viewer holds the right itself."""
    orgs = Org.objects.filter(path__in=viewer.paths(RUN)).order_by("path")
    if viewer.is_system:
        orgs = Org.objects.filter(kind="office")
    offers = [(org, editions.on_offer(timezone.localdate(), org.kind)) for org in orgs]
    return [(org, offered) for org, offered in offers if offered]


def participants(viewer, run: Run):
    """Participants of a run that the viewer may see, with what their line shows."""
    rows = Participant.objects.visible_to(viewer).filter(run=run)
    return rows.select_related("org", "person", "run__edition", "run__org").prefetch_related("statuses")


def participant_rows(viewer):
    """All participants the viewer may see."""
    rows = Participant.objects.visible_to(viewer).select_related("org", "person", "run__edition", "run__org")
    return rows.prefetch_related("statuses__by", "statuses__file", "statuses__withdrawn_by")


def participants_of_pupils(viewer):
    """Pupils in runs that count, as far as the viewer may list them."""
    rows = Participant.objects.visible_to(viewer, "people.list").filter(kind=Participant.Kind.PUPIL)
    return rows.exclude(run__state=Run.State.DRAFT).select_related("person", "run__edition", "run__org")


def standing(participant: Participant, day: date | None = None) -> Status | None:
    """The status that counts for a participant on a day (today)."""
    return standing_among(participant.run, participant.statuses.all(), day)


def standing_among(run: Run, statuses, day: date | None = None) -> Status | None:
    known = {one.pk: one for one in statuses if one.stands}
    held = [Held(one.level, one.judged_on, one.valid_until, one.pk) for one in known.values()]
    best = rung(run.rules.ladder, held, day or timezone.localdate())
    return known[best.id] if best else None


def board(run: Run, rows) -> list[tuple[object, list[Participant]]]:
    """[(level or None, participants who stand on it)], the highest first; each knows its standing status."""
    places: dict[str | None, list[Participant]] = defaultdict(list)
    for one in rows:
        if one.left_on is None:
            one.standing = standing(one)
            places[one.standing.level if one.standing else None].append(one)
    levels = list(reversed(run.rules.ladder.levels)) if run.rules.ladder else []
    found_ = [(level, _sorted(places[level.code])) for level in levels]
    if places[None] or not levels:
        found_.append((None, _sorted(places[None])))
    return found_


def _sorted(rows):
    return sorted(rows, key=lambda one: (sort_key(one.org.name), sort_key(one.name), one.pk))


def not_in(viewer, run: Run) -> list[Org]:
    """Open schools below the run's org that do not take part, as far as the viewer may enter them."""
    inside = Participant.objects.filter(run=run, kind="school", left_on__isnull=True).values("org")
    schools = Org.objects.schools().open().filter(path__startswith=run.org.path).exclude(pk__in=inside)
    if not can(viewer, RUN, run.org):
        schools = schools.visible_to(viewer, RUN)
    return sorted(schools, key=lambda org: sort_key(org.name))


def places_to_write(viewer, run: Run) -> list[Org]:
    """Orgs for which the viewer may enter outputs in a run, the viewer's own first."""
    rows = Org.objects.filter(path__startswith=run.org.path).open()
    rows = rows.filter(pk__in=Org.objects.under(viewer.paths(RUN) + viewer.paths(TAKE_PART)).values("pk"))
    return sorted(rows, key=lambda org: (org.pk != viewer.org_id, org.kind == "school", sort_key(org.name)))


def places_to_meet(viewer, run: Run) -> list[Org]:
    """Orgs that may hold a session of the run by the hand of the viewer."""
    found_ = [run.org] if can(viewer, RUN, run.org) else []
    if run.rules.sessions and run.rules.sessions.by_schools:
        schools = Org.objects.schools().open().filter(path__startswith=run.org.path).visible_to(viewer, RUN)
        found_ += sorted(schools, key=lambda org: sort_key(org.name))
    return found_


def sessions(viewer, run: Run | None = None):
    """Sessions the viewer may see, newest first, cancelled ones too."""
    rows = Session.objects.visible_to(viewer).select_related("run__edition", "run__org", "org")
    return rows.filter(run=run) if run else rows


def with_presence(viewer, rows) -> list[Session]:
    """Sessions that know how many came and how many were noted, as far as the viewer sees them."""
    rows = list(rows)
    seen = Participant.objects.visible_to(viewer).values("pk")
    counts: dict[int, Counter] = defaultdict(Counter)
    noted = Attendance.objects.filter(session__in=[one.pk for one in rows], participant__in=seen)
    for session, state, n in noted.order_by().values_list("session", "state").annotate(Count("pk")):
        counts[session][state] = n
    for one in rows:
        one.came, one.noted = counts[one.pk]["present"], sum(counts[one.pk].values())
    return rows


def outputs(viewer, *, run: Run | None = None, words: str = "", kind: str = "", level: str = "", state: str = "",
            org: Org | None = None, system: str = "", withdrawn: bool = False):  # fmt: skip
    """Outputs the viewer may see, narrowed, newest first; withdrawn ones only when asked for."""
    rows = Output.objects.visible_to(viewer).select_related("run__edition", "run__org", "org", "by", "file")
    rows = rows.prefetch_related("authors").annotate(used=Count("uses", distinct=True)).order_by("-made_on", "-pk")
    rows = rows.filter(run=run) if run else rows
    for name, value in {"kind": kind, "level": level, "state": state, "run__edition__system": system}.items():
        rows = rows.filter(**{name: value}) if value else rows
    if not state and not withdrawn:
        rows = rows.exclude(state=Output.State.WITHDRAWN)
    rows = rows.filter(org__path__startswith=org.path) if org else rows
    return found(rows, words) if words else rows


def to_review(viewer):
    """What waits for a word of the viewer: submitted and not reviewed by them, or reviewed and not yet published."""
    rows = Output.objects.visible_to(viewer).filter(run__in=Run.objects.visible_to(viewer, RUN).values("pk"))
    rows = rows.exclude(run__state=Run.State.CLOSED)
    waiting = rows.filter(state__in=(Output.State.SUBMITTED, Output.State.REVIEWED))
    return (
        waiting.select_related("run__edition", "run__org", "org")
        .prefetch_related("authors", "reviews")
        .order_by("changed_at")
    )


def costs(viewer, run: Run):
    """Lines of the costs the viewer may see; withdrawn ones left out."""
    rows = Cost.objects.visible_to(viewer).filter(run=run, withdrawn_at__isnull=True)
    return rows.select_related("org")


def last_days(viewer, run: Run):
    """Statuses of a run that run out within 90 days, as far as the viewer sees their participants."""
    seen = set(Participant.objects.visible_to(viewer).filter(run=run).values_list("pk", flat=True))
    return [one for one in expiring([run], timezone.localdate()) if one.participant_id in seen]


def people_of(viewer, run: Run, kind: str, org: Org):
    """Persons of a school who could join: its staff, or its pupils for those who may list them."""
    inside = Participant.objects.filter(run=run, person__isnull=False, left_on__isnull=True).values("person")
    here = Person.objects.exclude(pk__in=inside)
    if kind == "teacher":
        here = here.filter(posts__school=org, posts__until__isnull=True)
    else:
        here = here.visible_to(viewer).filter(enrolments__school=org, enrolments__left__isnull=True)
    return sorted(here.distinct(), key=lambda person: sort_key(f"{person.first_name} {person.last_name}"))


def places_to_enter(viewer, run: Run) -> list[Org]:
    """Orgs whose participation in a run the viewer may enter: the run's own and those below, or the own schools."""
    rows = Org.objects.open().filter(path__startswith=run.org.path)
    if not can(viewer, RUN, run.org):
        rows = rows.visible_to(viewer, RUN)
    return sorted(rows, key=lambda org: (org.kind == "school", sort_key(org.name)))


def attendance_of(viewer, participant: Participant) -> list[Attendance]:
    """What was noted of a participant, newest session first."""
    rows = Attendance.objects.filter(participant=participant, session__cancelled_at__isnull=True)
    return list(rows.select_related("session").order_by("-session__held_on", "-session"))


def statuses(viewer):
    """Statuses of participants the viewer may see."""
    return Status.objects.visible_to(viewer).select_related(
        "participant__run__edition", "participant__run__org", "participant__org", "participant__person", "file"
    )


def seats(viewer, session: Session) -> list[Participant]:
    """Participants on the day of a session, as far as the viewer sees them; `seat` is what was noted of each."""
    noted = dict(Attendance.objects.filter(session=session).values_list("participant", "state"))
    rows = participants(viewer, session.run).filter(joined_on__lte=session.held_on)
    there = [one for one in rows if one.left_on is None or one.left_on > session.held_on or one.pk in noted]
    if session.org_id != session.run.org_id:
        there = [one for one in there if one.org.is_under(session.org)]
    for one in there:
        one.seat = noted.get(one.pk, "")
    return sorted(there, key=lambda one: (sort_key(one.org.name), sort_key(one.label)))


def sheets(viewer):
    """Spreadsheets of runs that the viewer runs, newest first."""
    rows = Sheet.objects.filter(run__in=Run.objects.visible_to(viewer, RUN).values("pk"))
    return rows.select_related("run__edition", "run__org", "by")
