"""Referral to another place, with acceptance."""

import pytest

from khet.engines.cases import queries, services
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case, Referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(someone, stranger_office):
    return someone("promoter", stranger_office, "promoter_there")


def test_the_case_moves_only_when_the_other_office_accepts(case, promoter, there, stranger_office):
    referral = services.refer(case, to=stranger_office, aim="transfer", reason="moved there", by=promoter)
    assert [one.pk for one in queries.referrals_here(there)] == [referral.pk]
    case.refresh_from_db()
    assert case.org != stranger_office
    services.accept(referral, by=there)
    case.refresh_from_db()
    assert (case.org, case.office, case.owner) == (stranger_office, stranger_office, None)
    assert Case.objects.visible_to(there).get() == case


def test_a_refusal_needs_a_reason_and_leaves_the_case_where_it_was(case, promoter, there, stranger_office):
    referral = services.refer(case, to=stranger_office, aim="transfer", reason="moved there", by=promoter)
    with pytest.raises(CaseError, match="why"):
        services.decline(referral, by=there, words=" ")
    services.decline(referral, by=there, words="the family is not here")
    referral.refresh_from_db()
    case.refresh_from_db()
    assert referral.state == Referral.State.DECLINED and case.office != stranger_office
    assert not Case.objects.visible_to(there).exists()


def test_it_is_answered_once_and_only_by_the_place_it_went_to(case, promoter, there, teacher, stranger_office):
    referral = services.refer(case, to=stranger_office, reason="help", by=promoter)
    with pytest.raises(CaseError, match="to give"):
        services.accept(referral, by=teacher)
    services.accept(referral, by=there)
    with pytest.raises(CaseError, match="already"):
        services.decline(referral, by=there, words="no after all")


def test_a_case_past_a_school_is_not_referred_back_to_it(whisper, school, safety_officer):
    from khet.engines.cases.services.beginning import Beginning

    case = services.begin(whisper, Beginning(org=school, answers={"actor": "staff"}), by=safety_officer)
    with pytest.raises(CaseError, match="cannot go there"):
        services.refer(case, to=school, reason="look", by=safety_officer)
