"""What was worked out stays for as long as the rows it stands on are the same."""

import pytest

from khet.core.accounts.models import system_user
from khet.facts.queries import version
from khet.facts.services import build
from khet.insight.indicators import queries
from khet.kit.periods import Period
from khet.registers.figures.services import set_figure

pytestmark = pytest.mark.django_db
YEAR = Period("fiscal_year", 2025)
BOTH = ["pmqa_score", "ita_score"]


@pytest.fixture
def worked_out(monkeypatch):
    """The indicators that were worked out, each time anew."""
    asked, real = [], queries._values

    def noting(question, manifest):
        asked.append(question.indicators)
        return real(question, manifest)

    monkeypatch.setattr(queries, "_values", noting)
    return asked


def scores(office):
    build()
    return {one.indicator: one for one in queries.values(system_user(), org=office, indicators=BOTH, period=YEAR)}


def test_a_saved_record_works_out_only_the_indicators_that_stand_on_it(office, worked_out):
    by = system_user()
    set_figure(office, "pmqa_total", YEAR, 400, by=by)
    set_figure(office, "ita_total", YEAR, 91.5, by=by)
    assert {id: one.value for id, one in scores(office).items()} == {"pmqa_score": 400, "ita_score": 91.5}
    worked_out.clear()
    set_figure(office, "pmqa_total", YEAR, 420, by=by)
    found = scores(office)
    assert {id: one.value for id, one in found.items()} == {"pmqa_score": 420, "ita_score": 91.5}
    assert worked_out == [("pmqa_score",)]
    assert {one.version for one in found.values()} == {version()}
    scores(office)
    assert len(worked_out) == 1
