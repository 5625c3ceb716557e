"""The one statement that reads the files: facts of some measures and periods, added up within each org.

Plain SQL of DuckDB and not Ibis: docs/decisions/0010 says why. The statement uses nothing that another engine
over the same Parquet files lacks.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from khet.facts import tree as trees
from khet.facts.feeds import FIGURES
from khet.facts.manifest import Manifest
from khet.facts.schema import Measure
from khet.kit.tables import duck

_COLUMN = {"grade": "grade", "sex": "sex", "group": "grp"}
_BIT = {"grade": 1, "sex": 2, "group": 4}
_FOLD = {"sum": "sum", "mean": "avg", "max": "max", "min": "min"}


@dataclass(frozen=True, eq=False)
class Cells:
    """Facts as arrays of one length, sorted by measure.

    measure, period, org, cell   places in `measures`, `periods`, the tree and `cells`
    figure   True for typed or imported figures, False for what a register's feed counted
    shape    which of grade (1), sex (2), group (4) the facts are broken down by
    cells    the combinations of the dims asked for; [()] when none was
    """

    measures: Sequence[str]
    periods: Sequence[str]
    cells: list[tuple[str, ...]]
    measure: np.ndarray
    period: np.ndarray
    org: np.ndarray
    cell: np.ndarray
    figure: np.ndarray
    shape: np.ndarray
    value: np.ndarray

    @cached_property
    def _bounds(self) -> np.ndarray:
        return np.searchsorted(self.measure, np.arange(len(self.measures) + 1))

    def of(self, measure: str) -> slice:
        """Where the facts of a measure stand."""
        if measure not in self._place:
            return slice(0, 0)
        place = self._place[measure]
        return slice(self._bounds[place], self._bounds[place + 1])

    @cached_property
    def _place(self) -> dict[str, int]:
        return {measure: place for place, measure in enumerate(self.measures)}


def scan(
    manifest: Manifest, measures: Collection[Measure], periods: Collection[str], dims: Sequence[str] = ()
) -> Cells:
    """The facts of measures in periods (codes), broken down by dims; all orgs.

    A manifest that was replaced long ago may name files that are gone: DuckDB then raises, see `queries.sheet`.
    """
    ids, codes = sorted(measure.id for measure in measures), sorted(periods)
    paths = manifest.paths(ids, codes)
    columns = [_COLUMN[dim] for dim in dims]
    if not paths:
        return _cells(ids, codes, trees.load(manifest), [[] for _ in range(6 + len(columns))])
    sql = _statement(columns, {m.id: m.aggregate for m in measures})
    parameters = {"paths": paths, "measures": ids, "periods": codes}
    table = duck().sql(sql, params=parameters).to_arrow_table()
    return _cells(ids, codes, trees.load(manifest), table.columns)


def _statement(columns: list[str], aggregates: dict[str, str]) -> str:
    filled = "".join(f" AND {column} <> ''" for column in columns)
    by = "".join(f", {column}" for column in columns)
    return f"""
        SELECT measure, period, org, feed = '{FIGURES}' AS figure,
               (grade <> '')::INT + 2 * (sex <> '')::INT + 4 * (grp <> '')::INT AS shape,
               {_folded(aggregates)} AS value{by}
        FROM read_parquet($paths)
        WHERE measure IN (SELECT unnest($measures)) AND period IN (SELECT unnest($periods)){filled}
        GROUP BY measure, period, org, figure, shape{by}
        ORDER BY measure
    """  # noqa: S608  columns come from a closed list, everything else is a parameter


def _folded(aggregates: dict[str, str]) -> str:
    """How facts of one org are put together: added up, unless the measure says otherwise."""
    cases = ""
    for aggregate in ("mean", "max", "min"):
        if named := sorted(id for id, word in aggregates.items() if word == aggregate):
            listed = ", ".join("'" + id.replace("'", "''") + "'" for id in named)
            cases += f" WHEN measure IN ({listed}) THEN {_FOLD[aggregate]}(value)"
    return f"CASE{cases} ELSE sum(value) END" if cases else "sum(value)"


def _cells(ids, codes, tree, columns) -> Cells:
    measure, period, org, figure, shape, value, *dims = columns
    places = _coded(org, tree.index)
    known = places >= 0  # an org that the tree of this state does not hold yet comes with the next one
    cells, cell = _combined(dims, len(places))
    return Cells(
        measures=ids,
        periods=codes,
        cells=cells,
        measure=_coded(measure, {id: place for place, id in enumerate(ids)})[known],
        period=_coded(period, {code: place for place, code in enumerate(codes)})[known],
        org=places[known],
        cell=cell[known],
        figure=_numbers(figure, bool)[known],
        shape=_numbers(shape, np.int64)[known],
        value=_numbers(value, float)[known],
    )


def _coded(column, index: dict[str, int]) -> np.ndarray:
    """Places of the texts of a column in an index, -1 for one that it lacks."""
    if not len(column):
        return np.zeros(0, dtype=np.int64)
    encoded = column.combine_chunks().dictionary_encode()
    words = np.array([index.get(word, -1) for word in encoded.dictionary.to_pylist()], dtype=np.int64)
    return words[encoded.indices.to_numpy(zero_copy_only=False)]


def _combined(dims, n: int) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """The combinations that occur, and which one stands at each place."""
    if not dims or not n:
        return [()] if not dims else [], np.zeros(n, dtype=np.int64)
    encoded = [dim.combine_chunks().dictionary_encode() for dim in dims]
    words = [column.dictionary.to_pylist() for column in encoded]
    indices = np.stack([column.indices.to_numpy(zero_copy_only=False) for column in encoded], axis=1)
    unique, inverse = np.unique(indices, axis=0, return_inverse=True)
    cells = [tuple(words[k][i] for k, i in enumerate(row)) for row in unique]
    return cells, inverse.reshape(-1).astype(np.int64)


def _numbers(column, kind) -> np.ndarray:
    return np.asarray(column if isinstance(column, list) else column.to_numpy(), dtype=kind)


def bit(dims: Sequence[str]) -> int:
    """The shape of facts broken down by exactly these dims."""
    return sum(_BIT[dim] for dim in dims)
