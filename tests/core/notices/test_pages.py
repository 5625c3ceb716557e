"""The bell and the pages behind it."""

import pytest

from khet.core.notices.models import Channel, Notice
from khet.core.notices.services import notify

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_for, planner):
    return client_for(planner)


def test_the_bell_counts_and_the_list_teaches_when_it_is_empty(browser, planner):
    assert "topbar-count" not in browser.get("/notices/").content.decode()
    notify([planner], topic="cases", words="3 overdue", url="/plan/")
    page = browser.get("/notices/").content.decode()
    assert "3 overdue" in page
    assert '<span class="topbar-count" aria-hidden="true">1</span>' in page


def test_reading_leads_where_it_points(browser, planner):
    notify([planner], topic="cases", words="x", url="/plan/")
    notice = Notice.objects.get()
    answer = browser.post(f"/notices/{notice.pk}/read/")
    assert (answer.status_code, answer["Location"]) == (302, "/plan/")
    notice.refresh_from_db()
    assert notice.read_at


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_reading_never_leads_elsewhere(browser, planner, url):
    notify([planner], topic="cases", words="x", url=url)
    answer = browser.post(f"/notices/{Notice.objects.get().pk}/read/")
    assert answer["Location"] == "/notices/"


def test_a_strangers_notice_is_not_found(browser, director):
    notify([director], topic="cases", words="secret")
    assert "secret" not in browser.get("/notices/").content.decode()
    assert browser.post(f"/notices/{Notice.objects.get().pk}/read/").status_code == 404
    browser.post("/notices/0/read/")
    assert Notice.objects.get().read_at is None


def test_only_ways_that_are_set_up_are_offered(browser, settings):
    settings.KHET_SENDS_MAIL = False
    page = browser.get("/notices/channel/").content.decode()
    assert 'value="none"' in page
    assert 'value="email"' not in page
    assert browser.post("/notices/channel/", {"by": "email", "when": "daily"}).status_code == 422


def test_e_mail_needs_an_address(browser, planner, settings):
    settings.KHET_SENDS_MAIL, planner.email = True, ""
    planner.save()
    assert browser.post("/notices/channel/", {"by": "email", "when": "daily"}).status_code == 422
    planner.email = "planner@office.example"
    planner.save()
    assert browser.post("/notices/channel/", {"by": "email", "when": "at_once"}).status_code == 302
    assert Channel.objects.get(user=planner).when == "at_once"


def test_a_line_id_is_checked_and_kept_encrypted(browser, planner, settings):
    settings.KHET_LINE_TOKEN = "t"
    assert browser.post("/notices/channel/", {"by": "line", "when": "daily", "line_id": "me"}).status_code == 422
    good = "U" + "0123456789abcdef" * 2
    assert browser.post("/notices/channel/", {"by": "line", "when": "daily", "line_id": good}).status_code == 302
    assert Channel.objects.get(user=planner).line_id == good
