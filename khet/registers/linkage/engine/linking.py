"""`link`: two lists of persons, or one within itself, to pairs with a probability and reasons."""

from math import log
from pathlib import Path

import numpy as np
import pyarrow as pa

from khet.registers.linkage.engine import (
    candidates,
    cascade,
    choosing,
    files,
    model,
    outcome,
    patterns,
    people,
    scoring,
)
from khet.registers.linkage.engine.columns import Roles, read_map, roles
from khet.registers.linkage.engine.comparisons import Comparison, comparisons
from khet.registers.linkage.engine.outcome import Linked

THRESHOLD = 0.5
DOUBLED = 0.001  # share of rows that repeat another, from which on a list is not taken to be free of doubles
LONG = 1_000_000  # rows from which on not every matched row is looked at again for doubles of the other list
LESSONS = 5_000  # pairs found to the letter that the model learns from
SURE = {"id": 0.9999, "name": 0.999}


def link(left: Path, right: Path | None = None, *, mapping: Path | None = None, threshold: float = THRESHOLD) -> Linked:
    """Match the persons of two files, or find those who stand twice in one.

    raises  UnreadableList, BadMap
    """
    database = files.open_database()
    tables = ["left_rows", "right_rows"][: 2 if right else 1]
    names = [files.load(database, file, table) for file, table in zip((left, right), tables, strict=False)]
    maps = read_map(mapping, names) if mapping else [None] * len(tables)
    sides = [roles(database, t, n, m) for t, n, m in zip(tables, names, maps, strict=True)]
    return Match(database, tables, sides, threshold).run()


