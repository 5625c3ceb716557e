"""Outlet of the register of schools: which ones are open."""

from datetime import date

from django.db.models import Max, Min, Q
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.kit.feeds import Feed, Line, Question, long
from khet.kit.periods import Period, academic_year
from khet.kit.tables import read_sql

# Orgs without a day of opening have been there from the beginning; facts begin with what an office can still check.
_YEARS_BACK = 10


def _count_day(year: int) -> date:
    month, day = catalogue().get("calendar", "calendar").census[0].day.split("-")
    return date(year, int(month), int(day))


def _years() -> list[int]:
    schools = Org.objects.schools()
    if not schools.exists():
        return []
    this_year = academic_year(timezone.localdate()).year
    days = schools.aggregate(first=Min("opened"), closing=Min("closed"), last=Max("closed"))
    known = [academic_year(day).year for day in (days["first"], days["closing"]) if day]
    return list(range(max(min([*known, this_year - 3]), this_year - _YEARS_BACK), this_year + 1))


def _open(year: int):
    day = _count_day(year)
    return Org.objects.schools().filter(
        Q(opened__isnull=True) | Q(opened__lte=day), Q(closed__isnull=True) | Q(closed__gt=day)
    )


def _rows(year: int):
    wide = read_sql(_open(year).order_by().values_list("code"), {"org": "str"})
    wide = wide.append_column("schools_open", [[1] * wide.num_rows])
    return long(wide, ["schools_open"], org="org", period=f"=AY{year}")


def _lines(question: Question):
    year = Period.parse(question.period).academic_year
    for org in _open(year).filter(code__in=question.orgs).order_by("code")[: question.limit]:
        yield Line(org.name, org.code, 1.0)


FEEDS = [Feed(id="orgs", reads=("orgs",), years=_years, rows=_rows, behind=_lines)]
