"""Incidents that befall pupils: those of the years of record as they happened, of the years before as counts.

`truth` says how they are to be counted, by hand and without asking the catalogue: tests hold Khet's numbers against it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from math import exp
from random import Random

import yaml

from khet.kit.periods import academic_year
from khet.web.demo.vocabulary import FOLDER
from khet.web.demo.world.area import OFFICE_CODE
from khet.web.demo.world.calendar import school_days
from khet.web.demo.world.figures import HISTORY, Figure, academic
from khet.web.demo.world.schools import School

# A year, per 1,000 pupils: what schools tell, which is less than what happens; no more than can be worked as cases
# while a demo is made.
HARMS = {"violence": 0.12, "accident": 0.2, "rights": 0.05, "other": 0.1}
SEVERE = {"violence": 0.05, "accident": 0.25, "rights": 0.0, "other": 0.0}
OVER = 14  # days after which an incident that nothing is said of is closed
NAMED = 0.7  # of the incidents, those that name the pupil
UNREAD, NO_CASE = ("received",), ("double", "dismissed")


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened at a school, or nearly did.

    story, way   ids in data/incidents.yaml: what is told of it, and how far its handling has come
    pupil        identifiers of the child, () when nobody is named
    told         answers that are its own; `public`: told by the page for everybody, `answer` is what came back
    double_of    number of the incident that it is a second telling of
    """

    number: int
    school: str
    happened: date
    story: str
    way: str
    pupil: tuple[str, ...] = ()
    told: dict = field(default_factory=dict)
    public: bool = False
    answer: str = ""
    double_of: int | None = None


@dataclass
class HarmTruth:
    """Counts of an academic year.

    incidents, severe   {(code of the place, group): incidents}; what passes its school by is counted at the office
    pupils, repeated    {code of the place: pupils harmed; those of them harmed more than once}
    near_misses         {code of the place: told before anybody came to harm}
    serious, asked      {code of the place: incidents of the upper levels; those of them that the law asks to report}
    """

    incidents: Counter = field(default_factory=Counter)
    severe: Counter = field(default_factory=Counter)
    pupils: Counter = field(default_factory=Counter)
    repeated: Counter = field(default_factory=Counter)
    near_misses: Counter = field(default_factory=Counter)
    serious: Counter = field(default_factory=Counter)
    asked: Counter = field(default_factory=Counter)


@cache
def telling() -> dict:
    """What incidents.yaml says."""
    return yaml.safe_load((FOLDER / "incidents.yaml").read_text(encoding="utf-8"))


@cache
def stories() -> dict[str, dict]:
    return {story["id"]: story for story in telling()["stories"]}


def truth(incidents: list[Incident]) -> dict[int, HarmTruth]:
    """{academic year: what is true of it}, one incident after the other."""
    found: dict[int, HarmTruth] = defaultdict(HarmTruth)
    times: dict[tuple, int] = Counter()
    for one in incidents:
        story = stories()[one.story]
        if one.way in (*UNREAD, *NO_CASE):
            continue
        year, place = academic_year(one.happened).year, OFFICE_CODE if story.get("passes_by") else one.school
        if story["told"]["event"] == "harm":
            found[year].incidents[place, story["group"]] += 1
            found[year].severe[place, story["group"]] += bool(story.get("severe"))
            found[year].serious[place] += bool(story.get("serious"))
            found[year].asked[place] += bool(story.get("asks"))
            times[year, place, one.pupil or one.number] += 1
        else:
            found[year].near_misses[place] += 1
    for (year, place, _who), number in times.items():
        found[year].pupils[place] += 1
        found[year].repeated[place] += number > 1
    return dict(found)


