"""An empty installation: office, administrator, plan, and the plan is alive, without a manual."""

import re

import pytest

pytestmark = pytest.mark.journey


def test_an_empty_home_leads_to_a_live_plan(empty_server, filled_home, visitor):
    one = visitor(empty_server.url)
    page = one.page
    page.goto("/")
    one.look()
    page.locator("main a.btn-primary").click()
    page.locator("input[name=name]").fill("ภูธารา เขต 1")
    page.locator("input[name=code]").fill("99010000")
    one.look()
    page.locator("main button.btn-primary").click()
    page.locator("input[name=full_name]").fill("นางสาวสมใจ ใจงาม")
    page.locator("input[name=username]").fill("somjai")
    for field in page.locator("main input[type=password]").all():
        field.fill("ดอกไม้บานยามเช้า9")
    one.look()
    page.locator("main button.btn-primary").click()

    page.wait_for_url("**/setup/plan/")
    page.locator("input[type=file]").set_input_files(str(filled_home / "demo-files" / "plan.docx"))
    page.locator("main form[enctype] button").last.click()
    page.get_by_text("plan.docx").first.wait_for(timeout=30_000)
    one.look()
    assert page.locator(".k-drop.is-ready").count() == 1, "the page that came by request is awake too"
    assert page.locator("input[name=from_year]").input_value() == "2567", "the years printed in the plan are offered"
    page.locator("main form:not([enctype]) button.btn-primary").click()
    page.wait_for_url(re.compile(r"/plan/editions/\d+/"))
    one.look()
    page.goto(page.url + "adopt/")
    assert not page.locator("main .alert-danger:visible").count(), page.locator("main").inner_text()
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()

    home = one.look("/")
    assert len(re.findall(r"ไม่มีข้อมูล", home)) >= 5, "without files every number says that it has none"
    assert page.locator("main a.btn-primary[href='/import/']").count() == 1, "the next act is to load files"
    assert "0.00" not in home, "what is missing is never zero"
    assert one.faults == []
