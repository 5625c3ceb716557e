"""Registration list, matching, review, case, a visit where there is no line, a seat in class: the number falls."""

import json
import re

import pytest

from tests.journeys.test_cases_journey import (
    attach_proof,
    comes_to,
    fill,
    first_option,
    hand_to,
    opened,
    step,
    today,
    value,
)
from tests.journeys.test_file_to_number_and_back import load
from tests.journeys.test_report_to_outcome import in_home
from tests.registers.intake.files import Pupil, dmc

pytestmark = pytest.mark.journey
LIST, NUMBER = "/indicators/out_of_school/list/", "/indicators/out_of_school/"
MATCHING = "/linkage/?kind=register"
WAITING = """async () => {
    const base = await new Promise((done) => { const r = indexedDB.open("khet-waiting", 1); r.onsuccess = () => done(r.result); });
    const all = await new Promise((done) => { const r = base.transaction("forms").objectStore("forms").getAll(); r.onsuccess = () => done(r.result); });
    base.close();
    return all.length;
}"""  # noqa: E501


def count(page) -> int:
    return int(value(page, NUMBER).replace(",", ""))


def give_another_number(server) -> str:
    """A pupil whom the list knows is on the roll under a brother's number, say; the school's name."""
    return in_home(
        server,
        "from django.db import transaction\nfrom django.utils import timezone\n"
        "from khet.core.changes.services import touch\nfrom khet.core.orgs.queries import default_office\n"
        "from khet.kit.periods import academic_year\nfrom khet.kit.secrets import keyed_hash\n"
        "from khet.registers.people.models import PERSON_ID, Enrolment, Identifier\n"
        "from khet.registers.residents import queries\n"
        "year = academic_year(timezone.localdate()).year\n"
        "listed = queries.compulsory(default_office(), year).exclude(\n"
        "    pk__in=queries.unmatched(default_office(), year).values('pk'))\n"
        "borne = Identifier.objects.filter(kind='national_id', until=None)\n"
        "borne = borne.filter(value_hash__in=listed.values('identifier_hash')).order_by('pk')\n"
        "one = next(i for i in borne if len(set(i.value[3:12])) > 5)\n"
        "wrong = one.value[:3] + one.value[11:2:-1] + one.value[12]\n"
        "with transaction.atomic():\n"
        "    one.value, one.value_hash = wrong, keyed_hash(wrong, PERSON_ID)\n"
        "    one.save()\n    touch('residents')\n"
        "print(Enrolment.objects.filter(person=one.person, year=year).first().school)",
    )


def match(one) -> str:
    """Have the lists matched, and wait until pairs stand there; the address of the likeliest that was not judged."""
    page = one.page
    one.look(MATCHING)
    page.locator("form[action='/linkage/match/'] button").click()
    for _ in range(90):
        page.goto(MATCHING)
        if page.locator("main table a[href^='/linkage/']").count():
            break
        page.wait_for_timeout(1000)
    one.look()
    return page.locator("main table a[href^='/linkage/']").first.get_attribute("href")


def judge_the_same(one, address: str):
    """Open a pair for a reason, read both sides, and say that it is one child."""
    page = one.page
    page.goto(address)
    reason = page.locator("form[action$='/open/'] input[name=reason]")
    if reason.count():
        reason.fill("ตรวจคู่รายชื่อประจำภาคเรียน")
        page.locator("form[action$='/open/'] .btn-primary").click()
    page.locator(".k-judge").wait_for()
    assert "999" not in page.locator("main tbody").inner_text(), "no number is shown in full"
    one.look()
    page.locator(".k-judge button[value=same]").click()
    page.wait_for_load_state()


def roll_with(server, ref: str, username: str) -> tuple[bytes, str]:
    """(roll of the user's school as DMC would export it today, with a child of the list on it; the school's name)."""
    written = in_home(
        server,
        "import json\nfrom khet.core.accounts.models import User\nfrom khet.kit.periods import academic_year\n"
        "from django.utils import timezone\nfrom khet.registers.people.models import Enrolment, Identifier\n"
        "from khet.registers.residents.models import Resident\n"
        f"school = User.objects.get(username='{username}').org\nchild = Resident.objects.get(ref='{ref}')\n"
        "def row(number, id, person, grade):\n"
        "    born = person.birth_date\n"
        "    return [number, id, person.first_name, person.last_name, person.sex, grade,\n"
        "            f'{born.day:02}/{born.month:02}/{born.year + 543}']\n"
        "rows = []\nyear = academic_year(timezone.localdate()).year\n"
        "for spell in Enrolment.objects.filter(school=school, year=year, left=None).select_related('person'):\n"
        "    id = Identifier.objects.filter(person=spell.person, until=None).exclude(kind='student_number').first()\n"
        "    rows.append(row(len(rows) + 1, id.value, spell.person, spell.grade))\n"
        "rows.append(row(len(rows) + 1, child.identifier, child, rows[0][5]))\n"
        "print(json.dumps([school.code, school.name, rows]))",
    )
    code, name, rows = json.loads(written)
    pupils = [
        Pupil(n, code, name, id=id, first=first, last=last, sex="ช" if sex == "m" else "ญ", grade=grade, born=born)
        for n, id, first, last, sex, grade, born in rows
    ]
    day, month, year = today().split("/")
    return dmc(pupils, day=f"{int(day):02}/{int(month):02}/{year}"), name


