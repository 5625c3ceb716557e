"""What happens to the children, year by year: they move up, leave, return, change school, stop coming.

Every year is drawn whole and cut at "today" afterwards, so that a world looked at later holds the same past.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp
from random import Random

from khet.web.demo.world.children import (
    COMPULSORY_AGES,
    GONE,
    NOWHERE,
    OTHER,
    OURS,
    Child,
    Enrolment,
    Nursery,
    grade_for,
    is_compulsory,
)
from khet.web.demo.world.schools import M1, M3, P1, P6, School

# Chances in a year, of one pupil. Transfers and deaths are of the order offices report; hanging pupils grow with risk.
DIES, LEAVES_AREA, CHANGES_SCHOOL, STRUCK_OFF = 0.00022, 0.007, 0.006, 0.0011
REPEATS, COMES, RETURNS = 0.004, 0.008, 0.24
STAY_FOR_M1, MOVE_FOR_M1 = 0.68, 0.06  # after ป.6: where ม.1 is taught, and where it is not; most go elsewhere
BIRTHS_FALL = 0.985  # each year's entrants against the last
GETS_NUMBER = 0.15  # a child with a G-code is registered


def opening_day(year: int) -> date:
    return date(year, 5, 16)


@dataclass
class Life:
    """The simulation: `enrolments[year]` is the roll of a year with all its comings and goings."""

    schools: list[School]
    nursery: Nursery
    chance: Random
    enrolments: dict[int, list[Enrolment]] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    outside: dict[int, dict[int, str]] = field(default_factory=dict)  # year: {child's number: OTHER or NOWHERE} in June
    first_year: int = 0

    def run(self, years: range) -> None:
        self.first_year = years[0]
        for year in years:
            roll = self._first_roll(year) if year == years[0] else self._moved_up(year)
            self.enrolments[year] = roll
            if year == years[0]:
                self._elsewhere(year)
            self._enter(year, roll)
            self.outside[year] = {c.number: c.where for c in self.children if c.where in (OTHER, NOWHERE)}
            self._during(year, roll)

    # --- the first year

    def _first_roll(self, year: int) -> list[Enrolment]:
        roll = []
        for school in self.schools:
            for grade in school.grades:
                for _ in range(self._poisson_like(school.expected(grade))):
                    roll.append(self._enrol(self._child(school, grade, year), school, grade, year))
        return roll

    def _elsewhere(self, year: int) -> None:
        """Children of the area whom no school of ours has: in other affiliations' schools, or in none."""
        for school in self.schools:
            for age in COMPULSORY_AGES:
                upper = age >= 13
                here = school.expected(P6) if upper else school.expected(min(max(age - 4, P1), P6))
                wanted = here * (1.0 if not upper else 0.3 if school.teaches(M1) else 0.8) * (1 if upper else 0.05)
                for _ in range(self._poisson_like(wanted)):
                    self._outside(school, age, year, OTHER)
                for _ in range(self._poisson_like(here * (0.008 if upper else 0.0025))):
                    self._outside(school, age, year, NOWHERE)

    def _outside(self, school: School, age: int, year: int, where: str) -> Child:
        child = self._child(school, age - 4, year)
        child.where = where
        return child

    # --- from one year to the next

    def _moved_up(self, year: int) -> list[Enrolment]:
        roll: list[Enrolment] = []
        for before in self.enrolments[year - 1]:
            if before.left is None:
                after = self._kept(before, year) if before.hanging else self._promoted(before, year)
                if after:
                    roll.append(after)
        for child in self.children:
            if child.where == OTHER and child.age_in(year) > COMPULSORY_AGES[-1]:
                child.where = GONE
        return roll

    def _promoted(self, before: Enrolment, year: int) -> Enrolment | None:
        child, school, u = before.child, before.school, self.chance.random()
        if u < REPEATS * exp(-0.8 * child.ability):
            return self._follow(before, school, before.grade, year)
        grade = before.grade + 1
        if before.grade == M3:
            return self._leave(before, date(year, 4, 1), "graduated", GONE, M3 + 1)
        stays = school.teaches(grade) and not (grade == M1 and u > STAY_FOR_M1)
        if stays:
            if grade != M1 and u > 0.985:
                return self._leave(before, date(year, 4, 1), "transfer", GONE)
            if grade != M1 and u > 0.97 and (other := self._another(school, grade)):
                before.left, before.reason = date(year, 4, 1), "transfer"
                return self._follow(before, other, grade, year, came="transfer")
            return self._follow(before, school, grade, year, came="")
        before.left, before.reason = date(year, 4, 1), "graduated"
        other = None if school.teaches(grade) else self._another(school, grade)
        if other and u < MOVE_FOR_M1:
            return self._follow(before, other, grade, year, came="new")
        child.where = NOWHERE if u > 1 - 0.005 * exp(0.8 * child.risk) else OTHER
        return None

    def _kept(self, before: Enrolment, year: int) -> Enrolment | None:
        """What becomes of one who had stopped coming."""
        child, u = before.child, self.chance.random()
        if child.age_in(year) > COMPULSORY_AGES[-1]:
            return self._leave(before, date(year, 5, 1), "aged_out", GONE)
        if u < 0.34:
            return self._follow(before, before.school, before.grade, year, came="return")
        if u < 0.72:
            after = self._follow(before, before.school, before.grade, year)
            after.hanging = opening_day(year)
            return after
        if u < 0.88:
            return self._leave(before, date(year, 5, 1), "long_absence", NOWHERE)
        return self._leave(before, date(year, 5, 1), "transfer", GONE)

    def _leave(self, enrolment: Enrolment, day: date, reason: str, where: str, last_grade: int | None = None) -> None:
        enrolment.left, enrolment.reason = day, reason
        child = enrolment.child
        child.where = where
        if last_grade is not None:
            child.last_grade = last_grade
        if reason == "died":
            child.died = day
        if where == GONE and reason == "transfer":
            child.moved = day

    def _follow(self, before: Enrolment, school: School, grade: int, year: int, came: str = "") -> Enrolment:
        same = school is before.school
        number = before.student_number if same else school.student_number()
        return self._enrol(before.child, school, grade, year, came=came, number=number)

    def _another(self, school: School, grade: int) -> School | None:
        able = [s for s in school.neighbours if s.teaches(grade)][:4]
        return self.chance.choice(able) if able else None

    # --- entrants

    def _enter(self, year: int, roll: list[Enrolment]) -> None:
        if year == self.first_year:
            return
        fall = BIRTHS_FALL ** (year - self.first_year)
        for school in self.schools:
            for _ in range(self._poisson_like(school.expected(school.lowest) * fall)):
                child = self._child(school, school.lowest, year)
                roll.append(self._enrol(child, school, school.lowest, year, came="new"))
            for grade, share in ((P1, 0.16), (M1, 0.12)):
                if school.teaches(grade) and grade != school.lowest:
                    for _ in range(self._poisson_like(school.expected(grade) * share)):
                        child = self._child(school, grade, year)
                        roll.append(self._enrol(child, school, grade, year, came="new"))
            self._elsewhere_enter(school, year)

    def _elsewhere_enter(self, school: School, year: int) -> None:
        """Six-year-olds who begin in a school of another affiliation, or nowhere."""
        age = COMPULSORY_AGES[0]
        for _ in range(self._poisson_like(school.expected(P1 if school.teaches(P1) else school.lowest) * 0.05)):
            self._outside(school, age, year, OTHER)
        for _ in range(self._poisson_like(school.size * 0.0004)):
            self._outside(school, age, year, NOWHERE)

    # --- within a year

    def _during(self, year: int, roll: list[Enrolment]) -> None:
        chance = self.chance
        for enrolment in list(roll):
            if enrolment.hanging:
                continue
            child, u = enrolment.child, chance.random()
            if u < DIES:
                self._leave(enrolment, self._day(year), "died", GONE)
            elif (u := u - DIES) < LEAVES_AREA:
                self._leave(enrolment, self._day(year), "transfer", GONE)
            elif (u := u - LEAVES_AREA) < CHANGES_SCHOOL:
                self._change_school(enrolment, roll)
            elif (u := u - CHANGES_SCHOOL) < STRUCK_OFF:
                self._leave(enrolment, self._day(year), "long_absence", NOWHERE)
            elif (u - STRUCK_OFF) < _stops(enrolment):
                enrolment.hanging = self._day(year)
            if child.identifiers[-1][1].startswith("G") and chance.random() < GETS_NUMBER:
                child.identifiers.append((self._day(year), self.nursery.numbers.without_status()))
        self._newcomers(year, roll)
        self._returns(year, roll)

    def _change_school(self, enrolment: Enrolment, roll: list[Enrolment]) -> None:
        other = self._another(enrolment.school, enrolment.grade)
        if other:
            day = self._day(enrolment.year)
            enrolment.left, enrolment.reason = day, "transfer"
            after = self._follow(enrolment, other, enrolment.grade, enrolment.year, came="transfer")
            after.entered = day + timedelta(days=self.chance.randint(1, 9))
            roll.append(after)

    def _newcomers(self, year: int, roll: list[Enrolment]) -> None:
        for school in self.schools:
            for _ in range(self._poisson_like(school.size * COMES)):
                grade = self.chance.choice(school.grades)
                arrival = self._enrol(self._child(school, grade, year), school, grade, year, came="transfer")
                arrival.entered = arrival.child.arrived = self._day(year)
                roll.append(arrival)

    def _returns(self, year: int, roll: list[Enrolment]) -> None:
        """Children found in no school come back: the work of following them up."""
        this_year = {enrolment.child.number for enrolment in roll}
        for child in self.children:
            if child.where != NOWHERE or child.number in this_year or not is_compulsory(child, year):
                continue
            if self.chance.random() < RETURNS:
                grade = min(max(child.last_grade, P1), grade_for(child, year))
                able = [s for s in self.schools if s.subdistrict == child.family.subdistrict and s.teaches(grade)]
                able = able or [s for s in self.schools if s.teaches(grade)]
                if not able:  # a small area may teach no upper grades at all
                    continue
                back = self._enrol(child, self.chance.choice(able), grade, year, came="return")
                back.entered = date(year, 6, 1) + timedelta(days=self.chance.randint(0, 170))
                roll.append(back)

    # --- small parts

    def _child(self, school: School, grade: int, year: int) -> Child:
        child = self.nursery.child(school, grade, year)
        child.arrived = date(year, 5, 1) if year > self.first_year else None
        self.children.append(child)
        return child

    def _enrol(self, child, school, grade, year, *, came: str = "", number: str = "") -> Enrolment:
        child.where, child.last_grade = OURS, grade
        return Enrolment(child, school, year, grade, number or school.student_number(), came=came)

    def _day(self, year: int) -> date:
        """A day of the school year after the first census."""
        return date(year, 6, 13) + timedelta(days=int(self.chance.random() * 284))

    def _poisson_like(self, mean: float) -> int:
        """A whole number near a mean: totals stay close to what was asked for, single grades scatter."""
        low = int(mean)
        number = low + (self.chance.random() < mean - low)
        scatter = self.chance.random()
        if mean >= 1 and scatter < 0.3:
            number += 1 if scatter < 0.15 else -1
        return max(number, 0)


def _stops(enrolment: Enrolment) -> float:
    """Chance that a pupil stops coming and hangs on the roll."""
    if enrolment.grade <= P1:
        return 0.0002
    base = 0.011 if enrolment.grade >= M1 else 0.003
    return min(0.2, base * exp(0.9 * enrolment.child.risk))


def cut(life: Life, today: date) -> None:
    """Forget what lies after today."""
    for year, roll in life.enrolments.items():
        kept = [e for e in roll if not (e.entered and e.entered > today)]
        for enrolment in kept:
            if enrolment.left and enrolment.left > today:
                enrolment.left, enrolment.reason = None, ""
            if enrolment.hanging and enrolment.hanging > today:
                enrolment.hanging = None
        life.enrolments[year] = kept
    for child in life.children:
        child.died = child.died if child.died and child.died <= today else None
        child.moved = child.moved if child.moved and child.moved <= today else None
        child.identifiers = [i for i in child.identifiers if i[0] is None or i[0] <= today]
