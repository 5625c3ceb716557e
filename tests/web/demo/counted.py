"""What is counted of a small office, to be held against the world it was written of."""

from khet.facts.queries import summed
from khet.kit.periods import Period
from khet.web.demo.build import build_demo
from khet.web.demo.marker import Marker
from tests.web.demo.conftest import TODAY

OFFICE = "99010000"
WANTED = Marker(schools=10, pupils=500, years=3, seed=7, today=TODAY.isoformat())


def said(measure, year, *by):
    """{(org, dims …): value} of a measure in an academic year, as the facts have it."""
    rows = summed([measure], by=by, periods=[Period("academic_year", year)]).to_pylist()
    return {tuple(row[name] for name in ("org", *by)): row["value"] for row in rows}


def build(**options):
    """Fill the office that is wanted; the report."""
    return build_demo(WANTED, lambda words: None, **options)


def absences_and_results_are_all_there(truth):
    """Days of absence and results of two years stand in the facts as they are in the world."""
    for year in (2024, 2025):  # faults are planted in the latest files only
        absent = said("absent_days", year)
        assert {code: absent[code,] for code in truth[year].absent_days} == truth[year].absent_days
        assert said("mark_results", year)[OFFICE,] == truth[year].results
        assert said("mark_failures", year)[OFFICE,] == truth[year].failures
        assert said("pupils_with_failure", year)[OFFICE,] == truth[year].pupils_failing
