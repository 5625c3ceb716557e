"""Rows of counts beside a total that is shown, as they may be shown to who has no duty there."""

from collections.abc import Sequence

from khet.facts.disclosure import suppress


def hidden(measure: str, cells: Sequence[float | None]) -> list[bool]:
    """Which cells of a row are withheld.

    A small cell that no second one can cover (the others are 0 or empty) takes the whole row with it: the total would
    tell it.
    """
    found = suppress(measure, [0 if cell is None else cell for cell in cells])
    return [True] * len(found) if sum(found) == 1 else found
