"""Facts of some measures and periods, added up within each org.

An office's facts are grouped here, as they lie in memory. Where there are more of them DuckDB adds up first, in one
plain statement that uses nothing which another engine over the same files lacks (docs/decisions/0010 and 0045).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from khet.facts import columns
from khet.facts import tree as trees
from khet.facts.cells import Cells
from khet.facts.feeds import FIGURES
from khet.facts.manifest import File, Manifest
from khet.facts.schema import Measure
from khet.kit.tables import duck

_COLUMN = {"grade": "grade", "sex": "sex", "group": "grp"}
_FOLD = {"sum": "sum", "mean": "avg", "max": "max", "min": "min"}


@dataclass(frozen=True)
class _Asked:
    """What is read: measures and periods in their order, `how` the facts of one org come to one, the dims."""

    manifest: Manifest
    files: list[File]
    measures: list[str]
    periods: list[str]
    how: dict[str, str]
    dims: list[str]

    @property
    def tree(self) -> trees.Tree:
        return trees.load(self.manifest)

    def path(self, file: File):
        return self.manifest.folder / file.file


def scan(
    manifest: Manifest, measures: Collection[Measure], periods: Collection[str], dims: Sequence[str] = ()
) -> Cells:
    """The facts of measures in periods (codes), broken down by dims; all orgs.

    raises   FileNotFoundError or duckdb.IOException when the manifest was replaced long ago and its files are gone
    """
    ids, codes = sorted(measure.id for measure in measures), sorted(periods)
    how = {measure.id: measure.aggregate for measure in measures}
    files = manifest.holding(ids, codes)
    asked = _Asked(manifest, files, ids, codes, how, [_COLUMN[dim] for dim in dims])
    return in_memory(asked) if sum(file.rows for file in files) <= columns.KEPT_ROWS else by_duckdb(asked)


def in_memory(asked: _Asked) -> Cells:
    """The facts out of the columns that are kept of each file."""
    files = [(asked.path(file), file.feed == FIGURES) for file in asked.files]
    rows = columns.gather(files, asked.measures, asked.periods, asked.tree.codes, asked.dims)
    cells, cell = _combined(rows.dims, len(rows.value))
    sizes = [max(1, len(of)) for of in (asked.measures, asked.periods, asked.tree.codes, (0, 1), range(8), cells)]
    places = (rows.measure, rows.period, rows.org, rows.figure.astype(np.int64), rows.shape, cell)
    keys, value = _folded(np.ravel_multi_index(places, sizes), rows, [asked.how[id] for id in asked.measures])
    measure, period, org, figure, shape, cell = np.unravel_index(keys, sizes)
    return Cells(
        asked.measures, asked.periods, cells, measure, period, org, cell, figure.astype(bool), shape, value
    )  # fmt: skip


def _folded(key: np.ndarray, rows: columns.Rows, how: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The keys that occur, in order, and what the values of each come to."""
    order = np.argsort(key, kind="stable")
    key, value = key[order], rows.value[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    if len(first) == len(key):
        return key, value
    folds = {
        "sum": lambda: np.add.reduceat(value, first),
        "mean": lambda: np.add.reduceat(value, first) / np.diff(first, append=len(key)),
        "max": lambda: np.maximum.reduceat(value, first),
        "min": lambda: np.minimum.reduceat(value, first),
    }
    used = np.array(how)[rows.measure[order][first]]
    return key[first], np.select([used == word for word in set(how)], [folds[word]() for word in set(how)])


def by_duckdb(asked: _Asked) -> Cells:
    """The facts added up by DuckDB before they come into memory."""
    parameters = {
        "paths": [str(asked.path(file)) for file in asked.files],
        "measures": asked.measures,
        "periods": asked.periods,
    }
    table = duck().sql(_statement(asked.dims, asked.how), params=parameters).to_arrow_table()
    measure, period, org, figure, shape, value, *words = table.columns
    org = _placed(org, asked.tree.codes)
    known = org >= 0  # an org that the tree of this state does not hold yet comes with the next one
    cells, cell = _combined([columns.numbered(column)[known] for column in words], int(known.sum()))
    return Cells(
        measures=asked.measures,
        periods=asked.periods,
        cells=cells,
        measure=_placed(measure, asked.measures)[known],
        period=_placed(period, asked.periods)[known],
        org=org[known],
        cell=cell,
        figure=figure.to_numpy()[known],
        shape=shape.to_numpy().astype(np.int64)[known],
        value=value.to_numpy()[known],
    )


def _placed(column, words: Sequence[str]) -> np.ndarray:
    return columns.vocabulary.places(words)[columns.numbered(column)]


def _combined(dims: Sequence[np.ndarray], n: int) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """The combinations of words that occur in n rows, and which one stands in each."""
    if not dims:
        return [()], np.zeros(n, dtype=np.int64)
    there = [np.flatnonzero(np.bincount(dim)) for dim in dims]  # the few words of each dim, without sorting the rows
    sizes = [max(1, len(numbers)) for numbers in there]
    key = np.ravel_multi_index([_place(numbers)[dim] for numbers, dim in zip(there, dims, strict=True)], sizes)
    found = np.flatnonzero(np.bincount(key))
    words = columns.vocabulary.word
    places = zip(*np.unravel_index(found, sizes), strict=True)
    cells = [tuple(words(numbers[k]) for numbers, k in zip(there, place, strict=True)) for place in places]
    return cells, _place(found)[key]


def _place(numbers: np.ndarray) -> np.ndarray:
    """For each number up to the largest its place among some that are in order."""
    places = np.zeros(numbers.max(initial=0) + 1, dtype=np.int64)
    places[numbers] = np.arange(len(numbers))
    return places


def _statement(dims: list[str], how: dict[str, str]) -> str:
    filled = "".join(f" AND {dim} <> ''" for dim in dims)
    by = "".join(f", {dim}" for dim in dims)
    return f"""
        SELECT measure, period, org, feed = '{FIGURES}' AS figure,
               (grade <> '')::INT + 2 * (sex <> '')::INT + 4 * (grp <> '')::INT AS shape,
               {_aggregated(how)} AS value{by}
        FROM read_parquet($paths)
        WHERE measure IN (SELECT unnest($measures)) AND period IN (SELECT unnest($periods)){filled}
        GROUP BY measure, period, org, figure, shape{by}
        ORDER BY measure
    """  # noqa: S608  columns come from a closed list, everything else is a parameter


def _aggregated(how: dict[str, str]) -> str:
    """How facts of one org are put together: added up, unless the measure says otherwise."""
    cases = ""
    for word in ("mean", "max", "min"):
        if named := sorted(id for id, other in how.items() if other == word):
            listed = ", ".join("'" + id.replace("'", "''") + "'" for id in named)
            cases += f" WHEN measure IN ({listed}) THEN {_FOLD[word]}(value)"
    return f"CASE{cases} ELSE sum(value) END" if cases else "sum(value)"
