"""The day of a year on which pupils are looked at, the days of school before it, and absences counted against them."""

from datetime import date, timedelta

from khet.core.catalogue import catalogue
from khet.kit.periods import Period
from khet.kit.tables import query, read_sql
from khet.registers.progress.models import Absence

# An office where so many absences fall on a usual day has a holiday where there is none; so has a school of this many.
TELLS_HOLIDAYS = 4
LATELY = 30  # calendar days
STOPPED = 15  # school days
FEWEST_DUE = 10  # school days below which a share says nothing

_LOST = """
    WITH told AS (
        SELECT a.id, s.school, a.date,
               sum(CASE WHEN a.kind = 'late' THEN 0 WHEN a.part = 0 THEN 2 ELSE 1 END) AS halves,
               bool_or(a.kind = 'late') AS late, bool_or(a.part = 2 AND a.kind = 'absent') AS skipped
        FROM absences a JOIN spells s USING (id) GROUP BY ALL
    ),
    by_day AS (SELECT school, date, count(*) AS n FROM told GROUP BY ALL),
    reach AS (SELECT school, max(date) AS last, sum(n) AS n FROM by_day GROUP BY ALL),
    usual AS (
        SELECT r.school, r.last, any_value(r.n) / count(*) AS a_day
        FROM reach r JOIN days d ON d.date <= r.last GROUP BY ALL
    ),
    held AS (
        SELECT u.school, d.date, u.last, row_number() OVER (PARTITION BY u.school ORDER BY d.date) AS place
        FROM usual u JOIN days d ON d.date <= u.last LEFT JOIN by_day b ON b.school = u.school AND b.date = d.date
        WHERE b.n > 0 OR u.a_day < {tells}
    ),
    due AS (
        SELECT s.id, count(*) AS due, count(*) FILTER (h.date > h.last - {lately}) AS due_lately, max(h.place) AS newest
        FROM spells s JOIN held h USING (school)
        WHERE (s.entered IS NULL OR h.date >= s.entered) AND (s.left_on IS NULL OR h.date < s.left_on) GROUP BY ALL
    ),
    lost AS (
        SELECT t.*, h.place, h.last, least(t.halves, 2) / 2.0 AS days
        FROM told t JOIN held h ON h.school = t.school AND h.date = t.date
    ),
    runs AS (
        SELECT id, count(*) AS n, max(place) AS ends FROM (
            SELECT id, place, place - row_number() OVER (PARTITION BY id ORDER BY place) AS run FROM lost WHERE days = 1
        ) GROUP BY id, run
    ),
    longest AS (SELECT id, max(n) AS n, max(n) FILTER (ends = newest) AS now FROM runs JOIN due USING (id) GROUP BY id),
    months AS (SELECT id, max(n) AS n FROM (SELECT id, sum(days) AS n FROM lost GROUP BY id, month(date)) GROUP BY id),
    sums AS (
        SELECT id, sum(days) AS lost, coalesce(sum(days) FILTER (date > last - {lately}), 0) AS lately,
               count(*) FILTER (late) AS late, count(*) FILTER (skipped AND halves = 1) AS skipped
        FROM lost GROUP BY id
    )
    SELECT d.id, CASE WHEN due >= {fewest} THEN 100.0 * coalesce(s.lost, 0) / due END AS absent_share,
           CASE WHEN due_lately >= {fewest} THEN 100.0 * coalesce(s.lately, 0) / due_lately END AS absent_lately,
           coalesce(r.n, 0)::DOUBLE AS absent_in_row, coalesce(m.n, 0)::DOUBLE AS absent_in_month,
           coalesce(s.late, 0)::DOUBLE AS late_days, coalesce(s.skipped, 0)::DOUBLE AS skipped,
           (coalesce(r.now, 0) >= {stopped})::INTEGER::DOUBLE AS stopped
    FROM due d LEFT JOIN sums s USING (id) LEFT JOIN longest r USING (id) LEFT JOIN months m USING (id)
"""


def look_at(year: int, like: date) -> date:
    """The day of an academic year that corresponds to a day of another: as far into the year."""
    start = Period("academic_year", year).start
    begun = Period("academic_year", like.year if (like.month, like.day) >= (start.month, start.day) else like.year - 1)
    return start + (like - begun.start)


def school_days(year: int, until: date) -> list[date]:
    """Weekdays of the semesters of a year, up to a day."""
    found = []
    for semester in catalogue().get("calendar", "calendar").semesters:
        first = date.fromisoformat(f"{year}-{semester.starts}")
        last = min(until, date.fromisoformat(f"{year + semester.ends_next_year}-{semester.ends}"))
        found += [day for n in range((last - first).days + 1) if (day := first + timedelta(n)).weekday() < 5]
    return found


def lost_days(spells, office, year: int, until: date):
    """What absences say of each spell up to a day: a table with `id` and the features of absence.

    Spells of schools that report no absences are not in it: of them nothing is known, and that is not "none".
    A school's days are those of the semesters, without those on which a school (or an office) with absences on every
    usual day has none: a holiday, a flood, an election.
    """
    import pyarrow as pa

    rows = Absence.objects.filter(enrolment__year=year, enrolment__school__path__startswith=office.path)
    absences = read_sql(
        rows.filter(date__lte=until).order_by().values_list("enrolment_id", "date", "part", "kind"),
        {"id": "int", "date": "date", "part": "int", "kind": "str"},
    )
    days = school_days(year, until)
    seen = set(absences.column("date").unique().to_pylist())
    if days and absences.num_rows >= TELLS_HOLIDAYS * len(days):
        days = [day for day in days if day in seen]
    words = {"tells": TELLS_HOLIDAYS, "lately": LATELY, "stopped": STOPPED, "fewest": FEWEST_DUE}
    table = pa.table({"date": pa.array(days, pa.date32())})
    return query(_LOST.format(**words), absences=absences, spells=spells, days=table)
