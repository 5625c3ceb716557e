"""Files of facts as columns of numbers, kept in memory: a file never changes, so nobody need read it twice.

Words (measures, orgs, periods, codes of breakdowns) are numbered once for the process; what is compared and grouped
are these numbers.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

KEPT_ROWS = 2_000_000  # about 60 MB; an office of 60,000 pupils has 1.7 million
WORDS = ("measure", "org", "period", "grade", "sex", "grp")


class Vocabulary:
    """Every word that was read, with its number; "" is 0. It only grows."""

    def __init__(self):
        self._numbers: dict[str, int] = {"": 0}
        self._words: list[str] = [""]
        self._lock = threading.Lock()

    def numbers(self, words: Iterable[str]) -> np.ndarray:
        """The numbers of words, new ones given to those not met before."""
        found = []
        with self._lock:
            for word in words:
                if word not in self._numbers:
                    self._numbers[word] = len(self._words)
                    self._words.append(word)
                found.append(self._numbers[word])
        return np.array(found, dtype=np.int32)

    def places(self, words: Collection[str]) -> np.ndarray:
        """For each number of the vocabulary the place of its word among `words`, -1 for all others."""
        numbers = self.numbers(words)
        places = np.full(len(self._words), -1, dtype=np.int64)
        places[numbers] = np.arange(len(numbers))
        return places

    def word(self, number: int) -> str:
        return self._words[number]


vocabulary = Vocabulary()


def numbered(column) -> np.ndarray:
    """The numbers of the words of an Arrow column."""
    column = column.combine_chunks()
    column = column if hasattr(column, "dictionary") else column.dictionary_encode()
    words = vocabulary.numbers(column.dictionary.to_pylist())
    return words[column.indices.to_numpy(zero_copy_only=False)]


@dataclass(frozen=True, eq=False)
class Columns:
    """Rows as arrays of one length: of each word column its numbers.

    shape   which of grade (1), sex (2), group (4) a row is broken down by
    """

    measure: np.ndarray
    org: np.ndarray
    period: np.ndarray
    grade: np.ndarray
    sex: np.ndarray
    grp: np.ndarray
    shape: np.ndarray
    value: np.ndarray


_kept: OrderedDict[Path, Columns] = OrderedDict()
_lock = threading.Lock()


def read(path: Path) -> Columns:
    """The rows of a file, from memory where it was read before. Raises FileNotFoundError when it is gone."""
    with _lock:
        if path in _kept:
            _kept.move_to_end(path)
            return _kept[path]
    columns = _read(path)
    with _lock:
        _kept[path] = columns
        rows = sum(len(other.value) for other in _kept.values())
        while rows > KEPT_ROWS and len(_kept) > 1:
            rows -= len(_kept.popitem(last=False)[1].value)
    return columns


def forget() -> None:
    """Give the memory back."""
    with _lock:
        _kept.clear()


def _read(path: Path) -> Columns:
    from pyarrow import parquet

    # The file itself rather than a dataset of one: most are small, and are read in half the time.
    with parquet.ParquetFile(path, read_dictionary=list(WORDS), pre_buffer=True) as file:
        table = file.read(columns=[*WORDS, "value"])
    words = {name: numbered(table.column(name)) for name in WORDS}
    shape = (words["grade"] > 0) + 2 * (words["sex"] > 0) + 4 * (words["grp"] > 0)
    return Columns(**words, shape=shape.astype(np.int8), value=table.column("value").to_numpy())


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows gathered from several files.

    measure, period, org   places in what was asked for
    figure                 whether the row stands in a file of figures
    dims                   for each dim asked for the numbers of its words
    """

    measure: np.ndarray
    period: np.ndarray
    org: np.ndarray
    figure: np.ndarray
    shape: np.ndarray
    value: np.ndarray
    dims: list[np.ndarray]


def gather(
    files: Sequence[tuple[Path, bool]],
    measures: Sequence[str],
    periods: Sequence[str],
    orgs: Sequence[str],
    dims: Sequence[str],
) -> Rows:
    """The rows of some measures, periods and orgs that are broken down by all of dims (names of columns).

    files   each with whether it holds figures
    """
    found = [(read(path), figure) for path, figure in files]
    wanted = tuple(vocabulary.places(words) for words in (measures, periods, orgs))
    parts = [_chosen(columns, figure, wanted, dims) for columns, figure in found] or [_NOTHING + [_NONE] * len(dims)]
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Rows(*joined[:6], dims=joined[6:])


_NONE = np.zeros(0, dtype=np.int64)
_NOTHING = [_NONE, _NONE, _NONE, _NONE.astype(bool), _NONE, _NONE.astype(float)]


def _chosen(columns: Columns, figure: bool, wanted, dims: Sequence[str]) -> list[np.ndarray]:
    places = [of[getattr(columns, name)] for name, of in zip(("measure", "period", "org"), wanted, strict=True)]
    kept = np.logical_and.reduce([place >= 0 for place in places] + [getattr(columns, dim) > 0 for dim in dims])
    there = np.flatnonzero(kept)
    return [
        *(place[there] for place in places),
        np.full(len(there), figure),
        columns.shape[there].astype(np.int64),
        columns.value[there],
        *(getattr(columns, dim)[there].astype(np.int64) for dim in dims),
    ]
