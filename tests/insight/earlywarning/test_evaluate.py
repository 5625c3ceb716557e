"""`khet warn evaluate` on made-up tables: what is an input, what is a leak, how the table is cut, what comes out."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from khet.insight.earlywarning.command import warn
from khet.insight.earlywarning.evaluating import EvaluationError, evaluate, lists, models, read_table
from khet.insight.earlywarning.evaluating.understanding import Wish, understand
from tests.insight.earlywarning.tables import HEADER, pupils, write

FIGURES = {"auc", "average_precision", "precision_at_k", "recall_at_k", "calibration", "intervals"}


@pytest.fixture(scope="module")
def rows():
    return pupils(1200)


@pytest.fixture(scope="module")
def document(rows, tmp_path_factory):
    """The whole document of one evaluation by cohort."""
    path = write(tmp_path_factory.mktemp("whole") / "pupils.csv", rows)
    return evaluate(read_table(path), "left", time="year", groups=("sex", "gpa"), capacity=40)


def understood(tmp_path, rows, header=HEADER, outcome="left", **wish):
    return understand(read_table(write(tmp_path / "t.csv", rows, header)), Wish(outcome, **wish))


def why(found):
    return {one.column: one.why for one in found.left_out}


def test_the_document_holds_every_figure_of_the_contract(document):
    for part in (document, document["baseline_rule"], document["logistic_regression"], document["gradient_boosting"]):
        assert set(part) >= FIGURES
        assert set(part["calibration"]) >= {"slope", "intercept", "brier"}
        for figure, (low, high) in part["intervals"].items():
            assert low <= part[figure] <= high
    assert document["k"] == 40
    assert document["precision_at_k"] * 40 == pytest.approx(document["recall_at_k"] * document["positives"])
    json.dumps(document, allow_nan=False)


def test_learnt_up_to_two_years_before_and_judged_on_the_last(document):
    split = document["split"]
    assert (split["kind"], split["train"], split["test"], split["gap"]) == ("cohorts", ["2564", "2565"], "2567", 2)
    assert document["n"] == 300


def test_the_model_orders_better_than_the_rule_and_is_honest_about_chances(document):
    assert 0.7 < document["auc"] < 0.95
    assert document["auc"] > document["baseline_rule"]["auc"]
    assert 0.6 < document["calibration"]["slope"] < 1.5
    assert document["against_rule"]["auc"]["difference"] > 0
    for name in ("logistic_regression", "gradient_boosting"):
        told = document["against_peers"][name]["auc"]
        assert told["difference"] == pytest.approx(document["auc"] - document[name]["auc"])
        assert told["interval"][0] <= told["interval"][1]


def test_groups_add_up_and_their_gap_is_that_against_the_others(document):
    sexes = document["groups"]["sex"]
    assert sum(group["n"] for group in sexes.values()) == document["n"]
    caught = sum(group["recall_at_k"] * group["positives"] for group in sexes.values())
    assert caught == pytest.approx(document["recall_at_k"] * document["positives"])
    assert sexes["m"]["gap"] == pytest.approx(sexes["m"]["recall_at_k"] - sexes["f"]["recall_at_k"])
    assert sexes["m"]["gap"] == pytest.approx(-sexes["f"]["gap"])
    low, high = sexes["m"]["gap_interval"]
    assert low <= sexes["m"]["gap"] <= high
    assert len(document["groups"]["gpa"]) == 3  # a number is cut into thirds


def test_the_same_seed_gives_the_same_figures(rows, tmp_path, document):
    again = evaluate(
        read_table(write(tmp_path / "t.csv", rows)), "left", time="year", groups=("sex", "gpa"), capacity=40
    )
    assert again == document


def test_what_tells_who_a_row_is_about_and_what_is_never_used_are_no_inputs(tmp_path, rows):
    found = understood(tmp_path, rows, time="year")
    assert why(found) == {
        "student_id": "tells who the row is about",
        "year": "says when: cuts the table into cohorts",
        "ศาสนา": "religion is never an input (the name says 'ศาสนา')",
    }
    assert [column.name for column in found.inputs] == ["school_code", "sex", "absences", "gpa", "travel"]


@pytest.mark.parametrize(
    "name",
    [
        "religion",
        "Ethnicity",
        "race",
        "เชื้อชาติ",
        "nationality",
        "disability",
        "ความพิการ",
        "hiv_status",
        "healthRisk",
        "abused",
    ],
)
def test_religion_ethnicity_health_and_abuse_are_never_inputs_even_when_asked_for(tmp_path, rows, name):
    header = [name if column == "travel" else column for column in HEADER]
    assert "never an input" in why(understood(tmp_path, rows, header, keep=(name,)))[name]


LEAKS = {
    "a day only leavers have": ("left_on", lambda row: "2024-10-01" if row[-1] == "yes" else ""),
    "a day most leavers have": ("day", lambda row: "2024-10-07" if row[-1] == "yes" and row[4] % 3 else ""),
    "a day only stayers have": ("certificate", lambda row: "" if row[-1] == "yes" else "2024-10-01"),
    "a reason": ("reason", lambda row: ("poverty" if row[4] % 2 else "moved") if row[-1] == "yes" else "none of these"),
    "the outcome in other words": ("standing", lambda row: "gone" if row[-1] == "yes" else "here"),
    "the outcome with typing errors": ("status", lambda row: int((row[-1] == "yes") != (row[4] == 7))),
    "a count that starts when all is over": ("days", lambda row: 100 if row[-1] == "yes" else row[4] % 40),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEAKS)
def test_a_column_filled_in_afterwards_is_left_out_with_a_notice(tmp_path, rows, kind):
    name, cell = LEAKS[kind]
    found = understood(tmp_path, [[*row[:-1], cell(row), row[-1]] for row in rows], [*HEADER[:-1], name, "left"])
    assert why(found)[name].startswith("gives the outcome away")
    assert any(f"'{name}' was left out" in notice for notice in found.notices)


def test_a_leak_can_be_put_back_by_who_knows_better(tmp_path, rows):
    rows = [[*row[:-1], int(row[-1] == "yes"), row[-1]] for row in rows]
    found = understood(tmp_path, rows, [*HEADER[:-1], "warned", "left"], keep=("warned",))
    assert "warned" in [column.name for column in found.inputs]


def test_strong_honest_columns_stay(tmp_path):
    draw = np.random.default_rng(1)
    before = draw.normal(10, 3, 1500).round()
    after = before + draw.normal(0, 1.2, 1500)
    rows = [[int(one), "yes" if other < 8 else "no"] for one, other in zip(before, after, strict=True)]
    assert not understood(tmp_path, rows, ["grade_before", "failed"], "failed").left_out


def test_pupils_judged_again_are_not_learnt_from(tmp_path):
    """Three years of 400 pupils each; a quarter of the last year's were there in the first."""
    from khet.insight.earlywarning.evaluating.lists import split_of

    rows = pupils(1200)
    for place, row in enumerate(rows):
        year = place // 400
        row[0], row[2] = f"S{place % 400 + 150 * year}", 2564 + year
    found = understood(tmp_path, rows, time="year")
    split = split_of(found, Wish("left", time="year"))
    [[(learn, test)]] = split.rounds
    assert not set(found.pupil.codes[learn]) & set(found.pupil.codes[test])
    assert len(learn) == 300
    assert split.notices == ["100 earlier rows of pupils judged again in 2566 were not learnt from."]


