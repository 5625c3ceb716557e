"""What a browser would never send is refused, and nothing of it is stored."""

import json
import time

import pytest
from django.urls import reverse

from khet.core.ui import limits as clock
from khet.engines.surveys import limits, queries
from khet.engines.surveys.freetext import redact
from khet.engines.surveys.models import Round
from khet.engines.surveys.services import rounds, sheets
from tests.engines.surveys.conftest import GOOD
from tests.engines.surveys.plain import fields, walk


@pytest.fixture
def url(running):
    return reverse("answer:form", args=[running.token])


@pytest.fixture
def sheet(client, url):
    return fields(client.get(url))[0]["sheet"][0]


def send(client, url, sheet, answers, **more):
    """A post as the script makes it."""
    return client.post(url, {"sheet": sheet, "act": "send", "answers": json.dumps(answers), **more})


def stored(round) -> list:
    return queries.ballots([Round.objects.get(pk=round.pk)])


def test_the_whole_in_one_piece_is_taken_as_the_script_sends_it(client, url, sheet, running):
    assert send(client, url, sheet, GOOD).status_code == 302
    assert stored(running)[0].answers["overall"] == "4"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"overall": "6"}, "เลือกคำตอบที่ให้ไว้"),
        ({"overall": ["5", "4"]}, "เลือกคำตอบที่ให้ไว้"),
        ({"overall": {"$gt": ""}}, "เลือกคำตอบที่ให้ไว้"),
        ({"overall": None}, "โปรดตอบข้อนี้"),
        ({"who": "director"}, "เลือกคำตอบที่ให้ไว้"),
        ({"admin": "1"}, "ไม่มีข้อ"),
        ({"better": "ก" * 5000}, "ไม่เกิน 4000"),
        ({"better": ["ก", "ข"]}, "พิมพ์เป็นข้อความ"),
    ],
)
def test_an_answer_the_form_does_not_offer_is_refused_and_told(client, url, sheet, running, changed, said):
    answer = send(client, url, sheet, GOOD | changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert stored(running) == []


def test_an_answer_to_a_question_that_is_not_asked_is_left_out(client, url, sheet, running):
    assert send(client, url, sheet, GOOD | {"signs": "1", "who_other": "ผู้ใหญ่บ้าน"}).status_code == 302
    assert {"signs", "who_other"}.isdisjoint(stored(running)[0].answers)


def test_a_required_question_of_a_page_that_was_skipped_is_asked_for(client, url, sheet, running):
    """Going straight to the end by a forged page number."""
    answer = client.post(
        url, {"sheet": sheet, "act": "send", "page": "4", "seen": "met_need overall better", "a-overall": "5"}
    )
    assert answer.status_code == 422
    assert answer.context["page"].number == 0
    assert stored(running) == []


@pytest.mark.parametrize("forged", ["", "x", "a.n.b", "a.n.b:1:c"])
def test_a_sheet_we_did_not_sign_brings_nothing(client, url, running, forged):
    assert send(client, url, forged, GOOD).status_code == 409
    assert stored(running) == []


def test_a_sheet_of_another_round_brings_nothing(client, url, opened, running):
    other = opened()
    signed = sheets.hand(other).signed(other)
    assert send(client, url, signed, GOOD).status_code == 409
    assert stored(running) == []


def test_a_page_sent_twice_counts_once(client, url, sheet, running):
    for _ in range(2):
        assert send(client, url, sheet, GOOD).status_code == 302
    assert len(stored(running)) == 1
    assert Round.objects.get(pk=running.pk).answered == 1


def test_what_fills_the_trap_is_thanked_and_not_counted(client, url, sheet, running):
    assert send(client, url, sheet, GOOD, website="https://example.org").status_code == 302
    assert stored(running) == []


def test_who_sends_before_reading_is_asked_to_look_again(client, url, sheet, running, monkeypatch):
    monkeypatch.setattr(sheets, "TOO_FAST", 60)
    assert send(client, url, sheet, GOOD).status_code == 422
    assert stored(running) == []


@pytest.mark.parametrize("written", ["[1, 2]", "5", "{", "null", '{"who":' * 3000])
def test_what_is_no_form_is_not_found(client, url, sheet, running, written):
    assert client.post(url, {"sheet": sheet, "act": "send", "answers": written}).status_code == 404
    assert stored(running) == []


def test_too_many_answers_from_one_address_wait(client, url, running, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "answer", 2)
    codes = [client.post(url, {"sheet": "x", "act": "send"}).status_code for _ in range(4)]
    assert codes == [409, 409, 429, 429]


def test_guessing_codes_is_slowed_down(client, opened, planner, monkeypatch):
    round = opened(access="codes")
    monkeypatch.setitem(limits.LIMITS, "code", 3)
    url = reverse("answer:sheet", args=[round.token])
    codes = [client.post(url, {"code": "AAAA-AAAA"}).status_code for _ in range(5)]
    assert codes == [422, 422, 422, 429, 429]


@pytest.mark.parametrize("days", [(3, 9), (-9, -3)])
def test_before_and_after_its_days_nothing_is_taken(client, opened, days):
    round = opened(days=days)
    url = reverse("answer:form", args=[round.token])
    assert "survey-form" not in client.get(url).content.decode()
    send(client, url, sheets.hand(round).signed(round), GOOD)
    assert stored(round) == []


def test_an_unknown_or_discarded_survey_is_not_there(client, running, planner, url):
    assert client.get("/s/nothing-here/").status_code == 404
    rounds.discard(running, by=planner, reason="ทดลอง")
    assert client.get(url).status_code == 404


def test_skip_logic_holds_on_the_plain_pages_too(client, url, running):
    assert walk(client, url, GOOD | {"channel": "visit", "signs": "2", "comfort": "3"}).status_code == 302
    assert stored(running)[0].answers["signs"] == "2"


def test_a_question_that_follows_from_an_answer_is_shown_before_the_page_is_left(client, url):
    hidden, _ = fields(client.get(url))
    page = client.post(url, {**hidden, "act": "next", "a-who": "other", "a-channel": "online"})
    assert page.context["joined"] and page.context["page"].number == 0
    assert "a-who_other" in fields(page)[1]
    hidden, _ = fields(page)
    page = client.post(url, {**hidden, "act": "next", "a-who": "other", "a-channel": "online", "a-who_other": ""})
    assert page.context["page"].number == 1


def test_going_back_keeps_what_was_answered(client, url):
    hidden, _ = fields(client.get(url))
    page = client.post(url, {**hidden, "act": "next", "a-who": "parent", "a-channel": "online"})
    hidden, _ = fields(page)
    page = client.post(url, {**hidden, "act": "back", "a-clear_steps": "5"})
    assert page.context["page"].number == 0
    assert "checked" in page.content.decode().split('value="parent"')[1][:20]
    assert fields(page)[0]["a-clear_steps"] == ["5"]


@pytest.mark.parametrize("text", ["a" * 4000, "ก" * 4000, "1 " * 2000, "a.b-" * 1000, "นาย" * 1300, "@" * 4000])
def test_no_text_keeps_the_server_busy(text):
    """Patterns that take out names must not be led into trying for minutes."""
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < 2


def test_an_hour_of_many_answers_is_followed_by_a_fresh_one(client, url, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "page", 1)
    assert [client.get(url).status_code for _ in range(2)] == [200, 429]
    later = time.time() + 3600
    monkeypatch.setattr(clock.time, "time", lambda: later)
    assert client.get(url).status_code == 200
