"""Two records of one pupil become one: their cases go along, and go back."""

import pytest

from khet.core.changes.models import Change
from khet.engines.cases import services
from khet.engines.cases.errors import CaseError
from khet.engines.cases.services.beginning import Beginning
from khet.kit.thai import name_key
from khet.registers.linkage import services as linkage
from khet.registers.linkage.models import Answer, Kind, Pair, Run
from khet.registers.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubled(case, pupil, office, system):
    """The pupil of the case as the second record of a pair."""
    first = Person.objects.create(
        first_name="ทดสอบ", last_name="ทดลอง", name_key=name_key("ทดสอบ", "ทดลอง"), org=pupil.org
    )
    run = Run.objects.create(org=office, kind=Kind.DOUBLES, year=2025, by=system)
    return Pair.objects.create(org=office, kind=Kind.DOUBLES, run=run, person=first, other=pupil, probability=0.9)


def test_a_case_goes_with_the_pupil_and_comes_back(doubled, case, pupil, errand, school, promoter, teacher):
    Change.objects.all().delete()
    linkage.judge(doubled, Answer.SAME, by=promoter)
    case.refresh_from_db()
    assert case.person == doubled.person and case.parties.get(role="child").person == doubled.person
    assert "cases" in set(Change.objects.values_list("subject", flat=True))
    with pytest.raises(CaseError, match="is open for this child already"):
        services.begin(errand, Beginning(org=school, person=doubled.person), by=teacher)
    linkage.reopen(doubled, "two brothers", by=promoter)
    case.refresh_from_db()
    assert case.person == pupil and case.parties.get(role="child").person == pupil
