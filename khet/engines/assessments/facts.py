"""Outlet of the assessments: what locked results give to measures."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from khet.engines.assessments.giving import TOGETHER, Given, value_of
from khet.engines.assessments.models import Assessment, Round
from khet.engines.assessments.schema import Framework, Gift
from khet.kit.feeds import Feed, Line, Question, table
from khet.kit.periods import Period

State = Assessment.State
Place = tuple[str, str, str]  # measure, org, period


@dataclass
class Group:
    """The results of one framework that speak at a place."""

    framework: Framework
    gift: Gift
    results: list[Given] = field(default_factory=list)
    newest: Assessment | None = None

    @property
    def on(self) -> date:
        return max((result.on for result in self.results), default=date.min)

    def add(self, assessments: list[Assessment]) -> None:
        for one in assessments:
            if (outcome := one.outcome) is not None:
                self.results.append(Given(outcome, one.person_id or one.label, _day(one)))
                self.newest = max(self.newest or one, one, key=_day)


def _day(one: Assessment) -> date:
    return one.judged_on or one.locked_at.date()


def _locked():
    """Results that are final, with what is needed to tell what they give."""
    rows = Assessment.objects.filter(state=State.LOCKED).select_related("round__edition", "org")
    return rows.defer("answers", "notes", "progress").order_by("judged_on", "pk")


def _years() -> list[int]:
    """Academic years in which a locked result speaks, those for which it still holds among them."""
    found = set()
    for round in Round.objects.filter(assessments__state=State.LOCKED).select_related("edition").distinct():
        keeps = max((gift.keeps for gift in round.framework.gives), default=0)
        found |= {round.academic_year + later for later in range(keeps)}
    return sorted(found)


def _rows(year: int):
    """The facts of a year, one row for each measure, org and period."""
    rows = [
        (measure, org, period, "", "", "", value)
        for (measure, org, period), value in sorted(_given(year).items())
        if value is not None
    ]
    return table(rows)


def _given(year: int) -> dict[Place, float | None]:
    """{(measure, org, period): number} of a year."""
    return {place: _value(by_age) for place, by_age in _by_place(year).items()}


def _value(by_age: dict[int, dict[str, Group]]) -> float | None:
    """The number of a place: by the newest results, those of several frameworks put together."""
    groups = by_age[min(by_age)].values()
    told = [(group.on, value_of(group.framework, group.gift, group.results), group.gift) for group in groups]
    known = sorted((one for one in told if one[1] is not None), key=lambda one: one[0])
    return TOGETHER[known[-1][2].together]([value for _on, value, _gift in known]) if known else None


def _by_place(year: int, measures=None, orgs=None) -> dict[Place, dict[int, dict[str, Group]]]:
    """{(measure, org, period): {age of the results in years: {framework: what its results say}}}."""
    found: dict[Place, dict[int, dict[str, Group]]] = defaultdict(lambda: defaultdict(dict))
    rows = _locked() if orgs is None else _locked().filter(org__code__in=orgs)
    rounds: dict[tuple[int, str], list[Assessment]] = defaultdict(list)
    for one in rows:
        rounds[one.round_id, one.org.code].append(one)
    for (_round, org), results in rounds.items():
        round = results[0].round
        for gift, period, age in _speaks(round, year):
            if measures is None or gift.measure in measures:
                groups = found[gift.measure, org, period][age]
                group = groups.setdefault(round.framework.id, Group(round.framework, gift))
                group.add(results)
    return found


def _speaks(round: Round, year: int) -> Iterator[tuple[Gift, str, int]]:
    """(gift, code of the fact's period, years since the result) for what a round gives to a year."""
    age = year - round.academic_year
    for gift in round.framework.gives:
        if 0 <= age < gift.keeps:
            yield gift, _period(round, gift, age), age


def _period(round: Round, gift: Gift, age: int) -> str:
    period = Period.parse(round.period)
    if period.kind == "semester" and _kind(gift.measure) == "academic_year":
        period = period.parent()
    for _ in range(age):
        period = period.next() if period.kind != "semester" else period.next().next()
    return period.code


def _kind(measure: str) -> str:
    from khet.core.catalogue import catalogue

    known = catalogue().find("measure", measure)
    return known.period if known else ""


def _behind(question: Question) -> Iterator[Line]:
    """The results behind a number: a line for each org, leading to the result, or to the round of many."""
    wanted = {*question.periods, question.period}
    years = sorted({Period.parse(code).academic_year for code in wanted})
    shown = 0
    for year in years:
        for (_measure, org, period), by_age in sorted(_by_place(year, {question.measure}, question.orgs).items()):
            if period in wanted and shown < question.limit and (value := _value(by_age)) is not None:
                shown += 1
                yield _line(org, value, by_age[min(by_age)])


def _line(org: str, value: float, groups: dict[str, Group]) -> Line:
    from django.urls import reverse

    newest = max((group.newest for group in groups.values() if group.newest), key=_day)
    if newest.confidential:
        return Line(str(newest.round), org, value, url=reverse("assessments:round", args=[newest.round_id]))
    level = newest.framework.level(newest.level) if newest.level else None
    url = reverse("assessments:result", args=[newest.pk])
    return Line(str(newest.round), org, value, str(level.title) if level else "", url=url)


FEEDS = [Feed(id="assessments", reads=("assessments",), years=_years, rows=_rows, later=True, behind=_behind)]
