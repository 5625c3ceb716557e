"""Outlet of the civil-registration list: children of compulsory age, and those in no known school."""

from django.db.models import Count, Max

from khet.core.orgs.models import Org
from khet.kit.feeds import Feed, Line, Question, empty, long
from khet.kit.periods import Period
from khet.kit.tables import read_sql
from khet.registers.residents import queries
from khet.registers.residents.models import Resident


def _years() -> list[int]:
    return [year for year in queries.list_years() if any(queries.list_day(org, year) for org in queries.offices())]


def _rows(year: int):
    import pyarrow as pa

    return pa.concat_tables(
        [empty(), *(_of_org(org, year) for org in queries.offices() if queries.list_day(org, year))]
    )


def _of_org(org: Org, year: int):
    places = {"sex": "str", "grp": "str"}
    every = _counted(queries.compulsory(org, year), places, "compulsory_residents")
    measures = ["compulsory_residents"]
    if queries.has_rolls(org, year):
        missing = _counted(queries.unmatched(org, year), places, "compulsory_unmatched")
        known = dict(zip(_places(missing), missing.column("compulsory_unmatched").to_pylist(), strict=True))
        every = every.append_column("compulsory_unmatched", [[known.get(place, 0) for place in _places(every)]])
        measures.append("compulsory_unmatched")
    every = every.append_column("org", [[org.code] * every.num_rows])
    return long(every, measures, org="org", period=f"=AY{year}", sex="sex", grp="grp")


def _counted(children, places: dict[str, str], name: str):
    rows = children.order_by().values_list("sex", "subdistrict").annotate(n=Count("pk"))
    return read_sql(rows, places | {name: "int"})


def _places(table) -> list[tuple]:
    return list(zip(table.column("sex").to_pylist(), table.column("grp").to_pylist(), strict=True))


def _children_of(question: Question):
    year = Period.parse(question.period).academic_year
    which = {"compulsory_residents": queries.compulsory, "compulsory_unmatched": queries.unmatched}.get(
        question.measure
    )
    found = Resident.objects.none()
    for org in Org.objects.filter(code__in=question.orgs) if which else ():
        found = found | Resident.objects.filter(pk__in=which(org, year).values("pk"))
    return found


def _lines(question: Question):
    rows = _children_of(question).select_related("org").order_by("subdistrict", "name_key", "pk")
    for child in rows[: question.limit]:
        source = {name: getattr(child, name) for name in ("batch_id", "file_id", "sheet", "row")}
        yield Line(str(child), child.org.code, 1.0, child.subdistrict, **source)


def _newest(year: int) -> dict[str, int]:
    days = [day for org in queries.offices() if (day := queries.list_day(org, year))]
    load = Resident.objects.filter(list_date__in=days).aggregate(newest=Max("batch_id"))["newest"]
    return {"": load} if load else {}


FEEDS = [
    Feed(
        id="residents",
        reads=("residents", "enrolments", "orgs"),
        years=_years,
        rows=_rows,
        later=True,
        origins=lambda question: dict(_children_of(question).order_by().values_list("batch_id").annotate(Count("pk"))),
        behind=_lines,
        persons=True,
        newest=_newest,
    )
]
