"""No withheld cell can be worked out from what is shown beside it: held against exact elimination by hand."""

from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from khet.insight.indicators.crossing import closed

SMALL = 5


def is_shown(total: float) -> bool:
    return not 0 < total < SMALL


def by_itself(cells: np.ndarray) -> np.ndarray:
    return (cells > 0) & (cells < SMALL)


@st.composite
def tables(draw):
    """(places x codes of small counts, the area of each place): two of each at least, or there is no cell beside."""
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    numbers = st.lists(st.integers(0, 14), min_size=columns, max_size=columns)
    cells = np.array(draw(st.lists(numbers, min_size=rows, max_size=rows)), dtype=float)
    return cells, draw(st.lists(st.sampled_from("AB"), min_size=rows, max_size=rows))


def shown_lines(cells: np.ndarray, areas) -> list[list[tuple[int, int]]]:
    """The cells of every total that a page shows."""
    rows, columns = cells.shape
    lines = [[(r, c) for c in range(columns)] for r in range(rows)]
    lines += [[(r, c) for r in range(rows)] for c in range(columns)]
    if len(set(areas)) > 1:
        lines += [[(r, c) for r in range(rows) if areas[r] == area] for area in set(areas) for c in range(columns)]
    return [line for line in lines if is_shown(sum(cells[cell] for cell in line))]


def told(cells: np.ndarray, hidden: np.ndarray, areas) -> set[tuple[int, int]]:
    """The withheld cells that the totals determine: Gauss and Jordan in fractions."""
    unknown = [tuple(map(int, cell)) for cell in np.argwhere(hidden)]
    rows = [[Fraction(cell in line) for cell in unknown] for line in shown_lines(cells, areas)]
    solved = 0
    for column in range(len(unknown)):
        at = next((r for r in range(solved, len(rows)) if rows[r][column]), None)
        if at is None:
            continue
        rows[solved], rows[at] = rows[at], rows[solved]
        rows[solved] = [value / rows[solved][column] for value in rows[solved]]
        for r in range(len(rows)):
            if r != solved and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[solved], strict=True)]
        solved += 1
    return {unknown[row.index(1)] for row in rows if sum(map(bool, row)) == 1}


def cannot_be_kept(cells: np.ndarray, areas) -> set[tuple[int, int]]:
    """What totals tell though the whole table be withheld: a school alone in its cluster, whose totals are shown."""
    return told(cells, np.ones(cells.shape, dtype=bool), areas)


@settings(max_examples=300, deadline=None)
@given(tables())
@example((np.array([[2.0, 20, 30], [12, 14, 9], [8, 10, 11]]), ["A", "A", "A"]))
@example((np.array([[2.0, 9, 0, 0], [9, 9, 9, 0], [0, 9, 2, 9], [0, 0, 9, 9]]), ["A", "A", "A", "A"]))
def test_no_withheld_cell_can_be_worked_out(table):
    cells, areas = table
    hidden = closed(cells, by_itself(cells), areas, is_shown)
    assert (hidden >= by_itself(cells)).all()
    assert told(cells, hidden, areas) <= cannot_be_kept(cells, areas)


@given(tables())
def test_where_nothing_is_small_nothing_is_withheld(table):
    cells, areas = table
    assert not closed(cells + SMALL, by_itself(cells + SMALL), areas, is_shown).any()


def test_two_in_each_line_are_not_enough():
    """Two parts of a table, joined by one withheld cell: each line holds two, yet the totals of one part tell it."""
    cells = np.full((4, 4), 20.0)
    parts = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)]
    hidden = np.zeros((4, 4), dtype=bool)
    for cell in [*parts, (1, 2)]:
        hidden[cell] = True
    assert told(cells, hidden, "AAAA") == {(1, 2)}
    assert cannot_be_kept(cells, "AAAA") == told(cells, closed(cells, hidden, "AAAA", is_shown), "AAAA") == set()


def test_the_smallest_number_beside_is_given_up_and_a_zero_last():
    cells = np.array([[3.0, 9, 30], [7, 8, 0], [40, 50, 60]])
    hidden = closed(cells, by_itself(cells), None, is_shown)
    assert {tuple(map(int, cell)) for cell in np.argwhere(hidden)} == {(0, 0), (0, 1), (1, 0), (1, 1)}
