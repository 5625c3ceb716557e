"""Scores are read by the table they name; the two tables of the SDQ disagree, and nothing is banded where none fits."""

import pytest
from pydantic import ValidationError

from khet.core.catalogue.loader import read, shipped
from khet.core.forms.bands import Cut, banded

CATALOGUE = read([shipped()])
THAI, BRITISH = CATALOGUE.get("bands", "sdq_thai_2546"), CATALOGUE.get("bands", "sdq_uk_three")
# (scale, informant, last normal score, last score at risk) as printed in the guide
PRINTED = [
    ("emotional", "student", 5, 6), ("emotional", "teacher", 3, 4), ("emotional", "parent", 3, 4),
    ("conduct", "student", 4, 5), ("conduct", "teacher", 3, 4), ("conduct", "parent", 3, 4),
    ("hyperactivity", "student", 5, 6), ("hyperactivity", "teacher", 5, 6), ("hyperactivity", "parent", 5, 6),
    ("peer", "student", 3, 4), ("peer", "teacher", 5, 6), ("peer", "parent", 5, 6),
    ("impact", "student", 0, 2), ("impact", "teacher", 0, 2), ("impact", "parent", 0, 2),
]  # fmt: skip


def bands(table, informant, **scores):
    return {one.scale: one.band and one.band.code for one in banded(table, informant, scores)}


@pytest.mark.parametrize(("scale", "informant", "normal", "risk"), PRINTED)
def test_every_score_of_a_scale_falls_in_the_printed_band(scale, informant, normal, risk):
    for score in range(11):
        wanted = "normal" if score <= normal else "risk" if score <= risk else "problem"
        assert bands(THAI, informant, **{scale: score}) == {scale: wanted}


@pytest.mark.parametrize(
    ("informant", "normal", "risk"), [("student", 16, 18), ("teacher", 15, 17), ("parent", 15, 17)]
)
def test_the_total_of_the_four_is_read_by_the_informants_own_table(informant, normal, risk):
    for total in range(41):
        parts = [min(10, max(0, total - 10 * place)) for place in range(4)]
        scores = dict(zip(["emotional", "conduct", "hyperactivity", "peer"], parts, strict=True))
        wanted = "normal" if total <= normal else "risk" if total <= risk else "problem"
        assert bands(THAI, informant, **scores)["total"] == wanted


def test_the_strength_is_no_part_of_the_total():
    read_ = bands(THAI, "student", emotional=0, conduct=0, hyperactivity=0, peer=0, prosocial=10)
    assert (read_["prosocial"], read_["total"]) == ("strength", "normal")
    assert bands(THAI, "parent", prosocial=3) == {"prosocial": "no_strength"}


def test_the_same_scores_fall_otherwise_by_another_table():
    scores = {"emotional": 4, "conduct": 4, "hyperactivity": 4, "peer": 3}
    assert bands(THAI, "parent", **scores)["total"] == "normal"
    assert bands(BRITISH, "parent", **scores)["total"] == "risk"


def test_a_sum_with_a_part_missing_is_not_read():
    assert "total" not in bands(THAI, "teacher", emotional=1, conduct=1, hyperactivity=1)
    assert bands(THAI, "teacher", emotional=None, peer=2) == {"peer": "normal"}


def test_an_informant_or_score_the_table_does_not_know_has_no_band():
    assert bands(THAI, "neighbour", emotional=3) == {"emotional": None}
    assert bands(THAI, "student", emotional=11) == {"emotional": None}


def test_a_table_with_a_hole_is_refused():
    with pytest.raises(ValidationError, match="without gap or overlap"):
        Cut(informants=("student",), bands={"normal": (0, 3), "problem": (5, 10)})


def test_every_table_covers_every_informant():
    for table in (THAI, BRITISH):
        for id, scale in table.scales.items():
            told = [informant for cut in scale.cuts for informant in cut.informants]
            assert sorted(told) == ["parent", "student", "teacher"], id