class Match:
    """One run over loaded tables (see files.load). `persons` are the tables of what the cheap steps left over."""

    def __init__(self, database, tables: list[str], sides: list[Roles], threshold: float = THRESHOLD, apart=()):
        self.database, self.tables, self.sides = database, tables, sides
        self.least = log(threshold / (1 - threshold))
        self.within = len(tables) == 1
        self.apart = [
            tuple(sorted(pair)) if self.within else pair for pair in apart
        ]  # pairs of row numbers that somebody said are two persons
        self.persons = ["a", "b"][: len(tables)]
        self.layout = people.layout(sides)
        self.comparisons: list[Comparison] = []

    def run(self) -> Linked:
        self.sure = None if self.within else cascade.exact(self.database, self.tables, self.sides)
        self.doubled = [
            cascade.doubles(self.database, t, s) > DOUBLED for t, s in zip(self.tables, self.sides, strict=True)
        ]
        self._build()
        if self.comparisons and self._size("pairs"):
            self._learn()
            found = self._scored()
        else:
            found = self._nothing()
        self._keep(*found)
        return Linked(self.database, self.tables, self.sides, learned=getattr(self, "model", None))

    def _size(self, table: str) -> int:
        return self.database.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]

    def _build(self) -> None:
        """The persons left over, those the model learns from, and the pairs to compare."""
        self.layout.mixed_scripts = people.mixed_scripts(self.database, self.tables, self.sides)
        if self.sure is not None:
            self._mark_done()
        for which, table in enumerate(self.tables):
            self._people(self.persons[which], self._rest(which, table), which)
        self.comparisons = comparisons(self.layout)
        population = list(self.persons)
        if self.sure is not None and len(self.sure.left):
            population += self._build_lessons()
        patterns.add_frequencies(self.database, self.comparisons, population)
        candidates.find(self.database, self.layout, self.persons[0], self.persons[-1])
        if self.apart:
            candidates.keep_apart(self.database, self.apart)

    def _rest(self, which: int, table: str) -> str:
        """SQL of the rows still to be matched.

        Where the other list has doubles, the matched ones too, marked as done; of a very long list those alone that an
        unmatched row of the other may be.
        """
        if self.sure is None:
            return f"SELECT *, false AS done FROM {table}"
        open_rows = f"SELECT t.*, false AS done FROM {table} t ANTI JOIN done_{which} USING (n)"
        if not self.doubled[1 - which]:
            return open_rows
        if self._size(table) > LONG:
            other, others = self.tables[1 - which], self.sides[1 - which]
            near = cascade.near(table, self.sides[which], other, others, f"done_{which}", f"done_{1 - which}")
            if near:
                return f"{open_rows} UNION ALL {near}"
        return f"SELECT t.*, d.n IS NOT NULL AS done FROM {table} t LEFT JOIN done_{which} d USING (n)"

    def _mark_done(self) -> None:
        """Make the tables `done_0` and `done_1` of the rows found to the letter."""
        for which, found in enumerate((self.sure.left, self.sure.right)):
            self.database.register("done_in", pa.table({"n": pa.array(_distinct(found), pa.int32())}))
            self.database.execute(f"CREATE TABLE done_{which} AS FROM done_in")
            self.database.unregister("done_in")

    def _people(self, table: str, rows: str, which: int) -> None:
        """Make a table of persons of some rows of a list, which are asked for many times and so set aside."""
        self.database.execute(f"CREATE TABLE {table}_rows AS {rows}")
        people.build(self.database, table, f"{table}_rows", self.sides[which], which, self.layout)
        self.database.execute(f"DROP TABLE {table}_rows")

    def _build_lessons(self) -> list[str]:
        size = len(self.sure.left)
        chosen = np.random.default_rng(7).choice(size, min(size, LESSONS), replace=False)
        pairs = {"l": self.sure.left[chosen], "r": self.sure.right[chosen]}
        self.database.register("lessons_in", pa.table({k: pa.array(v, pa.int32()) for k, v in pairs.items()}))
        self.database.execute("CREATE TABLE lessons AS SELECT l, r, false AS swapped FROM lessons_in")
        self.database.unregister("lessons_in")
        self.lesson_weight = size / len(chosen)
        for which, (table, column) in enumerate(zip(self.tables, "lr", strict=True)):
            rows = f"SELECT t.*, true AS done FROM {table} t SEMI JOIN (SELECT {column} AS n FROM lessons) USING (n)"
            self._people(f"taught_{which}", rows, which)
        return ["taught_0", "taught_1"]

    def _compare(self, pairs: str) -> patterns.Patterns:
        left, right = ("taught_0", "taught_1") if pairs == "lessons" else (self.persons[0], "other")
        if pairs == "lessons":
            self.database.execute("CREATE VIEW taught_other AS SELECT *, false AS swapped FROM taught_1")
            right = "taught_other"
        patterns.compare(self.database, self.comparisons, pairs, left, right, f"compared_{pairs}")
        return patterns.patterns(self.database, self.comparisons, f"compared_{pairs}")

    def _learn(self) -> None:
        rows = [self._size(table) for table in self.persons]
        total = rows[0] * (rows[0] - 1) / 2 if self.within else rows[0] * rows[-1]
        self.found = drawn = self._compare("pairs")
        if self._size("pairs") < total:
            patterns.draw_pairs(self.database, self.persons[0], self.persons[-1])
            drawn = self._compare("drawn")
        likely = 0.1 * rows[0] if self.within else 0.5 * min(rows)
        lessons = self._compare("lessons") if self.sure is not None and len(self.sure.left) else None
        if lessons is not None:
            lessons.count *= self.lesson_weight
        self.model = model.learn(self.comparisons, self.found, drawn, total, likely, lessons)

    def _scored(self):
        """(left, right, pattern, logit, near) of the pairs worth looking at."""
        scoring.score(self.database, self.model, self.found, "compared_pairs", "scored")
        if self.within and candidates.friends(self.database, "scored", 0.0):
            self._compare("friends")
            self.database.execute("INSERT INTO compared_pairs FROM compared_friends")
            self.found = patterns.patterns(self.database, self.comparisons, "compared_pairs")
            scoring.score(self.database, self.model, self.found, "compared_pairs", "scored")
        rows = self.database.execute(
            f"SELECT l, r, pattern, logit, near FROM scored WHERE logit > {scoring.WORTH_KEEPING}"
        )
        return tuple(rows.fetchnumpy().values())

    def _nothing(self):
        self.found = patterns.Patterns([], np.zeros((0, len(self.comparisons)), np.int8), np.zeros(0), {})
        return tuple(np.zeros(0, kind) for kind in (np.int32, np.int32, np.int64, float, float))

    def _keep(self, left, right, pattern, logit, near) -> None:
        """Choose among the scored pairs, and put them with those found to the letter."""
        words = {0: [outcome.BY_OTHERS], 1: [outcome.BY_STEP["id"]], 2: [outcome.BY_STEP["name"]]}
        words |= {n: _reasons(self.comparisons, levels) for n, levels in enumerate(self.found.levels, start=len(words))}
        reason = pattern.astype(np.int64) + 3
        if self.within:
            left, right, logit, near, reason = choosing.within_groups(left, right, logit, near, reason, self.least)
        else:
            kept = self._chosen(left, right, logit)
            left, right, logit, near, reason = left[kept], right[kept], logit[kept], near[kept], reason[kept]
        probability = 1 / (1 + np.exp(-logit))
        if self.sure is not None:
            left, right = np.r_[self.sure.left, left], np.r_[self.sure.right, right]
            probability = np.r_[[SURE[step] for step in self.sure.step.tolist()], probability]
            near = np.r_[np.zeros(len(self.sure.left)), near]
            reason = np.r_[np.where(self.sure.step == "id", 1, 2), reason]
        outcome.keep(self.database, left, right, probability, near, reason, words)

    def _chosen(self, left, right, logit) -> np.ndarray:
        return choosing.one_each(left, right, logit, self.least)


def _distinct(rows: np.ndarray) -> np.ndarray:
    """The row numbers that occur, in order; for millions numpy's own `unique` takes ten seconds."""
    seen = np.zeros(rows.max(initial=0) + 1, bool)
    seen[rows] = True
    return np.flatnonzero(seen)


def _reasons(comparisons: list[Comparison], levels) -> list[str]:
    words = [c.words(int(level)) for c, level in zip(comparisons, levels, strict=True) if level]
    return [word for word in words if word]