def test_schools_stay_whole_where_there_is_no_time(tmp_path, rows):
    from khet.insight.earlywarning.evaluating.lists import split_of

    found = understood(tmp_path, rows, drop=("year",))
    split = split_of(found, Wish("left"))
    assert split.kind == "schools"
    for cut in split.rounds:
        assert sorted(np.concatenate([test for _learn, test in cut])) == list(range(len(rows)))
        for learn, test in cut:
            assert not set(found.school.codes[learn]) & set(found.school.codes[test])


def test_years_are_found_and_the_choice_is_said(tmp_path, rows):
    found = understood(tmp_path, rows)
    assert found.time.name == "year"


@pytest.mark.parametrize(
    ("cohorts", "order"),
    [(["2013J", "2014B", "2013B"], ["2013B", "2013J", "2014B"]),
     (["2/2566", "1/2567", "1/2566"], ["1/2566", "2/2566", "1/2567"]),
     (["๒๕๖๗", "๒๕๖๕"], ["๒๕๖๕", "๒๕๖๗"]), (["2024.0", "2023.0"], ["2023.0", "2024.0"]), (["10", "9"], ["9", "10"])],
)  # fmt: skip
def test_cohorts_stand_in_their_order(cohorts, order):
    from khet.insight.earlywarning.evaluating.years import cohort_key

    assert sorted(cohorts, key=cohort_key) == order


