"""The pages: closed until a reason is given, and nothing for strangers."""

import pytest
from django.urls import reverse

from khet.core.audit.models import AuditEntry
from khet.engines.cases import services
from khet.engines.cases.models import Case

pytestmark = pytest.mark.django_db


def address(case, name="case", *args):
    return reverse(f"cases:{name}", args=[case.ref, *args])


@pytest.fixture
def opened(client_for, teacher, case):
    client = client_for(teacher)
    assert client.post(address(case, "open"), {"reason": "I work on this case"}).status_code == 302
    return client


def test_a_case_asks_for_a_reason_and_each_opening_is_in_the_trail(client_for, teacher, case):
    client = client_for(teacher)
    closed = client.get(address(case)).content.decode()
    assert case.number in closed and "เรื่องเล่า" not in closed
    assert client.post(address(case, "open"), {"reason": "x"}).status_code == 422
    client.post(address(case, "open"), {"reason": "home visit today"})
    assert AuditEntry.objects.get(verb="case.opened").reason == "home visit today"
    assert "เรื่องเล่า" in client.get(address(case)).content.decode()


def test_nothing_of_a_case_is_written_before_it_is_opened(client_for, teacher, case):
    client = client_for(teacher)
    assert client.post(address(case, "note"), {"text": "hello"}).status_code == 404
    assert client.get(address(case, "move", "start")).status_code == 404


@pytest.mark.parametrize("user", ["stranger", "other_director", "planner"])
def test_others_find_nothing(request, user, client_for, case, secret_case):
    client = client_for(request.getfixturevalue(user))
    for one in (case, secret_case):
        assert client.get(address(one)).status_code == 404
        assert client.post(address(one, "open"), {"reason": "curious"}).status_code == 404
    inbox = client.get(reverse("cases:inbox"))
    assert inbox.status_code == 404 or case.number not in inbox.content.decode()


def test_an_inbox_shows_what_the_viewer_sees_and_finds_by_name(client_for, teacher, promoter, case, secret_case):
    shown = client_for(promoter).get(reverse("cases:inbox")).content.decode()
    assert case.number in shown and secret_case.number not in shown
    client = client_for(teacher)
    assert case.number in client.get(reverse("cases:inbox"), {"words": "ทดสอบ"}).content.decode()
    assert case.number in client.get(reverse("cases:inbox"), {"words": "เด็กชายทดสอบ ทดลอง"}).content.decode()
    assert case.number not in client.get(reverse("cases:inbox"), {"words": "ไม่มี"}).content.decode()
    assert client.get(reverse("cases:inbox"), {"mine": "on"}).status_code == 200


def test_a_row_says_what_its_kind_shows_in_lists(client_for, teacher, case):
    row = client_for(teacher).get(reverse("cases:inbox"), headers={"hx-request": "true"}).text
    assert "· <span>แดง</span>" in row


def test_a_whole_case_by_pages_alone(client_for, teacher, school_director, errand, school, pupil):
    client = client_for(teacher)
    assert "งานทั่วไป" in client.get(reverse("cases:choose")).content.decode()
    begin = reverse("cases:begin", args=["errand", school.code])
    assert f"?child={pupil.ref}" in client.get(begin, {"q": "ด.ช.ทดสอบ ทดลอง"}).content.decode()
    made = client.post(f"{begin}?child={pupil.ref}", {"colour": "red", "story": "เรื่องจริง"})
    case = Case.objects.get()
    assert made.status_code == 302
    assert client.get(address(case, "move", "start")).status_code == 200
    client.post(address(case, "move", "start"), {"reason": ""})
    assert client.get(address(case, "contact", "visit")).status_code == 200
    sent = {"seen": "yes", "words": "พบแม่", "on": "1/5/2567", "key": "0b4a3c2e-8a55-4f4e-9a44-7d1f3b2a1c00"}
    assert client.post(address(case, "contact", "visit"), sent).status_code == 302
    assert client.post(address(case, "contact", "visit"), sent, HTTP_ACCEPT="application/json").json() == {"kept": True}
    client.post(address(case, "note"), {"text": "จดไว้"})
    client.post(address(case, "task"), {"text": "โทรหาแม่", "due": "1/12/2570"})
    client.post(address(case, "task_done", case.tasks.get().pk))
    client.post(address(case, "party"), {"role": "guardian", "name": "แม่ทดสอบ", "phone": "0800000000"})
    page = client.get(address(case)).content.decode()
    for words in ("พบแม่", "จดไว้", "โทรหาแม่", "แม่ทดสอบ", "เรื่องจริง"):
        assert words in page
    refused = client.post(address(case, "move", "finish"), {"reason": ""})
    assert refused.status_code == 422 and "กรอก" in refused.content.decode()
    client.post(address(case, "move", "finish"), {"reason": "", "seen": "yes"})
    case.refresh_from_db()
    assert case.state == "done" and case.contacts.count() == 1


def test_a_letter_is_made_and_noted_and_its_name_holds_no_person(opened, case):
    for form in ("pdf", "docx"):
        letter = opened.get(address(case, "letter", "notice", form))
        assert letter.status_code == 200 and case.number in letter["Content-Disposition"]
        assert "ทดสอบ" not in letter["Content-Disposition"]
    assert AuditEntry.objects.filter(verb="case.letter_made").count() == 2
    assert opened.get(address(case, "letter", "unknown", "pdf")).status_code == 404


def test_the_list_as_a_file_names_nobody(client_for, teacher, case):
    file = client_for(teacher).post(reverse("cases:export"))
    assert case.number in file.content.decode() and "ทดสอบ" not in file.content.decode()


def test_several_are_taken_over_at_once(client_for, teacher, case):
    client_for(teacher).post(reverse("cases:bulk"), {"case": [str(case.ref)], "act": "take"})
    case.refresh_from_db()
    assert case.owner == teacher


def test_the_inbox_asks_few_questions_however_long_it_is(
    client_for, teacher, case, errand, school, django_assert_max_num_queries
):
    from khet.engines.cases.services.beginning import Beginning
    from khet.registers.people.models import Person

    pupils = [
        Person.objects.create(first_name=f"คน{n}", last_name="ที่", name_key=f"คน{n}", org=school) for n in range(20)
    ]
    services.begin_many(errand, [Beginning(org=school, person=one) for one in pupils], by=teacher)
    client = client_for(teacher)
    client.get(reverse("cases:inbox"))
    with django_assert_max_num_queries(25):
        client.get(reverse("cases:inbox"))


def test_an_enter_page_tells_nothing_of_what_one_may_not_enter(client_for, director, secret_case, case):
    client = client_for(director)
    wrong = client.post(reverse("cases:enter"), {"number": "WHI-0-2568-99999", "reason": "needed now"})
    place = client.post(reverse("cases:enter"), {"number": case.number, "reason": "needed now"})
    assert wrong.status_code == place.status_code == 422
    entered = client.post(reverse("cases:enter"), {"number": secret_case.number, "reason": "needed now"})
    assert entered.status_code == 302
    assert client.get(address(secret_case)).status_code == 200


def test_a_list_of_cases_reads_the_words_of_no_edition(teacher, case, django_assert_max_num_queries):
    """An edition holds a workflow and every form: read with each case they would be most of the work of a list."""
    from khet.engines.cases.queries import cases

    assert case.stands  # its edition is known to this process
    with django_assert_max_num_queries(5) as asked:
        assert [str(one.stands.title) for one in cases(teacher)] == ["Waiting"]
    assert not [one["sql"] for one in asked.captured_queries if "editioncontent" in one["sql"]]
