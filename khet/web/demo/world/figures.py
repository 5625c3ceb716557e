"""Figures an office keeps in spreadsheets: what no register computes yet, some years back so that trends have length.

Each function gives rows `Figure(measure, org, period, value, group, sex, grade)`; `org` is a code, `period` as offices
write it.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from khet.kit.periods import Period, fiscal_year
from khet.web.demo.vocabulary import words
from khet.web.demo.world.area import OFFICE_CODE
from khet.web.demo.world.calendar import Openings
from khet.web.demo.world.schools import School
from khet.web.demo.world.staff import Post

HISTORY = 8  # years, the latest finished one included


@dataclass(frozen=True, slots=True)
class Figure:
    measure: str
    org: str
    period: str
    value: float
    group: str = ""
    sex: str = ""
    grade: str = ""


def fiscal(year: int) -> str:
    return Period("fiscal_year", year).label("th", short=True)


def academic(year: int) -> str:
    return Period("academic_year", year).label("th", short=True)


def finished_fiscal_years(today: date) -> range:
    last = fiscal_year(today).year - 1
    return range(last - HISTORY + 1, last + 1)


def office_scores(today: date, chance: Random) -> list[Figure]:
    """PMQA (0–500) and ITA with its three tools (0–100): rising, held back in the end by the external survey."""
    rows = []
    for n, year in enumerate(finished_fiscal_years(today)):
        grown = n / (HISTORY - 1)
        iit, oit = 80 + 14 * grown + chance.gauss(0, 1.1), 71 + 25 * grown + chance.gauss(0, 1.6)
        eit = min(84.6, 77.5 + 6.4 * grown + chance.gauss(0, 0.5))
        scores = {
            "pmqa_total": 322 + 92 * grown + chance.gauss(0, 5),
            "ita_iit": iit,
            "ita_eit": eit,
            "ita_oit": oit,
            "ita_total": 0.3 * iit + 0.3 * eit + 0.4 * oit,
            "pmqa_advanced_target": 400,
            "ita_advanced_target": 90,
        }
        rows += [Figure(measure, OFFICE_CODE, fiscal(year), round(min(v, 500), 2)) for measure, v in scores.items()]
    return rows


def satisfaction(today: date, chance: Random) -> list[Figure]:
    """Answers of service users on a scale of 1–5, by service; and the mean of the services' means as reported."""
    rows = []
    for n, year in enumerate(finished_fiscal_years(today)):
        means = []
        for place, service in enumerate(words()["services"]):
            answers = chance.randint(160, 520) // (1 + place % 3)
            happy = min(0.985, 0.855 + 0.012 * n - 0.012 * place + chance.gauss(0, 0.008))
            satisfied = round(answers * happy)
            fives, fair = round(satisfied * min(0.95, 0.62 + 0.03 * n)), round((answers - satisfied) * 0.8)
            points = 5 * fives + 4 * (satisfied - fives) + 3 * fair + 2 * (answers - satisfied - fair)
            means.append(points / answers)
            values = {"points": points, "answers": answers, "satisfied": satisfied, "fair": fair}
            rows += [
                Figure(f"satisfaction_{m}", OFFICE_CODE, fiscal(year), v, group=service) for m, v in values.items()
            ]
        mean = round(sum(means) / len(means), 2)
        rows.append(Figure("satisfaction_mean_of_means", OFFICE_CODE, fiscal(year), mean))
    return rows


