"""What cases give beside their number: days waited, children met more than once, groups that a code list names."""

from datetime import date

import pytest
from pydantic import ValidationError

from khet.core.catalogue.loader import read, shipped
from khet.engines.cases.counting import Known, first_in, totals, with_groups
from khet.engines.cases.schema import Gift

FIRST, LAST = date(2024, 5, 16), date(2025, 5, 15)


def case(id, *path, who=None, org="A", **answers):
    days = [(date(2024, month, day), state) for (month, day), state in path]
    return Known(id, org, days[-1][1], days[0][0], who=who, answers=answers, path=tuple(days))


WAITED = Gift(measure="help_days", take="waited", reached=("helped", "referred"))


def test_days_are_counted_to_the_first_state_reached_and_added_up():
    cases = [
        case(1, ((6, 1), "told"), ((6, 4), "helped"), ((7, 1), "told"), ((7, 9), "helped")),
        case(2, ((6, 1), "told"), ((6, 2), "referred"), ((6, 9), "helped")),
        case(3, ((6, 1), "told")),
    ]
    assert totals(WAITED, cases, FIRST, LAST) == {("A", ""): 3 + 1}
    assert first_in(cases[0], ("helped",)) == date(2024, 6, 4)
    assert first_in(cases[2], ("helped",)) is None


def test_a_place_where_nobody_was_helped_yet_gives_nothing_rather_than_no_days():
    assert totals(WAITED, [case(1, ((6, 1), "told"))], FIRST, LAST) == {}
    assert totals(WAITED, [case(1, ((6, 1), "told"), ((6, 1), "helped"))], FIRST, LAST) == {("A", ""): 0}


def test_a_child_met_twice_is_one_and_whom_nobody_names_is_none():
    told = ((6, 1), "told")
    cases = [
        case(1, told, who=7),
        case(2, told, who=7),
        case(3, told, who=7),
        case(4, told, who=8),
        case(5, told),
        case(6, told),
    ]
    assert totals(Gift(measure="again", take="repeated"), cases, FIRST, LAST) == {("A", ""): 1}
    assert totals(Gift(measure="again", take="repeated"), cases[3:], FIRST, LAST) == {("A", ""): 0}


def test_the_values_of_a_code_list_say_their_group():
    content = read([shipped()])
    gift = with_groups(Gift(measure="m", group="hazard", groups_of="hazards"), content)
    told = ((6, 1), "told")
    cases = [case(1, told, hazard="HV1"), case(2, told, hazard="HU9"), case(3, told, hazard="unknown"), case(4, told)]
    assert totals(gift, cases, FIRST, LAST) == {("A", "violence"): 1, ("A", "other"): 1, ("A", "?"): 2}


def test_a_kind_that_an_office_adds_is_counted_with_its_group(tmp_path):
    (tmp_path / "ours" / "codes").mkdir(parents=True)
    shipped_list = (shipped() / "safety" / "codes" / "hazards.yaml").read_text(encoding="utf-8")
    added = shipped_list + "  - {code: HA9, order: 20, group: accident, title: {th: ช้างป่า, en: Wild elephants}}\n"
    (tmp_path / "ours" / "codes" / "hazards.yaml").write_text(added, encoding="utf-8")
    content = read([shipped(), tmp_path])
    gift = with_groups(Gift(measure="m", group="hazard", groups_of="hazards"), content)
    assert totals(gift, [case(1, ((6, 1), "told"), hazard="HA9")], FIRST, LAST) == {("A", "accident"): 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"take": "waited"},
        {"take": "cases", "reached": ("helped",)},
        {"groups_of": "hazards"},
        {"group": "hazard", "groups": {"HV1": "violence"}, "groups_of": "hazards"},
    ],
)
def test_words_that_do_not_belong_together_are_refused(wrong):
    with pytest.raises(ValidationError):
        Gift(measure="m", **wrong)
