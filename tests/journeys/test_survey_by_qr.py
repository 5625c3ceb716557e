"""An office hangs up a QR code; people answer on their phones, with scripts and without; the plan has a number."""

import html
import json
import re
import time

import pytest

pytestmark = pytest.mark.journey

ANSWERS = {
    "who": "parent", "channel": "online", "clear_steps": "5", "in_time": "4", "in_turn": "5", "polite": "5",
    "knows": "4", "honest": "5", "reach": "4", "online": "3", "met_need": "5", "overall": "4",
}  # fmt: skip
READING_TIME = 1.7


def choose(page, words: str, nth: int = 0):
    page.locator("label", has_text=re.compile(rf"^{words}$")).nth(nth).click()


def by_request(visitor, url: str):
    """One more person, as quickly as a person may."""
    visitor.context.clear_cookies()
    asked = visitor.context.request.get(url)
    text = asked.text()
    sheet = html.unescape(re.search(r'name="sheet" value="([^"]+)"', text)[1])
    csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[1]
    time.sleep(READING_TIME)
    sent = visitor.context.request.post(
        url, form={"sheet": sheet, "csrfmiddlewaretoken": csrf, "act": "send", "answers": json.dumps(ANSWERS)},
        headers={"Referer": url},
    )  # fmt: skip
    assert sent.url.endswith("/thanks/"), sent.text()[-1500:]


def test_from_a_qr_code_on_the_wall_to_a_number_on_the_plan(server, visitor):
    office = visitor(server.url)
    page = office.sign_in("planner")
    page.goto("/surveys/new/")
    assert office.violations() == []
    page.locator("a[href$='/service_satisfaction_2568/']").click()
    page.locator("[name=title]").fill("ความพึงพอใจที่จุดบริการ")
    page.locator("[name=size-parent]").fill("40")
    assert office.violations() == []
    page.locator("form.card button.btn-primary").click()
    page.wait_for_url(re.compile(r"/surveys/[0-9a-f-]{36}/"))
    assert office.violations() == []
    link, round_page = page.locator("#link").input_value(), page.url
    page.goto(f"{round_page}poster/")
    assert page.locator(".survey-poster-link").inner_text() == link
    assert page.locator(".survey-qr svg path").count() > 0
    assert office.violations() == []

    phone = visitor(server.url, width=390, height=844)
    screen = phone.page
    screen.goto(link)
    screen.wait_for_selector(".survey-drawn .sd-question")
    assert phone.violations() == []
    choose(screen, "ผู้ปกครอง")
    choose(screen, "ระบบออนไลน์หรือเว็บไซต์")
    screen.locator(".survey-keep input").check()
    screen.locator(".sd-navigation__next-btn").click()
    screen.wait_for_selector("text=ขั้นตอนบอกไว้ชัดเจน")
    assert phone.violations() == []
    for number in range(3):
        choose(screen, "มากที่สุด", number)
    # The page is closed and opened again: what was answered was kept on the device, because it was asked for
    screen.goto(link)
    screen.wait_for_selector(".survey-drawn .sd-question")
    assert screen.locator("input[value=parent]").is_checked()
    for _ in range(8):
        send = screen.locator(".sd-navigation__complete-btn")
        for group in range(screen.locator(".survey-drawn fieldset[role=radiogroup]").count()):
            options = screen.locator(".survey-drawn fieldset[role=radiogroup]").nth(group)
            if not options.locator("input:checked").count():
                options.locator("label").first.click()
        if send.is_visible():
            time.sleep(READING_TIME)
            send.click()
            break
        screen.locator(".sd-navigation__next-btn").click()
    screen.wait_for_url("**/thanks/")
    assert phone.violations() == []
    assert screen.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('khet-survey')).length") == 0
    screen.goto(link)
    assert screen.locator("a[href='?again=1']").is_visible()
    assert phone.faults == []

    simple = visitor(server.url, width=390, scripts=False, language="en")
    screen = simple.page
    screen.goto(link)
    for _ in range(8):
        for group in range(screen.locator(".survey-options").count()):
            screen.locator(".survey-options").nth(group).locator("label").nth(1).click()
        last = screen.locator("button[value=send]")
        if last.count():
            time.sleep(READING_TIME)
            last.click()
            break
        with screen.expect_navigation():  # without scripts each page comes from the server
            screen.locator("button[value=next]").click()
    screen.wait_for_url("**/thanks/")
    for _ in range(4):
        by_request(simple, link)

    page.goto(round_page)
    assert "6" in page.locator("table tbody tr").first.inner_text()
    page.locator("button[popovertarget]", has_text="ปิดทันที").click()
    page.locator("[popover] button.btn-primary", has_text="ปิด").click()
    page.locator("a[href$='/results/']").click()
    assert page.locator(".survey-headline .k-figure-value").first.inner_text() > "80"
    assert office.violations() == []
    page.goto("/indicators/service_satisfaction/why/")
    assert page.locator("a", has_text="ความพึงพอใจที่จุดบริการ").first.is_visible()
    assert office.faults == []
