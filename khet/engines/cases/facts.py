"""Outlet of the cases: counts without identity."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.cases.counting import Known, counted, totals, with_groups
from khet.engines.cases.models import Case
from khet.engines.cases.schema import Gift
from khet.kit.feeds import COLUMNS, UNKNOWN, Feed, Line, Question, empty
from khet.kit.periods import Period, period_of
from khet.registers.residents import queries as residents


def known(case: Case) -> Known:
    """A case as counting knows it; what is sensitive takes part in conditions and never leaves as a group."""
    path = tuple((_day(step.at), step.after) for step in case.steps.all())
    who = ("person", case.person_id) if case.person_id else ("listed", case.listed) if case.listed else None
    closed = _day(case.closed_at) if case.closed_at else None
    return Known(
        case.pk, _place(case).code, case.state, _day(case.received_at), who, closed, case.level, case.missed,
        case.known, path,
    )  # fmt: skip


def _place(case: Case) -> Org:
    """Where a case is counted: the place it is about, but the office when that place may know nothing of it."""
    return case.office if case.passed_by else case.about


def _day(moment) -> date:
    return timezone.localtime(moment).date()


def _giving() -> dict[str, list[tuple[Gift, list[Case]]]]:
    """{measure: [(gift, the cases of the editions that give it)]}, of measures that take what cases give."""
    editions: dict[int, list[Case]] = defaultdict(list)
    rows = Case.objects.select_related("edition", "about", "office").prefetch_related("steps").order_by("pk")
    for case in rows:
        editions[case.edition_id].append(case)
    found = defaultdict(list)
    for cases in editions.values():
        for gift in cases[0].kind.gives:
            measure = catalogue().find("measure", gift.measure)
            if measure is not None and measure.feed == "cases":
                found[gift.measure].append((with_groups(gift, catalogue()), cases))
    return dict(found)


def _years() -> list[int]:
    first = Case.objects.order_by("received_at").values_list("received_at", flat=True).first()
    if first is None:
        return []
    begin, end = period_of(_day(first), "academic_year"), period_of(timezone.localdate(), "academic_year")
    return list(range(begin.year - 1, end.year + 1))


def _periods(kind: str, year: int) -> list[Period]:
    """The periods of a kind that begin in an academic year and have begun by today."""
    span, today = Period("academic_year", year), timezone.localdate()
    found, one = [], period_of(span.start, kind)
    while one.start <= min(span.end, today):
        if one.academic_year == year:
            found.append(one)
        one = one.next()
    return found


def _rows(year: int):
    import pyarrow as pa

    rows = [row for measure, giving in sorted(_giving().items()) for row in _facts(measure, giving, year)]
    if not rows:
        return empty()
    return pa.table({name: list(column) for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)})


def _facts(measure: str, giving, year: int) -> Iterator[tuple]:
    definition = catalogue().get("measure", measure)
    for period in _periods(definition.period, year):
        yield from _of_period(measure, definition, giving, period)


def _of_period(measure: str, definition, giving, period: Period) -> Iterator[tuple]:
    if giving[0][0].take == "listed":
        yield from _listed_facts(measure, giving, period)
        return
    found: dict[tuple[str, str], float] = {}
    for gift, cases in giving:
        since = min(_day(case.received_at) for case in cases)
        if since > period.end:
            continue
        # a mean of nothing is not known, nor is it in an office's first period whether a school told of everything
        if gift.take != "days" and (gift.zero_from == "first" or since < period.start):
            for code in _zeros(cases, period):
                found |= {place: found.get(place, 0.0) for place in _places(code, gift, definition)}
        for place, value in totals(gift, map(known, cases), period.start, _last(period)).items():
            found[place] = found.get(place, 0.0) + value
    for (org, group), value in sorted(found.items()):
        yield measure, org, period.code, "", "", group, value


def _last(period: Period) -> date:
    return min(period.end, timezone.localdate())


def _places(code: str, gift: Gift, definition) -> list[tuple[str, str]]:
    if gift.group is None:
        return [(code, "")]
    codes = catalogue().find("codes", definition.groups or "")
    return [(code, value.code) for value in (codes.values if codes else ())]


def _zeros(cases: list[Case], period: Period) -> set[str]:
    """Schools of offices that keep such cases: where none came in, it is known that there was none."""
    found = set()
    for office in {case.office_id: case.office for case in cases}.values():
        schools = Org.objects.schools().filter(path__startswith=office.path).exclude(opened__gt=_last(period))
        found |= set(schools.exclude(closed__lte=period.start).values_list("code", flat=True))
    return found


def _listed_facts(measure: str, giving, period: Period) -> Iterator[tuple]:
    """Listed children on no roll whose newest case stands on a lawful ground, by sex and subdistrict."""
    grounds: dict[str, bool] = {}
    offices = {}
    for gift, cases in giving:
        for case in cases:
            offices[case.office_id] = case.office
            if case.listed:
                grounds[case.listed] = case.state in gift.states
    lawful = {hash for hash, holds in grounds.items() if holds}
    year = period.academic_year
    for office in offices.values():
        if not residents.list_day(office, year) or not residents.has_rolls(office, year):
            continue
        found: dict[tuple[str, str], int] = {}
        children = residents.unmatched(office, year).values_list("identifier_hash", "sex", "subdistrict")
        for hash, sex, place in children:
            key = sex or UNKNOWN, place or UNKNOWN
            found[key] = found.get(key, 0) + (hash in lawful)
        for (sex, place), value in sorted(found.items()):
            yield measure, office.code, period.code, "", sex, place, float(value)
        if not found:
            yield measure, office.code, period.code, "", "", "", 0.0


# --- walking back


def _behind(question: Question) -> list[Case]:
    found: dict[int, Case] = {}
    for gift, cases in _giving().get(question.measure, []):
        by_id = {case.pk: case for case in cases}
        for code in question.periods or (question.period,):
            period = Period.parse(code)
            if gift.take == "listed":
                year = period.academic_year
                for case in cases:
                    here = residents.unmatched(case.office, year).filter(identifier_hash=case.listed or "-")
                    if case.state in gift.states and case.office.code in question.orgs and here.exists():
                        found[case.pk] = case
                continue
            for one in counted(gift, map(known, cases), period.start, _last(period)):
                if one.org in question.orgs:
                    found[one.id] = by_id[one.id]
    return sorted(found.values(), key=lambda case: (_place(case).code, case.pk))


def _lines(question: Question) -> Iterator[Line]:
    """Cases by number and state: what the page of a case tells, it asks for itself."""
    for case in _behind(question)[: question.limit]:
        yield Line(
            case.number, _place(case).code, 1.0, str(case.stands.title), url=reverse("cases:case", args=[case.ref])
        )


FEEDS = [
    Feed(
        id="cases",
        reads=("cases", "residents", "enrolments", "orgs"),
        years=_years,
        rows=_rows,
        later=True,
        origins=lambda question: {None: len(_behind(question))},
        behind=_lines,
        persons=True,
    )
]
