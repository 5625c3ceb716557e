"""Outlets of progress: absences against days due, and results by subject."""

from datetime import date

from django.db.models import Case, Count, FloatField, Max, Q, Sum, When

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.kit.feeds import Feed, Line, Question, empty, long
from khet.kit.periods import Period, month, semester
from khet.kit.tables import month_of, query, read_sql
from khet.registers.figures.models import Figure
from khet.registers.people.models import Enrolment
from khet.registers.progress.models import Absence, Mark

CHRONIC = 0.10  # of the days due: the usual mark of early-warning practice

_ROWS = """
    SELECT a.enrolment_id, {month}, CASE WHEN a.kind = 'late' THEN 0 WHEN a.part = 0 THEN 2 ELSE 1 END
    FROM progress_absence a WHERE a.enrolment_id IN (SELECT id FROM people_enrolment WHERE year = %s)
"""

# A school's months are known from its first to its last month with a row: by exception, a month without rows between
# two others was a month without absences, if school was held in it. A pupil is due in a month when on the roll in its
# middle.
_COUNTED = """
    WITH lost AS (
        SELECT r.enrolment_id, r.month, sum(r.halves) AS halves, any_value(e.org) AS org, any_value(e.grade) AS grade,
               any_value(e.sex) AS sex
        FROM absences r JOIN enrolments e ON e.id = r.enrolment_id GROUP BY r.enrolment_id, r.month
    ),
    reported AS (SELECT org, min(month) AS first, max(month) AS last FROM lost GROUP BY org),
    held AS (
        SELECT r.org, m.month, m.middle, d.days FROM reported r
        JOIN months m ON m.month BETWEEN r.first AND r.last
        LEFT JOIN school_days d ON d.org = r.org AND d.month = m.month
        WHERE d.days > 0 OR EXISTS (SELECT 1 FROM lost l WHERE l.org = r.org AND l.month = m.month)
    ),
    due AS (
        SELECT e.id, e.org, e.grade, e.sex, h.month, h.days FROM enrolments e JOIN held h ON h.org = e.org
        WHERE (e.entered IS NULL OR e.entered <= h.middle) AND (e."left" IS NULL OR e."left" > h.middle)
    ),
    pupils AS (
        SELECT coalesce(d.id, l.enrolment_id) AS id, coalesce(d.org, l.org) AS org, coalesce(d.grade, l.grade) AS grade,
               coalesce(d.sex, l.sex) AS sex, coalesce(d.month, l.month) AS month,
               coalesce(l.halves, 0) / 2.0 AS absent, d.days AS due
        FROM due d FULL JOIN lost l ON l.enrolment_id = d.id AND l.month = d.month
    )
    SELECT * FROM pupils
"""

_BY_MONTH = """
    SELECT org, 'M' || month AS period, grade, sex, sum(absent) AS absent_days, sum(due) AS absence_due_days
    FROM pupils GROUP BY ALL
"""

# Over the year, each semester and each month: whoever has lost a tenth of the days due so far.
_BY_PUPIL = """
    WITH spans AS (
        SELECT m.month, unnest(['M' || m.month, m.semester, $year]) AS period FROM months m
    ),
    judged AS (
        SELECT p.id, p.org, p.grade, p.sex, s.period, sum(p.absent) AS absent, sum(p.due) AS due
        FROM pupils p JOIN spans s ON s.month = p.month WHERE p.due > 0 GROUP BY ALL
    )
    SELECT org, period, grade, sex, count(*) FILTER (absent >= due * $part - 1e-9) AS chronic_absent
    FROM judged GROUP BY ALL
"""


def _years(model):
    return lambda: sorted(model.objects.order_by().values_list("enrolment__year", flat=True).distinct())


def _absences(year: int):
    kinds = {"enrolment_id": "int", "month": "str", "halves": "int"}
    absences = read_sql(_ROWS.format(month=month_of("a.date")), kinds, [year])
    if not absences.num_rows:
        return empty()
    places = ("pk", "school__code", "grade", "person__sex", "entered", "left")
    tables = {
        "absences": absences,
        "enrolments": read_sql(
            Enrolment.objects.filter(year=year).order_by().values_list(*places),
            {"id": "int", "org": "str", "grade": "str", "sex": "str", "entered": "date", "left": "date"},
        ),
        "months": _months(year),
        "school_days": _school_days(year),
    }
    pupils = query(_COUNTED, **tables)
    by_month = query(_BY_MONTH, pupils=pupils)
    by_pupil = query(_BY_PUPIL, {"year": f"AY{year}", "part": CHRONIC}, pupils=pupils, months=tables["months"])
    where = {"org": "org", "period": "period", "grade": "grade", "sex": "sex"}
    import pyarrow as pa

    return pa.concat_tables(
        [long(by_month, ["absent_days", "absence_due_days"], **where), long(by_pupil, ["chronic_absent"], **where)]
    )


