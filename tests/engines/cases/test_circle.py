"""A circle: nobody outside sees that it exists."""

import pytest

from khet.core.notices.models import Notice
from khet.core.workflow.machine import MoveNotAllowed
from khet.engines.cases import queries, services
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Named

pytestmark = pytest.mark.django_db


def test_an_administrator_is_no_member(secret_case, administrator, director, promoter):
    for user in (administrator, director, promoter):
        assert not Case.objects.visible_to(user).exists()
        assert queries.counts(user)["open"] == 0


def test_a_director_may_enter_with_a_reason_and_every_member_hears_of_it(secret_case, director, safety_officer):
    with pytest.raises(CaseError, match="what you need"):
        services.enter(secret_case, "x", by=director)
    services.enter(secret_case, "asked by the province", by=director)
    assert Case.objects.visible_to(director).get() == secret_case
    assert Notice.objects.filter(user=safety_officer, words_en__contains="entered").exists()


def test_the_trail_tells_of_a_circle_only_to_who_is_in_it(secret_case, administrator, director, case):
    from khet.core.audit.queries import entries

    numbers = set(entries(administrator).values_list("label", flat=True))
    assert secret_case.number not in numbers and case.number not in numbers
    assert case.number in set(entries(director).values_list("label", flat=True))
    services.enter(secret_case, "asked by the province", by=director)
    assert secret_case.number in set(entries(director).values_list("label", flat=True))


def test_an_administrator_may_not_enter(secret_case, administrator):
    with pytest.raises(CaseError, match="may not enter"):
        services.enter(secret_case, "curious about it", by=administrator)


def test_the_one_complained_of_is_put_out_at_once_and_stays_out(secret_case, school_director, safety_officer, director):
    services.add_party(secret_case, Named("accused", "ผู้อำนวยการ", user=school_director), by=safety_officer)
    assert not Case.objects.visible_to(school_director).exists()
    with pytest.raises(CaseError, match="named by the case"):
        services.add_member(secret_case, school_director, by=safety_officer)
    with pytest.raises(MoveNotAllowed):
        services.move(secret_case, "start", by=school_director)


def test_somebody_stays_in_a_circle(secret_case, school_director, safety_officer):
    services.leave(secret_case, by=school_director)
    with pytest.raises(CaseError, match="Somebody has to stay"):
        services.leave(secret_case, by=safety_officer)


def test_only_who_manages_lets_others_in(secret_case, school_director, promoter, safety_officer):
    with pytest.raises(CaseError):
        services.add_member(secret_case, promoter, by=school_director)
    services.add_member(secret_case, promoter, by=safety_officer)
    assert Case.objects.visible_to(promoter).exists()
