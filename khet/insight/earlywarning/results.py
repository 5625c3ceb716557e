"""What results by subject say of pupils on a day: those that were known then."""

from datetime import date

from khet.core.catalogue import catalogue
from khet.kit.tables import query, read_sql
from khet.registers.progress.models import Mark

# Results carry no day: those of a semester are taken to be known when the next one begins, those of a whole year when
# the year is over.
_KNOWN = """
    WITH results AS (
        SELECT s.person, s.year, c.points, c.failed, coalesce(m.credits, 1) AS credits
        FROM marks m JOIN spells s USING (id) JOIN codes c USING (result)
        WHERE s.year < $year OR (s.year = $year AND m.semester > 0 AND m.semester <= $semesters)
    ),
    years AS (
        SELECT person, year, sum(points * credits) FILTER (points IS NOT NULL)
                   / nullif(sum(credits) FILTER (points IS NOT NULL), 0) AS mean, sum(failed) AS failed
        FROM results GROUP BY ALL
    ),
    ranked AS (SELECT *, row_number() OVER (PARTITION BY person ORDER BY year DESC) AS back FROM years)
    SELECT p.id, a.failed::DOUBLE AS failures, b.failed::DOUBLE AS failures_before, a.mean AS mean_grade,
           a.mean - b.mean AS grade_change
    FROM pupils p JOIN ranked a ON a.person = p.person AND a.back = 1
    LEFT JOIN ranked b ON b.person = p.person AND b.back = 2
"""


def results_of(pupils, spells, office, year: int, day: date):
    """A table of `id` and the features of course results; pupils without results known on the day are not in it."""
    rows = Mark.objects.filter(enrolment__school__path__startswith=office.path, enrolment__year__range=(year - 2, year))
    marks = read_sql(
        rows.order_by().values_list("enrolment_id", "semester", "result", "credits"),
        {"id": "int", "semester": "int", "result": "str", "credits": "float"},
    )
    at = {"year": year, "semesters": _semesters_over(year, day)}
    return query(_KNOWN, at, marks=marks, spells=spells, pupils=pupils, codes=_codes())


def _semesters_over(year: int, day: date) -> int:
    """How many semesters of a year are over and reported on a day: the first once the second has begun."""
    second = catalogue().get("calendar", "calendar").semesters[1]
    return int(day >= date.fromisoformat(f"{year}-{second.starts}"))


def _codes():
    import pyarrow as pa

    values = catalogue().get("codes", "mark_results").values
    return pa.table({
        "result": [value.code for value in values],
        "points": pa.array([value.points for value in values], pa.float64()),
        "failed": [int(value.outcome in ("fail", "open")) for value in values],
    })  # fmt: skip
