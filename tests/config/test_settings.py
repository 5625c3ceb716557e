"""What the environment makes of the settings."""

import json
import os
import subprocess
import sys

import pytest

from khet.config import environment

LOOK = """
import json
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in
    ["ALLOWED_HOSTS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
     "SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "ALLAUTH_TRUSTED_PROXY_COUNT", "SECURE_PROXY_SSL_HEADER",
     "KHET_SETUP_TOKEN", "KHET_SECOND_FACTOR", "PASSWORD_HASHERS"]}))
"""


def settings_with(home, **env):
    variables = {name: value for name, value in os.environ.items() if not name.startswith("KHET_")}
    variables |= {"KHET_HOME": str(home), "DJANGO_SETTINGS_MODULE": "khet.config.settings", **env}
    done = subprocess.run([sys.executable, "-c", LOOK], env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_any_choice_it_is_closed_to_other_machines(tmp_path):
    found = settings_with(tmp_path)
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert found["DEBUG"] is False
    assert found["KHET_SETUP_TOKEN"] is None
    assert found["KHET_SECOND_FACTOR"] is True
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert found["SECURE_PROXY_SSL_HEADER"] is None
    assert "scrypt" in found["PASSWORD_HASHERS"][0].lower()


def test_behind_https_cookies_never_travel_in_the_clear(tmp_path):
    found = settings_with(tmp_path, KHET_HTTPS="1", KHET_HOSTS="khet.office.example")
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://khet.office.example"]
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_only_a_demo_does_without_the_second_factor_unasked(tmp_path):
    (tmp_path / "demo.json").write_text("{}")
    assert settings_with(tmp_path)["KHET_SECOND_FACTOR"] is False


@pytest.mark.parametrize(
    ("url", "host", "name", "user", "password"),
    [
        ("postgresql://khet:s%40fe@db.example:6432/office", "db.example", "office", "khet", "s@fe"),
        ("postgres://khet@/office?host=/run/postgresql", "", "office", "khet", ""),
    ],
)
def test_a_database_address_is_read(url, host, name, user, password, monkeypatch):
    monkeypatch.setenv("KHET_DATABASE_URL", url)
    found = environment.database()
    assert (found["HOST"], found["NAME"], found["USER"], found["PASSWORD"]) == (host, name, user, password)
    assert found["OPTIONS"] == ({"host": "/run/postgresql"} if "?" in url else {})


def test_without_an_address_there_is_a_file_in_the_home(home, monkeypatch):
    monkeypatch.delenv("KHET_DATABASE_URL", raising=False)
    assert environment.database()["NAME"] == home / "khet.sqlite3"


def test_mail_is_sent_only_where_the_office_says_by_whom(monkeypatch):
    monkeypatch.delenv("KHET_EMAIL_URL", raising=False)
    assert "dummy" in environment.mail()["EMAIL_BACKEND"]
    monkeypatch.setenv("KHET_EMAIL_URL", "smtp://me:p%40ss@mail.example:2525?from=khet@office.example")
    found = environment.mail()
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_HOST_PASSWORD"]) == ("mail.example", 2525, "p@ss")
    assert found["EMAIL_USE_TLS"] is True
    assert found["DEFAULT_FROM_EMAIL"] == "khet@office.example"


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("KHET_DATABASE_URL", "mysql://x", environment.database),
        ("KHET_EMAIL_URL", "smtp://mail.example", environment.mail),
        ("KHET_OIDC", "name|client", environment.outside_identity),
    ],
)
def test_a_wrong_choice_is_answered_with_the_right_form(variable, value, read, monkeypatch):
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit, match=variable):
        read()


def test_an_outside_identity_is_offered_and_the_form_may_lead_to_it(monkeypatch):
    monkeypatch.setenv("KHET_OIDC", "ThaID|client|secret|https://id.example/realm")
    providers, origins = environment.outside_identity()
    assert providers["openid_connect"]["APPS"][0]["settings"]["server_url"] == "https://id.example/realm"
    assert origins == ["https://id.example"]
    monkeypatch.delenv("KHET_OIDC")
    assert environment.outside_identity() == ({"openid_connect": {"APPS": []}}, [])


def test_the_button_of_an_outside_identity_stands_on_the_sign_in_page(client, administrator, settings):
    app = {"provider_id": "office", "name": "ThaID", "client_id": "x", "secret": "y",
           "settings": {"server_url": "https://id.example"}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    page = client.get("/account/login/").content.decode()
    assert "ThaID" in page
    assert "/account/3rdparty/" in page or "/account/oidc/" in page
