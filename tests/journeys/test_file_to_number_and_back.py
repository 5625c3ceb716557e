"""The house told as one story: a file with faults, its difference, the number on the plan, why, the line, and back."""

import re

import pytest

pytestmark = pytest.mark.journey

OFFICE = "99010000"
HEADERS = "measure,org,period,value"
# Fiscal year B.E. 2569: PMQA and every tool of ITA well above every published "advanced"; three rows are wrong.
ROWS = [
    f"pmqa_total,{OFFICE},ปีงบ 2569,480",
    f"ita_total,{OFFICE},ปีงบ 2569,97.5",
    f"ita_iit,{OFFICE},ปีงบ 2569,97",
    f"ita_eit,{OFFICE},ปีงบ 2569,98",
    f"ita_oit,{OFFICE},ปีงบ 2569,97.5",
    f"pmqa_totl,{OFFICE},ปีงบ 2569,480",
    f"ita_total,{OFFICE},ปีงบ 2568,140",
    "pmqa_total,99999999,ปีงบ 2568,300",
]


@pytest.fixture
def scores(tmp_path):
    path = tmp_path / "pmqa-ita-2569.csv"
    path.write_text("\n".join([HEADERS, *ROWS]) + "\n", encoding="utf-8")
    return path


def plan_value(page) -> str:
    """The number that the plan home shows for the PMQA and ITA indicator, with its unit."""
    page.goto("/indicators/pmqa_ita_advanced/")
    return page.locator(".k-figure, .k-value").first.inner_text().split()[0]


def load(page, path):
    """Give a file to the import page and wait for its preview."""
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(str(path))
    page.locator("main form[enctype] button.btn-primary").first.click()
    page.wait_for_url(re.compile(r"/import/\d+/"))
    page.locator("form[action$='/commit/'] button").wait_for(timeout=30_000)


def settle(page, text: str):
    """Wait until the load says that it has reached a state."""
    page.get_by_text(text, exact=False).first.wait_for(timeout=30_000)


def test_a_number_moves_with_a_file_and_goes_back_with_it(server, visitor, scores):
    one = visitor(server.url, language="en")
    page = one.sign_in("planner")
    before = plan_value(page)
    load(page, scores)
    faults = page.locator("main").inner_text()
    assert "pmqa_totl" in faults and "99999999" in faults and "140" in faults, "each fault names its value"
    assert plan_value(page) == before, "nothing is written before the officer says so"

    page.go_back()
    page.locator("form[action$='/commit/'] button").click()
    settle(page, "What was loaded")
    load_page = page.url
    assert plan_value(page) == "2"
    assert before != "2"

    page.goto("/indicators/pmqa_ita_advanced/why/")
    assert scores.name in page.locator("main").inner_text(), "the number names the file it came from"
    page.goto(load_page)
    page.locator("main a[href*='/row/2/']").first.click()
    page.wait_for_url("**/row/2/")
    assert "480" in page.locator("main").inner_text(), "the file's line is shown as it stands"

    page.goto(load_page)
    page.get_by_role("button", name="Undo this load").click()
    page.locator("form[action$='/undo/'] textarea, form[action$='/undo/'] input[type=text]").first.fill("wrong year")
    page.locator("form[action$='/undo/'] button.btn-danger").click()
    settle(page, "undid it")
    assert plan_value(page) == before
    assert one.faults == []