def _months(year: int):
    """The months of an academic year: code, middle, the semester each lies in."""
    import pyarrow as pa

    months = months_of(year)
    return pa.table(
        {
            "month": [each.code[1:] for each in months],
            "middle": pa.array([date(each.year, each.part, 15) for each in months], pa.date32()),
            "semester": [semester(each.end).code for each in months],
        }
    )


def months_of(year: int) -> list[Period]:
    """The twelve months that end in an academic year, May first."""
    first = month(Period("academic_year", year).start)
    months = [first]
    while len(months) < 12:
        months.append(months[-1].next())
    return months


def _school_days(year: int):
    """Days on which each school taught, by month: its own figure, else that of its cluster or office."""
    import pyarrow as pa

    codes = [each.code for each in months_of(year)]
    figures = Figure.objects.filter(measure="school_days", period__in=codes, grade="", sex="", group="")
    given = {(org, period): value for org, period, value in figures.values_list("org_id", "period", "value")}
    rows = []
    for code, path in Org.objects.schools().values_list("code", "path") if given else ():
        nearest_first = [int(part) for part in reversed(path.strip("/").split("/"))]
        for period in codes:
            days = next((given[org, period] for org in nearest_first if (org, period) in given), None)
            if days is not None:
                rows.append((code, period[1:], days))
    shape = pa.schema([("org", pa.string()), ("month", pa.string()), ("days", pa.float64())])
    return pa.Table.from_pylist([dict(zip(shape.names, row, strict=True)) for row in rows], shape)


_DAYS = Sum(Case(When(part=Absence.Part.WHOLE, then=1.0), default=0.5, output_field=FloatField()))


def _absences_of(question: Question):
    period = Period.parse(question.period)
    rows = Absence.objects.filter(enrolment__school__code__in=question.orgs, date__range=(period.start, period.end))
    return rows.exclude(kind=Absence.Kind.LATE)


def _absence_lines(question: Question):
    """The pupils with most days lost. Days due are pupils times school days and stand on no single record."""
    if question.measure == "absence_due_days":
        return
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


def _marks(year: int):
    marks, failed = Mark.objects.filter(enrolment__year=year).order_by(), Q(result__in=_failures())
    pupil = ("enrolment__school__code", "enrolment__grade", "enrolment__person__sex")
    names = {"org": "str", "grade": "str", "sex": "str"}
    results = read_sql(
        marks.values_list(*pupil, "learning_area", "semester").annotate(
            n=Count("pk"), failed=Count("pk", filter=failed)
        ),
        names | {"grp": "str", "semester": "int", "mark_results": "int", "mark_failures": "int"},
    )
    if not results.num_rows:
        return empty()
    pupils = read_sql(
        marks.values_list(*pupil).annotate(n=Count("enrolment", filter=failed, distinct=True)),
        names | {"pupils_with_failure": "int"},
    )
    # The year holds everything; a semester, which only secondary grades have, is told beside it.
    spans = query(
        """WITH told AS (
               SELECT *, unnest([$year, CASE WHEN semester > 0 THEN $year || 'T' || semester END]) AS period
               FROM results
           )
           SELECT org, grade, sex, grp, period,
                  sum(mark_results) AS mark_results, sum(mark_failures) AS mark_failures
           FROM told WHERE period IS NOT NULL GROUP BY ALL""",
        {"year": f"AY{year}"},
        results=results,
    )
    import pyarrow as pa

    return pa.concat_tables(
        [
            long(
                spans,
                ["mark_results", "mark_failures"],
                org="org",
                period="period",
                grade="grade",
                sex="sex",
                grp="grp",
            ),
            long(pupils, ["pupils_with_failure"], org="org", period=f"=AY{year}", grade="grade", sex="sex"),
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
