"""A child in no school: found on the list, followed by a school, back in class; the numbers know it."""

import re
from datetime import date

import pytest

from tests.journeys.test_keyboard_only import tab_to

pytestmark = pytest.mark.journey
LIST = "/indicators/out_of_school/list/"
LAWFUL = "/indicators/out_of_school/?reading=less_lawful_ground"
RATE = "/indicators/return_rate/"


def today() -> str:
    now = date.today()
    return f"{now.day}/{now.month}/{now.year + 543}"


def value(page, address: str) -> str:
    page.goto(address)
    return page.locator(".k-answer .k-figure-value").inner_text()


def comes_to(page, address: str, wanted) -> bool:
    """Whether a number becomes what is wanted within half a minute: facts are built anew beside the pages."""
    for _ in range(30):
        if wanted(value(page, address)):
            return True
        page.wait_for_timeout(1000)
    return False


def without_case(page) -> list[str]:
    """Names on the list of children in no school for whom nobody looks yet."""
    page.goto(LIST)
    rows = page.locator("tbody tr", has=page.locator("input[name=child]"))
    return [row.locator("th a").inner_text() for row in rows.all()]


def begin(one, name: str):
    """Begin a case about a child by the pages; its address."""
    page = one.page
    one.look("/cases/")
    page.locator("a[href='/cases/begin/']").click()
    one.look()
    page.locator("main a[href*='/begin/return_to_school/']").click()
    page.locator("#q").fill(name)
    page.locator("main form[role=search] button").click()
    one.look()
    page.locator(".k-found a", has_text=name).click()
    page.locator("input[name=source_list][value=civil]").check()
    one.look()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    assert name in one.look(), "who begins a case stands in it, opened"
    return page.url


def hand_to(page, school: str):
    """Hand the open case to a school of the office."""
    page.locator("#people summary", has_text="ส่งให้หน่วยงานอื่นในเขตดูแล").click()
    page.locator("form[action$='/hand-over/'] select").select_option(label=school)
    page.locator("form[action$='/hand-over/'] button").click()
    page.locator("#messages .alert-success").wait_for()


def opened(one, address: str) -> str:
    """Open a case for the first reason that is offered; its text."""
    one.look(address)
    button = one.page.locator("form[action$='/open/'] button.btn-primary")
    if button.count():
        button.first.click()
        one.page.locator(".k-state").wait_for()
    return one.look()


def step(one, move: str, **answers):
    """Take a step by its button, on the page or behind "more"; a value is checked, chosen or typed as asked."""
    page, case = one.page, one.page.url.split("#")[0]
    link = page.locator(f".k-state a[href$='/move/{move}/']")
    if not link.is_visible():
        page.locator(".k-state details > summary").click()
    link.click()
    one.look()
    fill(page, answers)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(re.escape(case) + "(#.*)?$"))
    assert page.locator("#messages .alert-success").count() == 1, page.locator("main").inner_text()


def fill(page, answers):
    for name, answer in answers.items():
        box = page.locator(f"main form [name={name}][value='{answer}']")
        field = page.locator(f"main form [name={name}]").first
        if box.count():
            box.check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(answer)
        else:
            field.fill(answer)


def test_from_the_list_to_a_seat_in_class(server, visitor):
    office = visitor(server.url)
    page = office.sign_in("promoter")
    followed, elsewhere = without_case(page)[:2]
    lawful, back = value(page, LAWFUL), value(page, RATE)

    teacher = visitor(server.url, width=390, height=844)
    teacher.sign_in("teacher")
    teacher.look("/cases/begin/")
    school = (
        teacher.page.locator("main a[href*='/begin/return_to_school/']").inner_text().removeprefix("เปิดเรื่องที่").strip()
    )

    address = begin(office, followed)
    hand_to(page, school)
    assert "รับเรื่องเมื่อ" in office.look(address)
    assert school in page.locator(".k-lead").inner_text()

    inbox = teacher.look("/cases/")
    assert followed in inbox
    assert "ทะเบียนราษฎร ไม่พบ" not in teacher.look(address), "closed until a reason is given"
    assert "ยังไม่ดำเนินการ" in opened(teacher, address)
    seen = teacher.page
    seen.locator("form[action$='/assign/'] button[name=take]").tap()
    seen.locator("#messages .alert-success").wait_for()
    step(teacher, "begin_search")
    record_a_call_twice_and_take_one_back(teacher)
    step(teacher, "find_willing", found_on=today(), cause=first_option(seen, address, "find_willing", "cause"))
    assert "รอจัดหาที่เรียน" in teacher.look()
    pathway = first_option(seen, address, "place", "pathway")
    step(teacher, "place", pathway=pathway, place_name="โรงเรียนสมมติ", placed_on=today())

    director = visitor(server.url, language="en")
    director.sign_in("director")
    opened(director, address)
    assert director.page.locator(".k-state .alert-warning").count() == 1, "proof comes before it is confirmed"
    seen.goto(address)
    attach_proof(teacher)
    director.look(address)
    assert director.page.locator(".k-state .alert-warning").count() == 0
    step(director, "confirm_enrolment", proof="letter", checked_on=today())
    assert "Back in school, enrolment checked" in director.look()

    teacher.look("/cases/?mine=on")
    assert "ตรวจการเข้าเรียนแล้ว" in seen.locator("#cases tbody").inner_text()
    seen.goto("/cases/?mine=on&state=placed")
    assert seen.locator(f"#cases a[href='{address}']").count() == 0, "it waits no longer to be checked"
    assert comes_to(page, RATE, lambda now: now != back), "one more is back in school"
    assert value(page, LAWFUL) == lawful, "which takes nobody off the list before the roll says so"

    begin(office, elsewhere)
    step(office, "find_elsewhere", found_on=today(), affiliation=first_choice(page, "find_elsewhere", "affiliation"),
         place_name="โรงเรียนเอกชนสมมติ", proof="letter")  # fmt: skip
    office.look("/cases/")
    assert elsewhere not in page.locator("main").inner_text(), "a closed case waits for nobody"
    assert comes_to(page, LAWFUL, lambda now: int(now) == int(lawful) - 1), "a lawful ground takes the child off"
    assert [*office.faults, *teacher.faults, *director.faults] == []


