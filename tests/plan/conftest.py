"""A plan in an invented office's own words, and what is made of it."""

import pytest

from khet.core.catalogue import forget
from khet.plan import services

PLAN = """แผนพัฒนาการศึกษา พ.ศ. 2566 - 2570 สำนักงานเขตพื้นที่การศึกษาประถมศึกษาสมมติ เขต 1

วิสัยทัศน์
องค์กรเรียนรู้ นักเรียนปลอดภัยและมีคุณภาพ

พันธกิจ
1. พัฒนาสำนักงานให้บริการรวดเร็วและโปร่งใส
2. ดูแลเด็กทุกคนให้ได้เรียน

เป้าประสงค์
1. สำนักงานมีสมรรถนะสูง
2. เด็กทุกคนได้เรียน

กลยุทธ์ที่ 1 พัฒนาการบริหารจัดการของสำนักงาน
1. ปรับปรุงงานบริการให้สะดวก
2. เปิดเผยข้อมูลต่อสาธารณะ
ตัวชี้วัด
1) ผลการประเมิน PMQA และ ITA อยู่ในระดับขั้นสูง
2) ความพึงพอใจของผู้รับบริการร้อยละ 90
กลยุทธ์ที่ 2 สร้างโอกาสทางการศึกษา
1. ค้นหาเด็กที่ไม่ได้เรียน
ตัวชี้วัด
1) ไม่มีเด็กวัยเรียนอยู่นอกระบบการศึกษาภาคบังคับ
2) จำนวนวันฝนตกในเขตพื้นที่ลดลง
"""


@pytest.fixture(autouse=True)
def _catalogue():
    forget()


@pytest.fixture
def plan_file(tmp_path):
    path = tmp_path / "แผน.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def document(office, planner, plan_file):
    return services.receive_document(office, plan_file, by=planner)


@pytest.fixture
def draft(document, planner):
    return services.draft_edition(document, 2023, 2027, by=planner)


@pytest.fixture
def adopted(draft, planner):
    return services.adopt(draft, by=planner, leave_open="ไม่มีข้อมูลในระบบ")


@pytest.fixture
def indicator_of():
    """indicator_of(edition, "service_satisfaction") → the item bound to it."""
    return lambda edition, id: edition.items.get(binding__indicator=id)
