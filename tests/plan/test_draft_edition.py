import pytest

from khet.plan.models import PlanItem
from khet.plan.services import PlanError, draft_edition, revise

Kind = PlanItem.Kind


def test_a_draft_holds_every_item_that_was_read_in_order(draft):
    read = [(item.kind, item.number, item.wording) for item in draft.items.all()]
    assert read[0] == ("vision", 1, "องค์กรเรียนรู้ นักเรียนปลอดภัยและมีคุณภาพ")
    assert [number for kind, number, _ in read if kind == "strategy"] == [1, 2]
    assert [number for kind, number, _ in read if kind == "tactic"] == [1, 2, 1]
    assert [number for kind, number, _ in read if kind == "indicator"] == [1, 2, 1, 2]


def test_every_item_points_at_the_lines_it_was_read_from(draft, document):
    lines = dict(document.numbered_lines)
    for item in draft.items.exclude(kind=Kind.VALUE):
        assert item.lines, item.wording
        text = "".join(lines[number] for number in range(item.lines[0], item.lines[1] + 1))
        assert item.wording[:15] in text


def test_indicators_are_bound_by_their_words_with_the_reason(draft, indicator_of):
    bound = {item.binding.indicator for item in draft.items.filter(kind=Kind.INDICATOR)}
    assert bound == {"pmqa_ita_advanced", "service_satisfaction", "out_of_school", ""}
    binding = indicator_of(draft, "service_satisfaction").binding
    assert "พึงพอใจ" in binding.suggested_because
    assert not binding.confirmed


def test_printed_targets_become_targets(draft, indicator_of):
    target = indicator_of(draft, "service_satisfaction").binding.targets.get()
    assert (target.value, target.unit, target.direction, target.year) == (90, "percent", "at_least", None)
    assert indicator_of(draft, "out_of_school").binding.targets.get().direction == "zero"


def test_a_level_that_counts_systems_becomes_the_number_of_all_systems(draft, indicator_of):
    target = indicator_of(draft, "pmqa_ita_advanced").binding.targets.get()
    assert target.value == 2 and "ขั้นสูง" in target.reference


@pytest.mark.parametrize("first, last", [(2027, 2023), (2023, 2060)])
def test_years_that_cannot_be_are_refused(document, planner, first, last):
    with pytest.raises(PlanError):
        draft_edition(document, first, last, by=planner)


def test_a_revision_copies_items_bindings_and_targets_and_leaves_the_plan_in_force(adopted, planner, indicator_of):
    draft = revise(adopted, by=planner)
    assert draft.is_draft and draft.revises == adopted
    assert [i.wording for i in draft.items.all()] == [i.wording for i in adopted.items.all()]
    assert [i.parent.text if i.parent else None for i in draft.items.all()] == [
        i.parent.text if i.parent else None for i in adopted.items.all()
    ]
    assert indicator_of(draft, "service_satisfaction").binding.targets.get().value == 90
    adopted.refresh_from_db()
    assert adopted.state == "adopted"


def test_a_shorter_revision_leaves_out_targets_of_years_it_does_not_cover(adopted, planner, indicator_of):
    item = indicator_of(adopted, "service_satisfaction")
    item.binding.targets.create(year=2023, value=80, direction="at_least")
    item.binding.targets.create(year=2027, value=99, direction="at_least")
    draft = revise(adopted, by=planner, from_year=2025)
    years = set(indicator_of(draft, "service_satisfaction").binding.targets.values_list("year", flat=True))
    assert years == {None, 2027}
