"""Outlet of the figures: any measure, passed through as it was typed or imported."""

from collections import defaultdict

from django.db.models import Count, Max

from khet.kit.feeds import COLUMNS, Feed, Line, Question
from khet.kit.periods import Period
from khet.kit.tables import read_sql
from khet.registers.figures.models import Figure


def _periods() -> dict[int, list[str]]:
    """{academic year: codes of the periods that begin in it and have figures}."""
    years = defaultdict(list)
    for code in Figure.objects.order_by().values_list("period", flat=True).distinct():
        years[Period.parse(code).academic_year].append(code)
    return years


def _rows(year: int):
    figures = Figure.objects.filter(period__in=_periods()[year]).order_by()
    places = ("measure", "org__code", "period", "grade", "sex", "group", "value")
    return read_sql(figures.values_list(*places), dict.fromkeys(COLUMNS, "str") | {"value": "float"})


def _figures_of(question: Question):
    return Figure.objects.filter(measure=question.measure, org__code__in=question.orgs, period__in=question.periods)


def _lines(question: Question):
    rows = _figures_of(question).select_related("org").order_by("org__code", "grade", "sex", "group")
    for figure in rows[: question.limit]:
        label = " ".join(part for part in (figure.grade, figure.sex, figure.group) if part)
        source = {name: getattr(figure, name) for name in ("batch_id", "file_id", "sheet", "row")}
        yield Line(label, figure.org.code, figure.value, figure.note, **source)


def _newest(year: int) -> dict[str, int]:
    figures = Figure.objects.filter(period__in=_periods()[year], batch_id__isnull=False).order_by()
    return dict(figures.values_list("measure").annotate(Max("batch_id")))


FEEDS = [
    Feed(
        id="figures",
        reads=("figures",),
        years=lambda: sorted(_periods()),
        rows=_rows,
        origins=lambda question: dict(_figures_of(question).order_by().values_list("batch_id").annotate(Count("pk"))),
        behind=_lines,
        newest=_newest,
    )
]
