"""A head of school: one school, and nothing of the others by list, address, search or map."""

import re

import pytest

pytestmark = pytest.mark.journey
OFFICE = "99010000"


def test_one_school_and_nothing_of_the_others(office, visitor):
    one = visitor(office.url)
    page = one.sign_in("school")
    home = one.look("/")
    own = page.locator("main h1").inner_text().removeprefix("โรงเรียน")
    assert own in home

    one.look("/schools/")
    codes = re.findall(r"/schools/(\d+)/", page.content())
    assert len(set(codes)) == 1
    [code] = set(codes)
    others = [c for c in ("99010001", "99010002", "99010003") if c != code]
    for other in others:
        assert page.goto(f"/schools/{other}/").status == 404
        assert page.goto(f"/indicators/external_assessment_good/?org={other}").status == 404
    assert page.goto(f"/indicators/external_assessment_good/why/?org={OFFICE}").status in (200, 404)
    assert not any(other in page.content() for other in others)

    one.look(f"/indicators/external_assessment_good/?org={code}")
    assert page.request.get("/users/").status == 404
    assert page.request.get("/audit/").status == 404
    found = page.request.get("/people/?q=ก").text()
    assert len(re.findall(r'data-label="โรงเรียน">([^<]+)', found)) > 0
    assert set(re.findall(r'data-label="โรงเรียน">([^<]+)', found)) == {own}


def test_a_record_opens_for_a_reason_and_the_trail_keeps_it(office, visitor):
    one = visitor(office.url)
    page = one.sign_in("promoter")
    one.look("/indicators/out_of_school/list/")
    page.locator("main tbody a").first.click()
    reason = "ติดตามเด็กที่ไม่พบในทะเบียน"
    page.locator("#reason").fill(reason)
    one.look()
    page.locator("main form button.btn-primary").click()
    page.get_by_text(reason).first.wait_for()
    one.look()

    admin = visitor(office.url)
    admin.sign_in("admin")
    assert reason in admin.look("/audit/")
    school = visitor(office.url)
    assert school.sign_in("school").goto(page.url.replace(office.url, "")).status == 404
