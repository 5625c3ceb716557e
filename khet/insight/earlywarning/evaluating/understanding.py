"""What a table holds for the question that was asked: rows with an outcome, inputs, what is left out and why."""

from dataclasses import dataclass, field

import numpy as np

from khet.insight.earlywarning.evaluating import leaks, roles
from khet.insight.earlywarning.evaluating.faults import EvaluationError
from khet.insight.earlywarning.evaluating.outcome import Outcome, read_outcome
from khet.insight.earlywarning.evaluating.table import Column, Table

SEED = 2568
FEWEST = 10  # rows with and without the outcome


@dataclass(frozen=True)
class Wish:
    """What was asked of the table; the names are those of the command's options."""

    outcome: str
    time: str | None = None
    groups: tuple[str, ...] = ()
    capacity: int | None = None
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    positive: str | None = None
    seed: int = SEED


@dataclass
class Found:
    """What was understood of the table, and what was noticed on the way. Rows without an outcome are gone."""

    table: Table
    outcome: Outcome
    y: np.ndarray
    inputs: list[Column] = field(default_factory=list)
    left_out: list[roles.LeftOut] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    time: Column | None = None
    school: Column | None = None
    pupil: Column | None = None


def understand(table: Table, wish: Wish) -> Found:
    """Rows with a known outcome and what each column is for. Raises EvaluationError."""
    outcome = read_outcome(table, wish.outcome, wish.positive)
    rows, y = table.rows(outcome.known), outcome.happened[outcome.known].astype(float)
    found = Found(rows, outcome, y, notices=[*table.notices, *([outcome.notice] if outcome.notice else [])])
    if unknown := int((~outcome.known).sum()):
        found.notices.append(f"{unknown:,} rows without an outcome were left out.")
    if min(y.sum(), (1 - y).sum()) < FEWEST:
        raise EvaluationError(
            f"'{outcome.positive}' holds in {int(y.sum())} of {len(y)} rows of {table.name}; at least {FEWEST} with "
            f"and {FEWEST} without it are needed to judge anything."
        )
    named = {option: {table.column(name, f"--{option}").name for name in names}
             for option, names in (("group", wish.groups), ("drop", wish.drop), ("keep", wish.keep))}  # fmt: skip
    others = rows.without(outcome.column.name)
    found.time = others.column(wish.time, "--time") if wish.time else roles.find_time(others.without(*named["drop"]))
    found.school, found.pupil = roles.find_school(others), roles.find_pupil(others)
    _choose_inputs(found, others, named, wish)
    return found


def _choose_inputs(found: Found, others: Table, named: dict[str, set[str]], wish: Wish) -> None:
    for column in others.columns:
        if why := _why_not(column, found, named, wish.seed):
            found.left_out.append(roles.LeftOut(column.name, why))
        else:
            found.inputs.append(column)
    for one in found.left_out:
        if one.why.startswith(leaks.GIVES_AWAY):
            found.notices.append(f"'{one.column}' was left out: it {one.why}. Put it back with --keep.")
    if not found.inputs:
        raise EvaluationError(f"{found.table.name}: no column is left to foresee '{found.outcome.positive}' with.")


def _why_not(column: Column, found: Found, named: dict[str, set[str]], seed: int) -> str:
    """Why a column is no input; "" when it is one."""
    if column.name in named["drop"]:
        return "dropped as asked"
    if found.time is not None and column.name == found.time.name:
        return "says when: cuts the table into cohorts"
    if found.school is not None and column.name == found.school.name and found.time is None:
        return "says which school: keeps schools whole"
    if never := roles.never_input(column):
        return never
    if column.name in named["keep"]:
        return ""
    return roles.left_out_by_nature(column) or leaks.leak(column, found.y, seed)
