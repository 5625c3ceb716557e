"""Reports without an account, followed by a code."""

import pytest
from django.core.cache import cache

from khet.engines.cases import services
from khet.engines.cases.models import Case, Reporter
from khet.engines.cases.services.reporting import Report, case_of_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_office_that_is_set_up(office, administrator):
    cache.clear()  # limits of other tests


def test_a_report_begins_a_case_and_the_code_is_kept_only_as_a_hash(whisper, school):
    case, code = services.report(whisper, Report(school, {"actor": "pupil", "story": "ข"}))
    assert (case.opened_by, case.state) == (None, "waiting")
    assert code not in str(Reporter.objects.values().get())
    assert case_of_code("whisper", code.lower().replace("-", " ")) == case
    assert case_of_code("whisper", "AAAA-AAAA-AAAA") is None and case_of_code("errand", code) is None


def test_the_page_takes_a_report_and_the_code_reads_the_outcome_and_words_go_both_ways(
    whisper, school, client, safety_officer
):
    page = client.get("/report/whisper/")
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    sent = client.post("/report/whisper/", {"_place": school.code, "actor": "pupil", "story": "เรื่อง"})
    assert sent.status_code == 200
    case = Case.objects.get()
    code = sent.context["code"]
    asked = client.post("/report/whisper/follow/", {"code": code})
    assert "It is in hand" in asked.content.decode() or "อยู่ระหว่าง" in asked.content.decode()
    client.post("/report/whisper/follow/", {"code": code, "text": "เพิ่มเติม"})
    services.answer_reporter(case, "ขอบคุณ", by=safety_officer)
    services.move(case, "start", by=safety_officer)
    services.move(case, "finish", by=safety_officer, answers={"seen": True})
    seen = client.post("/report/whisper/follow/", {"code": code}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "taken care of" in seen or "ดูแลแล้ว" in seen
    assert "ขอบคุณ" in seen and "เพิ่มเติม" in seen
    assert str(safety_officer) not in seen


def test_a_wrong_code_and_a_kind_that_takes_no_reports_lead_nowhere(whisper, client):
    assert client.post("/report/whisper/follow/", {"code": "XXXX-XXXX-XXXX"}).status_code == 422
    assert client.get("/report/errand/").status_code == 404


def test_a_machine_that_fills_the_hidden_field_begins_nothing(whisper, school, client):
    client.post("/report/whisper/", {"_place": school.code, "story": "x", "website": "spam"})
    assert not Case.objects.exists()


def test_reports_of_one_address_have_a_limit(whisper, school, client):
    answers = [client.post("/report/whisper/", {"_place": school.code, "story": "x"}).status_code for _n in range(31)]
    assert answers[:30] == [200] * 30 and answers[30] == 429