def visit_without_a_line(one, server_address: str):
    """A home visit typed where there is no line; it is kept, sent later, and stands there once."""
    page = one.page
    page.goto(f"{server_address}contact/home_visit/")
    one.look()
    one.context.set_offline(True)
    fill(page, {"met": "guardian", "seen_signs": "no", "said": "ยายบอกว่าอยากให้กลับไปเรียน"})
    page.locator("main form button.btn-primary").tap()
    page.locator("[data-offline-words]:not(:empty)").wait_for()
    assert page.evaluate(WAITING) == 1
    one.context.set_offline(False)
    for _ in range(30):
        if page.evaluate(WAITING) == 0:
            break
        page.wait_for_timeout(500)
    assert page.evaluate(WAITING) == 0
    page.goto(server_address)
    assert page.locator("#timeline").get_by_text("ยายบอกว่าอยากให้กลับไปเรียน").count() == 1


def test_from_the_registration_list_over_the_matching_to_a_seat_in_class(server, visitor, tmp_path):
    office = visitor(server.url)
    page = office.sign_in("promoter")
    as_filled = count(page)
    give_another_number(server)
    assert comes_to(page, NUMBER, lambda now: int(now.replace(",", "")) == as_filled + 1), "a false alarm"
    before = as_filled + 1

    pair = match(office)
    judge_the_same(office, pair)
    assert count(page) == before, "a number that differs is for two to judge"
    second = visitor(server.url)
    second.sign_in("director")
    judge_the_same(second, pair)
    assert comes_to(page, NUMBER, lambda now: int(now.replace(",", "")) == before - 1), (
        "who is on a roll is not missing"
    )

    page.goto(LIST)
    row = page.locator("tbody tr", has=page.locator("input[name=child]")).first
    ref, child = row.locator("input").get_attribute("value"), row.locator("th a").inner_text()
    row.locator("input").check()
    page.locator("main form .btn-primary").click()
    page.locator("#messages .alert-success").wait_for()
    office.look("/cases/?kind=return_to_school&words=" + child.split()[-1])
    address = page.locator("main tbody a", has_text=child).first.get_attribute("href")
    opened(office, address)
    roll, school = roll_with(server, ref, "teacher")
    if school not in page.locator(".k-lead").inner_text():
        choice = page.locator("form[action$='/hand-over/'] option", has_text=school).first
        hand_to(page, choice.text_content())

    teacher = visitor(server.url, width=390, height=844)
    seen = teacher.sign_in("teacher")
    opened(teacher, address)
    step(teacher, "begin_search")
    visit_without_a_line(teacher, f"{server.url}{address}")
    step(teacher, "find_willing", found_on=today(), cause=first_option(seen, address, "find_willing", "cause"))
    pathway = first_option(seen, address, "place", "pathway")
    step(teacher, "place", pathway=pathway, place_name=school, placed_on=today())
    seen.goto(address)
    attach_proof(teacher)
    opened(second, address)
    step(second, "confirm_enrolment", proof="letter", checked_on=today())
    assert count(page) == before - 1, "a case alone takes nobody off the list: the roll has to know the child"

    registrar = visitor(server.url)
    registrar.sign_in("registrar")
    file = tmp_path / "dmc-today.csv"
    file.write_bytes(roll)
    load(registrar.page, file)
    registrar.page.locator("form[action$='/commit/'] button").click()
    registrar.page.get_by_text(re.compile("สิ่งที่นำเข้า|นำเข้าแล้ว")).first.wait_for(timeout=30_000)
    assert comes_to(page, NUMBER, lambda now: int(now.replace(",", "")) == before - 2), "enrolled: the number falls"
    faults = [*office.faults, *teacher.faults, *second.faults, *registrar.faults]
    assert [fault for fault in faults if "ERR_INTERNET_DISCONNECTED" not in fault] == []