def external_assessment(schools: list[School], years: range, chance: Random) -> list[Figure]:
    """External results of each school, as they stood in each year and of the visits in it (one in five years).

    For years before the records begin (`years`) the schools that were open are given too; later the register says it.
    """
    visit = {school.number: chance.randint(0, 4) for school in schools}
    merit = {school.number: school.quality * 0.9 + chance.gauss(0, 0.5) for school in schools}
    rows = []
    for n, year in enumerate(range(years[-1] - HISTORY + 1, years[-1] + 1)):
        for school in schools:
            visited, level = visit[school.number] == n % 5, merit[school.number] + 0.07 * n
            assessed = n >= 4 or visit[school.number] <= n
            good = {"good": level > -1.25, "good_all_standards": level > -0.72, "meets_standard": level > -1.4}
            values = {"external_assessed": assessed, "external_assessed_in_year": visited}
            for name, is_so in good.items():
                values |= {f"external_{name}": assessed and is_so, f"external_{name}_in_year": visited and is_so}
            if year < years[0]:
                values["schools_open"] = True
            rows += [Figure(m, school.code, academic(year), int(v)) for m, v in values.items()]
    return rows


def is_late(school: School) -> bool:
    """True for the few schools that have not sent what was asked for this year."""
    return school.number % 17 == 3


def learning(schools: list[School], last_year: int, chance: Random) -> list[Figure]:
    """Active learning and the sufficiency ladder: how far each school has come by each year.

    Some schools have not reported this year; their rows are missing, and the file of the tour brings them.
    """
    start = {s.number: chance.random() for s in schools}
    ladder = {s.number: chance.random() for s in schools}
    rows = []
    for n, year in enumerate(range(last_year - HISTORY + 1, last_year + 1)):
        for school in schools:
            if year == last_year and is_late(school):
                continue
            reported = chance.random() < 0.82 + 0.02 * n
            step = ladder[school.number]
            values = {
                "active_learning_reported": int(reported),
                "active_learning_schools": int(reported and start[school.number] < 0.03 + 0.085 * n),
                "sufficiency_joined": int(step < 0.55 + 0.06 * n),
                "sufficiency_announced": int(step < 0.3 + 0.05 * n),
                "sufficiency_centre": int(step < 0.01 + 0.006 * n),
            }
            rows += [Figure(m, school.code, academic(year), v) for m, v in values.items()]
    return rows


def teacher_competency(staff: dict[int, list[Post]], today: date, chance: Random) -> list[Figure]:
    """Teachers in scope and how many met the standards, for the fiscal years before the personnel list begins.

    They are the office's own totals, as its old reports give them; later years are counted from the list.
    """
    first = min(staff)
    posts = [post for post in staff[first] if post.is_teacher and post.passed is not None]
    before = [year for year in finished_fiscal_years(today) if year < first]
    rows = []
    for back, year in enumerate(reversed(before), start=1):
        worse = 0.012 * back + chance.gauss(0, 0.006)
        for measure, value in competency(posts, date(first, 9, 30)).items():
            share = (1 + 0.01 * back) * (1 if measure == "teachers" else 1 - worse)
            rows.append(Figure(measure, OFFICE_CODE, fiscal(year), round(value * share)))
    return rows


COMPETENCY = (
    "teachers",
    "teachers_position_standard",
    "teachers_licensed",
    "teachers_professional_standard",
    "teachers_competent",
)


def competency(posts: list[Post], day: date) -> dict[str, int]:
    """Counts of a group of teachers: the agreement passed, a licence in force, both."""
    licensed = [post.licensed(day) for post in posts]
    values = (
        len(posts),
        sum(bool(post.passed) for post in posts),
        sum(licensed),
        sum(licensed),
        sum(bool(post.passed) and has for post, has in zip(posts, licensed, strict=True)),
    )
    return dict(zip(COMPETENCY, values, strict=True))


def school_days(schools: list[School], openings: dict[int, Openings]) -> list[Figure]:
    """Days each school was open, by month."""
    rows = []
    for opening in openings.values():
        for (year, month), days in opening.by_month().items():
            code = Period("month", year, month).code
            rows += [Figure("school_days", s.code, code, int(days[s.number])) for s in schools]
    return rows


def other_affiliation(counts: dict[int, int]) -> list[Figure]:
    """Children of compulsory age in schools of other affiliations, as those have told the office."""
    return [Figure("compulsory_other_affiliation", OFFICE_CODE, academic(year), n) for year, n in counts.items()]
