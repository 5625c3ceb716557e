"""Reading the facts: sums of measures by org, period and breakdown.

Everything is answered from one state of the files (`Sheet.manifest.version`) and remembered in this process until the
facts change. Who may see what is decided above: sums know no viewer.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from khet.core.catalogue import Catalogue, catalogue
from khet.facts import tree as trees
from khet.facts.cells import Cells
from khet.facts.manifest import Manifest, current
from khet.facts.resolve import Leaves, leaves, met_by, usable
from khet.facts.rollup import Rolled, Roller
from khet.facts.scan import scan
from khet.facts.schema import Measure
from khet.facts.vectors import evaluate
from khet.kit import expressions
from khet.kit.periods import Period, period_of

Dims = Sequence[str]  # of grade, sex, group
_KEPT = 64  # sheets remembered


def version() -> str:
    """Names the state of the facts: equal versions, equal answers. "0" before the first build."""
    return current().version


class Sheet:
    """Measures, periods and a breakdown, read at once; worked out as asked for.

    targets   the periods that may be asked for
    notes     whatever a reader has worked out from it and wants to find again
    cells     the combinations of dims that occur, [()] without dims. A measure that is never broken down by one of the
              dims stands whole in each of its cells: incidents of a group per 1,000 pupils, not per pupils of a group
    """

    def __init__(self, manifest: Manifest, measures: Collection[str], targets: Sequence[Period], dims: Dims = ()):
        self.manifest, self.targets, self.dims = manifest, tuple(targets), tuple(dims)
        self.tree = trees.load(manifest)
        self.definitions = {m.id: m for m in _closure(frozenset(measures), catalogue())}
        self.notes: dict = {}
        self._scans: dict[tuple[str, ...], Cells] = {}
        self._leaves: dict[tuple[str, Period], Leaves] = {}
        self._rollers: dict[Period, Roller] = {}
        self._lock = threading.RLock()
        self._read()

    @cached_property
    def cells(self) -> list[tuple[str, ...]]:
        return self._scan(self.dims).cells

    @property
    def version(self) -> str:
        return self.manifest.version

    def standing(self, target: Period) -> trees.Standing:
        return self.tree.at(target.end)

    def leaves(self, measure: str, target: Period) -> Leaves:
        """What each org itself says of a measure."""
        with self._lock:
            if (measure, target) not in self._leaves:
                self._leaves[measure, target] = self._worked_out(self.definitions[measure], target)
            return self._leaves[measure, target]

    def rolled(self, measures: Iterable[str], target: Period) -> Rolled:
        """Measures that belong to one formula, for every org of the tree."""
        with self._lock:
            if target not in self._rollers:
                totals = self._totals
                self._rollers[target] = Roller(
                    lambda measure: self.leaves(measure, target),
                    lambda measure: totals.leaves(measure, target),
                    {id: measure.aggregate for id, measure in self.definitions.items()},
                    self.standing(target),
                    {id for id, measure in self.definitions.items() if measure.beside},
                )
            return self._rollers[target].roll(frozenset(measures))

    def periods_behind(self, measure: str, target: Period, org: int) -> tuple[str, ...]:
        """Codes of the periods whose facts met the target for an org; () where it says nothing."""
        leaf, held = self.leaves(measure, target), self.manifest.measures.get(measure, ())
        return tuple(met_by(self.definitions[measure], held, target, leaf.step[org])) if leaf.known[org] else ()

    def _read(self) -> None:
        """Read all files that will be needed, now: later they may have been replaced and removed."""
        self._scan(self.dims)
        for measure in self.definitions.values():
            if measure.derived and measure.derived.of:
                self._scan(self._by_group(self._carried(measure)))
            elif not measure.derived and self._carried(measure):
                self._scan(self._carried(measure))
        self._totals  # noqa: B018  reads the sheet without a breakdown

    def _by_group(self, carried: tuple[str, ...]) -> tuple[str, ...]:
        return (*(dim for dim in carried if dim != "group"), "group")

    def _scan(self, dims: tuple[str, ...]) -> Cells:
        """Facts of the measures that can be broken down by all of the dims."""
        if dims not in self._scans:
            plain = [m for m in self.definitions.values() if not m.derived and set(dims) <= set(m.dims)]
            periods = set()
            for measure in plain:
                held = self.manifest.measures.get(measure.id, ())
                for target in self.targets:
                    periods.update(usable(measure, held, target))
            self._scans[dims] = scan(self.manifest, plain, periods, dims)
        return self._scans[dims]

    def _carried(self, measure: Measure) -> tuple[str, ...]:
        return tuple(dim for dim in self.dims if dim in measure.dims)

    def _worked_out(self, measure: Measure, target: Period) -> Leaves:
        carried = self._carried(measure)
        if self.dims and not carried:
            return self._spread(self._totals.leaves(measure.id, target), [()], ())
        if measure.derived and measure.derived.where:
            return self._counted(measure.derived.where, target)
        if measure.derived:
            leaf, cells = self._part(measure.derived, carried, target)
        else:
            found = self._scan(carried)
            leaf = leaves(found, measure, target, self._ended(target), self._whole(measure.id, target, carried))
            cells = found.cells
        return leaf if cells is self.cells else self._spread(leaf, cells, carried)

    def _ended(self, target: Period) -> np.ndarray:
        return self.tree.closed <= target.end.toordinal()

    @cached_property
    def _totals(self) -> "Sheet":
        """The same without a breakdown: what is decided of the whole holds for its parts."""
        return sheet(self.definitions, self.targets, manifest=self.manifest) if self.dims else self

    def _whole(self, measure: str, target: Period, carried: Dims) -> Leaves | None:
        return self._totals.leaves(measure, target) if carried else None

    def _spread(self, leaf: Leaves, cells: list[tuple[str, ...]], carried: tuple[str, ...]) -> Leaves:
        """The leaf over the cells of this sheet: the same value in all cells that differ only in other dims."""
        place = {cell: k for k, cell in enumerate(cells)}
        keep = [self.dims.index(dim) for dim in carried]
        values = np.full((len(self.tree.codes), len(self.cells)), np.nan)
        for k, cell in enumerate(self.cells):
            if (of := place.get(tuple(cell[i] for i in keep))) is not None:
                values[:, k] = leaf.values[:, of]
        return replace(leaf, values=values)

    def _counted(self, condition: str, target: Period) -> Leaves:
        """1 for each school where the condition is true, 0 where it is false."""
        parts = {name: self.leaves(name, target) for name in expressions.names(condition)}
        values = evaluate(condition, {name: leaf.values for name, leaf in parts.items()})
        values[self.tree.kinds != trees.SCHOOL] = np.nan
        known = ~np.isnan(values).all(axis=1)
        ends = np.max([leaf.ends for leaf in parts.values()], axis=0)
        figure = np.logical_or.reduce([leaf.figure for leaf in parts.values()])
        return Leaves(values, figure & known, np.where(known, ends, 0), np.zeros(len(known), dtype=np.int64))

    def _part(self, derived, carried: tuple[str, ...], target: Period) -> tuple[Leaves, list[tuple[str, ...]]]:
        """The part of a measure whose group is among those named; a group that nobody is in counts 0."""
        grouped = self._scan(self._by_group(carried))
        whole = self._whole(derived.of, target, ("group",))
        leaf = leaves(grouped, self.definitions[derived.of], target, self._ended(target), whole)
        shown = [cell if "group" in carried else cell[:-1] for cell in grouped.cells]
        cells = sorted(set(shown)) or [()]
        values = np.full((len(self.tree.codes), len(cells)), np.nan)
        for place, cell in enumerate(cells):
            of_cell = [k for k, other in enumerate(shown) if other == cell]
            inside = [k for k in of_cell if grouped.cells[k][-1] in derived.groups]
            stated = ~np.isnan(leaf.values[:, of_cell]).all(axis=1)
            values[stated, place] = np.nansum(leaf.values[:, inside], axis=1)[stated]
        return replace(leaf, values=values), cells


_sheets: OrderedDict[tuple, Sheet] = OrderedDict()
_sheets_lock = threading.Lock()


def sheet(
    measures: Iterable[str], targets: Iterable[Period], dims: Dims = (), *, manifest: Manifest | None = None
) -> Sheet:
    """A sheet of the facts as they are now (or of a manifest taken before, so that several sheets agree)."""
    manifest, known = manifest or current(), catalogue()
    measures, targets = frozenset(measures), tuple(sorted(set(targets)))
    key = (manifest.folder, manifest.version, known, measures, targets, tuple(dims))
    with _sheets_lock:
        if key in _sheets:
            _sheets.move_to_end(key)
            return _sheets[key]
    made = _read(manifest, measures, targets, dims)
    with _sheets_lock:
        _sheets[key] = made
        while len(_sheets) > _KEPT:
            _sheets.popitem(last=False)
    return made


def _read(manifest: Manifest, measures, targets, dims) -> Sheet:
    import duckdb

    try:
        return Sheet(manifest, measures, targets, dims)
    except (FileNotFoundError, duckdb.IOException):
        # The files of a state that was replaced long ago are gone: read the state of now.
        if current().version == manifest.version:
            raise
        return Sheet(current(), measures, targets, dims)


@lru_cache(maxsize=4096)
def _closure(measures: frozenset[str], known: Catalogue) -> tuple[Measure, ...]:
    """The measures and all that they are derived from. Raises CatalogueError for one that is not known."""
    found, waiting = {}, list(measures)
    while waiting:
        id = waiting.pop()
        if id in found:
            continue
        found[id] = measure = known.get("measure", id)
        if measure.derived:
            waiting += [measure.derived.of] if measure.derived.of else expressions.names(measure.derived.where)
    return tuple(found.values())


def sources(measures: Iterable[str]) -> list[str]:
    """The fed measures behind measures: themselves, or what they are derived from."""
    return sorted(measure.id for measure in _closure(frozenset(measures), catalogue()) if not measure.derived)


def stamp(measures: Iterable[str], manifest: Manifest) -> tuple[str, ...]:
    """Names the state of the facts behind measures: equal stamps, equal answers, whatever else has changed."""
    return manifest.stamp(sources(measures))


def periods_with(measures: Iterable[str], kind: str, *, manifest: Manifest | None = None) -> list[Period]:
    """The periods of a kind that any of the measures can speak for, oldest first."""
    return list(_periods_with(frozenset(measures), kind, manifest or current(), catalogue()))


@lru_cache(maxsize=1024)
def _periods_with(measures: frozenset[str], kind: str, manifest: Manifest, known: Catalogue) -> list[Period]:
    found = set()
    for measure in _closure(measures, known):
        for code in manifest.measures.get(measure.id, ()):
            period = Period.parse(code)
            found.add(period if period.kind == kind else period_of(period.end, kind))
    return sorted(found)


def summed(
    measures: Iterable[str],
    *,
    periods: Iterable[Period],
    org: str | None = None,
    by: Dims = (),
    kinds: Collection[str] = trees.KINDS,
):
    """Sums of measures as an Arrow table: measure, org, period, grade, sex, grp, value; unknown ones have no row.

    org     code: only this org and those below it, as the tree stood at the end of each period
    by      breakdowns among grade, sex, group; "" stands in the columns of the others
    kinds   kinds of org wanted
    """
    import pyarrow as pa

    ids, targets = sorted(set(measures)), sorted(set(periods))
    page = sheet(ids, targets, by)
    rows = {name: [] for name in ("measure", "org", "period", "grade", "sex", "grp", "value")}
    for target in targets:
        shown = np.isin(page.tree.kinds, [trees.KINDS.index(kind) for kind in kinds])
        if org is not None:
            shown &= page.standing(target).under(page.tree.index[org]) if org in page.tree.index else False
        for id in ids:
            values = page.rolled([id], target).values[id]
            places, cells = np.nonzero(~np.isnan(values) & shown[:, None])
            for place, cell in zip(places.tolist(), cells.tolist(), strict=True):
                named = dict(zip(by, page.cells[cell], strict=True))
                for name, got in (
                    ("measure", id), ("org", page.tree.codes[place]), ("period", target.code),
                    ("grade", named.get("grade", "")), ("sex", named.get("sex", "")), ("grp", named.get("group", "")),
                    ("value", float(values[place, cell])),
                ):  # fmt: skip
                    rows[name].append(got)
    return pa.table(
        {name: pa.array(got, pa.float64() if name == "value" else pa.string()) for name, got in rows.items()}
    )


def newest_loads(measures: Iterable[str], *, manifest: Manifest | None = None) -> set[int]:
    """The newest load (batch id) of each file that feeds any of the measures; empty when all was typed in.

    Which of them speaks of the latest day only their dates tell: an older year may be loaded after a newer one.
    """
    loads = (manifest or current()).loads
    return set().union(*(loads[measure][0] for measure in sources(measures) if measure in loads))


def built_on(measures: Iterable[str], *, manifest: Manifest | None = None) -> date | None:
    """The day on which facts of any of the measures last changed."""
    loads = (manifest or current()).loads
    built = max((loads[measure][1] for measure in sources(measures) if measure in loads), default=None)
    return None if built is None else date.fromisoformat(built[:10])
