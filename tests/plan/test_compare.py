from khet.plan.compare import compare
from khet.plan.models import PlanItem
from khet.plan.services import add_item, bind, change_item, remove_item, revise, set_targets
from khet.plan.services.binding import Target


def changes(old, new):
    pairs = [pair for pair in compare(old, new) if pair.change != "same"]
    return {(pair.change, pair.kind, str(pair.new or pair.old)) for pair in pairs}


def test_a_revision_that_changes_nothing_compares_as_the_same(adopted, planner):
    assert changes(adopted, revise(adopted, by=planner)) == set()


def test_added_removed_and_reworded_items_are_told_apart(adopted, planner):
    draft = revise(adopted, by=planner)
    strategy = draft.items.get(kind=PlanItem.Kind.STRATEGY, number=1)
    add_item(draft, "tactic", "จัดทำคลังนวัตกรรมของครู", by=planner, parent=strategy)
    change_item(draft.items.get(kind=PlanItem.Kind.VISION), by=planner, text="องค์กรเรียนรู้ นักเรียนปลอดภัยและมีคุณภาพสูง")
    remove_item(draft.items.get(kind=PlanItem.Kind.MISSION, number=2), by=planner)
    assert changes(adopted, draft) == {
        ("added", "tactic", "จัดทำคลังนวัตกรรมของครู"),
        ("changed", "vision", "องค์กรเรียนรู้ นักเรียนปลอดภัยและมีคุณภาพสูง"),
        ("removed", "mission", "ดูแลเด็กทุกคนให้ได้เรียน"),
    }


def test_changed_targets_and_bindings_show_before_and_after(adopted, planner, indicator_of):
    draft = revise(adopted, by=planner)
    set_targets(indicator_of(draft, "service_satisfaction").binding, None, [Target(95, unit="percent")], by=planner)
    bind(indicator_of(draft, "out_of_school").binding, "out_of_school_rate", by=planner)
    pairs = {pair.new.binding.indicator: pair for pair in compare(adopted, draft) if pair.change == "changed"}
    assert [("≥ 90%" in a, "≥ 95%" in b) for a, b in pairs["service_satisfaction"].targets] == [(True, True)]
    before, after = pairs["out_of_school_rate"].binding
    assert before and after and before != after
