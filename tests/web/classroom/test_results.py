"""Results of a questionnaire in the bands of the table and the informant each names."""

import pytest
from django.urls import reverse
from django.utils import timezone

from khet.engines.cases import services as cases
from khet.engines.cases.services.noting import Contacted
from khet.web.classroom import results, services
from khet.web.classroom.queries import rows

SCORES = {"emotional": 4, "conduct": 4, "hyperactivity": 4, "peer": 3, "prosocial": 3}


@pytest.fixture
def case(teacher, room, setup):
    made = services.begin_for(rows(teacher, room, timezone.localdate()), setup, room, by=teacher)
    return next(one for one in made if one.person.first_name == "กานดา")


def enter(case, by, informant, criteria, **scores):
    today = timezone.localdate()
    said = SCORES | scores | {"informant": informant, "criteria": criteria, "sdq_on": today.isoformat()}
    return cases.record_contact(case, Contacted("sdq", today, said), by=by)


def bands(case, setup):
    return [
        {read.scale: read.band.code for read in one.read} for one in results.of_case(case, setup.results)
    ]  # fmt: skip


def test_the_same_scores_fall_by_who_answered(case, teacher, setup):
    enter(case, teacher, "student", "sdq_thai_2546")
    enter(case, teacher, "teacher", "sdq_thai_2546")
    by_teacher, by_pupil = bands(case, setup)
    assert (by_teacher["emotional"], by_pupil["emotional"]) == ("risk", "normal")
    assert by_pupil["prosocial"] == "no_strength"


def test_a_result_without_a_known_table_keeps_its_scores_unbanded(case, teacher, setup):
    enter(case, teacher, "parent", "unknown")
    (one,) = results.of_case(case, setup.results)
    assert one.table is None and one.read == [] and ("Emotional", 4) in one.scores


def test_another_table_bands_otherwise_and_says_which(case, teacher, setup, client_for):
    enter(case, teacher, "parent", "sdq_uk_three")
    (one,) = bands(case, setup)
    assert one["total"] == "risk"
    client = client_for(teacher)
    client.post(reverse("cases:open", args=[case.ref]), {"reason": "ดูผลของนักเรียน"})
    body = client.get(reverse("classroom:results", args=[case.ref])).content.decode()
    assert "United Kingdom" in body and "At risk" in body


def test_a_result_taken_back_is_gone(case, teacher, setup):
    cases.withdraw_contact(enter(case, teacher, "parent", "sdq_thai_2546"), by=teacher)
    assert results.of_case(case, setup.results) == []


def test_closed_to_who_has_not_opened_the_case_and_to_others(case, teacher, other_teacher, director, client_for):
    address = reverse("classroom:results", args=[case.ref])
    for one in (teacher, other_teacher, director):
        assert client_for(one).get(address).status_code == 404
