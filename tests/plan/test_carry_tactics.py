"""Which systems carry a tactic: the catalogue's words first, the office's word above them."""

from pathlib import Path

import pytest

import khet
from khet.core.audit.models import AuditEntry
from khet.core.catalogue import catalogue
from khet.plan.carriers import carriers, suggested, systems
from khet.plan.models import PlanItem
from khet.plan.reader import read_plan
from khet.plan.services import PlanError, decide_system, revise

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ยกระดับคุณภาพการบริหารจัดการภาครัฐของเขต", {"pmqa"}),
        ("เผยแพร่ข้อมูลเปิดและเตรียมรับการประเมิน ITA", {"opendata", "ita"}),
        ("ติดตามเด็กนอกระบบการศึกษาให้กลับเข้าเรียน", {"return-to-school"}),
        ("ทำให้สภาพแวดล้อมของโรงเรียนมีความปลอดภัย", {"safe-school"}),
        ("พัฒนาครูให้มีสมรรถนะและมีวิทยฐานะสูงขึ้น", {"competency", "standing"}),
        ("ปลูกต้นไม้รอบสำนักงาน", set()),
    ],
)
def test_words_of_a_tactic_name_its_systems(words, expected):
    assert {carrier.system.id for carrier in suggested(words)} == expected


def test_every_system_has_words_by_which_it_is_known():
    assert [system.id for system in systems() if not system.plan_words] == []


def test_no_tactic_of_an_adopted_plan_is_left_without_a_system(adopted):
    tactics = list(adopted.items.filter(kind=PlanItem.Kind.TACTIC))
    assert tactics
    assert [t.text for t in tactics if not carriers([t])[t.pk]] == []


PLANS = [
    Path(khet.__file__).parent / "web/demo/data/plan.txt",
    Path(khet.__file__).parents[1].parent / "shared/data/plans/00_six-strategies.txt",
]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_tactic_of_a_whole_plan_has_a_system(path):
    if not path.exists():
        pytest.skip("the real plans are not shipped: put them beside the checkout in ../shared")
    tactics = [text for strategy in read_plan(path)["strategies"] for text in strategy["tactics"]]
    assert len(tactics) > 20
    assert [text for text in tactics if not suggested(text)] == []


def test_the_office_takes_a_system_away_and_adds_another(adopted, planner):
    tactic = adopted.items.filter(kind=PlanItem.Kind.TACTIC).first()
    taken = carriers([tactic])[tactic.pk][0].system.id
    added = next(s.id for s in systems() if s.id not in {c.system.id for c in carriers([tactic])[tactic.pk]})
    decide_system(tactic, taken, False, by=planner)
    decide_system(tactic, added, True, by=planner)
    now = {carrier.system.id: carrier for carrier in carriers([tactic])[tactic.pk]}
    assert taken not in now
    assert now[added].chosen
    assert AuditEntry.objects.filter(verb="plan.system_decided").count() == 2
    decide_system(tactic, taken, True, by=planner)
    assert taken in {carrier.system.id for carrier in carriers([tactic])[tactic.pk]}


def test_a_revision_keeps_what_the_office_decided(adopted, planner):
    tactic = adopted.items.filter(kind=PlanItem.Kind.TACTIC).first()
    decide_system(tactic, "talent", True, by=planner)
    draft = revise(adopted, by=planner)
    copy = draft.items.get(kind=tactic.kind, order=tactic.order)
    assert "talent" in {carrier.system.id for carrier in carriers([copy])[copy.pk]}


def test_only_tactics_and_known_systems(adopted, planner):
    goal = adopted.items.exclude(kind=PlanItem.Kind.TACTIC).first()
    with pytest.raises(PlanError, match="Only a tactic"):
        decide_system(goal, "talent", True, by=planner)
    tactic = adopted.items.filter(kind=PlanItem.Kind.TACTIC).first()
    with pytest.raises(PlanError, match="no system “nothing”"):
        decide_system(tactic, "nothing", True, by=planner)


def test_all_tactics_are_asked_with_one_query(adopted, django_assert_num_queries):
    tactics = list(adopted.items.filter(kind=PlanItem.Kind.TACTIC))
    catalogue()
    with django_assert_num_queries(1):
        carriers(tactics)
