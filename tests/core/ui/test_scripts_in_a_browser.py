"""Our scripts in a real browser, on a page of their own: requests, refusals, saving as you go, sending files."""

import pytest
from django.conf import settings
from django.http import HttpResponse

pytestmark = pytest.mark.journey


@pytest.fixture
def policy():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


@pytest.fixture
def page_of(rendered, visit, policy, english):
    """page_of("<p>…</p>", {"/x/": answer}) → (page, faults): the content inside the base page."""

    def make(content, answers):
        source = (
            "{% extends 'base.html' %}{% block title %}T{% endblock %}{% block content %}" + content + "{% endblock %}"
        )
        base = HttpResponse(rendered(source), headers={"Content-Security-Policy": policy})
        return visit("/", {"/": base, **answers}.get)

    return make


def test_a_fragment_replaces_its_place_and_the_token_travels_with_a_post(page_of):
    seen = []

    def answer(request):
        seen.append((request.method, request.headers.get("x-csrftoken"), request.headers.get("hx-request")))
        return HttpResponse("<p id='new'>new</p>")

    page, faults = page_of(
        '<button id="go" hx-post="/act/" hx-target="#spot">go</button><div id="spot"></div>', {"/act/": answer}
    )
    page.locator("#go").click()
    page.locator("#new").wait_for()
    token = page.locator('meta[name="csrf-token"]').get_attribute("content")
    assert seen == [("POST", token, "true")]
    assert len(token) > 30
    assert faults == []


@pytest.mark.parametrize("status", [409, 422])
def test_a_refused_form_shows_why(page_of, status):
    refused = HttpResponse("<p id='why'>not now</p>", status=status)
    page, _faults = page_of('<button id="go" hx-post="/act/" hx-target="this">go</button>', {"/act/": refused})
    page.locator("#go").click()
    assert page.locator("#why").inner_text() == "not now"


@pytest.mark.parametrize(("status", "words"), [(500, "could not do this"), (404, "no longer exists")])
def test_a_failed_request_leaves_the_page_and_says_what_happened(page_of, status, words):
    failed = HttpResponse("<h1>trace</h1>", status=status)
    page, _faults = page_of('<button id="go" hx-post="/act/">go</button>', {"/act/": failed})
    page.locator("#go").click()
    page.locator("#request-fault").wait_for(state="visible")
    assert words in page.locator("#request-fault").inner_text()
    assert page.locator("#go").inner_text() == "go"


def test_no_connection_is_said_in_words(page_of):
    page, _faults = page_of('<button id="go" hx-get="/act/">go</button>', {})
    page.context.set_offline(True)
    page.route("**/act/", lambda route: route.abort("internetdisconnected"))
    page.locator("#go").click()
    page.locator("#request-fault").wait_for(state="visible")
    assert "No connection" in page.locator("#request-fault").inner_text()


def test_code_in_a_fragment_does_not_run(page_of):
    evil = HttpResponse("<p id='new'>x</p><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>")
    page, _faults = page_of(
        '<button id="go" hx-get="/act/" hx-target="#spot">go</button><div id="spot"></div>', {"/act/": evil}
    )
    page.locator("#go").click()
    page.locator("#new").wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None


def test_a_form_saves_as_you_go_and_says_so(page_of):
    sent = []

    def answer(request):
        sent.append(request.post_data)
        return HttpResponse(status=500 if len(sent) == 1 else 204)

    form = (
        '<form data-autosave hx-post="/save/" hx-swap="none"><input name="note" aria-label="n">'
        "{% include '_saving.html' %}</form>"
    )
    page, _faults = page_of(form, {"/save/": answer})
    line = page.locator(".k-saving")
    page.locator("[name=note]").fill("a")
    assert line.inner_text() == "Not saved yet"
    page.locator(".k-saving.is-failed").wait_for()
    assert "Could not be saved" in line.inner_text()
    page.locator("[name=note]").fill("ab")
    page.wait_for_timeout(1500)
    assert line.inner_text() == "Saved"
    assert sent == ["note=a", "note=ab"]


def test_a_file_is_sent_with_progress_and_the_answer_takes_the_pages_place(page_of):
    def answer(request):
        assert "multipart/form-data" in request.headers["content-type"]
        return HttpResponse('<title>Done</title><main id="main" tabindex="-1"><h1>Received</h1></main>')

    form = (
        '<form method="post" action="/send/" enctype="multipart/form-data"><div class="k-drop">'
        '<input type="file" name="file" aria-label="f"><ul class="k-drop-files"></ul>'
        '<progress max="1" value="0" hidden></progress></div><button>send</button></form>'
    )
    page, faults = page_of(form, {"/send/": answer})
    page.locator("[name=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"x" * 400_000})
    page.locator("form button", has_text="send").click()
    page.locator("h1", has_text="Received").wait_for()
    assert page.url.endswith("/send/")
    assert page.title() == "Done"
    assert page.evaluate("document.activeElement.id") == "main"
    assert faults == []


def test_a_filter_sends_itself_when_a_choice_changes(page_of):
    form = (
        '<form data-send-on-change method="get"><select name="grade" aria-label="g"><option>a<option>b</select></form>'
    )
    page, _faults = page_of(form, {})
    page.locator("select").select_option("b")
    page.wait_for_url("**/?grade=b")
