"""The grids in which figures are typed: what no file brings yet, of one org, or of one measure across schools."""

from dataclasses import dataclass, field

from django.utils import timezone

from khet.core.accounts.models import system_user
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.insight.indicators.editions import names_in
from khet.kit import expressions
from khet.kit.periods import Period, period_of
from khet.kit.thai import sort_key
from khet.plan.queries import current_plan
from khet.registers.figures.models import Figure

PERIODS = 4


@dataclass
class Line:
    """A row of a grid: a measure (or one group of it) of an org; a cell (period, figure or None) for each period."""

    org: Org
    measure: object
    group: str = ""
    label: str = ""
    cells: list = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.org.code}|{self.measure.id}|{self.group}"


@dataclass
class Grid:
    """Lines of one kind of period under a heading. `periods` run from the newest to the oldest."""

    title: str
    periods: list[Period]
    lines: list[Line]
    more: list[Line] = field(default_factory=list)  # needed by other readings only

    @property
    def all_lines(self) -> list[Line]:
        return self.lines + self.more


def of_org(org: Org) -> list[Grid]:
    """A grid for each indicator of the plan with measures that are typed at an org; a measure stands once."""
    plan, grids, seen = current_plan(system_user(), org), [], set()
    for item in plan.indicators if plan else []:
        definition = item.binding.definition
        if definition is None or (org.is_school and definition.org_kind != "school"):
            continue
        main = [m for m in _typed_of(definition) if m.id not in seen]
        other = [m for r in definition.readings for m in _typed_of(r) if m.id not in seen and m not in main]
        other = list({m.id: m for m in other}.values())
        if main or other:
            seen |= {measure.id for measure in main + other}
            grids.append(_grid(str(definition.title), org, main, other))
    return grids


def _typed_of(formula) -> list:
    """The measures of a formula that no register feeds and nothing derives, in the order of their names."""
    ids = dict.fromkeys(id for name in sorted(names_in(formula)) for id in _typed(name))
    return [catalogue().get("measure", id) for id in ids]


def _typed(name: str) -> list[str]:
    """The measure itself when it is typed, or those it is derived from."""
    measure = catalogue().find("measure", name)
    if measure is None or not measure.may_be_typed:
        return []
    if measure.derived and measure.derived.of:
        return _typed(measure.derived.of)
    if measure.derived:
        return [id for part in sorted(expressions.names(measure.derived.where)) for id in _typed(part)]
    return [measure.id]


def _grid(title: str, org: Org, main: list, other: list) -> Grid:
    periods = recent((main or other)[0].period)
    wanted = [measure.id for measure in main + other]
    figures = Figure.objects.filter(org=org, measure__in=wanted, period__in=[p.code for p in periods], grade="", sex="")
    known = {(figure.org_id, figure.measure, figure.period, figure.group): figure for figure in figures}
    return Grid(title, periods, _lines(org, main, periods, known), _lines(org, other, periods, known))


def _lines(org: Org, measures: list, periods: list[Period], known: dict) -> list[Line]:
    found = []
    for measure in measures:
        for group, group_title in _groups(measure):
            label = f"{measure.title} · {group_title}" if group_title else str(measure.title)
            line = Line(org, measure, group, label)
            line.cells = [(period, known.get((org.pk, measure.id, period.code, group))) for period in periods]
            found.append(line)
    return found


def by_school(measure, schools) -> list[Grid]:
    """A grid for each group of a measure: the schools as rows."""
    periods, rows = recent(measure.period), sorted(schools, key=lambda org: sort_key(str(org)))
    figures = Figure.objects.filter(
        org__in=rows, measure=measure.id, period__in=[p.code for p in periods], grade="", sex=""
    )
    known = {(figure.org_id, figure.period, figure.group): figure for figure in figures}
    grids = []
    for group, group_title in _groups(measure):
        lines = []
        for org in rows:
            cells = [(period, known.get((org.pk, period.code, group))) for period in periods]
            lines.append(Line(org, measure, group, str(org), cells))
        grids.append(Grid(group_title or str(measure.title), periods, lines))
    return grids


def measures_by_school(office: Org) -> list:
    """The typed measures that schools have their own figures of, for choosing one."""
    plan = current_plan(system_user(), office)
    definitions = [item.binding.definition for item in plan.indicators] if plan else []
    found = {
        measure.id: measure
        for definition in definitions
        if definition and definition.org_kind == "school"
        for formula in (definition, *definition.readings)
        for measure in _typed_of(formula)
    }
    return list(found.values())


def _groups(measure) -> list[tuple[str, str]]:
    codes = catalogue().find("codes", measure.groups) if measure.groups else None
    return [(entry.code, str(entry.title)) for entry in codes.values] if codes else [("", "")]


def recent(kind: str) -> list[Period]:
    """The last periods of a kind, today's included, the newest first: it is the one that is typed."""
    period, found = period_of(timezone.localdate(), kind), []
    for _step in range(PERIODS):
        found.append(period)
        period = period.previous()
    return found
