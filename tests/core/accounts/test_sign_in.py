"""Signing in, being locked out, leaving the desk, and the secrets behind it."""

import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.urls import reverse

from khet.core.accounts import factors
from khet.core.accounts.middleware import IDLE_COOKIE
from khet.core.accounts.models import User
from khet.core.accounts.services import give_temporary_password, set_active
from khet.core.audit.models import AuditEntry

PASSWORD = "a-long-password"


@pytest.fixture
def sign_in(client):
    def post(user="planner", password=PASSWORD, browser=None, follow=False):
        given = {"login": user, "password": password}
        return (browser or client).post(reverse("account_login"), given, follow=follow)

    return post


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("name", ["planner", "PLANNER", "planner@example.org", "Planner@Example.org"])
def test_name_or_email_and_password_sign_in_and_leave_a_trace(name, planner, client, sign_in):
    assert sign_in(name).status_code == 302
    assert is_in(client)
    assert AuditEntry.objects.filter(verb="user.signed_in", actor=planner).count() == 1
    assert UserSession.objects.filter(user=planner).count() == 1


def test_a_wrong_password_tells_nothing_and_is_noted(planner, client, sign_in):
    wrong, unknown = sign_in(password="wrong"), sign_in("nobody", "wrong")
    assert not is_in(client)
    errors = [response.context["form"].non_field_errors() for response in (wrong, unknown)]
    assert errors[0] == errors[1]
    assert list(AuditEntry.objects.filter(verb="user.sign_in_refused").values_list("object_id", flat=True)) == [
        str(planner.pk)
    ]


def test_after_five_wrong_passwords_the_right_one_waits_too(planner, client, sign_in):
    for _ in range(5):
        sign_in(password="wrong")
    sign_in()
    assert not is_in(client)


def test_a_closed_account_cannot_sign_in_and_is_signed_out_at_once(planner, administrator, client, sign_in):
    sign_in()
    set_active(User.objects.get(pk=planner.pk), False, by=administrator)
    assert client.get(reverse("own:profile")).status_code == 302
    other = Client()
    sign_in(browser=other)
    assert not is_in(other)


def test_a_stranger_opens_no_account(db, client):
    assert client.get("/account/signup/").status_code in (302, 404)
    assert client.post("/account/signup/", {"username": "x", "password1": PASSWORD}).status_code in (302, 404)
    assert not User.objects.people().exists()


@pytest.mark.parametrize("page", ["account/signup/", "account/email/", "account/3rdparty/", "account/password/set/"])
def test_pages_of_the_library_without_use_are_not_there(page, planner, client_for):
    assert client_for(planner).get(f"/{page}").status_code == 404


def test_a_forgotten_password_leads_to_the_administrator_where_no_mail_is_sent(planner, client):
    answer = client.get(reverse("account_reset_password"))
    assert answer.status_code == 200
    assert "form" not in (answer.context or {})


def test_who_left_the_desk_is_signed_out(planner, client, sign_in, settings):
    sign_in()
    assert client.get(reverse("own:profile")).status_code == 200
    settings.KHET_IDLE_MINUTES = 0
    time.sleep(0.01)
    answer = client.get(reverse("own:profile"))
    assert answer.url == "/account/login/?next=/me/"
    assert not is_in(client)
    assert IDLE_COOKIE not in client.cookies or client.cookies[IDLE_COOKIE].value == ""


def test_a_fragment_asked_for_by_an_idle_page_leads_the_whole_page_out(planner, client, sign_in, settings):
    sign_in()
    settings.KHET_IDLE_MINUTES = 0
    answer = client.get(reverse("own:profile"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/account/login/?next=/"


@pytest.mark.parametrize("word", [None, "forged", "1:2:3"])
def test_a_watched_session_must_show_when_it_was_awake(word, planner, client, sign_in):
    sign_in()
    del client.cookies[IDLE_COOKIE]
    if word:
        client.cookies[IDLE_COOKIE] = word
    assert client.get(reverse("own:profile")).status_code == 302
    assert not is_in(client)


def test_the_sign_of_life_of_another_does_not_keep_awake(planner, director, client, sign_in):
    sign_in("director")
    borrowed = client.cookies[IDLE_COOKIE].value
    other = Client()
    sign_in("planner", browser=other)
    other.cookies[IDLE_COOKIE] = borrowed
    assert other.get(reverse("own:profile")).status_code == 302


def test_a_temporary_password_opens_nothing_but_its_change(planner, administrator, client, sign_in):
    words = give_temporary_password(planner, by=administrator)
    sign_in(password=words)
    change = reverse("account_change_password")
    assert client.get(reverse("own:profile")).url == change
    assert client.get(reverse("own:profile"), headers={"HX-Request": "true"}).headers["HX-Redirect"] == change
    assert client.get(change).status_code == 200
    new = {"oldpassword": words, "password1": "ดอกไม้บานยามเช้า9", "password2": "ดอกไม้บานยามเช้า9"}
    client.post(change, new)
    sign_in(password="ดอกไม้บานยามเช้า9")
    assert client.get(reverse("own:profile")).status_code == 200
    assert AuditEntry.objects.filter(verb="user.password_changed").count() == 1


@pytest.mark.parametrize("password", ["short", "1234567890123", "planner@example", "password123", "0812345678"])
def test_weak_passwords_are_refused(password, planner):
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_password(password, planner)


def totp_code(secret) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_with_an_app_set_up_the_password_alone_is_not_enough(planner, client, sign_in):
    secret = generate_totp_secret()
    TOTP.activate(planner, secret)
    assert sign_in().url == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert is_in(client)


def test_a_recovery_code_works_once(planner, client, sign_in):
    TOTP.activate(planner, generate_totp_secret())
    code = RecoveryCodes.activate(planner).get_unused_codes()[0]
    sign_in()
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(client)
    other = Client()
    sign_in(browser=other)
    other.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_in(other)


def test_secrets_of_factors_lie_encrypted_and_rotate(planner):
    secret = generate_totp_secret()
    TOTP.activate(planner, secret)
    codes = RecoveryCodes.activate(planner).generate_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        assert secret not in str(cursor.fetchall())
    lying = Authenticator.objects.get(type="totp").data["secret"]
    assert factors.rotate() == 2
    assert Authenticator.objects.get(type="totp").data["secret"] != lying
    assert get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == secret
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes() == codes


def test_a_new_factor_is_noted(planner, client, sign_in, django_capture_on_commit_callbacks):
    sign_in()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})
    assert Authenticator.objects.filter(user=planner, type="totp").exists()
    assert AuditEntry.objects.filter(verb="user.second_factor_added", actor=planner).exists()


def test_every_page_keeps_itself_to_its_reader(planner, client_for, client):
    page = client_for(planner).get(reverse("own:profile"))
    assert page.headers["Cache-Control"] == "private, no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in page.headers["Permissions-Policy"]


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(planner, client, sign_in, settings):
    sign_in()
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, IDLE_COOKIE):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_the_visit_is_noted_once_in_a_while(planner, client_for):
    client = client_for(planner)
    client.get(reverse("own:profile"))
    first = User.objects.get(pk=planner.pk).seen_at
    client.get(reverse("own:profile"))
    assert User.objects.get(pk=planner.pk).seen_at == first is not None


def test_pages_speak_the_language_of_the_account_unless_the_browser_chose(planner, client_for):
    User.objects.filter(pk=planner.pk).update(language="en")
    client = client_for(planner)
    assert client.get(reverse("own:profile")).headers["Content-Language"] == "en"
    client.cookies["django_language"] = "th"
    assert client.get(reverse("own:profile")).headers["Content-Language"] == "th"
