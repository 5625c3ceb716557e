"""Outlets of progress: absences against days due, and results by subject."""

from datetime import date

from django.db.models import Case, Count, FloatField, Max, Q, Sum, When

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.kit.feeds import Feed, Line, Question, empty, long
from khet.kit.periods import Period, academic_year, period_of, semester
from khet.kit.tables import month_of, query, read_sql
from khet.registers.figures.models import Figure
from khet.registers.people.models import Enrolment
from khet.registers.progress.models import Absence, Mark

CHRONIC = 0.10  # of the days due: the usual mark of early-warning practice

# One number a row, for a million of them leave the database: the pupil's enrolment, the month (4 bits), half days (2).
_ROWS = """
    SELECT a.enrolment_id * 64 + {month} * 4 + CASE WHEN a.kind = 'late' THEN 0 WHEN a.part = 0 THEN 2 ELSE 1 END
    FROM progress_absence a
    WHERE a.enrolment_id IN (SELECT id FROM people_enrolment WHERE year = %s) AND a.date BETWEEN %s AND %s
"""

_SPELLS = """
    SELECT id, entered, "left", org, grade, sex, dense_rank() OVER (ORDER BY org, grade, sex) AS place FROM enrolments
"""

# A school's months are known from its first to its last month with a row: by exception, a month without rows between
# two others was a month without absences, if school was held in it. A pupil is due in a month when on the roll in its
# middle. Numbers stand for places and months until the end, because they are joined quickly.
_PUPILS_BY_MONTH = """
    WITH schools AS (SELECT DISTINCT place, org FROM spells),
    lost AS (
        SELECT packed // 64 AS id, m.month, sum(packed & 3) AS halves
        FROM absences JOIN months m ON m.number = packed // 4 & 15 GROUP BY ALL
    ),
    placed AS (SELECT l.*, e.place FROM lost l JOIN spells e USING (id)),
    reported AS (SELECT DISTINCT org, month FROM placed JOIN schools USING (place)),
    held AS (
        SELECT s.org, m.month, m.middle, d.days
        FROM (SELECT org, min(month) AS first, max(month) AS last FROM reported GROUP BY org) s
        JOIN months m ON m.month BETWEEN s.first AND s.last
        LEFT JOIN reported r ON r.org = s.org AND r.month = m.month
        LEFT JOIN school_days d ON d.org = s.org AND d.month = m.month
        WHERE d.days > 0 OR r.org IS NOT NULL
    ),
    due AS (
        SELECT e.id, e.place, h.month, h.days FROM spells e
        JOIN (SELECT place, held.* FROM held JOIN schools USING (org)) h USING (place)
        WHERE (e.entered IS NULL OR e.entered <= h.middle) AND (e."left" IS NULL OR e."left" > h.middle)
    )
    SELECT coalesce(d.id, p.id) AS id, coalesce(d.place, p.place) AS place, coalesce(d.month, p.month) AS month,
           coalesce(p.halves, 0) / 2.0 AS absent, d.days AS due
    FROM due d FULL JOIN placed p ON p.id = d.id AND p.month = d.month
"""

_BY_MONTH = """
    SELECT org, m.code AS period, grade, sex, absent_days, absence_due_days
    FROM (SELECT place, month, sum(absent) AS absent_days, sum(due) AS absence_due_days FROM pupils GROUP BY ALL)
    JOIN places USING (place) JOIN months m USING (month)
"""

# Over the year, each semester and each month: whoever has lost a tenth of the days due so far.
_CHRONIC = """
    WITH spans AS (SELECT month, unnest([code, semester, $year]) AS period FROM months),
    judged AS (
        SELECT p.id, any_value(p.place) AS place, s.period, sum(p.absent) AS absent, sum(p.due) AS due
        FROM pupils p JOIN spans s USING (month) WHERE p.due > 0 GROUP BY p.id, s.period
    )
    SELECT org, period, grade, sex, chronic_absent FROM (
        SELECT place, period, count(*) FILTER (absent >= due * $part - 1e-9) AS chronic_absent FROM judged GROUP BY ALL
    ) JOIN places USING (place)
"""


