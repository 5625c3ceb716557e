"""Language, colours and office: what a viewer chooses holds, and leads nowhere else."""

import pytest
from django.conf import settings
from django.test import RequestFactory

from khet.core.accounts.services import grant_role
from khet.core.ui import place


def test_the_language_chosen_holds_for_the_browser_and_the_account(client, director):
    client.force_login(director)
    client.post("/-/language/", {"language": "en", "next": "/_gallery/"})
    director.refresh_from_db()
    assert director.language == "en"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_an_unknown_language_changes_nothing(client, director):
    client.force_login(director)
    client.post("/-/language/", {"language": "xx"})
    director.refresh_from_db()
    assert director.language == "th"


def test_a_stranger_may_choose_language_and_colours(client, administrator):
    assert client.post("/-/language/", {"language": "en"}).status_code == 302
    client.post("/-/theme/", {"theme": "dark", "next": "/account/login/"})
    assert 'data-bs-theme="dark"' in client.get("/account/login/").text


def test_colours_as_the_device_leave_no_mark(client, administrator):
    client.post("/-/theme/", {"theme": "auto"})
    page = client.get("/account/login/")
    assert page.status_code == 200
    assert "data-bs-theme" not in page.text


@pytest.mark.parametrize("theme", ["", "neon", 'dark"><script>'])
def test_an_unknown_theme_is_not_kept(client, db, theme):
    assert "khet_theme" not in client.post("/-/theme/", {"theme": theme}).cookies


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_choosing_never_leads_to_another_site(client, db, target):
    assert client.post("/-/theme/", {"theme": "dark", "next": target}).url == "/"
    assert "elsewhere" not in client.post("/-/language/", {"language": "en", "next": target}).url


def test_choices_are_made_by_post_only(client, db):
    assert client.get("/-/theme/?theme=dark").status_code == 405
    assert client.get("/-/language/?language=en").status_code == 405


def asked(user, session=None):
    request = RequestFactory().get("/")
    request.user, request.session = user, session if session is not None else {}
    return request


def test_a_school_looks_at_the_office_above_it(someone, school, office, stranger_office):
    assert place.current_office(asked(someone("teacher", school))) == office


def test_who_serves_two_offices_starts_at_the_own_one_and_may_change(someone, office, stranger_office, system):
    user = someone("viewer", stranger_office)
    grant_role(user, "viewer", office, by=system)
    request = asked(user)
    assert set(place.offices(request)) == {office, stranger_office}
    assert place.current_office(request) == stranger_office
    assert place.choose_office(request, office.code)
    assert place.current_office(request) == office


def test_an_office_without_a_role_cannot_be_chosen(client, director, stranger_office):
    client.force_login(director)
    assert client.post("/-/office/", {"office": stranger_office.code}).status_code == 404


def test_the_ministry_may_look_at_every_office(someone, ministry, office, stranger_office):
    user = someone("viewer", ministry)
    assert set(place.offices(asked(user))) == {office, stranger_office}
