"""The director on a phone: red first, one press to the schools behind it, thumbs that hit what they aim at."""

import pytest

pytestmark = pytest.mark.journey
SMALLEST = 24  # pixels each way that WCAG 2.2 AA asks of a target; links in a sentence are exempt


def small_targets(page) -> list[str]:
    """Buttons, fields and lone links that a thumb would miss."""
    return page.evaluate(
        """least => [...document.querySelectorAll("button, .btn, input, select, summary, nav a")]
            .filter(one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}))
            .filter(one => !one.closest(".k-drop, .visually-hidden, .skip-link, .leaflet-container"))
            .map(one => [one, one.getBoundingClientRect()])
            .filter(([one, box]) => box.width && (box.width < least || box.height < least))
            .filter(([one]) => !["checkbox", "radio"].includes(one.type))
            .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)""",
        SMALLEST,
    )


def test_from_a_red_number_to_the_schools(office, visitor):
    one = visitor(office.url, width=390, height=844)
    page = one.sign_in("director")
    home = one.look("/")
    assert home.index("ดูเรื่องเหล่านี้ก่อน") < home.index("พัฒนาระบบบริหารจัดการ"), "what is red stands first"
    assert small_targets(page) == []

    page.locator(".k-urgent a", has_text="ความรุนแรง").tap()
    page.wait_for_url("**/indicators/pupil_harm/**")
    one.look()
    assert small_targets(page) == []
    page.get_by_role("link", name="ทั้งหมด").tap()
    page.wait_for_url("**/schools/**")
    one.look()
    assert page.locator(".table-rank tbody tr").count() == 12
    assert page.locator(".table-rank tbody tr").first.bounding_box()["height"] < 80, "a school keeps a line or two"


def test_the_menu_is_a_sheet_at_the_thumb(office, visitor):
    one = visitor(office.url, width=390, height=844)
    page = one.sign_in("planner")
    one.go("/")
    menu = page.locator("#sidebar")
    assert not menu.is_visible()
    page.locator(".tabbar button").tap()
    menu.wait_for(state="visible")
    assert one.violations() == []
    menu.locator("a[href='/quality/']").tap()
    page.wait_for_url("**/quality/")
    one.look()
    page.locator(".tabbar a[href='/import/']").tap()
    page.wait_for_url("**/import/")
    one.look()
    assert one.faults == []
