"""An office whose facts are built, and a word to ask them."""

import pytest

from khet.facts import queries
from khet.facts.services import build
from khet.kit.periods import Period
from tests.facts.records import AY2024


@pytest.fixture
def total():
    """Builds the facts anew and gives a measure of an org: total("pupils", office), by sex: {("f",): 3.0}."""

    def ask(measure, org, period=AY2024, by=()):
        build()
        period = Period.parse(period) if isinstance(period, str) else period
        page = queries.sheet([measure], [period], by)
        row = page.rolled([measure], period).values[measure][page.tree.index[org.code]]
        found = {cell: float(value) for cell, value in zip(page.cells, row, strict=True) if value == value}
        return found if by else found.get(())

    return ask