def first_option(page, address: str, move: str, name: str) -> str:
    """A value that a step's form offers, whatever the code list holds; back on the case afterwards."""
    page.goto(f"{address}move/{move}/")
    found = page.locator(f"main form [name={name}] option:not([value=''])")
    single = page.locator(f"main form input[name={name}]")
    chosen = (found if found.count() else single).first.get_attribute("value")
    page.goto(address)
    return chosen


def first_choice(page, move: str, name: str) -> str:
    return first_option(page, page.url.split("#")[0], move, name)


def record_a_call_twice_and_take_one_back(one):
    """Two calls; the second was none. The message after it leads back."""
    page = one.page
    for words in ("แม่รับสาย", "กดผิด"):
        page.locator("#record ~ * a, .k-case-known a[href$='/contact/call/']").first.tap()
        one.look()
        page.locator("input[name=reached][value=guardian]").check()
        page.locator("[name=said]").fill(words)
        page.locator("main form button.btn-primary").tap()
        page.locator("#messages .alert-success").wait_for()
    one.look()
    page.locator("#messages .alert-back button").tap()
    page.locator(".k-event.is-withdrawn", has_text="กดผิด").wait_for()
    assert "แม่รับสาย" in page.locator(".k-case-known").inner_text()
    assert "กดผิด" not in page.locator(".k-case-known").inner_text()


def attach_proof(one):
    page = one.page
    page.locator(".k-state .alert-warning a").tap()
    one.look()
    fill(page, {"place_name": "โรงเรียนสมมติ", "seen_on": today(), "proof": "letter"})
    page.locator("main form button.btn-primary").tap()
    page.locator(".k-event", has_text="หลักฐานการเข้าเรียน").first.wait_for()


def test_by_keys_alone_and_what_is_refused_keeps_its_words(server, visitor):
    one = visitor(server.url)
    page = one.sign_in("promoter")
    page.goto("/cases/")
    tab_to(page, ".k-figures a[href$='unassigned=on']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/?unassigned=on")
    tab_to(page, "#cases tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    tab_to(page, "form[action$='/open/'] button.btn-primary")
    page.keyboard.press("Enter")
    page.locator(".k-state").wait_for()
    tab_to(page, ".k-state details > summary")
    page.keyboard.press("Enter")
    tab_to(page, ".k-state details a")
    tab_to(page, ".k-case-known a[href$='/contact/call/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contact/call/")
    tab_to(page, "[name=said]")
    page.keyboard.type("ยังไม่ได้คุย")
    page.locator("main form").evaluate("form => form.noValidate = true")
    tab_to(page, "main form button.btn-primary")
    page.keyboard.press("Enter")
    page.locator(".field-error").first.wait_for()
    page.wait_for_load_state()
    assert page.locator("[name=said]").input_value() == "ยังไม่ได้คุย"
    assert one.violations() == []
    tab_to(page, "input[name=reached]")
    page.keyboard.press("Space")
    tab_to(page, "main form button.btn-primary")
    page.keyboard.press("Enter")
    page.locator("#messages .alert-back").wait_for()
    tab_to(page, "#messages .alert-back button")
    page.keyboard.press("Enter")
    page.locator(".k-event.is-withdrawn").wait_for()
    assert [fault for fault in one.faults if "422" not in fault] == []
