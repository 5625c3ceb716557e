"""A school's self-assessment report: filled by the year's data, written, proven, returned once, accepted, on paper."""

import io
import re
import zipfile

import pytest

pytestmark = pytest.mark.journey
OVERVIEW = "ปีนี้นักเรียนอ่านคล่องขึ้นทุกชั้น"
STRENGTH = "ครูทุกคนเปิดห้องเรียนให้เพื่อนครูเข้าสังเกต"
CORRECTION = "ขอให้เขียนแผนพัฒนาให้ครบทุกมาตรฐาน"
PLAN = "พัฒนาการอ่านชั้นต้นต่อเนื่องสองปี"
BEST = """
() => {
  for (const field of document.querySelectorAll(".k-crit")) {
    const options = [...field.querySelectorAll('.k-scale-input:not([value="na"])')];
    options.at(-2).checked = true;
  }
}
"""


def done(page):
    page.locator(".alert-success").wait_for()


def section(page, id):
    return page.locator(f"#s-{id}")


def of_numbers(page) -> dict[str, str]:
    """{name of a number: its value} of the section that Khet fills."""
    rows = section(page, "figures").locator("tbody tr")
    return {row.locator("th").inner_text(): row.locator("td").nth(1).inner_text() for row in rows.all()}


def write(page, id, text):
    section(page, id).locator("textarea").fill(text)
    section(page, id).locator("button.btn-primary").click()
    done(page)


def words_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as book:
        return re.sub(r"<[^>]+>", " ", book.read("word/document.xml").decode())


def test_from_the_data_of_the_year_to_an_accepted_report(server, visitor, tmp_path):
    school = visitor(server.url)
    page = school.sign_in("school")
    school.look("/assessments/")
    page.locator("main .k-act", has_text="การประกันคุณภาพภายใน").locator("a").first.click()
    page.wait_for_url(re.compile(r"/assessments/\d+/$"))
    sheet = page.url
    page.locator("a[href$='/report/']").click()
    page.wait_for_url("**/report/")
    report = page.url
    school.look()

    # The sections stand filled by the year's data, each number as its own page has it
    numbers = of_numbers(page)
    assert len(numbers) >= 3, "test results, attendance and leavers of the school"
    code = re.search(r"9901\d{4}", section(page, "school").inner_text())[0]
    page.goto(f"/indicators/absence_rate/?org={code}")
    shown = page.locator(".k-figure, .k-value").first.inner_text()
    [absent] = [value for name, value in numbers.items() if "ขาดเรียน" in name and "เรื้อรัง" not in name]
    assert absent.split("%")[0].strip() in shown, (absent, shown)

    # Written: in the report itself, and part by part beside the criteria
    page.goto(report)
    write(page, "overview", OVERVIEW)
    assert page.url.endswith("#s-overview")
    for part in ("1", "2", "3"):
        page.goto(f"{sheet}?part={part}&layer=self")
        page.evaluate(BEST)
        if part == "3":
            page.locator("textarea[name='n.3.strengths']").fill(STRENGTH)
        page.locator(".k-sheet-plain").click()
        done(page)
    page.goto(report)
    section(page, "results").locator("a[href$='/criteria/1/']").click()
    page.locator("#file").set_input_files(
        files=[{"name": "ภาพกิจกรรมอ่าน.png", "mimeType": "image/png", "buffer": page.screenshot()}]
    )
    page.locator("[aria-labelledby=add-file] button.btn-primary").click()
    done(page)
    school.look()
    page.goto(report)
    told = school.look()
    assert OVERVIEW in section(page, "overview").locator("textarea").input_value()
    assert STRENGTH in told and "ภาพกิจกรรมอ่าน.png" in told
    page.locator("form[action$='/act/send/'] button").click()
    done(page)
    assert page.url == report
    assert section(page, "overview").locator("textarea").count() == 0, "what was handed in stands still"
    school.look()

    # The office reads it and returns it once, with what is to be corrected
    office = visitor(server.url, language="en")
    desk = office.sign_in("supervisor")
    desk.goto(report)
    office.look()
    assert OVERVIEW in section(desk, "overview").inner_text()
    desk.locator("details", has=desk.locator("form[action$='/act/return/']")).locator("summary").click()
    desk.locator("form[action$='/act/return/'] textarea").fill(CORRECTION)
    desk.locator("form[action$='/act/return/'] button").click()
    done(desk)
    page.goto("/assessments/")
    assert "ส่งคืนให้แก้ไข" in page.locator("main").inner_text()
    page.goto(report)
    assert CORRECTION in school.look()
    write(page, "plan", PLAN)
    page.locator("form[action$='/act/send/'] button").click()
    done(page)

    desk.goto(report)
    assert PLAN in section(desk, "plan").inner_text()
    desk.locator("form[action$='/act/finish/'] button.btn-primary").click()
    done(desk)
    desk.locator("form[action$='/act/sign/'] button").click()
    done(desk)
    office.look()

    # On paper, by both ways
    for form, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        with page.expect_download() as waiting:
            page.goto(report)
            page.locator(f"a[href$='/documents/report.{form}']").click()
        made = tmp_path / form
        waiting.value.save_as(made)
        assert made.read_bytes().startswith(begins)
    words = words_of((tmp_path / "docx").read_bytes())
    assert all(text in words for text in (OVERVIEW, STRENGTH, PLAN, "ภาพกิจกรรมอ่าน.png"))
    assert school.faults == [] and office.faults == []
