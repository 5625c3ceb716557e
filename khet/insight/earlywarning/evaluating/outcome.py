"""What is to be foreseen: from a column, its values and a wish to one yes or no a row."""

import re
from dataclasses import dataclass

import numpy as np

from khet.insight.earlywarning.evaluating.faults import EvaluationError
from khet.insight.earlywarning.evaluating.numbers import number
from khet.insight.earlywarning.evaluating.table import Column, Table
from khet.insight.earlywarning.evaluating.words import means, says

_WISH = re.compile(r"(?P<column>.+?)\s*(?P<sign><=|>=|!=|<|>|==?)\s*(?P<bound>[^<>=]+)$")
MANY_VALUES = 12  # a number with more values is cut, not read as classes
LOWEST_SHARE = 20  # percent that count as at risk where the outcome is a number and no bound is given


@dataclass(frozen=True, eq=False)
class Outcome:
    """What is foreseen.

    happened  per row: True, False; `known` says where the cell was not empty
    positive  the risk in words: "Dropout", "G3 < 10"
    notice    how the coding was understood, when it was not plain; else ""
    """

    column: Column
    happened: np.ndarray
    known: np.ndarray
    positive: str
    notice: str = ""


def read_outcome(table: Table, wish: str, positive: str | None = None) -> Outcome:
    """The outcome that `--outcome` names: a column, or a column with a bound ("G3<10", "score<20%", "status=Left")."""
    if (column := table.find(wish)) is None and (parts := _WISH.match(wish)):
        return _bounded(table.column(parts["column"], "--outcome"), parts["sign"], parts["bound"].strip())
    column = column or table.column(wish, "--outcome")
    if not column.distinct:
        raise EvaluationError(f"--outcome: column '{column.name}' of {table.name} is empty in every row.")
    if column.distinct == 1:
        only = column.levels[int(column.counts.argmax())]
        raise EvaluationError(f"--outcome: column '{column.name}' of {table.name} holds '{only}' in every row; "
                              "there is nothing to tell apart.")  # fmt: skip
    if positive is not None:
        return _value(column, _level(column, positive), "")
    if column.level_numbers is not None and column.distinct > MANY_VALUES:
        return _lowest(column)
    return _class(column)


def _class(column: Column) -> Outcome:
    """A column of few values: which of them is the risk, by its words, else the rarer one."""
    levels = [level for level, count in zip(column.levels, column.counts, strict=True) if count]
    plain = {level: level.removesuffix(".0") for level in levels}
    yes = [level for level in levels if means(plain[level], "yes")]
    no = [level for level in levels if means(plain[level], "no")]
    if len(levels) == 2 and len(yes) == len(no) == 1:
        if word := says(column.words, "good_outcome"):
            return _value(column, no[0], f"'{column.name}' is good news ({word}), so the risk is '{no[0]}'.")
        return _value(column, yes[0], "")
    risk = [level for level in levels if means(level, "risk")]
    if len(risk) == 1:
        others = ", ".join(level for level in levels if level != risk[0])
        return _value(column, risk[0], f"The risk is '{risk[0]}' of '{column.name}', against {others}.")
    if len(risk) > 1:
        return _of_several(column, levels, risk)
    safe = [level for level in levels if means(level, "safe")]
    if len(safe) == len(levels) - 1:
        left = next(level for level in levels if level not in safe)
        return _value(column, left, f"The risk is '{left}' of '{column.name}': the others mean that all is well.")
    rare = levels[int(np.argmin([column.counts[column.levels.index(level)] for level in levels]))]
    words = f"'{column.name}' does not say which value is the risk; the rarest, '{rare}', was taken."
    return _value(column, rare, f"{words} Name another with --positive.")


def _of_several(column: Column, levels: list[str], risk: list[str]) -> Outcome:
    """Several values that mean a risk (Withdrawn, Fail): the one that means leaving, else the more frequent."""
    leaving = [level for level in risk if not means(level, "yes") and says((level.lower(),), "afterwards")]
    chosen = leaving[0] if len(leaving) == 1 else max(risk, key=lambda level: column.counts[column.levels.index(level)])
    others = ", ".join(level for level in levels if level != chosen)
    return _value(column, chosen, f"The risk is '{chosen}' of '{column.name}', against {others}. "
                                  "Name another with --positive.")  # fmt: skip


def _value(column: Column, level: str, notice: str) -> Outcome:
    return Outcome(column, column.codes == column.levels.index(level), ~column.missing, level, notice)


def _level(column: Column, wanted: str) -> str:
    """The level that was named; "1" finds "1.0", "dropout" finds "Dropout"."""
    for same in (str.__eq__, lambda a, b: a.lower() == b.lower(), _same_number):
        if found := [level for level in column.levels if same(level, wanted)]:
            return found[0]
    shown = ", ".join(column.levels[:12])
    raise EvaluationError(f"--positive: '{column.name}' never holds '{wanted}'. It holds: {shown}.", wrong_use=True)


def _same_number(left: str, right: str) -> bool:
    return number(left) is not None and number(left) == number(right)


def _lowest(column: Column) -> Outcome:
    """A number without a bound: the lowest fifth is taken as the risk, and said."""
    bound = float(np.nanpercentile(column.numbers, LOWEST_SHARE))
    if (column.numbers <= bound)[~column.missing].all():
        bound = float(np.nanmin(column.numbers))
    happened = np.nan_to_num(column.numbers, nan=np.inf) <= bound
    return Outcome(column, happened, ~np.isnan(column.numbers), f"{column.name} <= {bound:g}",
                   f"'{column.name}' is a number: its lowest fifth ({bound:g} or less) was taken as the risk. "
                   f"Say otherwise with --outcome '{column.name}<10'.")  # fmt: skip


def _bounded(column: Column, sign: str, bound: str) -> Outcome:
    if sign in ("=", "==", "!="):
        found = _value(column, _level(column, bound.strip("'\"")), "")
        if sign == "!=":
            return Outcome(column, ~found.happened & found.known, found.known, f"not {found.positive}")
        return found
    limit = number(bound)
    if column.numbers is None or limit is None:
        raise EvaluationError(f"--outcome: '{column.name} {sign} {bound}' compares numbers, and "
                              f"{'the bound' if limit is None else 'the column'} is none.", wrong_use=True)  # fmt: skip
    if bound.endswith("%"):
        limit = float(np.nanpercentile(column.numbers, limit))
    with np.errstate(invalid="ignore"):
        compare = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}[sign]
        happened = compare(column.numbers, limit)
    return Outcome(column, happened, ~np.isnan(column.numbers), f"{column.name} {sign} {limit:g}")
