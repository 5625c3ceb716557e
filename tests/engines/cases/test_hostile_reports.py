"""The public page in hostile hands: what is not asked is not taken, what is written never runs, no code is guessed."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khet.core.files.models import StoredFile
from khet.engines.cases.models import Case

pytestmark = pytest.mark.django_db
REPORT, FOLLOW = "/report/safety/", "/report/safety/follow/"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(autouse=True)
def an_office_that_is_set_up(office, school, administrator):
    cache.clear()


def told(school, **more):
    return {"_place": school.code, "event": "harm", "hazard": "HV3", "story": "ถูกแกล้ง"} | more


def test_what_the_page_does_not_ask_is_not_taken(client, school, safety_officer):
    more = {"channel": "phone", "level": "S1", "state": "closed", "owner": "1", "passed_by": "1", "org": "1",
            "lesson": "เก็บไว้", "closing_safe": "confirmed"}  # fmt: skip
    upload = SimpleUploadedFile("x.html", b"<html><script>alert(1)</script></html>", content_type="image/jpeg")
    assert client.post(REPORT, told(school, photo=upload, **more)).status_code == 200
    case = Case.objects.get()
    assert (case.state, case.owner, case.passed_by, case.answers["channel"]) == ("received", None, False, "web")
    assert not {"lesson", "closing_safe"} & set(case.known) and not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("_place", "99999999"), ("_place", ""), ("event", "party"), ("hazard", "HV99"), ("story", ""),
     ("story", "ก" * 20_000), ("signs", "nonsense"), ("happened_on", "1/1/2700"), ("happened_on", "<script>")],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_and_said_back_harmlessly(client, school, field, value):
    answer = client.post(REPORT, told(school, **{field: value}))
    assert answer.status_code == 422 and not Case.objects.exists()
    assert "<script>alert" not in answer.content.decode()


def test_what_is_written_never_runs_at_the_officer_s_desk_nor_in_the_outcome(
    client, client_for, school, safety_officer
):
    sent = client.post(REPORT, told(school, story=SCRIPT, reporter_name=SCRIPT))
    code, case = sent.context["code"], Case.objects.get()
    client.post(FOLLOW, {"code": code, "text": SCRIPT})
    desk = client_for(safety_officer)
    desk.post(reverse("cases:open", args=[case.ref]), {"reason": "I work on this case"})
    for page in (desk.get(reverse("cases:case", args=[case.ref])), client.post(FOLLOW, {"code": code})):
        text = page.content.decode()
        assert (
            "&lt;script&gt;alert(1)" in text and "<script>alert(1)" not in text and "onerror=alert" not in _tags(text)
        )
        assert "default-src 'self'" in page["Content-Security-Policy"]
        assert "unsafe" not in page["Content-Security-Policy"]


def _tags(text: str) -> str:
    """What stands in tags: there nothing a reporter wrote may be."""
    return "".join(part.split(">")[0] for part in text.split("<"))


@pytest.mark.parametrize("code", ["", "A", "' OR 1=1 --", "AAAA-AAAA-AAAA", "ก" * 12, "A" * 29, "%00", "../../etc"])
def test_a_code_that_is_none_leads_nowhere(client, school, code):
    client.post(REPORT, told(school))
    answer = client.post(FOLLOW, {"code": code})
    assert answer.status_code == 422 and "ถูกแกล้ง" not in answer.content.decode()


def test_codes_cannot_be_tried_without_end(client, school):
    answers = [client.post(FOLLOW, {"code": "AAAA-AAAA-AAAA"}).status_code for _n in range(121)]
    assert set(answers[:120]) == {422} and answers[120] == 429


def test_the_page_leaves_nothing_on_the_device_and_is_kept_by_no_cache(client, school):
    for answer in (client.get(REPORT), client.post(REPORT, told(school)), client.get("/report/")):
        assert "no-store" in answer["Cache-Control"]
        assert all(not cookie["max-age"] and not cookie["expires"] for cookie in answer.cookies.values())
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
