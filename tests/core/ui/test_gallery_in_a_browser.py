"""The gallery in a real browser: accessible, within the security policy, at home on a phone and without scripts.

No server runs: pages are rendered here and handed to the browser under the headers Khet sends.
"""

from pathlib import Path

import pytest
from django.utils import translation

from khet.core.ui import navigation
from khet.core.ui.navigation import Item

pytestmark = pytest.mark.journey
PAGES = ["/_gallery/", "/_gallery/plan/", "/account/2fa/", "/account/password/change/"]
AXE = Path(__file__).parents[3] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
AXE_RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})
    .then(found => [found.violations, found.passes.length])"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Markup of the frame's links and buttons that are less than so many pixels wide or high.
TOO_SMALL = """smallest => [...document.querySelectorAll('.topbar, .tabbar, .page-acts')]
    .flatMap(place => [...place.querySelectorAll('a, button, summary')])
    .filter(one => one.offsetParent && Math.min(one.offsetWidth, one.offsetHeight) < smallest)
    .map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def answers(client, administrator, monkeypatch):
    """{(language, address): answer} of every page the browser may ask for, under a navigation of two entries."""
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_search", [navigation.Search("ui:gallery", "Find")])
    navigation.register(Item("plan", "Plan", "target-arrow", "ui:gallery_plan", group="plan", tab=1, key="p"))
    navigation.register(Item("parts", "Parts", "grid-dots", "ui:gallery", tab=2, key="c"))
    client.force_login(administrator)
    made = {}
    for language in ("th", "en"):
        client.post("/-/language/", {"language": language})
        for address in [*PAGES, "/_gallery/map.json"]:
            made[language, address] = client.get(address)
            assert made[language, address].status_code == 200, address
    translation.deactivate()
    return made


@pytest.fixture
def open_page(answers, visit):
    """open_page("/_gallery/", width=390, …) → (page, faults); faults fill up with what the console says."""

    def open_(address, *, language="th", **window):
        made = {path: answer for (spoken, path), answer in answers.items() if spoken == language}
        return visit(address, made.get, **window)

    return open_


def drawn(page):
    """Wait until every chart and map of the page stands."""
    for chart in page.locator("[data-chart]").all():
        chart.locator("canvas").first.wait_for()
    page.locator("[data-map] path").first.wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(open_page, width, theme):
    for address in PAGES:
        page, faults = open_page(address, width=width, theme=theme)
        if address == PAGES[0]:
            drawn(page)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        violations, passes = page.evaluate(AXE_RUN, RULES)
        assert passes, address
        assert [f"{rule['id']}: {node['target']}" for rule in violations for node in rule["nodes"]] == [], address
        assert faults == [], address
        page.context.close()


@pytest.mark.parametrize("language", ["th", "en"])
def test_nothing_is_wider_than_the_screen(open_page, language):
    for width in (1280, 768, 390, 320):
        for address in PAGES[:2]:
            page, _faults = open_page(address, width=width, language=language)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            page.context.close()


def test_charts_and_their_tooltips_keep_to_the_policy(open_page):
    page, faults = open_page("/_gallery/")
    drawn(page)
    for chart in page.locator("[data-chart]").all():
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        for share in (0.3, 0.5, 0.7):
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
            page.wait_for_timeout(60)
    assert faults == []


def test_a_chart_is_saved_as_a_picture(open_page):
    page, _faults = open_page("/_gallery/")
    drawn(page)
    with page.expect_download() as download:
        page.locator("[data-chart-png]").first.click()
    assert download.value.suggested_filename == "sample-line.png"
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_colours_change_at_once_and_the_choice_is_kept(open_page):
    page, faults = open_page("/_gallery/plan/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator(".topbar [data-theme-choice]").locator("xpath=..").locator("summary").click()
    page.locator(".topbar button[value=dark]").click()
    assert page.evaluate(ground) != light
    assert "khet_theme=dark" in page.evaluate("document.cookie")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert faults == []


def test_the_keyboard_opens_closes_and_returns(open_page):
    page, _faults = open_page("/_gallery/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    summary = page.locator(".topbar .menu > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".topbar .menu[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".menu[open]").count() == 0
    assert summary.evaluate("element => element === document.activeElement")


def test_letters_lead_to_the_search_field_and_to_pages(open_page):
    page, _faults = open_page("/_gallery/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("gp")
    assert page.locator("[data-search-field]").input_value() == "gp"
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/_gallery/plan/")


def test_on_a_phone_the_navigation_is_a_sheet_that_closes(open_page):
    page, _faults = open_page("/_gallery/", width=390)
    assert page.locator("#sidebar").is_hidden()
    page.locator(".tabbar button").click()
    assert page.locator("#sidebar a", has_text="Plan").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#sidebar").is_hidden()


def test_a_menu_closes_on_a_press_elsewhere(open_page):
    page, _faults = open_page("/_gallery/")
    page.locator(".topbar .menu > summary").first.click()
    page.locator("h1").click()
    assert page.locator(".menu[open]").count() == 0


def test_a_dialog_opens_and_closes(open_page):
    page, _faults = open_page("/_gallery/")
    page.locator("[data-dialog=sample-dialog]").click()
    assert page.locator("#sample-dialog").is_visible()
    page.locator("#sample-dialog [data-close]").click()
    assert page.locator("#sample-dialog").is_hidden()


def test_a_question_is_asked_before_an_act_and_cancelled_with_or_without_scripts(open_page):
    for scripts in (True, False):
        page, _faults = open_page("/_gallery/", scripts=scripts)
        question = page.locator(".k-dialog[popover]")
        assert question.is_hidden()
        page.locator("button[popovertarget^=confirm]").first.click()
        assert question.is_visible()
        question.locator("button[type=button]").click()
        assert question.is_hidden()
        page.context.close()


def test_files_dropped_are_listed_with_their_sizes(open_page):
    page, _faults = open_page("/_gallery/")
    page.locator(".k-drop input[type=file]").set_input_files(
        {"name": "pupils.csv", "mimeType": "text/csv", "buffer": b"x" * 12_000}
    )
    assert page.locator(".k-drop-files li").inner_text().split() == ["pupils.csv", "12", "kB"]
    assert page.locator("[data-too-large]").is_hidden()


def test_a_file_over_the_limit_is_told_before_it_is_sent(open_page):
    page, _faults = open_page("/_gallery/")
    page.locator(".k-drop").evaluate("zone => zone.dataset.limit = 10")
    page.locator(".k-drop input[type=file]").set_input_files(
        {"name": "pupils.csv", "mimeType": "text/csv", "buffer": b"x" * 12_000}
    )
    assert page.locator("[data-too-large]").is_visible()


def test_without_scripts_everything_can_be_read(open_page):
    page, _faults = open_page("/_gallery/", scripts=False)
    assert page.locator("h1").is_visible()
    assert page.locator("[data-chart]").first.is_hidden()
    page.locator("figure details.k-more summary").first.click()
    assert page.locator("figure table").first.is_visible()
    assert page.locator("[data-chart-png]").first.is_hidden()
    assert page.locator(".k-drop input[type=file]").is_visible()


def test_targets_on_a_phone_are_large_enough(open_page):
    page, _faults = open_page("/_gallery/plan/", width=390)
    assert page.evaluate(TOO_SMALL, 44) == []
