"""Reading indicators. The viewer comes first: nobody gets a value of an org whose plan they may not read.

Values are worked out once for each state of the facts and remembered in this process; hiding small numbers, targets
and status are laid over them for each viewer.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
from django.utils import timezone
from django.utils.translation import get_language

from khet.core.accounts.access import can
from khet.core.catalogue import Catalogue, catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.queries import office_of
from khet.facts import queries
from khet.facts.manifest import Manifest, current
from khet.facts.queries import Sheet
from khet.insight.indicators import editions, judging
from khet.insight.indicators.models import IndicatorChoice
from khet.insight.indicators.running import running
from khet.insight.indicators.schema import Indicator
from khet.insight.indicators.telling import Teller
from khet.insight.indicators.values import Columns, Value, work_out
from khet.insight.indicators.withholding import disclosed, in_their_table
from khet.kit.feeds import UNKNOWN
from khet.kit.periods import Period, period_of
from khet.registers.intake.models import Batch

DIMS = ("grade", "sex", "group")
ORGS = ("org", "cluster", "school")  # breakdowns by place: directly below, or all of a kind
_KEPT = 4096  # answers of one indicator each


class NotVisible(LookupError):
    """An org whose figures the viewer may not read; to them it does not exist."""


@dataclass(frozen=True)
class Asked:
    """One question, in a form that can be remembered.

    history   how many periods up to the newest (or `period`); 0: that one alone
    cell      (dim, code): this part of a breakdown alone
    """

    org: str
    indicators: tuple[str, ...]
    period: Period | None
    by: str | None
    readings: tuple[tuple[str, str], ...]
    history: int = 0
    cell: tuple[str, str | None] | None = None


def values(
    viewer,
    *,
    org: Org,
    indicators: Iterable[str] | None = None,
    period: Period | None = None,
    by: str | None = None,
    readings: Mapping[str, str] | None = None,
    cell: tuple[str, str] | None = None,
) -> list[Value]:
    """Values of indicators at an org, or of its parts.

    indicators  ids; all of the catalogue when left out
    period      any kind: each indicator answers with the period of its own kind that it stands for. Left out: the
                newest one the indicator has figures for at the org
    by          None, or a breakdown: grade, sex, group; org (those directly below), cluster, school
    readings    {indicator: reading} to use instead of the office's choice
    cell        (dim, code) beside a breakdown by place: of each place that part alone, ("group", "violence"); [] where
                nothing of it is known
    raises      NotVisible; CatalogueError for an id that is not known
    """
    _let_in(viewer, org)
    ids = editions.check(indicators) if indicators is not None else editions.known()
    chosen = editions.choices_of({**chosen_readings(org), **(readings or {})})
    asked = Asked(org.code, tuple(ids), period, by, chosen, cell=cell)
    found = _dated(_remembered(asked, current()))
    if cell:
        return in_their_table(viewer, org, found, lambda: _remembered(replace(asked, cell=(cell[0], None)), current()))
    if by in DIMS and org.is_school:
        return in_their_table(viewer, org, found, lambda: _of_all_schools(asked, org, found))
    return judging.judged(viewer, org, disclosed(viewer, org, found))


def _of_all_schools(asked: Asked, school: Org, found: Sequence[Value]) -> list[Value]:
    """What is asked of a school, of every school of its office in the same periods."""
    office, table = office_of(school) or school, []
    for period in {value.period for value in found}:
        ids = tuple({value.indicator: None for value in found if value.period == period})
        whole = replace(asked, org=office.code, indicators=ids, period=period, by="school", cell=(asked.by, None))
        table += _remembered(whole, current())
    return table


def history(
    viewer,
    *,
    org: Org,
    indicators: Iterable[str],
    until: Period | None = None,
    count: int = 12,
    readings: Mapping[str, str] | None = None,
) -> dict[str, list[Value]]:
    """{indicator: values of its last periods with figures, oldest first}, each by the edition of its period."""
    _let_in(viewer, org)
    ids = editions.check(indicators)
    chosen = editions.choices_of({**chosen_readings(org), **(readings or {})})
    found = _dated(_remembered(Asked(org.code, tuple(ids), until, None, chosen, count), current()))
    series: dict[str, list[Value]] = {id: [] for id in ids}
    for value in found:
        series[value.indicator] += disclosed(viewer, org, [value])
    return series


def value(viewer, indicator: str, *, org: Org, period: Period | None = None, readings=None) -> Value:
    """One indicator of one org."""
    return values(viewer, org=org, indicators=[indicator], period=period, readings=readings)[0]


def _let_in(viewer, org: Org) -> None:
    if not can(viewer, "plan.read", org):
        raise NotVisible(f"no org {org.code} for this viewer")


def chosen_readings(org: Org) -> dict[str, str]:
    """{indicator: reading} chosen by the org or, nearer ones first, by those above it."""
    above = [int(part) for part in org.path.split("/") if part]
    rows = IndicatorChoice.objects.filter(org_id__in=above).values_list("org_id", "indicator", "reading")
    return {indicator: reading for _org, indicator, reading in sorted(rows, key=lambda row: above.index(row[0]))}


def newest_period(org: Org, indicator: str) -> Period:
    """The newest period of its kind for which an indicator has any figure at an org; else the one of today."""
    return _newest_periods(current(), org.code, [indicator])[indicator]


# Working out, remembered

_found: OrderedDict[tuple, list[Value]] = OrderedDict()
_lock = threading.Lock()


def _remembered(asked: Asked, manifest: Manifest) -> list[Value]:
    """Each indicator is known by the files its own measures stand in: a record saved elsewhere leaves it as it is."""
    known, chosen = catalogue(), dict(asked.readings)
    state, keys = (manifest.folder, known, get_language()), {}
    for one in asked.indicators:
        alone = replace(asked, indicators=(one,), readings=((one, chosen[one]),) if one in chosen else ())
        keys[one] = (*state, queries.stamp(editions.measures_of([one]), manifest), alone)
    with _lock:
        found = {one: _found[key] for one, key in keys.items() if key in _found}
    if lacking := tuple(one for one in asked.indicators if one not in found):
        made: dict[str, list[Value]] = {one: [] for one in lacking}
        for value in _values(replace(asked, indicators=lacking), manifest):
            made[value.indicator].append(value)
        found |= made
    with _lock:
        for one, key in keys.items():
            _found[key] = found[one]
            _found.move_to_end(key)
        while len(_found) > _KEPT:
            _found.popitem(last=False)
    return [value for one in asked.indicators for value in found[one]]


def _values(asked: Asked, manifest: Manifest) -> list[Value]:
    chosen = dict(asked.readings)
    newest = {} if asked.period else _newest_periods(manifest, asked.org, asked.indicators)
    targets = [(id, target) for id in asked.indicators for target in _targets(asked, id, newest.get(id), manifest)]
    held = [(edition, target) for id, target in targets if (edition := editions.in_force(id, target)) is not None]
    wanted = [(edition, target) for edition, target in held if _breaks_down(edition, asked)]
    dims = (asked.by,) if asked.by in DIMS else (asked.cell[0],) if asked.cell else ()
    if dims or asked.history:
        measures, periods = editions.measures_of({edition.id for edition, _target in wanted}), set()
    else:  # the sheet from which the newest periods were chosen
        measures, periods = editions.measures_of(asked.indicators), {p for id in newest for p in _recent(manifest, id)}
    page = queries.sheet(measures, periods | {target for _edition, target in wanted}, dims, manifest=manifest)
    ages, found = _ages({edition.id: editions.names_in(edition) for edition, _target in wanted}, manifest), []
    for edition, target in wanted:
        if asked.org in page.tree.index:
            read = editions.read_as(edition, chosen.get(edition.id))
            found += _of_indicator(page, read, target, asked, ages.get(edition.id))
        elif asked.by is None:
            found.append(Value(edition.id, edition, asked.org, "", target, None, version=page.version))
    return found


def _breaks_down(edition: Indicator, asked: Asked) -> bool:
    """Whether there can be values for the parts that are asked for."""
    if asked.by in DIMS:
        return asked.by in edition.by
    if asked.cell and asked.cell[0] not in edition.by:
        return False
    return not (asked.by in ("cluster", "school") and edition.org_kind == "office")


def _targets(asked: Asked, indicator: str, newest: Period | None, manifest: Manifest) -> list[Period]:
    """The periods an indicator is asked for."""
    kind = editions.kind_of(indicator)
    last = newest or editions.in_kind(asked.period, kind)
    if not asked.history:
        return [last]
    known = queries.periods_with(editions.measures_of([indicator]), kind, manifest=manifest)
    return [period for period in known if period <= last][-asked.history :]


def _of_indicator(page: Sheet, edition, target: Period, asked: Asked, as_of: date | None) -> list[Value]:
    org = page.tree.index[asked.org]
    columns = work_out(page, edition, target)
    teller = Teller(page, columns, as_of)
    if asked.by in DIMS:
        shown = np.flatnonzero(~np.isnan(columns.value[org]) | _stated(page, columns, org))
        shown = _ordered(page, edition, asked.by, shown)
        return teller.values([org] * len(shown), shown)
    cells = _cells_asked(page, asked)
    places = {
        None: lambda standing: [org],
        "org": lambda standing: standing.children(org),
        "cluster": lambda standing: standing.of_kind(org, "cluster"),
        "school": lambda standing: standing.schools(org),
    }[asked.by](page.standing(target))
    both = [(int(place), cell) for place in places for cell in cells]
    return teller.values([place for place, _cell in both], [cell for _place, cell in both])


def _cells_asked(page: Sheet, asked: Asked) -> list[int]:
    """Places of the cells that are asked of each org."""
    if not asked.cell:
        return [0]
    return [place for place, cell in enumerate(page.cells) if asked.cell[1] in (None, *cell)]


def _stated(page: Sheet, columns: Columns, org: int) -> np.ndarray:
    """Cells in which a part is known though the value is not."""
    carried = [
        array for measure, array in columns.rolled.values.items() if page.dims[0] in page.definitions[measure].dims
    ]
    return (
        np.logical_or.reduce([~np.isnan(array[org]) for array in carried])
        if carried
        else np.zeros(len(page.cells), bool)
    )


def _ordered(page: Sheet, edition, dim: str, cells) -> list[int]:
    order = {code: place for place, code in enumerate(codes_of(dim, editions.names_in(edition)))}
    return sorted(map(int, cells), key=lambda cell: (order.get(page.cells[cell][0], len(order)), page.cells[cell][0]))


def codes_of(dim: str, measures: Iterable[str]) -> list[str]:
    """The codes of a dim in the order of its list; of a group those of the measures' own list."""
    lists = {"grade": ["grades"], "sex": ["sexes"]}.get(dim)
    if lists is None:
        named = (catalogue().find("measure", measure) for measure in measures)
        lists = sorted({measure.groups for measure in named if measure and measure.groups})
    found = (catalogue().find("codes", name) for name in lists)
    return [value.code for codes in found if codes for value in sorted(codes.values, key=lambda v: v.order or 0)]


