"""What a visitor is told when something is not there, not open or broken."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from khet.core.ui import views


def test_what_does_not_exist_and_what_is_closed_look_the_same(client, director):
    client.force_login(director)
    missing, closed = client.get("/no-such-page/"), client.get("/_gallery/")
    assert (missing.status_code, closed.status_code) == (404, 404)
    assert missing.text.split("<main")[1] == closed.text.split("<main")[1].replace("/_gallery/", "/no-such-page/")


def test_the_gallery_is_open_to_who_may_change_the_catalogue(client, administrator):
    client.force_login(administrator)
    for address in ("/_gallery/", "/_gallery/plan/", "/_gallery/map.json"):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(("view", "status"), [("bad_request", 400), ("forbidden", 403), ("not_found", 404)])
def test_error_pages_stand_without_a_user(db, view, status, language):
    answer = getattr(views, view)(RequestFactory().get("/"), Exception("secret detail"))
    assert answer.status_code == status
    assert b"secret detail" not in answer.content
    assert b'href="/"' in answer.content


def test_the_page_for_our_own_faults_needs_nothing_that_may_be_broken():
    answer = views.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert render_to_string("500.html") == answer.content.decode()


def test_a_form_that_is_too_old_says_that_nothing_was_saved(thai, db):
    answer = views.csrf_failure(RequestFactory().post("/"))
    assert answer.status_code == 403
    assert "ยังไม่มีการบันทึกข้อมูล" in answer.content.decode()


def test_pages_forbid_inline_scripts_and_styles(client, administrator):
    policy = client.get("/account/login/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
