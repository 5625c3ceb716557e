"""Measures say what they bound, what they are derived from and whom they count."""

import pytest
from django.utils import translation
from pydantic import ValidationError

from khet.core.catalogue.loader import read, shipped
from khet.facts.schema import Measure
from khet.insight.indicators.consistency import problems


@pytest.fixture
def plain():
    return {
        "id": "x", "source": "a test", "title": {"th": "ก", "en": "a"}, "definition": {"th": "ก", "en": "a"},
        "unit": "person", "period": "academic_year",
    }  # fmt: skip


def test_people_are_counted_under_disclosure_control(catalogue):
    for measure in catalogue.all("measure"):
        if measure.unit in {"person", "incident"}:
            assert measure.counts_people, measure.id


def test_a_score_beyond_its_bounds_is_refused(catalogue):
    pmqa = catalogue.get("measure", "pmqa_total")
    assert pmqa.refuses(500) is None
    with translation.override("en"):
        assert pmqa.refuses(501) == "above 500"
        assert pmqa.refuses(-1) == "below 0"


def test_a_school_counts_itself_once_and_an_office_counts_many(catalogue):
    good = catalogue.get("measure", "external_good")
    assert good.refuses(87, "office") is None
    with translation.override("en"):
        assert good.refuses(2, "school") == "above 1"
    assert good.refuses(1, "school") is None


def test_a_measure_is_fed_or_derived_but_not_both(plain):
    with pytest.raises(ValidationError, match="fed or derived"):
        Measure(**plain, feed="staff", derived={"where": "pupils <= 120"})
    with pytest.raises(ValidationError, match="either 'of' with 'groups', or 'where'"):
        Measure(**plain, derived={"of": "staff"})


def test_a_code_list_needs_the_dimension_it_names(plain):
    with pytest.raises(ValidationError, match="'group' must stand in dims"):
        Measure(**plain, groups="staff_types")


def test_bounds_the_wrong_way_round_are_refused(plain):
    with pytest.raises(ValidationError, match="swap them"):
        Measure(**plain, minimum=5, maximum=1)


def test_a_part_is_kept_for_the_same_time_as_its_whole(catalogue):
    for measure in catalogue.all("measure"):
        if measure.part_of:
            whole = catalogue.get("measure", measure.part_of)
            assert (measure.period, measure.unit) == (whole.period, whole.unit), measure.id


def test_disclosure_speaks_of_measures_and_lists_there_are(catalogue):
    rule = catalogue.get("suppression", "disclosure")
    assert set(rule.sensitive_measures) <= set(catalogue.ids("measure"))
    assert set(rule.sensitive_codes) <= set(catalogue.ids("codes"))
    assert (rule.limit("pupils"), rule.limit("harm_incidents")) == (5, 10)


def test_a_measure_derived_from_an_unknown_group_is_told(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "measures.yaml").write_text(
        """
source: a test of derived measures
certainty: design
items:
  - id: cooks
    title: {th: แม่ครัว, en: Cooks}
    definition: {th: แม่ครัว, en: Cooks}
    unit: person
    period: academic_year
    counts_people: true
    derived: {of: staff, groups: [cook]}
  - id: half
    title: {th: ครึ่ง, en: Half}
    definition: {th: ครึ่ง, en: Half}
    unit: school
    period: academic_year
    derived: {where: schools_small > 0 and pupls > 3}
""",
        encoding="utf-8",
    )
    told = {p.key: p.message for p in problems(read([shipped(), tmp_path]))}
    assert set(told) == {"cooks", "half"}
    assert "'cook' is not a code of staff_types. Use: civil_servant_teacher" in told["cooks"]