def _years(model):
    return lambda: sorted(model.objects.order_by().values_list("enrolment__year", flat=True).distinct())


def _absences(year: int):
    import pyarrow as pa

    calendar = months_of(year)
    span = [year, calendar[0].start, calendar[-1].end]
    absences = read_sql(_ROWS.format(month=month_of("a.date")), {"packed": "int"}, span)
    if not absences.num_rows:
        return empty()
    months, spells = _months(calendar), query(_SPELLS, enrolments=_enrolments(year))
    places = query("SELECT DISTINCT place, org, grade, sex FROM spells", spells=spells)
    days = _school_days(calendar)
    pupils = query(_PUPILS_BY_MONTH, absences=absences, spells=spells, months=months, school_days=days)
    found = {"pupils": pupils, "places": places, "months": months}
    where = {"org": "org", "period": "period", "grade": "grade", "sex": "sex"}
    return pa.concat_tables(
        [
            long(query(_BY_MONTH, **found), ["absent_days", "absence_due_days"], **where),
            long(query(_CHRONIC, {"year": f"AY{year}", "part": CHRONIC}, **found), ["chronic_absent"], **where),
        ]
    )


def _enrolments(year: int):
    """The spells of a year with their places."""
    spells = Enrolment.objects.filter(year=year).order_by()
    return read_sql(
        spells.values_list("pk", "school__code", "grade", "person__sex", "entered", "left"),
        {"id": "int", "org": "str", "grade": "str", "sex": "str", "entered": "date", "left": "date"},
    )


def _months(calendar: list[Period]):
    """The months of an academic year in their order (`month` 0 to 11), with number, code, middle and semester."""
    import pyarrow as pa

    return pa.table(
        {
            "month": range(len(calendar)),
            "number": [each.part for each in calendar],
            "code": [each.code for each in calendar],
            "middle": pa.array([date(each.year, each.part, 15) for each in calendar], pa.date32()),
            "semester": [semester(each.end).code for each in calendar],
        }
    )


def months_of(year: int) -> list[Period]:
    """The twelve months that end in an academic year, May first."""
    first = period_of(Period("academic_year", year).start, "month")
    months = [first]
    while len(months) < 12:
        months.append(months[-1].next())
    return months


def _school_days(calendar: list[Period]):
    """Days on which each school taught, by month: its own figure, else that of its cluster or office."""
    import pyarrow as pa

    codes = [each.code for each in calendar]
    figures = Figure.objects.filter(measure="school_days", period__in=codes, grade="", sex="", group="")
    given = {(org, period): value for org, period, value in figures.values_list("org_id", "period", "value")}
    rows = []
    for code, path in Org.objects.schools().values_list("code", "path") if given else ():
        nearest_first = [int(part) for part in reversed(path.strip("/").split("/"))]
        for month, period in enumerate(codes):
            days = next((given[org, period] for org in nearest_first if (org, period) in given), None)
            if days is not None:
                rows.append((code, month, days))
    shape = pa.schema([("org", pa.string()), ("month", pa.int64()), ("days", pa.float64())])
    return pa.Table.from_pylist([dict(zip(shape.names, row, strict=True)) for row in rows], shape)


_DAYS = Sum(Case(When(part=Absence.Part.WHOLE, then=1.0), default=0.5, output_field=FloatField()))


def _absences_of(question: Question):
    period = Period.parse(question.period)
    if question.measure == "absence_due_days":
        return Absence.objects.none()  # pupils times school days stand on no single record
    spells = Enrolment.objects.filter(
        year__range=(period.academic_year, academic_year(period.end).year), school__code__in=question.orgs
    )
    rows = Absence.objects.filter(enrolment__in=spells, date__range=(period.start, period.end))
    return rows.exclude(kind=Absence.Kind.LATE)


def _absence_lines(question: Question):
    """The pupils with most days lost."""
    by_pupil = _absences_of(question).order_by().values_list("enrolment").annotate(days=_DAYS)
    worst = dict(by_pupil.order_by("-days", "enrolment")[: question.limit])
    spells = Enrolment.objects.select_related("person", "school").in_bulk(worst)
    for pk, days in worst.items():
        spell = spells[pk]
        yield Line(str(spell.person), spell.school.code, days, spell.grade, person=str(spell.person.ref))


