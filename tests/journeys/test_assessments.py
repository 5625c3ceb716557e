"""Stories of assessments in a real browser: a round to the plan's number, a lesson observed while the line is cut."""

import re

import pytest

pytestmark = pytest.mark.journey

PERIOD = "FY2026"
ANSWER = """
(best) => {
  for (const field of document.querySelectorAll(".k-crit")) {
    const options = [...field.querySelectorAll('.k-scale-input:not([value="na"])')];
    if (options.length) options.at(best ? -1 : 0).checked = true;
    for (const number of field.querySelectorAll('input[inputmode="decimal"]')) number.value = best ? "100" : "0";
  }
}
"""


def prepared(page, framework, period):
    """Prepare and open a round of a framework; the address of its page."""
    page.goto(f"/assessments/new/?framework={framework}")
    page.select_option("select[name=period]", period)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/assessments/rounds/\d+/$"))
    page.locator("form[action$='/open/'] button").click()
    page.locator(".alert-success").wait_for()
    return page.url


def hand_on(page, act):
    page.locator(f"form[action$='/act/{act}/'] button").click()
    page.locator(".alert-success").wait_for()


def test_a_round_from_opening_to_the_number_of_the_plan(server, visitor):
    admin = visitor(server.url, language="en")
    page = admin.sign_in("admin")
    round_address = prepared(page, "pmqa_4_2563", PERIOD)
    page.locator("table a.k-link").first.click()
    page.wait_for_url(re.compile(r"/assessments/\d+/$"))
    sheet = page.url
    assert admin.violations() == []
    for part in [link.get_attribute("href") for link in page.locator(".k-parts a").all()]:
        page.goto(sheet + part)
        page.evaluate(ANSWER, True)
        page.locator(".k-sheet-plain").click()
        page.locator(".alert-success").wait_for()
    hand = page.locator("form[action$='/act/send/'] button")
    hand.click()
    assert "not answered" in page.locator("#lacks").inner_text(), "the profile is asked for before it is sent"
    page.evaluate("document.querySelectorAll('#questions textarea').forEach((text) => (text.value = 'as it is'))")
    page.locator("#questions button.btn-primary").click()
    page.locator(".alert-success").wait_for()
    for act in ("send", "finish", "sign"):
        hand_on(page, act)
    page.goto(f"{sheet}result/")
    assert (
        "500" in page.locator(".k-verdict").inner_text() and "Significance" in page.locator(".k-verdict").inner_text()
    )
    page.wait_for_timeout(500)
    assert admin.violations() == []
    page.goto(round_address)
    page.locator("[popovertarget=lock-round]").first.click()
    page.locator("#lock-round button.btn-primary").click()
    page.locator(".alert-success").wait_for()
    page.goto(f"/indicators/pmqa_score/?period={PERIOD}")
    assert page.locator(".k-figure, .k-value").first.inner_text().split()[0] in ("500", "500.0")
    page.goto(f"/indicators/pmqa_score/why/?period={PERIOD}")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    page.locator("main a[href$='/result/']").first.click()
    assert page.url == f"{sheet}result/", "the number walks back to the result it came from"
    assert admin.faults == []


def test_a_lesson_is_observed_on_a_phone_while_the_line_is_cut(server, visitor):
    prepared(visitor(server.url, language="en").sign_in("admin"), "active_learning_lesson", "AY2026")
    officer = visitor(server.url, width=390, height=844)
    page = officer.sign_in("supervisor")
    page.goto("/assessments/")
    page.locator("table a.k-link", has_text="เชิงรุก").first.click()
    page.locator("a[href$='/begin/']").click()
    page.select_option("select[name=school]", index=1)
    page.wait_for_url(re.compile(r"school="))
    page.select_option("select[name=person]", index=1)
    page.locator("input[name=label]").fill("คณิตศาสตร์ ป.4")
    page.locator("main form[method=post] button.btn-primary").click()
    page.wait_for_url(re.compile(r"/assessments/\d+/$"))
    page.goto(f"{page.url}?view=one")
    assert officer.violations() == []
    shown = page.locator(".k-crit:not([hidden])")
    shown.locator(".k-scale-option").nth(2).click()
    shown.locator(".k-crit-state.is-saved").wait_for()
    officer.context.set_offline(True)
    for _criterion in range(2):
        page.locator("[data-step='1']").click()
        shown.locator(".k-scale-option").nth(3).click()
    waiting = page.locator("[data-sheet-state].is-waiting")
    waiting.wait_for()
    assert waiting.inner_text().startswith("2"), "two answers wait in the browser"
    officer.faults.clear()  # the browser says that it has no line
    officer.context.set_offline(False)
    page.locator("[data-sheet-state]:not(.is-waiting)").wait_for(state="attached", timeout=20_000)
    page.reload()
    page.locator(".k-sheet.is-one").wait_for()
    kept = page.evaluate("[...document.querySelectorAll('.k-scale-input:checked')].map((one) => one.value)")
    assert kept == ["3", "4", "4"], "what was tapped without a line has arrived"
    assert officer.faults == []


def test_a_whole_page_is_filled_in_without_scripts(server, visitor):
    prepared(visitor(server.url, language="en").sign_in("admin"), "safe_school_self", "AY2026")
    plain = visitor(server.url, scripts=False)
    page = plain.sign_in("school")
    page.goto("/assessments/")
    page.locator("section[aria-labelledby=waiting] a.k-link").first.click()
    field = page.locator(".k-crit").first
    field.locator(".k-scale-option").last.click()
    page.locator(".k-sheet-plain").click()
    page.locator(".alert-success").wait_for()
    assert page.locator(".k-crit").first.locator(".k-scale-input:checked").count() == 1
