"""Every page an officer meets: no bar to anybody (axe, WCAG 2.2 AA) and no sideways scrolling, on a desk and on a
phone, in Thai and in English, light and dark.
"""

import pytest

pytestmark = pytest.mark.journey

# role → pages beside those its menu leads to
PAGES = {
    "director": [
        "/strategies/4/", "/indicators/pupil_harm/", "/indicators/pupil_harm/schools/", "/indicators/pupil_harm/why/",
        "/indicators/out_of_school/list/", "/schools/99010004/", "/me/", "/account/2fa/", "/account/password/change/",
    ],
    "planner": [
        "/import/21/", "/import/21/faults/", "/import/sources/", "/import/sources/dmc_students/", "/plan/upload/",
        "/plan/documents/1/", "/plan/editions/1/", "/plan/editions/1/indicators/", "/plan/editions/1/compare/",
    ],
    "admin": [
        "/users/new/", "/users/3/", "/users/3/edit/", "/users/why/?user=6&permission=plan.read&org=99010000",
        "/orgs/2/", "/orgs/new/", "/audit/?who=planner",
    ],
    "promoter": [
        "/people/?q=%E0%B8%AA", "/indicators/out_of_school/list/", "/indicators/dropout_rate/list/",
        "/cases/?state=waiting", "/cases/begin/", "/cases/begin/return_to_school/99010000/?q=%E0%B8%AA",
        "/linkage/?kind=doubles",
    ],
    "safety": [
        "/patterns/safety/", "/patterns/safety/map/", "/patterns/lessons/", "/cases/enter/",
        "/cases/phone/safety/99010000/", "/cases/begin/safety/99010000/",
    ],
    "teacher": ["/class/"],
    "school": ["/indicators/external_assessment_good/"],
}  # fmt: skip
ON_A_PHONE = {
    "director": ["/", "/strategies/4/", "/indicators/pupil_harm/", "/indicators/pupil_harm/why/", "/schools/"],
    "planner": ["/import/", "/import/21/", "/plan/editions/1/", "/quality/"],
}


@pytest.fixture(params=PAGES)
def role(request):
    return request.param


@pytest.fixture(scope="module")
def seen():
    """Addresses looked at already; what every role meets need not be looked at again, but for its home."""
    return set()


def menu_of(page) -> list[str]:
    hrefs = [link.get_attribute("href") for link in page.locator("#sidebar a").all()]
    return [href for href in hrefs if href.startswith("/")]


def test_in_thai_on_a_desk(office, visitor, role, seen):
    one = visitor(office.url)
    page = one.sign_in(role)
    faults = {}
    for path in dict.fromkeys([*menu_of(page), *PAGES[role]]):
        if path in seen and path != "/":
            continue
        seen.add(path)
        one.go(path)
        found = one.violations()
        if one.too_wide():
            found.append(f"{one.too_wide()} px wider than the window")
        if found:
            faults[path] = found
    assert faults == {}
    assert one.faults == []


@pytest.mark.parametrize("role", ON_A_PHONE)
def test_on_a_phone_in_the_dark_in_english(office, visitor, role):
    one = visitor(office.url, width=390, height=844, language="en", dark=True)
    page = one.sign_in(role)
    for path in ON_A_PHONE[role]:
        one.look(path)
        assert page.locator("html").get_attribute("lang") == "en"
    assert one.faults == []


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/", "/there-is-no-such-page/"])
def test_for_who_is_not_signed_in(office, visitor, path):
    one = visitor(office.url)
    one.page.goto(path)
    assert one.too_wide() == 0
    assert one.violations() == []


def test_a_page_that_is_not_there_says_so_and_leads_on(office, visitor):
    one = visitor(office.url)
    page = one.sign_in("director")
    assert page.goto("/schools/12345678/").status == 404
    assert "ไม่พบหน้านี้" in one.look()
    page.locator("main a.btn-primary").click()
    page.wait_for_url(f"{office.url}/")


def test_a_list_that_is_opened_for_a_reason(office, visitor):
    """What names pupils is behind a question; the page behind it bars nobody either."""
    one = visitor(office.url, width=390, height=844)
    page = one.sign_in("promoter")
    one.look("/fell-behind/")
    page.locator("main tbody a.k-link").first.click()
    page.locator("main input[name=reason]").fill("ตรวจดูหน้านี้")
    page.locator("main form:has(input[name=reason]) button.btn-primary").click()
    page.wait_for_selector("main input[name=reason]", state="detached")
    one.look()
    assert one.faults == []
