"""What of the values a viewer may see. The rules are those of `facts.disclosure`; here they meet the values."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.facts import disclosure
from khet.facts import tree as trees
from khet.facts.manifest import current
from khet.insight.indicators.crossing import closed
from khet.insight.indicators.values import Value
from khet.kit.periods import Period


def disclosed(viewer, org: Org, found: Sequence[Value]) -> list[Value]:
    """The values as far as the viewer may see them: small numbers of people hidden, with a second one beside them."""
    if disclosure.may_see_small(viewer, org):
        return list(found)
    hidden = [False] * len(found)
    for group in _tables(found).values():
        for measure in {measure for place in group for measure in found[place].parts}:
            cells = [found[place].parts.get(measure) for place in group]
            within = _clusters(found, group)
            for place, hide in zip(group, disclosure.suppress(measure, cells, within), strict=True):
                hidden[place] |= hide
    rates = [disclosure.hides_rate(value.parts, value.denominator) for value in found]
    return [_hide(value) if hide or rate else value for value, hide, rate in zip(found, hidden, rates, strict=True)]


def _tables(found: Sequence[Value]) -> dict[tuple, list[int]]:
    """Places of the values that add up to one total."""
    tables: dict[tuple, list[int]] = {}
    for place, value in enumerate(found):
        tables.setdefault((value.indicator, value.period, tuple(value.dims)), []).append(place)
    return tables


def _clusters(found: Sequence[Value], group: list[int]) -> list[str] | None:
    """For schools the cluster each stands in, whose total is shown elsewhere."""
    if len(group) < 2 or found[group[0]].dims:
        return None
    return _areas([found[place].org for place in group], found[group[0]].period)


def _areas(orgs: Sequence[str], period: Period) -> list[str]:
    """Per org, by code, the one directly above it at the end of a period; "" where none is known."""
    tree = trees.load(current())
    parents = tree.at(period.end).parents
    places = [tree.index.get(org, -1) for org in orgs]
    return [tree.codes[parents[place]] if place >= 0 and parents[place] >= 0 else "" for place in places]


def _hide(value: Value) -> Value:
    parts = {m: None if disclosure.counts_people(m) else number for m, number in value.parts.items()}
    return replace(
        value, value=None, parts=parts, numerator=None, denominator=None, suppressed=True, small_base=False,
        readings=dict.fromkeys(value.readings),
    )  # fmt: skip


def in_their_table(viewer, org: Org, found: list[Value], table: Callable[[], Sequence[Value]]) -> list[Value]:
    """Values of parts of places (a group at a school) as far as the viewer may see them.

    Each page shows a row or a column of one table of places and parts. What is withheld is decided of the whole table,
    so that neither the totals of places nor those of parts tell a withheld cell.

    org      whose places the table holds
    table    gives every part of every place; asked for only where something may have to be hidden from the viewer
    """
    if disclosure.may_see_small(viewer, org):
        return list(found)
    hidden = _hidden_in(table())
    return [_hide(value) if _cell(value) in hidden or _by_itself(value) else value for value in found]


def _cell(value: Value) -> tuple:
    return value.indicator, value.period, value.org, *value.dims.items()


def _by_itself(value: Value) -> bool:
    return disclosure.hides_rate(value.parts, value.denominator)


def _hidden_in(found: Sequence[Value]) -> set[tuple]:
    """The cells (as `_cell` names them) that are withheld in a table."""
    hidden: set[tuple] = set()
    for group in _tables(found).values():
        values = [found[place] for place in group]
        hidden |= {_cell(value) for value, hide in zip(values, _hidden_of(values), strict=True) if hide}
    return hidden


def _hidden_of(values: Sequence[Value]) -> list[bool]:
    """Which values of one indicator, period and breakdown are withheld."""
    orgs = {org: n for n, org in enumerate(dict.fromkeys(value.org for value in values))}
    codes = {code: n for n, code in enumerate(dict.fromkeys(tuple(value.dims.values()) for value in values))}
    at = [(orgs[value.org], codes[tuple(value.dims.values())]) for value in values]
    hidden = np.zeros((len(orgs), len(codes)), dtype=bool)
    for value, place in zip(values, at, strict=True):
        hidden[place] = _by_itself(value)
    if disclosure.rules().complementary:
        within, before = _areas(list(orgs), values[0].period), -1
        while hidden.sum() > before:  # a cell that one measure gives up is withheld in the tables of the others
            before = hidden.sum()
            for measure in _broken_down(values[0]):
                hidden |= closed(
                    _numbers(values, measure, at, hidden.shape), hidden, within, partial(_is_shown, measure)
                )
    return [bool(hidden[place]) for place in at]


def _broken_down(value: Value) -> list[str]:
    """The measures of a value that count people and are broken down as it is; the others stand whole in each part."""
    named = {measure: catalogue().get("measure", measure) for measure in value.parts}
    return [m for m, of in named.items() if disclosure.counts_people(m) and set(value.dims) <= set(of.dims)]


def _numbers(values: Sequence[Value], measure: str, at, shape: tuple[int, int]) -> np.ndarray:
    cells = np.full(shape, np.nan)
    for value, place in zip(values, at, strict=True):
        number = value.parts.get(measure)
        cells[place] = np.nan if number is None else number
    return cells


def _is_shown(measure: str, total: float) -> bool:
    return not disclosure.is_small(measure, total)
