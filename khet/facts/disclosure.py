"""What is hidden from those who have no duty at the place: the one home of these rules.

The rules themselves are data (`catalogue/common/suppression.yaml`): a count of people from 1 up to the limit is hidden,
and where a total stands beside its cells a second cell with it, so that the first cannot be worked out.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence

from khet.core.accounts.access import can
from khet.core.catalogue import catalogue
from khet.facts.schema import Suppression


def rules() -> Suppression:
    """The rules in force."""
    return catalogue().all("suppression")[0]


def may_see_small(viewer, org) -> bool:
    """True when the viewer's duty at the org opens small numbers there."""
    return any(can(viewer, permission, org) for permission in rules().sees_small)


def counts_people(measure: str) -> bool:
    """True when single people could be told from a small number of this measure."""
    found = catalogue().find("measure", measure)
    return bool(found and found.counts_people)


def is_small(measure: str, value: float | None) -> bool:
    """True when a number of this measure has to be hidden by itself."""
    if value is None or not counts_people(measure):
        return False
    return 0 < value < rules().limit(measure) or (value == 0 and not rules().show_zero)


def suppress(measure: str, cells: Sequence[float | None], within: Sequence[Hashable] | None = None) -> list[bool]:
    """Which cells of a table are hidden.

    cells    numbers of one measure that add up to a total that is shown
    within   per cell, the smaller total it belongs to as well (the cluster of a school); none: only the one total
    """
    hidden = [is_small(measure, value) for value in cells]
    if not rules().complementary or not counts_people(measure):
        return hidden
    for group in _groups(len(cells), within):
        _hide_a_second(cells, hidden, group)
    _hide_a_second(cells, hidden, range(len(cells)))
    return hidden


def _groups(n: int, within: Sequence[Hashable] | None) -> Iterable[list[int]]:
    groups: dict[Hashable, list[int]] = {}
    for place in range(n) if within is not None else ():
        groups.setdefault(within[place], []).append(place)
    return groups.values()


def _hide_a_second(cells: Sequence[float | None], hidden: list[bool], group: Iterable[int]) -> None:
    """Where a single cell of a total is hidden, hide the smallest of the others: total less the rest would tell it."""
    group = list(group)
    if sum(hidden[place] for place in group) != 1:
        return
    others = [place for place in group if not hidden[place] and cells[place]]
    if others:
        hidden[min(others, key=lambda place: cells[place])] = True


def rounded(measure: str, value: float | None) -> float | None:
    """The number as it is published outside: to a multiple, where the rules say so and people are counted."""
    step = rules().round_to
    if value is None or not step or not counts_people(measure):
        return value
    return float(round(value / step) * step)


def hides_rate(parts: Mapping[str, float | None], base: float | None) -> bool:
    """True when a rate has to be hidden: a small number is part of it, or it stands on too few people."""
    small = any(is_small(measure, value) for measure, value in parts.items())
    people = any(counts_people(measure) for measure in parts)
    return small or (people and base is not None and 0 < base < rules().smallest_base)


def warned_below(measures: Iterable[str]) -> int:
    """A rate of these measures over fewer people than this is moved much by one of them; 0 where none are counted."""
    return rules().warn_base if any(counts_people(measure) for measure in measures) else 0
