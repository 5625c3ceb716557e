"""A page rendered from a few lines of template, and a browser that is handed rendered pages: no server runs."""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from django.utils import translation


@pytest.fixture
def thai():
    with translation.override("th"):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def rendered():
    """rendered("{% icon 'x' %}", address="/?page=2", name=value) → the text of the template."""

    def render(source, *, address="/", **context):
        request = RequestFactory().get(address)
        return engines["django"].from_string(source).render(context, request)

    return render


SITE = "http://localhost"  # every request is answered by the test; a name browsers trust without https


@pytest.fixture
def visit(browser):
    """visit("/x/", answer, width=390, theme="dark", scripts=False) → (page, faults).

    answer   path → Django's answer for it, a function of the browser's request that gives one, or None (404)
    faults   fills up with what the console says; our security policy's refusals among it
    """
    made = []

    def open_(address, answer, *, width=1280, theme="light", scripts=True):
        phone = width < 500
        context = browser.new_context(
            viewport={"width": width, "height": 844}, is_mobile=phone, has_touch=phone, base_url=SITE,
            java_script_enabled=scripts, color_scheme=theme, accept_downloads=True,
        )  # fmt: skip
        made.append(context)
        context.set_default_timeout(10_000)
        context.route("**/*", lambda route: _fulfil(route, answer))
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type in ("error", "warning") and faults.append(said.text))
        page.goto(address)
        return page, faults

    yield open_
    for context in made:
        context.close()


def _fulfil(route, answer):
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        file = finders.find(path.removeprefix("/static/"))
        assert file, f"{path} is not built"
        kind = "text/javascript" if file.endswith(".js") else mimetypes.guess_type(file)[0]
        route.fulfill(body=Path(file).read_bytes(), content_type=kind or "application/octet-stream")
    elif (found := answer(path)) is not None:
        if callable(found):
            found = found(route.request)
        headers = {name.lower(): value for name, value in found.items()}
        route.fulfill(status=found.status_code, body=found.content, headers=headers)
    else:
        route.fulfill(status=404, body="", content_type="text/plain")
