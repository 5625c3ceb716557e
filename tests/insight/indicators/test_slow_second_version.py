"""Sums and indicators are those of a slow, obvious version over the same records, whatever the office is like."""

from math import isclose

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from khet.facts import queries
from khet.facts.services import build
from khet.insight.indicators import editions
from khet.insight.indicators.values import work_out
from khet.kit.periods import Period
from tests.facts.slow import Slow
from tests.facts.strategies import OFFICES, make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MEASURES = ["pupils", "enrolled", "left_early", "returned", "enrolled_hanging", "staff", "teachers_working", "rooms",
            "absent_days", "absence_due_days", "harm_incidents", "schools_open", "schools_small", "school_days",
            "satisfaction_mean_of_means"]  # fmt: skip
INDICATORS = ["dropout_rate", "absence_rate", "pupil_harm_rate", "pupils_per_teacher", "small_schools_rate",
              "external_assessment_good", "pupil_harm", "returned_pupils"]  # fmt: skip
BREAKDOWNS = [(), ("sex",), ("grade", "sex"), ("group",)]
TARGETS = [Period.parse(code) for code in ("AY2023", "AY2024", "FY2024", "AY2024T1", "M2024-07")]


class _Undo(Exception):
    """Leaves the transaction of one example."""


def in_an_office(check):
    """Runs a check on a drawn office and takes everything back."""

    def run(office, *drawn):
        try:
            with transaction.atomic():
                orgs = make(office)
                build()
                check(orgs, Slow(), *drawn)
                raise _Undo
        except _Undo:
            pass

    return run


def same(fast: float, slow: float | None) -> bool:
    return bool(np.isnan(fast)) if slow is None else isclose(fast, slow, rel_tol=1e-9, abs_tol=1e-9)


_CHECKED = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_CHECKED
@given(office=OFFICES, target=st.sampled_from(TARGETS), by=st.sampled_from(BREAKDOWNS))
def test_sums_of_every_org_are_those_of_plain_loops(office, target, by):
    def check(orgs, slow):
        page = queries.sheet(MEASURES, [target], by)
        for measure in MEASURES:
            fast = page.rolled([measure], target).values[measure]
            for org in orgs:
                for place, cell in enumerate(page.cells):
                    found = slow.rolled(frozenset([measure]), org.code, target, cell, by)
                    told = (measure, org.code, target.code, cell)
                    assert same(fast[page.tree.index[org.code], place], found and found[measure][0]), told

    in_an_office(check)(office)


@_CHECKED
@given(office=OFFICES, year=st.sampled_from([2023, 2024]))
def test_indicators_of_every_org_are_those_of_plain_loops(office, year):
    def check(orgs, slow):
        targets = {id: Period(editions.kind_of(id), year) for id in INDICATORS}
        page = queries.sheet(editions.measures_of(INDICATORS), targets.values())
        for id, target in targets.items():
            edition = editions.in_force(id, target)
            fast = work_out(page, edition, target).value[:, 0]
            for org in orgs:
                slowly = slow.value(edition, org.code, target)
                assert same(fast[page.tree.index[org.code]], slowly), (id, org.code, target.code)

    in_an_office(check)(office)
