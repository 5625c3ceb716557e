"""The world as a whole, and what is true in it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from random import Random

from khet.web.demo.names import Numbers, People, chance_of, stream
from khet.web.demo.world import figures
from khet.web.demo.world.area import Area, make_area
from khet.web.demo.world.calendar import Openings, censuses, data_years
from khet.web.demo.world.children import OTHER, Child, Enrolment, Nursery, is_compulsory
from khet.web.demo.world.faults import Slip, plant
from khet.web.demo.world.figures import Figure
from khet.web.demo.world.harm import Incident, draw
from khet.web.demo.world.misread import misread
from khet.web.demo.world.national_tests import Sitting, sit
from khet.web.demo.world.progress import Absences, Marks, draw_absences, draw_marks
from khet.web.demo.world.schools import School, make_schools
from khet.web.demo.world.staff import Post, Staffing
from khet.web.demo.world.truth import Truth, tell
from khet.web.demo.world.years import Life, cut

DECLINE = 0.02  # pupils a year fewer: the world begins larger, to hold the number asked for in its last year


@dataclass
class World:
    """An office, its schools and everybody in them, over some academic years up to a day.

    Keys that are years are Christian years in which the academic year begins. `absences[year].who` and
    `marks[year].who` point into `enrolments[year]`.
    """

    seed: int
    today: date
    years: range
    area: Area
    schools: list[School]
    children: list[Child]
    enrolments: dict[int, list[Enrolment]]
    outside: dict[int, dict[int, str]]
    openings: dict[int, Openings]
    absences: dict[int, Absences]
    marks: dict[int, Marks]
    staff: dict[int, list[Post]]
    sittings: list[Sitting]
    figures: dict[str, list[Figure]]
    incidents: list[Incident] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)

    @cached_property
    def truth(self) -> Truth:
        return tell(self)

    def rounds(self, year: int) -> dict[int, date]:
        """The DMC rounds of a year that are over: {round: day}."""
        return {number: day for number, day in censuses(year).items() if day <= self.today}

    def roll(self, year: int, day: date) -> list[Enrolment]:
        """Who is on a roll on a day, by school, grade and name."""
        here = [e for e in self.enrolments[year] if e.on_roll(day)]
        return sorted(here, key=lambda e: (e.school.code, e.grade, e.room, e.child.sex == "f", e.child.number))

    def residents(self, year: int) -> list[tuple[Child, str]]:
        """The civil registration's list of 1 June: children of 6–15 with their state: living | died | moved.

        Those the province knows to learn in schools of other affiliations have been taken off it before it came.
        """
        day, listed = list_day(year), []
        for child in self.children:
            if not child.is_registered or not 6 <= child.age_in(year) <= 15 or (child.arrived and child.arrived > day):
                continue
            if self.outside[year].get(child.number) == OTHER and _reported(child):
                continue
            gone = min(d for d in (child.died, child.moved, date.max) if d)
            if gone > day:
                listed.append((child, "living"))
            elif gone.year >= year - 1:
                listed.append((child, "died" if child.died == gone else "moved"))
        return listed


def _reported(child: Child) -> bool:
    """True for all but one in twenty of those in other affiliations' schools: some lists come late."""
    return child.number % 20 != 0


def list_day(year: int) -> date:
    """The day as of which the civil registration's list of a year is drawn."""
    return date(year, 6, 1)


def make_world(
    schools: int = 100, pupils: int = 10_000, years: int = 3, seed: int = 2568, today: date | None = None
) -> World:
    """A world of so many schools and, in its last year, about so many pupils.

    years   academic years, the last one being that of the latest first DMC round (10 June); 1–8
    today   the day on which it is looked at; the same seed and day give the same world, to the last mark
    """
    if schools < 1 or pupils < schools or not 1 <= years <= 8:
        raise ValueError("A world needs at least 1 school, a pupil for each school, and 1 to 8 years.")
    today = today or date.today()
    span = data_years(today, years)
    area = make_area(schools, seed)
    places = make_schools(area, schools, round(pupils * (1 + DECLINE) ** (years - 1)), seed)
    people, numbers = People(stream(seed, 3)), Numbers(stream(seed, 4))
    life = Life(places, Nursery(people, numbers, chance_of(seed, "children")), chance_of(seed, "life"))
    life.run(span)
    cut(life, today)
    misread(life.enrolments[span[-1]], span[-1], chance_of(seed, "misread"))
    openings = {year: Openings.draw(year, schools, today, stream(seed, 5, year)) for year in span}
    absences = {y: draw_absences(life.enrolments[y], openings[y], stream(seed, 6, y)) for y in span}
    marks = {y: draw_marks(life.enrolments[y], absences[y], y, today, stream(seed, 7, y)) for y in span}
    staffing = Staffing(places, people, numbers, chance_of(seed, "staff"))
    staffing.run(span, _pupils(life, span), today)
    world = World(
        seed=seed,
        today=today,
        years=span,
        area=area,
        schools=places,
        children=life.children,
        enrolments=life.enrolments,
        outside=life.outside,
        openings=openings,
        absences=absences,
        marks={year: found for year, found in marks.items() if found},
        staff=staffing.posts,
        sittings=sit(life, today, stream(seed, 8)),
        figures={},
    )
    world.incidents, harm = draw(
        places, span, today, {year: _learning(life.enrolments[year]) for year in span}, chance_of(seed, "harm")
    )
    world.figures = _figures(world, harm)
    world.slips = plant(world)
    return world


def _pupils(life: Life, years: range) -> dict[int, dict[int, int]]:
    return {year: Counter(e.school.number for e in life.enrolments[year] if not e.entered) for year in years}


def _learning(roll: list[Enrolment]) -> dict[int, list[tuple[str, ...]]]:
    """{number of a school: identifiers of the children who are there from the start of a year to its end}"""
    found: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for one in roll:
        if not (one.entered or one.left or one.hanging):
            found[one.school.number].append(tuple(value for _since, value in one.child.identifiers))
    return found


def _figures(world: World, harm: list[Figure]) -> dict[str, list[Figure]]:
    def chance(name: str) -> Random:
        return chance_of(world.seed, name)

    current = world.years[-1]
    return {
        "office_scores": figures.office_scores(world.today, chance("scores")),
        "satisfaction": figures.satisfaction(world.today, chance("satisfaction")),
        "external_assessment": figures.external_assessment(world.schools, world.years, chance("external")),
        "harm": harm,
        "learning": figures.learning(world.schools, current, chance("learning")),
        "teacher_competency": figures.teacher_competency(world.staff, world.today, chance("competency")),
        "school_days": figures.school_days(world.schools, world.openings),
        "other_affiliation": figures.other_affiliation(_elsewhere(world)),
    }


def _elsewhere(world: World) -> dict[int, int]:
    """Children of the list of whom other affiliations' schools have since said that they teach them, by year."""
    counts = {}
    for year in world.years:
        where = world.outside[year]
        counts[year] = sum(
            where.get(child.number) == OTHER and is_compulsory(child, year) and child.number % 40 == 0
            for child, state in world.residents(year)
            if state == "living"
        )
    return counts
