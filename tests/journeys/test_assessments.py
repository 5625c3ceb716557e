"""A story of assessments in a real browser: a round from its opening to the number of the plan."""

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
    page.wait_for_url(f"{sheet}result/")  # the number walks back to the result it came from
    assert admin.faults == []
