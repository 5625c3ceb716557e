import pytest

from khet.core.audit.models import AuditEntry
from khet.plan.models import PlanIndicator, PlanItem
from khet.plan.services import (
    PlanError,
    add_item,
    change_item,
    discard_draft,
    merge_items,
    move_item,
    remove_item,
    split_item,
)

Kind = PlanItem.Kind


def texts(edition, kind, parent=None):
    return [item.text for item in edition.items.filter(kind=kind, parent=parent)]


@pytest.fixture
def strategy(draft):
    return draft.items.get(kind=Kind.STRATEGY, number=1)


def test_an_added_tactic_stands_last_under_its_strategy(draft, strategy, planner):
    item = add_item(draft, "tactic", "  ส่งเสริม  งานวิจัย ", by=planner, parent=strategy)
    assert texts(draft, "tactic", strategy)[-1] == "ส่งเสริม งานวิจัย"
    assert item.number == 3


def test_an_added_indicator_waits_for_its_number(draft, strategy, planner):
    item = add_item(draft, "indicator", "จำนวนงานวิจัย", by=planner, parent=strategy)
    assert item.binding.indicator == ""


@pytest.mark.parametrize("kind, text", [("tactic", "ไม่มีกลยุทธ์เหนือ"), ("mission", "  "), ("poem", "กลอน")])
def test_what_cannot_stand_in_a_plan_is_refused(draft, planner, kind, text):
    with pytest.raises(PlanError):
        add_item(draft, kind, text, by=planner)


def test_changed_words_leave_before_and_after_in_the_trail(draft, planner):
    item = draft.items.get(kind=Kind.VISION)
    change_item(item, by=planner, text="วิสัยทัศน์ใหม่")
    entry = AuditEntry.objects.filter(verb="plan.item_changed").first()
    assert entry.before["text"].startswith("องค์กรเรียนรู้") and entry.after["text"] == "วิสัยทัศน์ใหม่"


def test_an_indicator_that_becomes_a_tactic_loses_its_binding(draft, planner, indicator_of):
    item = indicator_of(draft, "service_satisfaction")
    change_item(item, by=planner, kind="tactic")
    assert not PlanIndicator.objects.filter(item=item).exists()
    assert item.number == 3


def test_a_mission_that_becomes_a_tactic_goes_under_a_strategy(draft, planner):
    item = draft.items.filter(kind=Kind.MISSION).first()
    change_item(item, by=planner, kind="tactic")
    assert item.parent.kind == Kind.STRATEGY


def test_a_strategy_with_items_below_it_stays_one(draft, strategy, planner):
    with pytest.raises(PlanError):
        change_item(strategy, by=planner, kind="goal")
    with pytest.raises(PlanError):
        remove_item(strategy, by=planner)


def test_an_item_moves_a_step_and_to_another_strategy(draft, strategy, planner):
    second = draft.items.get(kind=Kind.TACTIC, parent=strategy, number=2)
    move_item(second, by=planner, step=-1)
    assert texts(draft, "tactic", strategy) == ["เปิดเผยข้อมูลต่อสาธารณะ", "ปรับปรุงงานบริการให้สะดวก"]
    other = draft.items.get(kind=Kind.STRATEGY, number=2)
    move_item(second, by=planner, parent=other)
    assert texts(draft, "tactic", other) == ["ค้นหาเด็กที่ไม่ได้เรียน", "เปิดเผยข้อมูลต่อสาธารณะ"]
    move_item(second, by=planner, step=1)  # the last stays the last
    assert texts(draft, "tactic", other)[-1] == "เปิดเผยข้อมูลต่อสาธารณะ"


def test_a_split_item_becomes_two_neighbours_and_joins_again(draft, planner):
    item = draft.items.filter(kind=Kind.MISSION).first()
    whole = item.text
    first, second = split_item(item, whole.index("และ"), by=planner)
    assert (first.text, second.text) == ("พัฒนาสำนักงานให้บริการรวดเร็ว", "และโปร่งใส")
    assert texts(draft, "mission")[:2] == [first.text, second.text]
    merged = merge_items(first, by=planner)
    assert merged.text.replace(" ", "") == whole.replace(" ", "")
    assert len(texts(draft, "mission")) == 2


def test_the_last_item_has_nothing_to_join(draft, planner):
    with pytest.raises(PlanError):
        merge_items(draft.items.filter(kind=Kind.MISSION).last(), by=planner)


def test_numbers_close_up_after_a_removal(draft, strategy, planner):
    remove_item(draft.items.get(kind=Kind.TACTIC, parent=strategy, number=1), by=planner)
    assert list(draft.items.filter(kind=Kind.TACTIC, parent=strategy).values_list("number", flat=True)) == [1]


def test_an_adopted_plan_refuses_every_change(adopted, planner):
    item = adopted.items.get(kind=Kind.VISION)
    for act in (
        lambda: change_item(item, by=planner, text="x"),
        lambda: remove_item(item, by=planner),
        lambda: add_item(adopted, "mission", "x", by=planner),
        lambda: split_item(item, 3, by=planner),
        lambda: discard_draft(adopted, by=planner),
    ):
        with pytest.raises(PlanError):
            act()


def test_a_discarded_draft_is_gone_and_its_document_stays(draft, document, planner):
    discard_draft(draft, by=planner)
    assert not document.editions.exists()
    assert AuditEntry.objects.filter(verb="plan.draft_discarded").exists()
