"""Several cases at once: given to somebody, taken a step further; what cannot be done with one stops no other."""

import pytest
from django.urls import reverse

from khet.core.audit.models import AuditEntry
from khet.core.notices.models import Notice
from khet.engines.cases import services
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning
from khet.registers.people.models import Person

pytestmark = pytest.mark.django_db
BULK, INBOX = "/cases/bulk/", "/cases/"


@pytest.fixture
def several(errand, school, teacher):
    pupils = [Person.objects.create(first_name=f"คน{n}", last_name="ที่", name_key=f"คน{n}", org=school) for n in "123"]
    return services.begin_many(errand, [Beginning(org=school, person=one) for one in pupils], by=teacher)


def refs(cases) -> list[str]:
    return [str(case.ref) for case in cases]


def test_the_chosen_are_given_to_a_colleague_who_sees_them(several, client_for, school_director, teacher):
    client = client_for(school_director)
    page = client.get(INBOX).content.decode()
    assert f'<option value="{teacher.pk}">' in page
    client.post(BULK, {"act": "give", "case": refs(several[:2]), "user": teacher.pk})
    assert set(Case.objects.filter(owner=teacher)) == set(several[:2])
    assert Notice.objects.filter(user=teacher, words_en__contains="given to you").count() == 2
    assert AuditEntry.objects.filter(verb="case.assigned", actor=school_director).count() == 2


def test_nobody_but_a_manager_gives_and_only_to_who_is_offered(
    several, client_for, teacher, promoter, stranger, planner
):
    assert "bulk-user" not in client_for(teacher).get(INBOX).content.decode()
    client_for(teacher).post(BULK, {"act": "give", "case": refs(several), "user": promoter.pk})
    for user in (stranger.pk, planner.pk, "", "x"):
        answer = client_for(promoter).post(BULK, {"act": "give", "case": refs(several), "user": user}, follow=True)
        assert "Choose who" in answer.content.decode() or "เลือกผู้ที่จะรับผิดชอบ" in answer.content.decode()
    assert not Case.objects.filter(owner__isnull=False).exists()


def test_the_chosen_take_a_step_that_asks_no_form(several, client_for, teacher):
    client = client_for(teacher)
    page = client.get(INBOX).content.decode()
    assert '<option value="start">' in page and 'value="merge"' not in page
    client.post(BULK, {"act": "move", "case": refs(several[:2]), "move": "start"})
    assert sorted(Case.objects.values_list("state", flat=True)) == ["going", "going", "waiting"]
    assert AuditEntry.objects.filter(verb="case.moved", actor=teacher).count() == 2


def test_a_step_that_needs_a_reason_is_refused_without_one(several, client_for, teacher):
    client = client_for(teacher)
    for case in several:
        services.move(case, "start", by=teacher)
    assert "bulk-reason" in client.get(INBOX).content.decode()
    for reason, states in (("", {"going"}), ("not at home", {"paused"})):
        client.post(BULK, {"act": "move", "case": refs(several), "move": "pause", "reason": reason})
        assert set(Case.objects.values_list("state", flat=True)) == states


def test_cases_that_stand_differently_have_no_step_in_common(several, client_for, teacher):
    services.move(several[0], "start", by=teacher)
    client = client_for(teacher)
    assert "bulk-move" not in client.get(INBOX).content.decode()
    client.post(BULK, {"act": "move", "case": refs(several), "move": "start"})
    assert Case.objects.filter(state="going").get() == several[0]


def test_what_one_does_not_see_is_left_alone(several, client_for, stranger, other_director, secret_case, promoter):
    for user in (stranger, other_director):
        answer = client_for(user).post(BULK, {"act": "take", "case": refs([*several, secret_case])})
        assert answer.status_code in (302, 404)
    client_for(promoter).post(BULK, {"act": "take", "case": refs([*several, secret_case])})
    assert set(Case.objects.filter(owner=promoter)) == set(several)


def test_an_act_that_does_not_exist_is_no_page(several, client_for, teacher):
    assert client_for(teacher).post(reverse("cases:bulk"), {"act": "drop", "case": refs(several)}).status_code == 404
