"""The grid in which figures are typed: measures without an outlet of their own, by org and period."""

from dataclasses import dataclass, field

from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.insight.indicators.editions import names_in
from khet.kit.periods import Period, period_of
from khet.plan.queries import current_plan
from khet.registers.figures.models import Figure

PERIODS = 4


@dataclass
class Line:
    """A measure (one group of it) with its figures, a cell for each period."""

    measure: object
    group: str = ""
    group_title: str = ""
    cells: list = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.measure.id}|{self.group}"


@dataclass
class Grid:
    """Measures of one kind of period. `periods` run from the oldest to the newest."""

    kind: str
    periods: list[Period]
    lines: list[Line]


def grids(org: Org) -> list[Grid]:
    """A grid for each kind of period in which the measures of the plan are typed at an org."""
    plan = current_plan_of(org)
    ids = _measures(plan, org)
    by_kind: dict[str, list] = {}
    for id in ids:
        measure = catalogue().get("measure", id)
        by_kind.setdefault(measure.period, []).append(measure)
    return [_grid(org, kind, measures) for kind, measures in by_kind.items()]


def current_plan_of(org: Org):
    from khet.core.accounts.models import system_user

    return current_plan(system_user(), org)


def _measures(plan, org: Org) -> list[str]:
    """Measures of the plan's indicators that no outlet feeds and nothing derives, for this kind of org."""
    found: dict[str, None] = {}
    for item in plan.indicators if plan else []:
        definition = item.binding.definition
        if definition is None or (org.is_school and definition.org_kind != "school"):
            continue
        for formula in (definition, *definition.readings):
            for name in sorted(names_in(formula)):
                found.update(dict.fromkeys(_typed(name)))
    return list(found)


def _typed(name: str) -> list[str]:
    """The measure itself when it is typed, or those it is derived from."""
    measure = catalogue().find("measure", name)
    if measure is None or measure.feed:
        return []
    if measure.derived:
        if measure.derived.of:
            return _typed(measure.derived.of)
        from khet.kit import expressions

        return [id for part in sorted(expressions.names(measure.derived.where)) for id in _typed(part)]
    return [measure.id]


def _grid(org: Org, kind: str, measures: list) -> Grid:
    periods = _periods(kind)
    figures = Figure.objects.filter(org=org, measure__in=[m.id for m in measures], period__in=[p.code for p in periods])
    known = {(f.measure, f.period, f.group): f for f in figures.filter(grade="", sex="")}
    lines = []
    for measure in measures:
        for group, title in _groups(measure):
            line = Line(measure, group, title)
            line.cells = [(period, known.get((measure.id, period.code, group))) for period in periods]
            lines.append(line)
    return Grid(kind, periods, lines)


def _groups(measure) -> list[tuple[str, str]]:
    codes = catalogue().find("codes", measure.groups) if measure.groups else None
    if codes is None:
        return [("", "")]
    return [(entry.code, str(entry.title)) for entry in codes.values]


def _periods(kind: str) -> list[Period]:
    period, found = period_of(timezone.localdate(), kind), []
    for _step in range(PERIODS):
        found.append(period)
        period = period.previous()
    return found[::-1]
