"""Nobody touches a mouse: in, to the import page, a file, its preview, into the records, and back out again."""

import re

import pytest

pytestmark = pytest.mark.journey
SEEN = """() => { const one = document.activeElement; const style = getComputedStyle(one);
  return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || !!one.closest('.k-drop') }"""


def tab_to(page, selector: str, limit: int = 120):
    """Press Tab until the element has the focus; each stop on the way can be seen."""
    page.wait_for_load_state()
    for _ in range(limit):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab on {page.url}")


def value(page) -> str:
    page.goto("/indicators/service_satisfaction/")
    return page.locator(".k-answer .k-figure-value").inner_text()


def test_a_file_goes_in_and_out_by_keys_alone(server, visitor, tmp_path):
    path = tmp_path / "satisfaction.csv"
    path.write_text(
        "measure,org,period,value\nsatisfaction_points,99010000,ปีงบ 2569,500\n"
        "satisfaction_answers,99010000,ปีงบ 2569,100\n",
        encoding="utf-8",
    )
    one = visitor(server.url)
    page, asked = one.page, []
    page.on("filechooser", lambda chooser: asked.append(chooser))
    page.goto("/account/login/")
    tab_to(page, "input[name=login]")
    page.keyboard.type("planner")
    tab_to(page, "input[name=password]")
    page.keyboard.type("khet-demo-2568")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/account/login" not in address)
    before = value(page)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip-link')"), "the first stop skips the menu"
    page.keyboard.press("Enter")
    page.locator("#main:focus").wait_for()
    page.goto("/")
    tab_to(page, "#sidebar a[href='/import/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/import/")
    tab_to(page, "input[type=file]")
    page.keyboard.press("Space")
    for _ in range(100):
        if asked:
            break
        page.wait_for_timeout(100)
    asked[0].set_files(str(path))
    tab_to(page, "main form[enctype] button.btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/import/\d+/"))
    page.locator("form[action$='/commit/'] button").wait_for(timeout=30_000)
    tab_to(page, "form[action$='/commit/'] button")
    page.keyboard.press("Enter")
    page.locator("button", has_text="ถอนการนำเข้ารอบนี้").wait_for(timeout=30_000)
    load = page.url
    assert value(page) != before

    page.goto(load)
    tab_to(page, "main button[popovertarget]")
    page.keyboard.press("Enter")
    tab_to(page, "form[action$='/undo/'] input[type=text], form[action$='/undo/'] textarea")
    page.keyboard.type("ลองนำเข้า")
    tab_to(page, "form[action$='/undo/'] button.btn-danger")
    page.keyboard.press("Enter")
    page.get_by_text("ลองนำเข้า").first.wait_for(timeout=30_000)
    assert value(page) == before
    assert one.faults == []
