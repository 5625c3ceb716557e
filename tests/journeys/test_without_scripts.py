"""An old or guarded browser that runs no scripts reads everything, and can still give a file and take it back."""

import re

import pytest

pytestmark = pytest.mark.journey


def test_the_plan_is_read_down_to_the_line(office, visitor):
    one = visitor(office.url, scripts=False)
    page = one.sign_in("planner")
    home = one.go("/")
    assert re.search(r"\d+ ?\n?เหตุ", home)
    page.get_by_role("link", name=re.compile("คุณภาพภายนอก")).first.click()
    page.locator("details.k-more summary", has_text="ดูเป็นตาราง").first.click()
    twin = page.locator("figure.k-chart table").first
    assert twin.is_visible()
    assert twin.locator("tbody tr").count() > 4
    assert not page.locator(".needs-js").first.is_visible(), "what only a script can do is not offered"

    page.locator("a", has_text="ที่มาของตัวเลขนี้").first.click()
    records = page.locator("details.k-more", has=page.locator("a[href*='/row/']")).first
    if records.get_attribute("open") is None:
        records.locator("summary").click()
    records.locator("a[href*='/row/']").first.click()
    page.wait_for_url(re.compile("/row/"))
    assert "external" in page.locator("main").inner_text(), "the line stands as the file has it"


def test_a_file_is_checked_and_discarded(office, visitor, tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("measure,org,period,value\nita_total,99010000,ปีงบ 2569,140\n", encoding="utf-8")
    one = visitor(office.url, scripts=False)
    page = one.sign_in("planner")
    one.go("/import/")
    page.locator("input[type=file]").set_input_files(str(path))
    page.locator("main form[enctype] button.btn-primary").click()
    for _ in range(30):  # without scripts the page renews itself, or the officer does it
        if page.locator("form[action$='/discard/']").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    assert "140" in page.locator("main").inner_text()
    page.locator("button[popovertarget]", has_text="ทิ้งรอบนี้").click()
    page.locator("form[action$='/discard/'] button.btn-danger, form[action$='/discard/'] button").first.click()
    page.wait_for_load_state()
    assert "ทิ้ง" in page.locator("main").inner_text()
