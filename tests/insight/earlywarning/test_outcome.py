"""What an outcome's values mean."""

import pytest

from khet.insight.earlywarning.evaluating import EvaluationError, read_table
from khet.insight.earlywarning.evaluating.outcome import read_outcome


def table(tmp_path, name, values):
    (tmp_path / "t.csv").write_text("\n".join([name, *(f'"{value}"' for value in values)]), encoding="utf-8")
    return read_table(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("name", "values", "positive"),
    [
        ("left", ["yes", "no", "no"], "yes"),
        ("left", ["1", "0", "0"], "1"),
        ("left", ["1.0", "0.0", "NA"], "1.0"),
        ("left", ["TRUE", "FALSE", "FALSE"], "TRUE"),
        ("ออก", ["ใช่", "ไม่ใช่", "ไม่ใช่"], "ใช่"),
        ("graduated", ["1", "0", "1"], "0"),
        ("status", ["Dropout", "Graduate", "Enrolled"], "Dropout"),
        ("final_result", ["Withdrawn", "Fail", "Fail", "Pass", "Distinction"], "Withdrawn"),
        ("สถานะ", ["ออกกลางคัน", "กำลังเรียน", "จบการศึกษา"], "ออกกลางคัน"),
        ("end", ["moved to the city", "graduated", "graduated", "enrolled"], "moved to the city"),
        ("kind", ["a", "b", "b", "b"], "a"),
    ],
)
def test_the_value_that_is_the_risk_is_found_by_its_words(tmp_path, name, values, positive):
    found = read_outcome(table(tmp_path, name, values), name)
    assert found.positive == positive
    assert found.happened.sum() == values.count(positive)


def test_what_is_not_plain_is_said(tmp_path):
    assert "the rarest, 'a'" in read_outcome(table(tmp_path, "kind", ["a", "b", "b"]), "kind").notice
    assert "good news" in read_outcome(table(tmp_path, "passed", ["yes", "no", "yes"]), "passed").notice
    assert read_outcome(table(tmp_path, "left", ["yes", "no"]), "left").notice == ""


@pytest.mark.parametrize(
    ("wish", "happened"),
    [("score<10", [1, 0, 0, 0]), ("score <= 10", [1, 1, 0, 0]), ("score>10", [0, 0, 1, 0]), ("score<50%", [1, 0, 0, 0]),
     ("score=10", [0, 1, 0, 0]), ("score!=10", [1, 0, 1, 0])],
)  # fmt: skip
def test_a_bound_makes_an_outcome_of_a_number(tmp_path, wish, happened):
    found = read_outcome(table(tmp_path, "score", ["3", "10", "17", "NA"]), wish)
    assert (found.happened & found.known).astype(int).tolist() == happened
    assert found.known.tolist() == [True, True, True, False]


def test_a_number_without_a_bound_takes_its_lowest_fifth_and_says_so(tmp_path):
    found = read_outcome(table(tmp_path, "score", range(100)), "score")
    assert found.happened.sum() == 20
    assert "lowest fifth" in found.notice


@pytest.mark.parametrize(
    ("wish", "words"),
    [("Scor", "Nearest: score"), ("score>abc", "compares numbers"), ("score=99", "never holds '99'")],
)
def test_a_wish_that_cannot_be_met_says_how_to_mend_it(tmp_path, wish, words):
    with pytest.raises(EvaluationError, match=words) as caught:
        read_outcome(table(tmp_path, "score", ["3", "10"]), wish)
    assert caught.value.wrong_use


def test_an_outcome_that_never_differs_is_refused(tmp_path):
    with pytest.raises(EvaluationError, match="'no' in every row"):
        read_outcome(table(tmp_path, "left", ["no", "no"]), "left")


def test_the_risk_can_be_named(tmp_path):
    found = read_outcome(table(tmp_path, "final", ["Pass", "Fail", "Withdrawn"]), "final", "fail")
    assert found.positive == "Fail"
