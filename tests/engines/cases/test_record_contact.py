"""Contacts: what a phone without a line sends twice is kept once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from khet.engines.cases import services
from khet.engines.cases.errors import CaseError
from khet.engines.cases.services.noting import Contacted

pytestmark = pytest.mark.django_db


def test_the_same_key_is_the_same_contact(case, teacher):
    contact = Contacted("visit", timezone.localdate(), {"seen": True, "words": "ค"}, key=uuid.uuid4())
    first, second = (services.record_contact(case, contact, by=teacher) for _n in range(2))
    assert first == second and case.contacts.count() == 1
    assert first.secret == {"words": "ค"} and first.answers == {"seen": True}


@pytest.mark.parametrize("place", [(91.0, 100.0), (19.0, -181.0), (float("nan"), 100.0), (19.0, float("inf"))])
def test_a_place_that_is_none_is_not_kept_and_the_visit_is(case, teacher, place):
    made = services.record_contact(
        case, Contacted("visit", timezone.localdate(), {"seen": True}, place=place), by=teacher
    )
    assert made.place == {} and made.answers == {"seen": True}


def test_a_place_is_rounded_to_a_hundred_metres(case, teacher):
    made = services.record_contact(
        case, Contacted("visit", timezone.localdate(), {"seen": True}, place=(19.166312, 99.901277)), by=teacher
    )
    assert made.place == {"lat": 19.166, "lon": 99.901}


def test_a_day_to_come_is_refused(case, teacher):
    with pytest.raises(CaseError, match="future"):
        services.record_contact(
            case, Contacted("visit", timezone.localdate() + timedelta(days=1), {"seen": True}), by=teacher
        )


def test_an_entry_of_another_case_does_not_pass_for_one_of_this(case, secret_case, teacher, safety_officer):
    key = uuid.uuid4()
    services.record_contact(case, Contacted("visit", timezone.localdate(), {"seen": True}, key=key), by=teacher)
    with pytest.raises(CaseError, match="another case"):
        services.record_contact(
            secret_case, Contacted("visit", timezone.localdate(), {"seen": True}, key=key), by=safety_officer
        )
