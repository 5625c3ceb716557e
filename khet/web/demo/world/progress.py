"""Absences and marks of a year, as columns: a row is one exception, or one result."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from khet.web.demo.vocabulary import words
from khet.web.demo.world.calendar import Openings
from khet.web.demo.world.children import Enrolment
from khet.web.demo.world.schools import M1, P1

ABSENT, SICK, ERRAND, LATE = range(4)
WHOLE, MORNING, AFTERNOON = range(3)
MEAN_DAYS = 5.0  # a year, of a pupil without risk; with the long tail of the others above six
DISPERSION = 1.3  # of the gamma that makes a few pupils miss most days


@dataclass(frozen=True)
class Absences:
    """One row an absence: `who` points into the year's enrolments, `day` into `days`."""

    days: tuple[date, ...]
    who: np.ndarray
    day: np.ndarray
    kind: np.ndarray
    part: np.ndarray

    def __len__(self):
        return len(self.who)


def draw_absences(roll: list[Enrolment], openings: Openings, rng) -> Absences:
    days, count = openings.days, len(roll)
    ordinals = np.array([day.toordinal() for day in days])
    first = np.array([ordinals.searchsorted(e.entered.toordinal()) if e.entered else 0 for e in roll])
    gone = [min(d for d in (e.left, e.hanging, date.max) if d) for e in roll]
    last = ordinals.searchsorted([day.toordinal() for day in gone])
    weight = np.array([_pull(day) for day in days])
    reach = np.concatenate([[0.0], weight.cumsum()])
    span = np.maximum(reach[last] - reach[np.minimum(first, last)], 0)
    mean = np.array([_yearly_mean(e) for e in roll]) * span / reach[-1]
    number = rng.poisson(rng.gamma(DISPERSION, mean / DISPERSION))
    who = np.repeat(np.arange(count), number)
    at = reach[first[who]] + rng.random(len(who)) * span[who]
    day = np.minimum(reach.searchsorted(at, side="right") - 1, len(days) - 1)
    seldom = len(who)
    hanging_who, hanging_day = _stopped_coming(roll, ordinals)
    who, day = np.concatenate([who, hanging_who]), np.concatenate([day, hanging_day])
    key, keep = np.unique(who * 512 + day, return_index=True)
    stopped = keep >= seldom
    who, day = key // 512, key % 512
    kind = np.array([ABSENT, SICK, ERRAND, LATE])[np.array([0.29, 0.74, 0.9]).searchsorted(rng.random(len(who)))]
    part = np.where(rng.random(len(who)) < 0.07, 1 + (rng.random(len(who)) < 0.5), WHOLE)
    kind[stopped], part[stopped] = ABSENT, WHOLE
    part[kind == LATE] = MORNING
    school = np.array([e.school.number for e in roll])
    seen = openings.open[school[who], day]
    sizes = (np.int32, np.int16, np.int8, np.int8)
    return Absences(days, *(c[seen].astype(size) for c, size in zip((who, day, kind, part), sizes, strict=True)))


def _pull(day: date) -> float:
    """How much likelier a day is to be missed: Mondays, Fridays, the rains and the rice harvest."""
    season = {7: 1.1, 8: 1.15, 9: 1.15, 11: 1.25, 12: 1.1}.get(day.month, 0.95)
    return season * (1.22 if day.weekday() in (0, 4) else 0.9)


def _yearly_mean(enrolment: Enrolment) -> float:
    child = enrolment.child
    mean = MEAN_DAYS * np.exp(0.5 * child.risk + enrolment.school.care)
    if enrolment.grade < P1:
        mean *= 1.4
    if enrolment.hanging or enrolment.reason == "long_absence":
        mean *= 4  # the weeks before a child stops coming show it
    return min(mean, 90)


def _stopped_coming(roll: list[Enrolment], ordinals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every school day after a pupil stopped coming, for as long as they are on the roll."""
    who, day = [np.empty(0, int)], [np.empty(0, int)]
    for number, e in enumerate(roll):
        if e.hanging:
            until = ordinals.searchsorted(e.left.toordinal()) if e.left else len(ordinals)
            missed = np.arange(ordinals.searchsorted(e.hanging.toordinal()), until)
            who.append(np.full(len(missed), number))
            day.append(missed)
    return np.concatenate(who), np.concatenate(day)


@dataclass(frozen=True)
class Subject:
    code: str
    name: str
    area: str
    credits: float
    semester: int  # 0 in primary: one result a year


@dataclass(frozen=True)
class Marks:
    """One row a result: `who` points into the year's enrolments, `what` into `subjects`, `mark` into words' marks."""

    subjects: tuple[Subject, ...]
    who: np.ndarray
    what: np.ndarray
    mark: np.ndarray

    def __len__(self):
        return len(self.who)


FAILS = frozenset(words()["marks"].index(mark) for mark in ("0", "ร", "มส", "มผ"))


def draw_marks(roll: list[Enrolment], absences: Absences, year: int, today: date, rng) -> Marks | None:
    """Results of the semesters that are over, 20 days after their end; None when there are none yet."""
    ended = {1: date(year, 10, 31), 2: date(year + 1, 4, 20), 0: date(year + 1, 4, 20)}
    subjects, columns = [], ([], [], [])
    missed = np.bincount(absences.who, minlength=len(roll)) / len(absences.days)
    for grade in range(P1, 12):
        here = np.array([n for n, e in enumerate(roll) if e.grade == grade and not e.left and not e.hanging], dtype=int)
        ability = np.array([roll[n].child.ability + roll[n].school.quality for n in here])
        for subject in _subjects(grade):
            if today < ended[subject.semester] + timedelta(days=20) or not len(here):
                continue
            columns[0].append(here)
            columns[1].append(np.full(len(here), len(subjects)))
            columns[2].append(_results(subject, ability, missed[here], rng))
            subjects.append(subject)
    if not subjects:
        return None
    who, what, mark = (np.concatenate(column) for column in columns)
    order = np.lexsort((what, who))
    sizes = (np.int32, np.int16, np.int8)
    return Marks(tuple(subjects), *(c[order].astype(size) for c, size in zip((who, what, mark), sizes, strict=True)))


def _subjects(grade: int) -> list[Subject]:
    level, year = (2, grade - M1 + 1) if grade >= M1 else (1, grade - P1 + 1)
    rows = [*words()["learning_areas"], words()["activity"]]
    made = []
    for semester in (1, 2) if grade >= M1 else (0,):
        for letter, number, area, name, credits in rows:
            serial = int(number) + (semester == 2) * 2
            worth = credits if grade >= M1 else credits * 2
            made.append(Subject(f"{letter}{level}{year}1{serial:02}", name, area, worth, semester))
    return made


def _results(subject: Subject, ability: np.ndarray, missed: np.ndarray, rng) -> np.ndarray:
    """Indexes into the words' marks."""
    count = len(ability)
    if not subject.credits:  # activities are passed or not
        return np.where(rng.random(count) < 0.004 + 0.1 * (missed > 0.2), 11, 10)
    score = 0.75 * ability - 6 * missed + rng.normal(0, 0.62, count) + 0.35
    mark = np.array([1.05, 0.6, 0.15, -0.3, -0.8, -1.3, -2.35])
    found = (score[:, None] < mark).sum(axis=1)  # 0 is "4" … 7 is "0"
    found[(missed > 0.2) & (rng.random(count) < 0.6)] = 9
    found[rng.random(count) < 0.004] = 8
    return found
