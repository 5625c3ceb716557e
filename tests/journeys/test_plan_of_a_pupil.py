"""An individual education plan from the screening to the review the guardian was told of."""

import pytest

pytestmark = pytest.mark.journey


def fill(page, **answers):
    """Fill in a form of the catalogue: text, date, a choice of few (radio) or of many (list)."""
    for name, answer in answers.items():
        field = page.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value={answer}]").check()
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(answer)
        else:
            field.fill(answer)


def send(page):
    page.locator("main form[method=post] .btn-primary").last.click()
    page.wait_for_load_state()


def step(one, title, **answers):
    one.page.locator(".k-state").get_by_role("link", name=title, exact=True).click()
    one.page.wait_for_url("**/move/*/")
    one.look()
    fill(one.page, **answers)
    send(one.page)


def test_from_screening_to_review(server, visitor):
    head = visitor(server.url, language="en")
    page = head.sign_in("school")
    head.go("/class/")
    page.locator("main .k-rows a").first.click()
    page.wait_for_url("**/class/*/*/*/")
    school = page.url.split("/class/")[1].split("/")[0]
    child = page.locator("#care tbody th a").first.get_attribute("href").split("/")[-2]
    day = "1/6/2569"

    page.goto(f"/cases/begin/iep/{school}/?child={child}")
    head.look()
    fill(page, guardian_agrees="yes", main_type="learning", screened_on=day, screened_by="ครูทดสอบ", certified="none")
    send(page)
    case = page.url
    head.look()
    step(head, "Begin the plan", can_do="อ่านคำง่าย", needs_help="อ่านประโยค", setting="inclusive")
    step(
        head, "Put before the committee", goal_1="อ่านประโยคได้", goal_1_objectives="อ่าน 5 ประโยค",
        goal_1_criteria="4 ใน 5", goal_1_responsible="ครูทดสอบ",
    )  # fmt: skip
    step(
        head, "Agreed by the committee", met_on=day, member_head="ผอ.ทดสอบ", member_guardian="แม่ทดสอบ",
        member_teacher="ครูทดสอบ", guardian_opinion="agrees", valid_until="31/3/2570",
    )  # fmt: skip
    assert "Plan in force" in head.look()

    step(head, "Begin the review")
    step(
        head, "Reviewed, the plan goes on", reviewed_on=day, goal_1_result="partly", guardian_told="yes",
        certified="certificate",
    )  # fmt: skip
    assert "Tell the guardian" in page.locator("main").inner_text(), "a review nobody was told of does not end"
    page.goto(case)
    page.get_by_role("link", name="Results told to the guardian").first.click()
    fill(page, told_on=day, told_by="meeting")
    send(page)
    step(
        head, "Reviewed, the plan goes on", reviewed_on=day, goal_1_result="partly", guardian_told="yes",
        certified="certificate",
    )  # fmt: skip
    assert "Plan in force" in head.look()

    table = head.look("/overviews/lists/iep/")
    assert "Partly reached" in table and "Doctor's certificate" in table
    promoter = visitor(server.url, language="en")
    promoter.sign_in("promoter")
    assert promoter.page.goto(case).status == 404
    assert promoter.page.goto("/overviews/lists/iep/").status == 404
    refused = [fault for fault in head.faults if "422" not in fault]  # the review that came too early
    assert refused == []