_LOOKED_BACK = 4  # periods in which the newest value is looked for


def _recent(manifest: Manifest, indicator: str) -> list[Period]:
    """The last periods up to today in which any org has a figure of the indicator; today's when there is none."""
    return _recent_on(timezone.localdate(), manifest, indicator, catalogue())


@lru_cache(maxsize=1024)
def _recent_on(today: date, manifest: Manifest, indicator: str, known: Catalogue) -> list[Period]:
    kind = editions.kind_of(indicator)
    now = period_of(today, kind)
    held = queries.periods_with(editions.measures_of([indicator]), kind, manifest=manifest)
    return [period for period in held if period <= now][-_LOOKED_BACK:] or [now]


def _newest_periods(manifest: Manifest, org: str, indicators: Sequence[str]) -> dict[str, Period]:
    """{indicator: the newest period with a value; else the newest with any figure; else the newest of others}"""
    recent = {id: _recent(manifest, id) for id in indicators}
    targets = {period for some in recent.values() for period in some}
    page = queries.sheet(editions.measures_of(indicators), targets, manifest=manifest)
    for id, some in recent.items():
        if (org, id) not in page.notes:
            page.notes[org, id] = _newest_of(page, org, id, some)
    return {id: page.notes[org, id] for id in indicators}


def _newest_of(page: Sheet, org: str, indicator: str, recent: list[Period]) -> Period:
    place, stated = page.tree.index.get(org), []
    for period in reversed(recent) if place is not None else ():
        edition = editions.in_force(indicator, period)
        if edition is None:
            continue
        columns = work_out(page, edition, period)
        if not np.isnan(columns.value[place, 0]):
            return period
        if any(not np.isnan(page.rolled([m], period).values[m][place, 0]) for m in columns.measures):
            stated.append(period)
    return stated[0] if stated else recent[-1]


