"""The indicators of the plan are there, hang together, and old periods keep their formula."""

from datetime import date

import pytest

from khet.core.catalogue.loader import read, shipped
from khet.insight.indicators.consistency import problems

PLAN = {
    "pmqa_ita_advanced", "service_satisfaction", "external_assessment_good", "out_of_school", "pupil_harm",
    "active_learning_schools_rate", "sufficiency_schools_rate", "teacher_competency_rate",
}  # fmt: skip
COMPANIONS = {
    "out_of_school_rate", "pupil_harm_rate", "pupil_harm_severe_rate", "dropout_rate", "chronic_absence_rate",
    "small_schools_rate", "pupils_per_teacher", "onet_p6_mean", "nt_p3_mean", "mark_failure_rate", "pmqa_score",
    "ita_score",
}  # fmt: skip
MEASURES = {
    "pupils", "rooms", "staff", "school_days", "enrolled", "enrolled_hanging", "left_early", "returned",
    "absent_days", "absence_due_days", "chronic_absent", "mark_results", "mark_failures", "pupils_with_failure",
    "compulsory_residents", "compulsory_unmatched", "compulsory_other_affiliation", "pmqa_total", "ita_total",
    "ita_iit", "ita_eit", "ita_oit", "satisfaction_points", "satisfaction_answers", "satisfaction_satisfied",
    "satisfaction_mean_of_means", "external_assessed", "external_good", "external_good_all_standards",
    "schools_open", "harm_incidents", "harm_severe", "active_learning_schools", "active_learning_reported",
    "sufficiency_joined", "sufficiency_announced", "sufficiency_centre", "teachers", "teachers_competent",
    "teachers_position_standard", "teachers_professional_standard", "teachers_licensed", "onet_p6_score_sum",
    "onet_p6_takers", "onet_m3_score_sum", "onet_m3_takers", "nt_p3_score_sum", "nt_p3_takers",
}  # fmt: skip


def in_force(catalogue, id, day):
    return [edition for edition in catalogue.editions("indicator", id) if edition.in_force(day)]


def test_measures_indicators_and_examples_agree(catalogue):
    assert [str(problem) for problem in problems(catalogue)] == []


def test_the_indicators_of_the_plan_and_their_companions_are_there(catalogue):
    assert set(catalogue.ids("indicator")) >= PLAN | COMPANIONS


def test_the_measures_that_files_speak_of_are_there(catalogue):
    assert MEASURES - set(catalogue.ids("measure")) == set()


@pytest.mark.parametrize("id", sorted(PLAN | COMPANIONS))
def test_at_most_one_edition_holds_on_any_day(catalogue, id):
    days = [date(year, month, 30) for year in range(2010, 2031) for month in (4, 9)]
    assert all(len(in_force(catalogue, id, day)) <= 1 for day in days)
    assert in_force(catalogue, id, date(2027, 9, 30)), "nothing holds today"


def test_a_fiscal_year_of_letters_is_rated_by_letters(catalogue):
    (letters,) = in_force(catalogue, "ita_level", date(2022, 9, 30))
    (ratings,) = in_force(catalogue, "ita_level", date(2023, 9, 30))
    figures = {"ita_total": 91.16, "ita_iit": 95, "ita_eit": 80, "ita_oit": 95}
    scale = catalogue.find("codes", letters.scale)
    assert scale.value(f"{letters.of(figures):g}").title.th == "A"
    assert catalogue.find("codes", ratings.scale).value(f"{ratings.of(figures):g}").title.th == "ผ่าน"


def test_before_the_performance_agreement_there_is_no_competency_rate(catalogue):
    assert in_force(catalogue, "teacher_competency_rate", date(2021, 9, 30)) == []
    assert in_force(catalogue, "teacher_competency_rate", date(2022, 9, 30))


