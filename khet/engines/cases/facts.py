"""Outlet of the cases: counts without identity."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.cases.counting import Known, counted, totals, with_groups
from khet.engines.cases.models import Case, Edition, Step
from khet.engines.cases.schema import Gift
from khet.kit.feeds import COLUMNS, UNKNOWN, Feed, Line, Question, empty
from khet.kit.periods import Period, period_of
from khet.registers.residents import queries as residents

# what counting reads of a case
_COUNTS = (
    "edition", "office", "about", "passed_by", "person", "listed", "state", "level", "missed", "received_at",
    "closed_at", "answers", "secret",
)  # fmt: skip
Path = tuple[tuple[date, str], ...]


def known(case: Case) -> Known:
    """A case as counting knows it; what is sensitive takes part in conditions and never leaves as a group."""
    place = case.office if case.passed_by else case.about
    return _known(case, place.code, tuple((_day(step.at), step.after) for step in case.steps.all()))


def _known(case: Case, org: str, path: Path) -> Known:
    who = ("person", case.person_id) if case.person_id else ("listed", case.listed) if case.listed else None
    closed = _day(case.closed_at) if case.closed_at else None
    return Known(
        case.pk, org, case.state, _day(case.received_at), who, closed, case.level, case.missed, case.known, path
    )


def _place(case: Case) -> int:
    """Where a case is counted: the place it is about, but the office when that place may know nothing of it."""
    return case.office_id if case.passed_by else case.about_id


def _day(moment) -> date:
    return timezone.localtime(moment).date()


@dataclass(frozen=True)
class _Kept:
    """The cases of one edition as counting knows them, worked out once for all that counts them.

    listed   (case, hash of the child's identifier, state) of those about children of the registration list
    """

    offices: list[Org]
    known: list[Known]
    listed: list[tuple[int, str, str]]

    @cached_property
    def since(self) -> date:
        """The day on which the first of them came in."""
        return min(one.received for one in self.known)


Giving = list[tuple[Gift, _Kept]]


def _giving(only: str | None = None) -> dict[str, Giving]:
    """{measure: [(gift, the cases of the editions that give it)]}, of measures that take what cases give; or of one."""
    found = defaultdict(list)
    for edition, kept in _kept(only):
        for gift in edition.rules.kind.gives:
            measure = catalogue().find("measure", gift.measure)
            if measure is not None and measure.feed == "cases" and only in (None, gift.measure):
                found[gift.measure].append((with_groups(gift, catalogue()), kept))
    return dict(found)


def _kept(only: str | None = None) -> Iterator[tuple[Edition, _Kept]]:
    """Every edition with its cases, or those that give one measure.

    There are as many cases as pupils, so no more is read of them than counts.
    """
    steps, read = Step.objects.all(), Case.objects.all()
    if only:
        giving = [e.pk for e in Edition.objects.all() if any(gift.measure == only for gift in e.rules.kind.gives)]
        steps, read = steps.filter(case__edition__in=giving), read.filter(edition__in=giving)
    paths: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for case, at, after in steps.order_by("at", "pk").values_list("case", "at", "after"):
        paths[case].append((_day(at), after))
    rows: dict[int, list[Case]] = defaultdict(list)
    for case in read.only(*_COUNTS).order_by("pk"):
        rows[case.edition_id].append(case)
    orgs = Org.objects.in_bulk(
        {id for cases in rows.values() for case in cases for id in (_place(case), case.office_id)}
    )
    for edition in Edition.objects.filter(pk__in=rows).order_by("pk"):
        cases = rows[edition.pk]
        yield (
            edition,
            _Kept(
                [orgs[id] for id in dict.fromkeys(case.office_id for case in cases)],
                [_known(case, orgs[_place(case)].code, tuple(paths[case.pk])) for case in cases],
                [(case.pk, case.listed, case.state) for case in cases if case.listed],
            ),
        )


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

    schools = _Schools()
    rows = [row for measure, giving in sorted(_giving().items()) for row in _facts(measure, giving, year, schools)]
    if not rows:
        return empty()
    return pa.table({name: list(column) for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)})


def _facts(measure: str, giving: Giving, year: int, schools: "_Schools") -> Iterator[tuple]:
    definition = catalogue().get("measure", measure)
    for period in _periods(definition.period, year):
        yield from _of_period(measure, definition, giving, period, schools)


def _of_period(measure: str, definition, giving: Giving, period: Period, schools: "_Schools") -> Iterator[tuple]:
    if giving[0][0].take == "listed":
        yield from _listed_facts(measure, giving, period)
        return
    found: dict[tuple[str, str], float] = {}
    for gift, kept in giving:
        if kept.since > period.end:
            continue
        # a mean of nothing is not known, nor is it in an office's first period whether a school told of everything
        if gift.take != "days" and (gift.zero_from == "first" or kept.since < period.start):
            for code in schools.of(kept.offices, period):
                found |= {place: found.get(place, 0.0) for place in _places(code, gift, definition)}
        for place, value in totals(gift, kept.known, period.start, _last(period)).items():
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


class _Schools:
    """Schools of offices that keep such cases: where none came in, it is known that there was none."""

    def __init__(self):
        self._found: dict[tuple[int, Period], list[str]] = {}

    def of(self, offices: list[Org], period: Period) -> list[str]:
        """Codes of the schools there were in a period; asked for once an office and period."""
        return [code for office in offices for code in self._there(office, period)]

    def _there(self, office: Org, period: Period) -> list[str]:
        if (office.pk, period) not in self._found:
            schools = Org.objects.schools().filter(path__startswith=office.path).exclude(opened__gt=_last(period))
            there = schools.exclude(closed__lte=period.start).values_list("code", flat=True)
            self._found[office.pk, period] = list(there)
        return self._found[office.pk, period]


def _listed_facts(measure: str, giving: Giving, period: Period) -> Iterator[tuple]:
    """Listed children on no roll whose newest case stands on a lawful ground, by sex and subdistrict."""
    grounds: dict[str, bool] = {}
    for gift, kept in giving:
        grounds |= {hash: state in gift.states for _case, hash, state in kept.listed}
    lawful = {hash for hash, holds in grounds.items() if holds}
    year = period.academic_year
    for office in {org.pk: org for _gift, kept in giving for org in kept.offices}.values():
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


def _until(measure: str, period: Period, day: date) -> dict[str, float] | None:
    """{place: what is known today of the days of a period up to one of them}; None where cases do not tell it.

    Of what came of a case later (closed, late, opened again) no day is told: an older case had longer to come to it.
    And where the office began after the period's first day, nobody wrote down what was before.
    """
    giving = _giving(measure).get(measure, [])
    if not giving or not all(gift.is_of_a_day for gift, _kept in giving):
        return None
    if min(kept.since for _gift, kept in giving) > period.start:
        return None
    found: dict[str, float] = defaultdict(float)
    for gift, kept in giving:
        for (org, _group), value in totals(gift, kept.known, period.start, min(day, period.end)).items():
            found[org] += value
    return dict(found)


# --- walking back


def _behind(question: Question) -> dict[int, str]:
    """{case: code of the place it is counted at}"""
    found: dict[int, str] = {}
    for gift, kept in _giving().get(question.measure, []):
        for code in question.periods or (question.period,):
            period = Period.parse(code)
            if gift.take == "listed":
                found |= _listed_behind(gift, kept, period, question.orgs)
                continue
            seen = counted(gift, kept.known, period.start, _last(period))
            found |= {one.id: one.org for one in seen if one.org in question.orgs}
    return found


def _listed_behind(gift: Gift, kept: _Kept, period: Period, orgs: tuple[str, ...]) -> dict[int, str]:
    found: dict[int, str] = {}
    for office in kept.offices:
        if office.code in orgs:
            there = set(residents.unmatched(office, period.academic_year).values_list("identifier_hash", flat=True))
            lawful = (case for case, hash, state in kept.listed if state in gift.states and hash in there)
            found |= dict.fromkeys(lawful, office.code)
    return found


def _lines(question: Question) -> Iterator[Line]:
    """Cases by number and state: what the page of a case tells, it asks for itself."""
    shown = sorted(_behind(question).items(), key=lambda pair: (pair[1], pair[0]))[: question.limit]
    cases = Case.objects.select_related("edition").in_bulk([case for case, _org in shown])
    for id, org in shown:
        case = cases[id]
        yield Line(case.number, org, 1.0, str(case.stands.title), url=reverse("cases:case", args=[case.ref]))


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
        until=_until,
    )
]