# Laid over the values, for each viewer and moment


def _dated(found: list[Value]) -> list[Value]:
    """The values with the day their data speak of, and how they stand where their period still runs.

    The day is the latest one of their loads, else that of the last change.
    """
    manifest = current()
    formulas = {(id(value.edition), value.period): value for value in found}  # one for all schools
    ages = _ages({of.edition.id: editions.names_in(of.edition) for of in formulas.values()}, manifest)
    stand = {key: running(value.edition, value.period) for key, value in formulas.items()}
    dated = []
    for value in found:
        as_of = ages[value.indicator] if value.is_known_in_part else None
        runs = None if value.value is None else stand[id(value.edition), value.period]
        same = (value.as_of, value.version, value.running) == (as_of, manifest.version, runs)
        dated.append(value if same else replace(value, as_of=as_of, version=manifest.version, running=runs))
    return dated


def _ages(wanted: Mapping[str, Iterable[str]], manifest: Manifest) -> dict[str, date | None]:
    """{indicator: the day its data speak of} of indicators and their measures."""
    loads = {id: queries.newest_loads(measures, manifest=manifest) for id, measures in wanted.items()}
    days = _days_of_loads(frozenset().union(*loads.values()))
    return {
        id: max((day for load in loads[id] if (day := days.get(load))), default=None)
        or queries.built_on(measures, manifest=manifest)
        for id, measures in wanted.items()
    }


def _days_of_loads(loads: frozenset[int]) -> dict[int, date]:
    if not loads:
        return {}
    rows = Batch.objects.filter(pk__in=loads).values_list("pk", "as_of", "committed_at")
    return {pk: as_of or (timezone.localdate(committed) if committed else None) for pk, as_of, committed in rows}


def label(dim: str, code: str, measures: Iterable[str] = ()) -> str:
    """A code of a breakdown in words: "ป.1", "หญิง", "ความรุนแรง"."""
    from django.utils.translation import gettext as _

    if code == UNKNOWN:
        return _("not stated")
    lists = {"grade": ["grades"], "sex": ["sexes"]}.get(dim)
    if lists is None:
        named = (catalogue().find("measure", measure) for measure in measures)
        lists = sorted({measure.groups for measure in named if measure and measure.groups})
    for name in lists:
        codes = catalogue().find("codes", name)
        if codes and (found := codes.value(code)):
            return str(found.title)
    return code
