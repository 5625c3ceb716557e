"""What is true of a world, counted the slow and obvious way from its people.

Tests hold the figures Khet computes from files against these.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from khet.web.demo.world.children import NOWHERE, OTHER, is_compulsory
from khet.web.demo.world.figures import competency
from khet.web.demo.world.progress import FAILS, LATE, WHOLE
from khet.web.demo.world.schools import GRADES

if TYPE_CHECKING:
    from khet.web.demo.world.make import World


@dataclass(frozen=True)
class YearTruth:
    """Counts of an academic year.

    on_roll       {round: {(school code, grade, sex): pupils on that census day}}; grades as written, ป.1
    hanging       {round: pupils on the roll who had stopped coming by that day}
    left          {reason: enrolments that ended}
    came          {new | transfer | return: enrolments that began so}
    residents     living children of 7–15 on the civil-registration list, and of these:
    unmatched     on no roll of ours on 10 June: in_other in another affiliation's school, nowhere in none, the rest
                  left ours before that day
    absences      rows; absent_days {school code: days missed, lateness left out, a half day as 0.5}
    results, failures, pupils_failing    of marks
    staff         {(school code, type, sex): posts}; teachers {measure: count} when the fiscal year is over, else {}
    """

    on_roll: dict[int, Counter]
    hanging: dict[int, int]
    left: Counter
    came: Counter
    residents: int
    unmatched: int
    in_other: int
    nowhere: int
    absences: int
    absent_days: dict[str, float]
    results: int
    failures: int
    pupils_failing: int
    staff: Counter
    teachers: dict[str, int]

    def pupils(self, number: int) -> int:
        """Pupils on all rolls in a round."""
        return self.on_roll[number].total()


Truth = dict[int, YearTruth]


def tell(world: World) -> Truth:
    """{academic year: what is true of it}"""
    return {year: _year(world, year) for year in world.years}


def _year(world: World, year: int) -> YearTruth:
    roll, days = world.enrolments[year], world.rounds(year)
    in_june = {e.child.number for e in roll if e.on_roll(date(year, 6, 10))}
    listed = [child for child, state in world.residents(year) if state == "living" and is_compulsory(child, year)]
    unmatched = [child for child in listed if child.number not in in_june]
    where = Counter(world.outside[year].get(child.number) for child in unmatched)
    absences, marks = world.absences[year], world.marks.get(year)
    failing = [n for n, mark in zip(marks.who, marks.mark, strict=True) if mark in FAILS] if marks else []
    posts = world.staff[year]
    teachers = [post for post in posts if post.is_teacher and post.passed is not None]
    return YearTruth(
        on_roll={number: _counts(roll, day) for number, day in days.items()},
        hanging={n: sum(bool(e.hanging and e.hanging <= d and e.on_roll(d)) for e in roll) for n, d in days.items()},
        left=Counter(e.reason for e in roll if e.left),
        came=Counter(e.came for e in roll if e.came),
        residents=len(listed),
        unmatched=len(unmatched),
        in_other=where[OTHER],
        nowhere=where[NOWHERE],
        absences=len(absences),
        absent_days=_absent_days(roll, absences),
        results=len(marks) if marks else 0,
        failures=len(failing),
        pupils_failing=len({roll[n].child.number for n in failing}),
        staff=Counter((post.school.code, post.staff_type, post.worker.sex) for post in posts),
        teachers=competency(teachers, date(year, 9, 30)) if teachers else {},
    )


def _counts(roll, day: date) -> Counter:
    return Counter((e.school.code, GRADES[e.grade], e.child.sex) for e in roll if e.on_roll(day))


def _absent_days(roll, absences) -> dict[str, float]:
    days: Counter = Counter()
    for who, kind, part in zip(absences.who, absences.kind, absences.part, strict=True):
        if kind != LATE:
            days[roll[who].school.code] += 1.0 if part == WHOLE else 0.5
    return dict(days)
