"""A homeroom teacher's ten minutes: the roll, the screening of a class, and a home visit where there is no line."""

import pytest

pytestmark = pytest.mark.journey
WAITING = """async () => {
    const base = await new Promise((done) => { const r = indexedDB.open("khet-waiting", 1); r.onsuccess = () => done(r.result); });
    const all = await new Promise((done) => { const r = base.transaction("forms").objectStore("forms").getAll(); r.onsuccess = () => done(r.result); });
    base.close();
    return all.map((one) => Object.keys(one).sort().join(" ") + " " + new TextDecoder().decode(one.content).includes("พบยาย"));
}"""  # noqa: E501


def to_class(one):
    one.look("/class/")
    one.page.locator("main .k-rows a").first.tap()
    one.page.wait_for_url("**/class/*/*/*/")
    return one.page.url


@pytest.fixture
def teacher(server, visitor):
    made = visitor(server.url, width=390, height=844, language="en")
    made.sign_in("teacher")
    return made


def test_the_roll_is_called_by_exception_and_taken_back(teacher):
    to_class(teacher)
    page = teacher.page
    teacher.look()
    page.locator(".k-roll").nth(1).get_by_label("sick leave").check()
    page.get_by_role("button", name="Save the roll").tap()
    page.get_by_text("1 of").wait_for()
    teacher.look()
    assert page.locator(".k-roll").nth(1).get_by_label("sick leave").is_checked()
    page.get_by_role("button", name="Take the last saving back").tap()
    page.get_by_text("not called yet").wait_for()
    assert page.locator(".k-roll").nth(1).get_by_label("here").is_checked()
    assert teacher.faults == []


def test_the_class_is_screened_on_one_page_without_scripts(server, visitor):
    one = visitor(server.url, language="en", scripts=False)
    one.sign_in("teacher")
    one.go("/class/")
    one.page.locator("main .k-rows a").first.click()
    one.page.wait_for_url("**/class/*/*/*/")
    room = one.page.url
    one.page.goto(f"{room}screening/")
    second = one.page.locator(".k-screen").nth(1)
    second.locator("summary").click()
    second.locator("select").nth(1).select_option("problem")
    one.page.get_by_role("button", name="Save the screening").click()
    care = one.page.locator("#care tbody td[data-label='Group']")
    care.first.wait_for()
    groups = care.all_inner_texts()
    assert "Has problems" in groups[1] and all("Normal" in words for words in groups[:1] + groups[2:])


def test_a_visit_without_a_line_is_sent_later_once(teacher):
    room = to_class(teacher)
    page = teacher.page
    page.get_by_role("button", name="for this year").tap()
    page.get_by_text("taken in").wait_for()
    page.locator("#care tbody td[data-label='Home visit'] button").first.tap()
    page.wait_for_url("**/contact/home_visit/")
    teacher.look()
    address = page.url

    teacher.context.set_offline(True)
    page.get_by_label("Kin or another guardian").check()
    page.locator("input[name=seen_signs][value=no]").check()
    page.locator("textarea[name=visit_note]").fill("พบยาย")
    page.get_by_role("button", name="Save").tap()
    page.get_by_text("No line. It is kept on this phone").wait_for()
    assert page.evaluate(WAITING) == ["content iv key url user false"]

    teacher.context.set_offline(False)
    page.get_by_text("What waited on this phone was sent.").wait_for()
    assert page.evaluate(WAITING) == []
    teacher.go(room)
    assert page.locator("#care tbody td[data-label='Home visit']").first.inner_text() == "visited"
    teacher.go(address.split("contact/")[0])
    assert page.locator("#timeline").get_by_text("พบยาย").count() == 1
    assert [fault for fault in teacher.faults if "ERR_INTERNET_DISCONNECTED" not in fault] == []
