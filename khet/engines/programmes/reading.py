"""Records of runs as the plain books that are counted. A handful of queries, however many runs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from khet.engines.programmes.counting import Book, Held, Joined, Made, Met, Spent
from khet.engines.programmes.models import (
    Attendance,
    Cost,
    Output,
    Participant,
    Run,
    Session,
    Status,
    Use,
)
from khet.kit.periods import Period
from khet.kit.thai import fold


def books(runs: Iterable[Run]) -> dict[int, Book]:
    """{run: its book}, those that began first before the others."""
    runs = sorted(runs, key=lambda run: (run.starts, run.pk))
    ids = [run.pk for run in runs]
    joined, met, made, spent = _joined(ids), _met(ids), _made(ids), _spent(ids)
    return {
        run.pk: Book(run.rules, tuple(joined[run.pk]), tuple(met[run.pk]), tuple(made[run.pk]), tuple(spent[run.pk]))
        for run in runs
    }


def who(kind: str, org: int, person: int | None, name: str):
    """What makes a participant the same in every run."""
    if person:
        return "person", person
    return ("org", org) if kind == "school" else (kind, org, fold(name))


def _joined(runs: list[int]):
    statuses = defaultdict(list)
    standing = Status.objects.filter(participant__run__in=runs, withdrawn_at__isnull=True).order_by("judged_on", "pk")
    for id, of, *rung in standing.values_list("pk", "participant_id", "level", "judged_on", "valid_until"):
        statuses[of].append(Held(*rung, id=id))
    found = defaultdict(list)
    rows = Participant.objects.filter(run__in=runs).order_by("joined_on", "pk")
    columns = ("run_id", "pk", "kind", "org_id", "org__code", "person_id", "name", "joined_on", "left_on", "role")
    for run, id, kind, org, code, person, name, joined, left, role, answers in rows.values_list(*columns, "answers"):
        same = who(kind, org, person, name)
        one = Joined(id, same, kind, code, joined, left, role, tuple(statuses[id]), answers)
        found[run].append(one)
    return found


def _met(runs: list[int]):
    noted = defaultdict(lambda: {"present": set(), "absent": set(), "hours": {}})
    rows = Attendance.objects.filter(session__run__in=runs, session__cancelled_at__isnull=True)
    for session, participant, state, hours in rows.values_list("session_id", "participant_id", "state", "hours"):
        if state != Attendance.State.EXCUSED:
            noted[session][state].add(participant)
        if hours is not None:
            noted[session]["hours"][participant] = float(hours)
    found = defaultdict(list)
    held = Session.objects.held().filter(run__in=runs).order_by("held_on", "pk")
    for run, id, kind, org, day, length, others in held.values_list(
        "run_id", "pk", "kind", "org__code", "held_on", "hours", "others"
    ):
        seats = noted[id]
        found[run].append(
            Met(id, kind, org, day, float(length), frozenset(seats["present"]), frozenset(seats["absent"]),
                seats["hours"], others)
        )  # fmt: skip
    return found


def _made(runs: list[int]):
    used = defaultdict(list)
    for output, day in Use.objects.filter(output__run__in=runs).values_list("output_id", "used_on"):
        used[output].append(day)
    found = defaultdict(list)
    rows = Output.objects.filter(run__in=runs, state=Output.State.PUBLISHED).order_by("made_on", "pk")
    for run, id, kind, org, day, level, answers in rows.values_list(
        "run_id", "pk", "kind", "org__code", "made_on", "level", "answers"
    ):
        found[run].append(Made(id, kind, org, day, level, tuple(sorted(used[id])), answers))
    return found


def _spent(runs: list[int]):
    found = defaultdict(list)
    rows = Cost.objects.filter(run__in=runs, withdrawn_at__isnull=True).order_by("pk")
    for run, id, org, year, planned, paid in rows.values_list("run_id", "pk", "org__code", "year", "planned", "paid"):
        found[run].append(Spent(id, org, day_of_fiscal_year(year), float(planned), float(paid)))
    return found


def day_of_fiscal_year(year: int) -> date:
    """The day that stands for a fiscal year: its first, so that a running year counts from the beginning."""
    return Period("fiscal_year", year).start