def test_levels_worked_out_are_named_by_their_scale(catalogue):
    for indicator in catalogue.all("indicator"):
        if indicator.unit != "level":
            continue
        scale = catalogue.find("codes", indicator.scale)
        for score in range(0, 501):
            level = indicator.of({m: min(score, 100 if m.startswith("ita") else 500) for m in indicator.measures})
            assert scale.value(f"{level:g}"), f"{indicator.id}: level {level:g} has no name in {scale.id}"


def test_a_reading_brings_its_own_unit_words_and_parts(catalogue):
    harm = catalogue.find("indicator", "pupil_harm")
    rate = harm.read_as("per_1000")
    assert (harm.unit, harm.denominator) == ("count", None)
    assert (rate.unit, rate.numerator, rate.denominator, rate.decimals) == ("per_1000", "harm_incidents", "pupils", 2)
    assert rate.parts == ("harm_incidents", "pupils")
    with pytest.raises(LookupError, match="severe_per_1000"):
        harm.read_as("per_1000000")


def overlay(tmp_path, folder, name, text):
    file = tmp_path / folder / name
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return read([shipped(), tmp_path])


INDICATOR = """
source: a test of the office's own indicator
certainty: design
items:
  - id: mine
    system: care
    title: {{th: ของเรา, en: Ours}}
    words: {{th: ของเรา, en: Ours}}
    unit: percent
    better: lower
    grain: [school, {period}]
    value: 100 * {part} / enrolled
    owner: {owner}
    act: {{th: ทำ, en: Act}}
"""


def own(tmp_path, *, part="left_early", period="academic_year", owner="promotion"):
    return overlay(tmp_path, "mine", "indicators.yaml", INDICATOR.format(part=part, period=period, owner=owner))


def test_an_office_adds_an_indicator_of_its_own(tmp_path):
    catalogue = own(tmp_path)
    assert problems(catalogue) == []
    assert catalogue.get("indicator", "mine").of({"left_early": 1, "enrolled": 50}) == 2


def test_a_misspelt_measure_is_named_with_those_that_are_near(tmp_path):
    (problem,) = problems(own(tmp_path, part="left_erly"))
    assert problem.key == "mine"
    assert "'left_erly' is not a known measure. Use one of: left_early" in problem.message


def test_a_measure_of_another_calendar_is_refused(tmp_path):
    (problem,) = problems(own(tmp_path, part="teachers"))
    assert problem.message == "teachers is kept by fiscal_year, which makes no academic_year."


def test_an_unknown_owner_is_refused(tmp_path):
    (problem,) = problems(own(tmp_path, owner="nobody"))
    assert "'nobody' is no working group" in problem.message


def test_an_expression_with_an_unknown_sign_is_refused_when_it_is_read(tmp_path):
    catalogue = own(tmp_path, part="__import__('os')")
    assert any(fault.key == "mine.value" and "is not allowed" in fault.message for fault in catalogue.faults)


def test_editions_that_overlap_are_told(tmp_path):
    twice = INDICATOR.format(part="left_early", period="academic_year", owner="promotion")
    second = twice.split("items:")[1].replace("    system", "    since: 2024-05-16\n    system", 1)
    catalogue = overlay(tmp_path, "mine", "indicators.yaml", twice + second)
    assert [p.message for p in problems(catalogue)] == ["the edition until today overlaps the one since 2024-05-16."]


def test_an_example_that_does_not_hold_is_told(tmp_path):
    wrong = """
source: a test of a wrong example
certainty: design
items:
  - {id: wrong, name: wrong, indicator: dropout_rate, given: {left_early: 1, enrolled: 50}, value: 3}
  - {id: lost, name: lost, indicator: teacher_competency_rate, edition: 2020-01-01, given: {teachers: 1}, value: null}
"""
    catalogue = overlay(tmp_path, "mine/examples", "indicators.yaml", wrong)
    assert {(p.key, p.message) for p in problems(catalogue)} == {
        ("wrong", "expected 3, worked out 2"),
        ("lost", "teacher_competency_rate has no edition in force on 2020-01-01."),
    }
