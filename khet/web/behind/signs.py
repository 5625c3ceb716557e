"""What the results of one pupil say: why the pupil is behind, and the average before a day and after it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from khet.kit.periods import Period
from khet.web.behind.schema import Sign


@dataclass(frozen=True)
class Result:
    """One result of a pupil. `semester` is 0 for a whole year; `points` is None for a result without any."""

    year: int
    semester: int
    code: str
    subject: str
    area: str
    result: str
    points: float | None
    credits: float = 1

    @property
    def term(self) -> Period:
        return Period.parse(f"AY{self.year}T{self.semester}" if self.semester else f"AY{self.year}")

    @property
    def order(self) -> tuple[int, int]:
        """Terms in the order in which they end: results of a whole year come last."""
        return self.year, self.semester or 9


@dataclass(frozen=True)
class Average:
    term: Period
    points: float


@dataclass(frozen=True)
class Reason:
    """A sign that holds: the subjects it is seen in, or the averages between which it lies."""

    sign: Sign
    subjects: tuple[str, ...] = ()
    before: Average | None = None
    after: Average | None = None


@dataclass(frozen=True)
class Gain:
    """The averages before joining a group and in the newest term that ended since; `after` is None until there is one.

    area   the learning area they are of, "" for all results
    """

    area: str
    before: Average
    after: Average | None = None

    @property
    def change(self) -> float | None:
        return round(self.after.points - self.before.points, 2) if self.after else None


def reasons(results: Iterable[Result], signs: Iterable[Sign]) -> list[Reason]:
    """The signs that hold for a pupil, in their order; [] for who is not behind."""
    results = list(results)
    newest = _newest(results)
    found = []
    for sign in signs:
        if sign.falls_by is not None:
            found += _fall(sign, results)
        elif names := sorted({one.subject or one.code for one in newest if one.result in sign.results}):
            found.append(Reason(sign, tuple(names)))
    return found


def gain(results: Iterable[Result], joined: date, area: str = "") -> Gain | None:
    """The averages around the day of joining; None when nothing is known of before."""
    averages = _averages([one for one in results if not area or one.area == area], 1)
    before = [one for one in averages if one.term.end < joined]
    after = [one for one in averages if one.term.end >= joined]
    return Gain(area, before[-1], after[-1] if after else None) if before else None


def _newest(results: list[Result]) -> list[Result]:
    """The newest result of each subject: what was mended in a later term is no sign any more."""
    by_code = {one.code: one for one in sorted(results, key=lambda one: one.order)}
    return list(by_code.values())


def _fall(sign: Sign, results: list[Result]) -> list[Reason]:
    averages = _averages(results, sign.subjects)
    if len(averages) < 2 or averages[-2].points - averages[-1].points < sign.falls_by - 1e-9:
        return []
    return [Reason(sign, before=averages[-2], after=averages[-1])]


def _averages(results: list[Result], least: int) -> list[Average]:
    """Grade averages by term, weighed by credits, oldest first; terms with fewer subjects than `least` are left out."""
    terms: dict[tuple, list[Result]] = {}
    for one in sorted(results, key=lambda one: one.order):
        if one.points is not None and one.credits > 0:
            terms.setdefault(one.order, []).append(one)
    return [
        Average(rows[0].term, sum(one.points * one.credits for one in rows) / sum(one.credits for one in rows))
        for rows in terms.values()
        if len(rows) >= least
    ]
