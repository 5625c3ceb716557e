"""What of the values a viewer may see. The rules are those of `facts.disclosure`; here they meet the values."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from khet.core.orgs.models import Org
from khet.facts import disclosure
from khet.facts import tree as trees
from khet.facts.manifest import current
from khet.insight.indicators.values import Value


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
    tree = trees.load(current())
    parents = tree.at(found[group[0]].period.end).parents
    places = [tree.index.get(found[place].org, -1) for place in group]
    return [tree.codes[parents[place]] if place >= 0 and parents[place] >= 0 else "" for place in places]


def _hide(value: Value) -> Value:
    parts = {m: None if disclosure.counts_people(m) else number for m, number in value.parts.items()}
    return replace(
        value, value=None, parts=parts, numerator=None, denominator=None, suppressed=True, small_base=False,
        readings=dict.fromkeys(value.readings),
    )  # fmt: skip


def beside_other_cells(viewer, org: Org, shown: list[Value], others: Iterable[Sequence[Value]]) -> list[Value]:
    """One cell of each place: where another of its cells is hidden, the place's total less this one would tell it.

    others   the values of each other cell, looked at only where something is hidden from the viewer
    """
    if disclosure.may_see_small(viewer, org):
        return shown
    telling = {
        (value.indicator, value.org) for found in others for value in disclosed(viewer, org, found) if value.suppressed
    }
    return [_hide(one) if one.numerator and (one.indicator, one.org) in telling else one for one in shown]