def test_days_are_gathered_into_years(tmp_path, rows):
    from khet.insight.earlywarning.evaluating.lists import split_of

    rows = [
        [*row[:2], f"{place % 365 % 28 + 1:02}/{place % 12 + 1:02}/{row[2]}", *row[3:]]
        for place, row in enumerate(rows)
    ]
    found = understood(tmp_path, rows, time="year")
    assert split_of(found, Wish("left", time="year")).detail["test"] == "2024"


def test_too_few_outcomes_are_said_before_anything_is_learnt(tmp_path, rows):
    rows = [[*row[:-1], "yes" if place < 4 else "no"] for place, row in enumerate(rows)]
    with pytest.raises(EvaluationError, match="holds in 4 of 1200 rows"):
        understood(tmp_path, rows)


def test_where_history_is_thin_no_score_is_to_be_shown(tmp_path):
    rows = [[*row[:-1], "yes" if place % 24 < 2 else "no"] for place, row in enumerate(pupils(300, years=(2566, 2567)))]
    found = evaluate(read_table(write(tmp_path / "t.csv", rows)), "left", time="year")
    assert not found["enough_history"]
    assert not found["against_rule"]["shown"]
    assert any("no score should be shown" in notice for notice in found["notices"])


def test_no_row_tells_its_own_outcome_where_nothing_can_be_known(tmp_path):
    draw = np.random.default_rng(2)
    rows = [
        [f"t{draw.integers(0, 150)}", draw.normal(), 2564 + number % 3, draw.choice(["yes", "no"])]
        for number in range(900)
    ]
    found = evaluate(read_table(write(tmp_path / "t.csv", rows, ["town", "luck", "year", "left"])), "left", time="year")
    for part in (found, found["logistic_regression"], found["gradient_boosting"], found["baseline_rule"]):
        assert 0.4 < part["auc"] < 0.6
    assert not found["against_rule"]["shown"]


@pytest.mark.slow
def test_each_row_is_judged_by_models_that_never_saw_it(tmp_path, monkeypatch):
    seen, whole = [], models.fit
    monkeypatch.setattr(lists, "SMALL", 0)
    monkeypatch.setattr(models, "fit", lambda *given: seen.append(given[2]) or whole(*given))
    header = [name for name in HEADER if name != "year"]
    rows = [[*row[:2], *row[3:]] for row in pupils(240)]
    found = evaluate(read_table(write(tmp_path / "t.csv", rows, header)), "left")
    assert found["n"] == 240
    assert len(seen) == 5 * found["split"]["rounds"] == 10
    assert all(len(learn) < 240 for learn in seen)


def run(*arguments):
    return CliRunner().invoke(warn, ["evaluate", *map(str, arguments)])


def test_the_command_prints_one_json_document_and_nothing_else(tmp_path):
    path = write(tmp_path / "pupils.csv.gz", pupils(400), separator=";", encoding="utf-8-sig", zipped=True)
    done = run(
        path, "--outcome", "left", "--time", "year", "--group", "sex", "--drop", "travel", "--capacity", 20, "--json"
    )
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert set(found["groups"]) == {"sex"}
    assert "travel" not in found["columns"]["used"]


def test_the_command_tells_people_the_same_in_lines(tmp_path):
    done = run(write(tmp_path / "pupils.csv", pupils(400)), "--outcome", "left", "--group", "sex")
    assert done.exit_code == 0
    for words in (
        "plain rule",
        "logistic regression, as shipped",
        "judged on 2567",
        "sex m:",
        "religion is never an input",
    ):
        assert words in done.stdout


def test_wrong_use_ends_with_2_and_a_table_at_fault_with_1(tmp_path):
    path = write(tmp_path / "pupils.csv", pupils(60))
    missing = run(path, "--outcome", "lefd")
    assert missing.exit_code == 2
    assert "Nearest: left" in missing.stderr
    (tmp_path / "bad.csv").write_text("left,a\nno,1\nyes,2\n")
    thin = run(tmp_path / "bad.csv", "--outcome", "left")
    assert thin.exit_code == 1
    assert "at least 10" in thin.stderr
    assert thin.stdout == ""
