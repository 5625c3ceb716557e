"""Cases that belong together, and those that are one."""

import pytest

from khet.engines.cases import services
from khet.engines.cases.errors import CaseError
from khet.engines.cases.services.beginning import Beginning
from khet.registers.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def sibling_case(errand, school, teacher):
    sister = Person.objects.create(first_name="น้อง", last_name="ทดลอง", name_key="น้อง ทดลอง", sex="f", org=school)
    return services.begin(errand, Beginning(org=school, person=sister, answers={"colour": "blue"}), by=teacher)


def test_siblings_are_linked_once_and_taken_apart(case, sibling_case, teacher):
    link = services.link(case, sibling_case, "sibling", by=teacher)
    assert services.link(case, sibling_case, "sibling", by=teacher) == link
    services.unlink(link, by=teacher)
    assert not case.links.exists()


def test_a_double_is_closed_and_leads_to_the_other_and_can_be_taken_apart(case, sibling_case, promoter):
    services.merge(case, sibling_case, by=promoter, reason="the same child")
    case.refresh_from_db()
    assert (case.state, case.merged_into, case.is_open) == ("double", sibling_case, False)
    services.move(case, "unmerge", by=promoter)
    case.refresh_from_db()
    assert case.is_open


def test_cases_of_two_kinds_are_never_one(case, secret_case, promoter, safety_officer):
    services.add_member(secret_case, promoter, by=safety_officer)
    with pytest.raises(CaseError, match="same kind"):
        services.merge(case, secret_case, by=promoter, reason="no")
