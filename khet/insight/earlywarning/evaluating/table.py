"""A table in memory: each column as codes into its distinct values, and as numbers where they are numbers."""

import difflib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from khet.insight.earlywarning.evaluating.faults import EvaluationError
from khet.insight.earlywarning.evaluating.numbers import as_numbers
from khet.insight.earlywarning.evaluating.words import words_of


@dataclass(eq=False)
class Column:
    """A column of a table.

    codes    place of each row's value in `levels`, -1 where the cell is empty
    levels   the distinct values, as text
    """

    name: str
    codes: np.ndarray
    levels: list[str]

    @cached_property
    def level_numbers(self) -> np.ndarray | None:
        """What each level is as a number; None unless nearly all of them are numbers or days."""
        return as_numbers(self.levels, self.counts)

    @cached_property
    def numbers(self) -> np.ndarray | None:
        """The rows as numbers, nan where empty; None for a column of words."""
        if self.level_numbers is None:
            return None
        return np.append(self.level_numbers, np.nan)[self.codes]

    @cached_property
    def counts(self) -> np.ndarray:
        """How many rows hold each level."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.levels))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the name: "idStudent_2" → id, student, 2."""
        return words_of(self.name)

    @property
    def missing(self) -> np.ndarray:
        return self.codes < 0

    @property
    def distinct(self) -> int:
        return int((self.counts > 0).sum())

    def rows(self, keep: np.ndarray) -> "Column":
        """The same column for some of the rows only."""
        return Column(self.name, self.codes[keep], self.levels)


@dataclass(eq=False)
class Table:
    """Columns of equal length, and what was noticed while they were read."""

    name: str
    columns: list[Column]
    notices: list[str] = field(default_factory=list)

    def __len__(self):
        return len(self.columns[0].codes) if self.columns else 0

    def find(self, name: str) -> Column | None:
        """The column of a name; case, spaces and signs do not matter where the exact name is not there."""
        for column in self.columns:
            if column.name == name:
                return column
        near = [column for column in self.columns if column.words == words_of(name)]
        return near[0] if len(near) == 1 else None

    def column(self, name: str, option: str) -> Column:
        """The column of a name. Raises EvaluationError that names the nearest ones."""
        if (found := self.find(name)) is None:
            names = [column.name for column in self.columns]
            near = difflib.get_close_matches(name, names, 3, 0.5) or names[:12]
            raise EvaluationError(f"{option}: {self.name} has no column '{name}'. Nearest: {', '.join(near)}.",
                                  wrong_use=True)  # fmt: skip
        return found

    def without(self, *names: str) -> "Table":
        return Table(self.name, [column for column in self.columns if column.name not in names], self.notices)

    def rows(self, keep: np.ndarray) -> "Table":
        return Table(self.name, [column.rows(keep) for column in self.columns], self.notices)
