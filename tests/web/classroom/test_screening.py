"""Screening a whole class: calm by default, the worst domain decides, anew replaces what stood before."""

import pytest
from django.urls import reverse
from django.utils import timezone

from khet.engines.cases.models import Case
from khet.web.classroom import services
from khet.web.classroom.queries import rows

CLASS = ["90010001", "ป.4", "1"]


def answers(enrolment, **changed):
    """What the page sends for a pupil: everything calm but what was changed."""
    domains = ("learning", "attendance", "body", "mind", "money", "protection", "drugs", "safety", "sexual", "games",
               "devices", "gambling")  # fmt: skip
    name = f"p{enrolment.pk}"
    return {f"{name}-in": "1"} | {f"{name}-{one}": changed.get(one, "normal") for one in domains}


@pytest.fixture
def send(client_for, teacher, room):
    def post(*parts, day=None, follow=True):
        data = {"day": (day or timezone.localdate()).isoformat()}
        for part in parts:
            data |= part
        return client_for(teacher).post(reverse("classroom:screening", args=CLASS), data, follow=follow)

    return post


def groups():
    return {case.person.first_name: case.level for case in Case.objects.select_related("person")}


def test_the_page_offers_everybody_as_calm(client_for, teacher, room, pupils):
    body = client_for(teacher).get(reverse("classroom:screening", args=CLASS)).content.decode()
    assert body.count('value="normal" selected') == 12 * 4
    assert body.count("-in") >= 4 and "Normal" in body


def test_the_worst_domain_makes_the_group(send, pupils):
    answer = send(
        answers(pupils[0]), answers(pupils[1], mind="risk", money="problem"), answers(pupils[2], games="risk")
    )
    assert "3 pupils were screened" in answer.content.decode()
    assert groups() == {"กานดา": "normal", "ขวัญ": "problem", "จิต": "risk"}


def test_who_is_not_ticked_is_left_alone(send, pupils):
    send(answers(pupils[0]))
    assert groups() == {"กานดา": "normal"}


def test_a_second_screening_lowers_the_group_too(send, pupils):
    send(answers(pupils[0], learning="problem"))
    send(answers(pupils[0]))
    assert groups() == {"กานดา": "normal"}
    case = Case.objects.get()
    assert (case.state, case.steps.filter(move="screen_again").count()) == ("screened", 1)


def test_what_was_found_lies_encrypted_and_in_no_open_answer(send, pupils):
    send(answers(pupils[0], drugs="problem"))
    case = Case.objects.get()
    assert "drugs" not in case.answers and case.secret["drugs"] == "problem"


def test_a_day_ahead_keeps_nothing(send, pupils):
    answer = send(answers(pupils[0]), day=timezone.localdate() + timezone.timedelta(days=2))
    assert answer.status_code == 422 and not Case.objects.exists()


def test_an_answer_that_does_not_exist_is_said_at_the_pupil(send, pupils):
    answer = send(answers(pupils[0], mind="awful"), follow=False)
    assert answer.status_code == 422 and not Case.objects.exists()


def test_nobody_is_screened_when_one_cannot_be(teacher, room, pupils, setup):
    today = timezone.localdate()
    services.begin_for(rows(teacher, room, today), setup, room, by=teacher)
    found = rows(teacher, room, today)
    from khet.engines.cases import services as cases
    from khet.engines.cases.errors import CaseError

    cases.move(found[1].case, "help", by=teacher, answers={})
    Case.objects.filter(pk=found[1].case.pk).update(state="outside")
    given = {row.person.pk: {"learning": "risk"} for row in rows(teacher, room, today)}
    with pytest.raises(CaseError, match="cannot be screened"):
        services.screen_class(rows(teacher, room, today), setup, room, given, by=teacher)
    assert not Case.objects.filter(state="screened").exists()