def _by_batch(rows):
    return dict(rows.order_by().values_list("batch_id").annotate(Count("pk")))


def _failures() -> list[str]:
    """Codes of results that stand as failures until they are mended."""
    return [v.code for v in catalogue().get("codes", "mark_results").values if v.outcome in ("fail", "open")]


# The year holds everything; a semester, which only secondary grades have, is told beside it.
_RESULTS = """
    WITH told AS (
        SELECT e.org, e.grade, e.sex, m.grp, m.n, m.failed,
               unnest([$year, CASE WHEN semester > 0 THEN $year || 'T' || semester END]) AS period
        FROM marks m JOIN enrolments e ON e.id = m.enrolment_id
    )
    SELECT org, grade, sex, grp, period, sum(n) AS mark_results, sum(failed) AS mark_failures
    FROM told WHERE period IS NOT NULL GROUP BY ALL
"""
_PUPILS = """
    SELECT e.org, e.grade, e.sex, count(*) FILTER (p.failed > 0) AS pupils_with_failure
    FROM (SELECT enrolment_id, sum(failed) AS failed FROM marks GROUP BY ALL) p
    JOIN enrolments e ON e.id = p.enrolment_id GROUP BY ALL
"""


def _marks(year: int):
    failed = Count("pk", filter=Q(result__in=_failures()))
    rows = Mark.objects.filter(enrolment__year=year).order_by().values_list("enrolment_id", "learning_area", "semester")
    marks = read_sql(
        rows.annotate(n=Count("pk"), failed=failed),
        {"enrolment_id": "int", "grp": "str", "semester": "int", "n": "int", "failed": "int"},
    )
    if not marks.num_rows:
        return empty()
    import pyarrow as pa

    tables = {"marks": marks, "enrolments": _enrolments(year)}
    results = query(_RESULTS, {"year": f"AY{year}"}, **tables)
    pupils = query(_PUPILS, **tables)
    place = {"org": "org", "grade": "grade", "sex": "sex"}
    return pa.concat_tables(
        [
            long(results, ["mark_results", "mark_failures"], period="period", grp="grp", **place),
            long(pupils, ["pupils_with_failure"], period=f"=AY{year}", **place),
        ]
    )


def _marks_of(question: Question):
    period = Period.parse(question.period)
    rows = Mark.objects.filter(enrolment__school__code__in=question.orgs, enrolment__year=period.academic_year)
    if period.kind == "semester":
        rows = rows.filter(semester=period.part)
    return rows if question.measure == "mark_results" else rows.filter(result__in=_failures())


def _mark_lines(question: Question):
    if question.measure == "mark_results":
        return
    rows = _marks_of(question).select_related("enrolment__person", "enrolment__school")
    for mark in rows.order_by("enrolment__school__code", "enrolment__grade", "pk")[: question.limit]:
        spell, source = mark.enrolment, {name: getattr(mark, name) for name in ("batch_id", "file_id", "sheet", "row")}
        note = f"{spell.grade} {mark.subject or mark.subject_code}: {mark.result}"
        yield Line(str(spell.person), spell.school.code, None, note, person=str(spell.person.ref), **source)


def _newest(model):
    def newest(year: int) -> dict[str, int]:
        load = model.objects.filter(enrolment__year=year).aggregate(newest=Max("batch_id"))["newest"]
        return {"": load} if load else {}

    return newest


FEEDS = [
    Feed(
        id="absences",
        # `orgs` and `figures`: the days a school taught, its own or those of the org above it
        reads=("absences", "enrolments", "figures", "orgs"),
        years=_years(Absence),
        rows=_absences,
        origins=lambda question: _by_batch(_absences_of(question)),
        behind=_absence_lines,
        persons=True,
        newest=_newest(Absence),
    ),
    Feed(
        id="marks",
        reads=("marks", "enrolments"),
        years=_years(Mark),
        rows=_marks,
        origins=lambda question: _by_batch(_marks_of(question)),
        behind=_mark_lines,
        persons=True,
        newest=_newest(Mark),
    ),
]
