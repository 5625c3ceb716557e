"""A lesson is observed on a phone while the line comes and goes: everything arrives, once."""

import re

import pytest

pytestmark = pytest.mark.journey
SIZE = {"width": 390, "height": 844}
COMMENT = "จับคู่คิดแล้วเล่าให้เพื่อนฟัง"
STRENGTH = "ผู้เรียนตั้งคำถามเอง"
PROMISE = "ครั้งหน้าลองให้ผู้เรียนสรุปเอง"
GRADE = "ป.4 วิทยาศาสตร์"


def answer(page, id, code):
    page.locator(f"#c-{id} input[value='{code}'] + label").tap()


def state(page, id):
    return page.locator(f"#c-{id} [data-state]")


def saved(page, *ids):
    for id in ids:
        page.locator(f"#c-{id} [data-state].is-saved").wait_for()


def waiting(page) -> int:
    """How many entries lie in the browser's storage."""
    return page.evaluate(
        """() => new Promise((done) => {
            const asked = indexedDB.open("khet-assess", 1);
            asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "id" });
            asked.onsuccess = () => {
                const all = asked.result.transaction("waiting").objectStore("waiting").getAll();
                all.onsuccess = () => (asked.result.close(), done(all.result.length));
            };
        })"""
    )


def until_waiting(page, count):
    """Until so many entries lie there; a save takes a moment to get there."""
    for _step in range(60):
        if waiting(page) == count:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{waiting(page)} entries wait on the phone, not {count}")


def take_photo(page, id, name):
    page.locator(f"#c-{id} [data-photo]").set_input_files(
        files=[{"name": name, "mimeType": "image/png", "buffer": page.screenshot()}]
    )


def reply_is_lost(route):
    """The server gets it and writes it down; its reply never reaches the phone."""
    route.fetch()
    route.abort("connectionreset")


def begin_lesson(page) -> str:
    """An observation of a teacher's lesson; the address of its sheet."""
    page.goto("/assessments/")
    page.locator("table a.k-link", has_text="สังเกตชั้นเรียน").tap()
    page.locator("a[href$='/begin/']").first.tap()
    page.locator("select[name=school]").select_option(index=1)
    page.wait_for_url("**/begin/?school=*")
    people = page.locator("select[name=person]")
    people.select_option(index=people.locator("option").count() - 1)
    page.locator("main form[method=post] button.btn-primary").tap()
    page.wait_for_url(re.compile(r"/assessments/\d+/$"))
    return page.url


def test_an_observation_survives_a_line_that_comes_and_goes(server, visitor):
    one = visitor(server.url, **SIZE)
    page = one.sign_in("supervisor")
    sheet = begin_lesson(page)
    one.look()
    answer(page, "al1", "3")
    saved(page, "al1")

    # The line is cut: answers, words, a photo and what is asked of the lesson wait on the phone, and it says so
    one.context.set_offline(True)
    answer(page, "al2", "4")
    answer(page, "al3", "2")
    answer(page, "al3", "3")  # changed one's mind without a line
    page.locator("#c-al3 details.k-comment summary").tap()
    page.locator("#c-al3 [data-comment]").fill(COMMENT)
    take_photo(page, "al3", "คู่คิด.png")
    page.locator("[name='k.grade']").fill(GRADE)
    page.locator("[name='k.method']").select_option("tps")
    page.locator("#questions button.btn-primary").tap()
    page.locator("#questions [data-kept-state].is-waiting").wait_for()
    page.locator("[data-sheet-state].is-waiting").wait_for()
    page.locator("#c-al2 [data-state].is-waiting").wait_for()
    assert page.url == sheet, "the page with what was written stays"
    until_waiting(page, 4)  # al2, al3, the photo and what is asked of the lesson
    one.look()

    # It comes back: everything goes out by itself
    one.context.set_offline(False)
    until_waiting(page, 0)
    saved(page, "al3")
    assert page.locator("[data-sheet-state]").inner_text() == ""

    # It breaks after the server wrote down and before the phone heard of it: nothing is doubled, later words count
    page.route("**/rate/", reply_is_lost)
    page.route("**/evidence/", reply_is_lost)
    answer(page, "al4", "1")
    page.locator("#c-al4 [data-state].is-waiting").wait_for()
    take_photo(page, "al4", "สื่อ.png")
    until_waiting(page, 2)
    answer(page, "al4", "2")
    page.wait_for_timeout(500)
    page.unroute_all(behavior="wait")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until_waiting(page, 0)
    saved(page, "al4")
    assert page.locator("#c-al4 [data-conflict]").is_hidden(), "one's own words are no conflict"

    # The line is cut again and the browser is closed: what waited goes out when the app is next opened
    one.context.set_offline(True)
    for id in ("al5", "al6", "al7", "al8"):
        answer(page, id, "3")
    page.locator("[name='w.strengths']").fill(STRENGTH)
    page.locator("[name='w.next']").fill(PROMISE)
    page.locator("#questions [data-kept-state].is-waiting").wait_for()
    page.locator("#c-al5 [data-state].is-waiting").wait_for()
    until_waiting(page, 5)
    page.close()
    one.context.set_offline(False)
    page = one.page = one.context.new_page()
    page.goto("/assessments/")
    until_waiting(page, 0)
    assert page.locator("[data-waiting-here]").is_hidden()

    # All of it stands, once
    page.goto(sheet)
    one.look()
    chosen = {id: page.locator(f"#c-{id} .k-scale-input:checked").get_attribute("value") for id in
              ("al1", "al2", "al3", "al4", "al5", "al6", "al7", "al8")}  # fmt: skip
    assert chosen == dict.fromkeys(chosen, "3") | {"al2": "4", "al4": "2"}
    assert page.locator("#c-al3 [data-comment]").input_value() == COMMENT
    asked = {name: page.locator(f"[name='{name}']").input_value() for name in ("k.grade", "k.method", "w.next")}
    assert asked == {"k.grade": GRADE, "k.method": "tps", "w.next": PROMISE}
    assert page.locator("[name='w.strengths']").input_value() == STRENGTH
    for id in ("al3", "al4"):
        page.goto(f"{sheet}criteria/{id}/")
        assert page.locator("[aria-labelledby=proofs] li").count() == 1, f"the photo of {id} is there once"
    one.look()
    page.goto(sheet)
    page.locator("[name='k.day']").fill("1/7/2568")
    page.locator("#questions button.btn-primary").tap()
    page.locator(".alert-success").wait_for()
    page.locator("form[action$='/act/finish/'] button.btn-primary").tap()
    page.locator(".alert-success").wait_for()
    page.goto(f"{sheet}result/")
    assert "3" in page.locator(".k-verdict").inner_text()
    one.look()
    assert [fault for fault in one.faults if "ERR_" not in fault] == []