class Drawing:
    """Draws what happened in the schools of a world."""

    def __init__(self, schools: list[School], bad: int, first: int, chance: Random):
        """`bad`: the academic year of many accidents in the south, so many that even a part of it is more than a whole
        one before; `first`: the year in which counting began."""
        self.schools, self.bad, self.first, self.chance = schools, bad, first, chance
        southmost = sorted(schools, key=lambda s: (s.latitude, s.longitude))
        self.struck = {school.number: 1 for school in southmost[: len(schools) // 10 + 1]}
        self.struck[southmost[0].number] += 1
        self.lot = chance.sample(schools, len(schools))

    def number(self, school: School, year: int, group: str, part: float = 1.0) -> int:
        """How many incidents of a group a school has in a year, of which a part is over."""
        mean = part * school.size * HARMS[group] / 1000 * 0.96 ** (year - self.first) * (1 - 0.25 * school.care)
        struck = self.struck.get(school.number, 0) if year == self.bad and group == "accident" else 0
        return struck + _poisson(mean * (3 if struck else 1), self.chance)

    def counts(self, year: int) -> list[Figure]:
        """A year as the registers of schools have it: counts. A zero is written: a school that reports that nothing
        happened is not a school that did not report."""
        rows = []
        for school in self.schools:
            for group in HARMS:
                number = self.number(school, year, group)
                severe = sum(self.chance.random() < SEVERE[group] for _ in range(number))
                rows += _figures(school.code, year, group, number, severe)
        return rows

    def year(self, year: int, today: date, pupils: dict[int, list[tuple[str, ...]]]) -> list[Incident]:
        """What happened in a year up to today. `pupils`: {number of a school: identifiers of its children}."""
        days = [day for day in school_days(year) if day <= today - timedelta(days=OVER)]
        part, found = len(days) / len(school_days(year)), []
        for school in self.schools if days else ():
            for group in HARMS:
                for _n in range(self.number(school, year, group, part)):
                    there = pupils.get(school.number)
                    who = self.chance.choice(there) if there and self.chance.random() < NAMED else ()
                    found.append(Incident(0, school.code, self.chance.choice(days), self._story(group), "closed", who))
        return found

    def planted(self, years: range, today: date, pupils: dict[int, dict[int, list]]) -> list[Incident]:
        """Those that every office of the demo has; `years` are those that have begun and are looked at."""
        found = []
        for one in telling()["planted"]:
            happened = self._day(one, years, today)
            if happened is None:
                continue
            school = self.lot[one["school"] % len(self.lot)]
            there = pupils[academic_year(happened).year].get(school.number) if "pupil" in one else None
            who = there[one["pupil"] % len(there)] if there else ()
            found.append(
                Incident(
                    0, school.code, happened, one["story"], one["way"], who, one.get("told", {}),
                    one.get("public", False), one.get("answer", ""),
                )
            )  # fmt: skip
        return found

    def _day(self, one: dict, years: range, today: date) -> date | None:
        """The day of a planted incident; None when it lies outside the years of record."""
        if "days" in one:
            day = today - timedelta(days=one["days"])
            return day if academic_year(day).year in years else None
        year = self.bad - one["years"]
        if year not in years:
            return None
        month = [day for day in school_days(year) if day.month == one["month"]]
        day = self.chance.choice(month)
        return day if day <= today - timedelta(days=OVER) else None

    def _story(self, group: str) -> str:
        fitting = [story for story in stories().values() if story["group"] == group and story["weight"]]
        return self.chance.choices(fitting, [story["weight"] for story in fitting])[0]["id"]


def draw(
    schools: list[School], years: range, today: date, pupils: dict[int, dict[int, list]], chance: Random
) -> tuple[list[Incident], list[Figure]]:
    """(incidents from the last three years of record up to today, counts of the years before and of the first of them).

    Of the year in which the office began to keep incidents there are both, since the schools that had none say so in
    their registers; later it is known of a school without an incident that there was none. An academic year that has
    begun has no roll until its first round is exported: whoever is harmed in it is a child of the roll before.
    """
    span = years[-3:]
    first = span[0] - HISTORY + 1
    drawing = Drawing(schools, span[-1], first, chance)
    lived = range(span[0], academic_year(today).year + 1)
    rolls = {year: pupils[min(year, span[-1])] for year in lived}
    found = [one for year in lived for one in drawing.year(year, today, rolls[year])]
    found += drawing.planted(lived, today, rolls)
    numbered: list[Incident] = []
    for number, one in enumerate(sorted(found, key=lambda one: (one.happened, one.way == "double", one.school)), 1):
        earlier = [e.number for e in numbered if e.school == one.school and e.story == one.story]
        double = earlier[-1] if one.way == "double" else None
        numbered.append(replace(one, number=number, double_of=double))
    rows = [row for year in range(first, span[0]) for row in drawing.counts(year)]
    of_first = truth(numbered).get(span[0], HarmTruth())
    for school in schools:
        for group in HARMS:
            place = school.code, group
            rows += _figures(school.code, span[0], group, of_first.incidents[place], of_first.severe[place])
    return numbered, rows


def _figures(org: str, year: int, group: str, number: int, severe: int) -> list[Figure]:
    return [
        Figure("harm_incidents", org, academic(year), number, group=group),
        Figure("harm_severe", org, academic(year), severe, group=group),
    ]


def _poisson(mean: float, chance: Random) -> int:
    """A Poisson number by Knuth's product; fine for the small means of one school and term."""
    limit, number, product = exp(-min(mean, 60)), 0, chance.random()
    while product > limit:
        number += 1
        product *= chance.random()
    return number
