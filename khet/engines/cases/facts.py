"""Outlet of the cases: counts without identity."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.cases.counting import counted, totals
from khet.engines.cases.looking import Giving, Kept, day_of, giving_of
from khet.engines.cases.models import Case
from khet.engines.cases.schema import Gift
from khet.kit.feeds import UNKNOWN, Feed, Line, Question, begun, table
from khet.kit.periods import Period, period_of
from khet.registers.residents import queries as residents


def _years() -> list[int]:
    end = period_of(timezone.localdate(), "academic_year").year
    years = {year for year in residents.list_years() if year <= end} if _taking_listed() else set()
    if first := Case.objects.order_by("received_at").values_list("received_at", flat=True).first():
        years |= set(range(period_of(day_of(first), "academic_year").year - 1, end + 1))
    return sorted(years)


def _rows(year: int):
    schools = _Schools()
    giving = dict.fromkeys(_taking_listed(), ()) | giving_of()
    found = {measure: list(_facts(measure, given, year, schools)) for measure, given in giving.items()}
    rows = [row for measure in sorted(found) for row in _with_known_zeros(measure, found)]
    return table(rows)


def _facts(measure: str, giving: Giving, year: int, schools: "_Schools") -> Iterator[tuple]:
    definition = catalogue().get("measure", measure)
    for period in begun(definition.period, year, timezone.localdate()):
        yield from _of_period(measure, definition, giving, period, schools)


def _of_period(measure: str, definition, giving: Giving, period: Period, schools: "_Schools") -> Iterator[tuple]:
    if measure in _taking_listed():
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
        for place, value in totals(gift, kept.known, period.start, _last(period), kept.prompts.get(gift.asked)).items():
            found[place] = found.get(place, 0.0) + value
        if gift.take != "days":
            for code in kept.known_of(period, found):
                found |= {place: found.get(place, 0.0) for place in _places(code, gift, definition)}
    for (org, group), value in sorted(found.items()):
        yield measure, org, period.code, "", "", group, value


def _with_known_zeros(measure: str, found: dict[str, list[tuple]]) -> Iterator[tuple]:
    """The facts of a measure, and 0 wherever the whole it is part of is known and none of it was found.

    Both are counted from the same cases: who told of the whole told that there was no such part.
    """
    yield from found[measure]
    definition = catalogue().get("measure", measure)
    whole = found.get(definition.part_of or "")
    if whole is None or measure in _taking_listed():
        return
    by_group = "group" in definition.dims and any(row[5] for row in found[measure] or whole)
    there = {(row[1], row[2], row[5]) for row in found[measure]}
    known = {(row[1], row[2], row[5] if by_group else "") for row in _with_known_zeros(definition.part_of, found)}
    for org, period, group in sorted(known - there):
        yield measure, org, period, "", "", group, 0.0


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


def _taking_listed() -> set[str]:
    """The measures that count children of the registration list: where nobody is followed, none has a ground."""
    gifts = (gift for kind in catalogue().all("case_kind") for gift in kind.gives if gift.take == "listed")
    named = (catalogue().find("measure", gift.measure) for gift in gifts)
    return {measure.id for measure in named if measure is not None and measure.feed == "cases"}


def _listed_facts(measure: str, giving: Giving, period: Period) -> Iterator[tuple]:
    """Listed children on no roll whose newest case stands on a lawful ground, by sex and subdistrict.

    Where an office has a list and rolls and has begun no case, that is known to be nobody: no child was taken off.
    """
    grounds: dict[str, bool] = {}
    for gift, kept in giving:
        grounds |= {hash: state in gift.states for _case, hash, state in kept.listed}
    lawful = {hash for hash, holds in grounds.items() if holds}
    year = period.academic_year
    for office in residents.offices():
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
    giving = giving_of(measure).get(measure, [])
    if not giving or not all(gift.is_of_a_day for gift, _kept in giving):
        return None
    if min(kept.since for _gift, kept in giving) > period.start:
        return None
    found: dict[str, float] = defaultdict(float)
    for gift, kept in giving:
        for (org, _group), value in totals(
            gift, kept.known, period.start, min(day, period.end), kept.prompts.get(gift.asked)
        ).items():
            found[org] += value
    return dict(found)


# --- walking back


def _behind(question: Question) -> dict[int, str]:
    """{case: code of the place it is counted at}"""
    found: dict[int, str] = {}
    for gift, kept in giving_of().get(question.measure, []):
        for code in question.periods or (question.period,):
            period = Period.parse(code)
            if gift.take == "listed":
                found |= _listed_behind(gift, kept, period, question.orgs)
                continue
            seen = counted(gift, kept.known, period.start, _last(period), kept.prompts.get(gift.asked))
            found |= {one.id: one.org for one in seen if one.org in question.orgs}
    return found


def _listed_behind(gift: Gift, kept: Kept, period: Period, orgs: tuple[str, ...]) -> dict[int, str]:
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
