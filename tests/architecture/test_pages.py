"""Every address and every template: who gets in, what is in it, whether anybody uses it."""

import re
import uuid
from pathlib import Path

import pytest
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import (
    IntConverter,
    PathConverter,
    SlugConverter,
    StringConverter,
    UUIDConverter,
)

from khet.core.accounts.models import User

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "khet"
TEMPLATES = sorted(path for folder in PACKAGE.rglob("templates") for path in folder.rglob("*.html"))

# Addresses that anybody may open, and why.
PUBLIC = {
    "account/login/": "signing in",
    "account/logout/": "signing out",
    "account/inactive/": "says that an account is closed",
    "account/password/reset/": "says who helps",
    "account/password/reset/done/": "closed where no mail is sent",
    "account/password/reset/key/<str:uidb36>-<str:key>/": "closed where no mail is sent",
    "account/password/reset/key/done/": "closed where no mail is sent",
    "account/2fa/authenticate/": "the second step of signing in",
    "account/2fa/webauthn/login/": "signing in with a passkey",
    "account/3rdparty/login/cancelled/": "says that nobody was signed in",
    "account/3rdparty/login/error/": "says that nobody was signed in",
    "-/language/": "language of the pages",
    "-/theme/": "light or dark",
    "me/welcome/<str:who>/<str:token>/": "the one-time link",
    "s/<str:token>/": "the public form of a survey",
    "s/<str:token>/sheet/": "the code of a printed sheet",
    "s/<str:token>/thanks/": "the thanks after an answer",
    "report/": "what anyone may report",
    "report/leave/": "away at once",
    "report/<slug:family>/": "a report without an account",
    "report/<slug:family>/follow/": "what came of a report, for who holds its code",
    "setup/": "the first run",
    "setup/office/": "the first run",
    "setup/administrator/": "the first run",
}
# A person without any role still has these.
FOR_EVERYBODY = ("/notices/", "/account/", "/me/", "/-/", "/setup/", "/report/")
VALUES = {
    IntConverter: "999999", StringConverter: "nothing", SlugConverter: "nothing", PathConverter: "nothing",
    UUIDConverter: str(uuid.UUID(int=0)),
}  # fmt: skip


def addresses(resolver=None, before="") -> list[tuple[str, URLPattern]]:
    """(pattern as written, its view) of every address."""
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += addresses(one, here)
        else:
            found.append((here, one))
    return found


def path_of(pattern: str, url: URLPattern) -> str:
    """An address that fits the pattern, of something that does not exist."""
    if not pattern.startswith("^") and "(?P" not in pattern:
        for parameter, converter in url.pattern.converters.items():
            pattern = re.sub(rf"<(?:\w+:)?{parameter}>", VALUES.get(type(converter), "nothing"), pattern)
        return "/" + re.sub(r"<(?:\w+:)?\w+>", "nothing", pattern)
    plain = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "nothing", pattern)
    return "/" + plain.replace("^", "").replace("$", "").replace("\\", "")


ADDRESSES = addresses()


def is_public(url: URLPattern) -> bool:
    return not getattr(url.callback, "login_required", True)


def of_library_closed_to_strangers(pattern: str) -> bool:
    """Pages of the sign-in library that lead strangers away by themselves."""
    return pattern.startswith(("account/", "^account/"))


def test_public_pages_are_those_of_the_list():
    public = {pattern for pattern, url in ADDRESSES if is_public(url) and not of_library_closed_to_strangers(pattern)}
    assert public == {pattern for pattern in PUBLIC if not of_library_closed_to_strangers(pattern)}


def test_login_is_asked_for_by_default(settings):
    names = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    assert LoginRequiredMiddleware.__name__ in names


@pytest.fixture
def in_use(administrator):
    """An installation in which somebody works, so that the first run is over."""


def test_a_stranger_is_led_to_the_door_or_finds_nothing(in_use):
    assert [fault for pattern, url in ADDRESSES for fault in _open_to_a_stranger(pattern, path_of(pattern, url))] == []


def _open_to_a_stranger(pattern: str, path: str):
    """What is wrong with the answers of an address to who has not signed in."""
    browser = Client(raise_request_exception=True)
    answer = browser.get(path)
    if pattern in PUBLIC:
        if answer.status_code not in (200, 302, 401, 404, 405):
            yield f"{path}: {answer.status_code}"
        return
    if answer.status_code not in (301, 302, 404, 405):
        yield f"{path}: {answer.status_code}"
    if answer.status_code == 302 and not answer.url.startswith("/"):
        yield f"{path}: leads away to {answer.url}"
    if (posted := browser.post(path).status_code) not in (302, 400, 403, 404, 405):
        yield f"{path}, posted: {posted}"


@pytest.fixture
def without_role(office):
    return User.objects.create_user("norole", full_name="ไม่มีบทบาท", org=office)


def test_who_has_no_role_finds_nothing_of_the_office(in_use, without_role, client_for):
    browser, faults = client_for(without_role), []
    for pattern, url in ADDRESSES:
        path = path_of(pattern, url)
        answer = browser.get(path)
        if path.startswith(FOR_EVERYBODY) or path == "/":
            nothing = answer.status_code < 500
        else:
            nothing = answer.status_code in (404, 405) or (answer.status_code == 302 and answer.url == "/")
        faults += [] if nothing else [f"{path}: {answer.status_code}"]
    assert faults == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_holds_no_script_and_no_style(path):
    """Our policy refuses them; a page would look whole on a developer's machine and broken in the office."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "style="
    assert not re.search(r"<style\b", text), "<style>"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an event in an attribute"
    assert "javascript:" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, tag
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//(?!www\.w3\.org)", text), "something from another server"


# Names that nobody in our code writes: the framework and the sign-in library ask for them.
ASKED_FOR_FROM_OUTSIDE = re.compile(r"^(?:allauth/|account/|mfa/|socialaccount/|usersessions/|4\d\d|500|403_csrf)")


def test_every_template_is_used():
    code = "\n".join(path.read_text(encoding="utf-8") for kind in ("*.py", "*.html") for path in PACKAGE.rglob(kind))
    # f"setup/{step}.html": every template of that folder may be meant
    families = re.findall(r"f\"([\w/]*)\{[^}]+\}([\w./]*)\.html\"", code)
    unused = []
    for path in TEMPLATES:
        name = str(path).rpartition("/templates/")[2]
        if ASKED_FOR_FROM_OUTSIDE.match(name) or f'"{name}"' in code or f"'{name}'" in code:
            continue
        if any(name.startswith(begin) and name.endswith(f"{end}.html") for begin, end in families):
            continue
        unused.append(name)
    assert unused == []


def test_every_template_that_is_asked_for_exists():
    from django.template import TemplateDoesNotExist
    from django.template.loader import get_template

    missing = []
    for kind in ("*.py", "*.html"):
        for path in PACKAGE.rglob(kind):
            for name in re.findall(r"[\"']([\w/]+\.html)[\"']", path.read_text(encoding="utf-8")):
                try:
                    get_template(name)
                except TemplateDoesNotExist:
                    missing.append(f"{path.relative_to(ROOT)}: {name}")
    assert missing == []
