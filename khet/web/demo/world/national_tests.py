"""Mean scores of schools in the national tests: O-NET in ป.6 and ม.3, NT in ป.3."""

from dataclasses import dataclass
from datetime import date

from khet.web.demo.world.schools import M3, P3, P6, School
from khet.web.demo.world.years import BIRTHS_FALL, Life

# test: (grade, subjects in the order of the file, their usual means, months after the opening of the year until known)
TESTS = {
    "onet_p6": (P6, ("thai", "social", "english", "maths", "science"), (53.0, 48.0, 37.5, 33.5, 38.5)),
    "onet_m3": (M3, ("thai", "social", "english", "maths", "science"), (50.5, 41.0, 31.0, 25.5, 30.0)),
    "nt_p3": (P3, ("language", "numeracy", "reasoning"), (55.0, 48.5, 51.0)),
}
NATIONAL_LEAD = (1.1, -0.6)  # the country against the usual mean: first in even years, then in odd ones


@dataclass(frozen=True)
class Result:
    school: School
    takers: int
    means: tuple[float, ...]


@dataclass(frozen=True)
class Sitting:
    test: str
    year: int  # academic year; the test is held in the February or March that follows
    results: tuple[Result, ...]
    national: tuple[float, ...]

    @property
    def takers(self) -> int:
        return sum(result.takers for result in self.results)

    def area_means(self) -> tuple[float, ...]:
        """Means over pupils, as the testing body gives them: schools weigh by their takers."""
        columns = range(len(self.national))
        return tuple(round(sum(r.means[c] * r.takers for r in self.results) / max(self.takers, 1), 2) for c in columns)


def sit(life: Life, today: date, rng) -> list[Sitting]:
    """The three latest sittings of each test whose results are out (from May of the year after)."""
    last = today.year - 1 if today >= date(today.year, 5, 1) else today.year - 2
    years = range(last - 2, last + 1)
    present = {year: _abilities(life, year) for year in years if year in life.enrolments}
    return [_sitting(test, year, life, present.get(year), rng) for test in TESTS for year in years]


def _sitting(test: str, year: int, life: Life, present: dict | None, rng) -> Sitting:
    """present  abilities of those who sat, by school and grade; None before the world's first year"""
    grade, _, usual = TESTS[test]
    drift = 0.6 * (year - life.first_year)
    results = []
    for school in (s for s in life.schools if s.teaches(grade)):
        if present is None:
            takers, ability = round(school.expected(grade) * BIRTHS_FALL ** (year - life.first_year)), 0.0
        else:
            sat = present.get((school.number, grade), [])
            takers, ability = len(sat), sum(sat) / max(len(sat), 1)
        if takers:
            level, spread = drift + 5.0 * school.quality + 4.0 * ability, 9.5 / takers**0.5
            means = tuple(min(97.0, max(6.0, round(float(m + level + rng.normal(0, spread)), 2))) for m in usual)
            results.append(Result(school, takers, means))
    national = tuple(round(mean + drift + NATIONAL_LEAD[year % 2], 2) for mean in usual)
    return Sitting(test, year, tuple(results), national)


def _abilities(life: Life, year: int) -> dict[tuple[int, int], list[float]]:
    present: dict[tuple[int, int], list[float]] = {}
    for e in life.enrolments[year]:
        if e.grade in (P3, P6, M3) and not e.hanging and e.on_roll(date(year + 1, 2, 10)):
            present.setdefault((e.school.number, e.grade), []).append(e.child.ability)
    return present
