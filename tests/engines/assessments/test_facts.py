"""What locked results tell the facts: figures where none is locked, results that hold for years, persons pooled."""

import pytest

from khet.engines.assessments.facts import FEEDS
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.services import moving, rounds
from khet.engines.assessments.services.rating import rate
from khet.facts.queries import summed
from khet.facts.services import refresh
from khet.kit.periods import Period
from khet.registers.figures.services import set_figure
from khet.registers.people.models import Person
from tests.engines.assessments.conftest import SMALL

pytestmark = pytest.mark.django_db
FEED = FEEDS[0]


def facts(year):
    return {(row["measure"], row["org"], row["period"]): row["value"] for row in FEED.rows(year).to_pylist()}


def give(text: str) -> str:
    return SMALL + "gives:\n" + text


def locked(framework, office, period, answers, by, fill):
    """A round of reviewers only, filled in for each school and locked: {school: option}."""
    made = rounds.prepare_round(office, framework, period, by=by, layers=["reviewer"])
    rounds.add_targets(made, list(answers), by=by)
    rounds.open_round(made, by=by)
    for one in made.assessments.select_related("org"):
        fill(one, by, answers[one.org], layer="reviewer")
        moving.finish_review(one, by=by)
        moving.sign(one, by=by)
    rounds.lock_round(made, by=by)
    return made


def test_schools_that_reach_a_level_count_one_and_others_zero(lay, office, school, other_school, supervisor, fill):
    lay("iqa/framework-small.yaml", give("  - {measure: external_good, take: reached, level: good}"))
    locked("lesson_small", office, "AY2025", {school: "3", other_school: "2"}, supervisor, fill)
    assert facts(2025) == {("external_good", "90010001", "AY2025"): 1, ("external_good", "90010002", "AY2025"): 0}
    assert facts(2024) == {} and list(FEED.years()) == [2025]


def test_a_result_holds_for_years_until_a_newer_one(lay, office, school, supervisor, fill):
    lay("iqa/framework-small.yaml", give("  - {measure: external_good, take: reached, level: good, keeps: 5}"))
    locked("lesson_small", office, "AY2021", {school: "2"}, supervisor, fill)
    locked("lesson_small", office, "AY2024", {school: "4"}, supervisor, fill)
    told = {year: facts(year).get(("external_good", "90010001", f"AY{year}")) for year in range(2020, 2030)}
    assert told == {2020: None, 2021: 0, 2022: 0, 2023: 0, 2024: 1, 2025: 1, 2026: 1, 2027: 1, 2028: 1, 2029: None}


def test_two_frameworks_of_one_school_come_together_by_the_lowest(lay, office, school, supervisor, fill):
    gift = "  - {measure: external_good, take: reached, level: good, together: lowest}"
    lay("iqa/framework-small.yaml", give(gift))
    lay(
        "iqa/framework-early.yaml",
        give(gift).replace("id: lesson_small", "id: early").replace("family: lesson\n", "family: early\n"),
    )
    locked("lesson_small", office, "AY2025", {school: "4"}, supervisor, fill)
    locked("early", office, "AY2025", {school: "2"}, supervisor, fill)
    assert facts(2025) == {("external_good", "90010001", "AY2025"): 0}


def test_observed_teachers_make_one_number_of_their_school(lay, office, school, supervisor):
    text = give("  - {measure: active_learning_schools, take: reached, level: good, pool: {latest: 2, share: 0.5}}")
    lay("iqa/framework-small.yaml", text.replace("target: school", "target: teacher").replace("occasions: once", "")
        .replace("period: academic_year", "period: academic_year\noccasions: many"))  # fmt: skip
    made = rounds.prepare_round(office, "lesson_small", "AY2025", by=supervisor, layers=["reviewer"])
    rounds.open_round(made, by=supervisor)
    for n, codes in enumerate(("33", "31", "44")):
        person = Person.objects.create(first_name=f"ครู{n}", name_key=f"ครู{n}", org=school)
        for code in codes:
            one = rounds.add_target(made, school, by=supervisor, person=person, label=f"คาบ {code}")
            for id in ("teaching", "learning", "care"):
                rate(one, id, code, layer="reviewer", by=supervisor)
            moving.finish_review(one, by=supervisor)
            moving.sign(one, by=supervisor)
    rounds.lock_round(made, by=supervisor)
    assert Assessment.objects.count() == 6
    assert facts(2025) == {("active_learning_schools", "90010001", "AY2025"): 1}


def test_a_typed_figure_counts_only_where_no_locked_result_speaks(
    lay, office, school, other_school, supervisor, planner, fill
):
    lay("iqa/framework-small.yaml", give("  - {measure: sufficiency_joined, take: assessed}"))
    for org in (school, other_school):
        set_figure(org, "sufficiency_joined", "AY2025", 0, by=planner)
    locked("lesson_small", office, "AY2025", {school: "3"}, supervisor, fill)
    refresh()
    table = summed(["sufficiency_joined"], periods=[Period("academic_year", 2025)], kinds=("school",)).to_pylist()
    assert {row["org"]: row["value"] for row in table} == {"90010001": 1.0, "90010002": 0.0}


def test_signed_results_are_not_told_before_they_are_locked(lay, office, school, supervisor, fill):
    lay("iqa/framework-small.yaml", give("  - {measure: external_good, take: reached, level: good}"))
    made = rounds.prepare_round(office, "lesson_small", "AY2025", by=supervisor, layers=["reviewer"])
    rounds.add_targets(made, [school], by=supervisor)
    rounds.open_round(made, by=supervisor)
    one = made.assessments.get()
    fill(one, supervisor, "3", layer="reviewer")
    moving.finish_review(one, by=supervisor)
    moving.sign(one, by=supervisor)
    assert facts(2025) == {}
    moving.lock(one, by=supervisor)
    assert facts(2025) == {("external_good", "90010001", "AY2025"): 1}
