"""`link`: two lists of persons, or one within itself, to pairs with a probability and reasons."""

from dataclasses import dataclass, field
from math import log
from pathlib import Path

import numpy as np

from khet.registers.linkage.engine import candidates, choosing, files, model, patterns, people, scoring
from khet.registers.linkage.engine.columns import Roles, read_map, roles
from khet.registers.linkage.engine.comparisons import Comparison, comparisons

THRESHOLD = 0.5
_BY_OTHERS = ["both the same person as a third row"]


@dataclass
class Linked:
    """The outcome of a match; rows are told by their number in the file, `ids` gives what the file calls them.

    reasons  {pattern code: words}
    """

    counts: tuple[int, int]
    left: np.ndarray
    right: np.ndarray
    probability: np.ndarray
    codes: list
    reasons: dict
    roles: list[Roles]
    ids: list[list[str]]
    notes: list[str] = field(default_factory=list)

    @property
    def within(self) -> bool:
        return len(self.ids) == 1

    def pairs(self):
        """(left id, right id, probability, reasons) of each pair."""
        left, right = self.ids[0], self.ids[-1]
        rows = zip(self.left.tolist(), self.right.tolist(), self.probability.tolist(), self.codes, strict=True)
        for a, b, probability, code in rows:
            yield left[a - 1], right[b - 1], probability, self.reasons.get(code, _BY_OTHERS)

    def unmatched_left(self) -> list[str]:
        found = np.zeros(self.counts[0] + 1, bool)
        found[self.left] = True
        if self.within:
            found[self.right] = True
        return [self.ids[0][place] for place in np.flatnonzero(~found[1:]).tolist()]

    def as_document(self) -> dict:
        """What `khet link --json` prints."""
        pairs = [
            {"left": a, "right": b, "probability": round(p, 6), "reasons": reasons} for a, b, p, reasons in self.pairs()
        ]
        return {
            "left": self.counts[0],
            "right": self.counts[1],
            "pairs": pairs,
            "unmatched_left": self.unmatched_left(),
        }

    def outcome(self) -> str:
        """One line that sums the match up."""
        if self.within:
            return f"{self.counts[0]:,} rows, {len(self.left):,} pairs of one person"
        unmatched = len(self.unmatched_left())
        return f"{self.counts[0]:,} and {self.counts[1]:,} rows, {len(self.left):,} pairs, {unmatched:,} of the first list without a partner"


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
    """One run over loaded tables."""

    def __init__(self, database, tables: list[str], sides: list[Roles], threshold: float):
        self.database, self.tables, self.sides, self.threshold = database, tables, sides, threshold
        self.persons = ["a", "b"][: len(tables)]
        self.within = len(tables) == 1

    def run(self) -> Linked:
        self.layout = people.layout(self.sides)
        self.comparisons = comparisons(self.layout)
        for which, (table, side) in enumerate(zip(self.tables, self.sides, strict=True)):
            people.build(self.database, self.persons[which], f"SELECT * FROM {table}", side, which, self.layout, False)
        scored = self._score()
        return self._choose(*scored)

    def _score(self):
        left, right = self.persons[0], self.persons[-1]
        patterns.add_frequencies(self.database, self.comparisons, self.persons)
        self.pairs = candidates.find(self.database, self.layout, left, right)
        patterns.compare(self.database, self.comparisons, "pairs", left, "compared")
        rows = [self.database.execute(f"SELECT count(*) FROM {t}").fetchall()[0][0] for t in self.persons]
        total = rows[0] * (rows[0] - 1) / 2 if self.within else rows[0] * rows[1]
        found = patterns.patterns(self.database, self.comparisons, "compared")
        drawn = found
        if self.pairs < total:
            patterns.draw_pairs(self.database, left, right)
            patterns.compare(self.database, self.comparisons, "drawn", left, "compared_drawn")
            drawn = patterns.patterns(self.database, self.comparisons, "compared_drawn")
        likely = 0.1 * rows[0] if self.within else 0.5 * min(rows)
        self.model = model.learn(self.comparisons, found, drawn, total, likely)
        scoring.score(self.database, self.model, found, "compared", "scored")
        self.found = found
        rows = self.database.execute("SELECT l, r, code, logit FROM scored WHERE logit > -6").fetchnumpy()
        return rows["l"], rows["r"], rows["code"], rows["logit"]

    def _choose(self, left, right, code, logit):
        least = log(self.threshold / (1 - self.threshold))
        if self.within:
            group = choosing.groups(left, right, logit, least)
            kept = np.array(
                [i for i in range(len(left)) if left[i] in group and group[left[i]] == group.get(right[i])], int
            )
            pairs = _closure(group)
            known = {(int(left[i]), int(right[i])): i for i in kept}
            places = [known.get(p) for p in pairs]
            a = np.array([p[0] for p in pairs], int)
            b = np.array([p[1] for p in pairs], int)
            probability = np.array([1 / (1 + np.exp(-logit[i])) if i is not None else self.threshold for i in places])
            codes = [code[i] if i is not None else None for i in places]
        else:
            kept = choosing.one_each(left, right, logit, least)
            a, b, probability, codes = left[kept], right[kept], 1 / (1 + np.exp(-logit[kept])), [code[i] for i in kept]
        counts = [self.database.execute(f"SELECT count(*) FROM {t}").fetchall()[0][0] for t in self.tables]
        return Linked(
            (counts[0], counts[-1]),
            a,
            b,
            probability,
            codes,
            {c: _reasons(self.comparisons, self.found.levels[i]) for i, c in enumerate(self.found.code)},
            self.sides,
            [_ids(self.database, t, s) for t, s in zip(self.tables, self.sides, strict=True)],
        )


def _closure(group: dict[int, int]) -> list[tuple[int, int]]:
    members: dict[int, list[int]] = {}
    for row, name in group.items():
        members.setdefault(name, []).append(row)
    return [(a, b) for rows in members.values() for i, a in enumerate(sorted(rows)) for b in sorted(rows)[i + 1 :]]


def _reasons(comparisons: list[Comparison], levels) -> list[str]:
    words = [c.words(int(level)) for c, level in zip(comparisons, levels, strict=True) if level]
    return [word for word in words if word]


def _ids(database, table: str, side: Roles) -> list[str]:
    place = side.first("id")
    column = f"c{place}" if place is not None else "n::VARCHAR"
    return [row[0] for row in database.execute(f"SELECT {column} FROM {table} ORDER BY n").fetchall()]
