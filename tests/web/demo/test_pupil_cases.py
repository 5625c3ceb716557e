"""What one school does for its pupils: cases of every kind, at that school alone, for whom they are meant."""

from collections import Counter

import pytest

from khet.core.accounts.models import User
from khet.engines.cases.models import Case
from khet.registers.people.models import Enrolment
from khet.web.demo import pupil_cases
from khet.web.demo.build import build_demo
from khet.web.demo.marker import Marker
from tests.web.demo.conftest import TODAY

pytestmark = pytest.mark.django_db
KINDS = ("care", "iep", "coupon", "support", "talent")


def test_every_page_of_a_pupil_has_something_to_show(client):
    build_demo(Marker(10, 900, 1, 7, TODAY.isoformat()), lambda words: None, defer=True)
    school = User.objects.get(username="school").org
    made_up_disability = (
        Enrolment.objects.filter(school=school, left=None).order_by("pk").values_list("pk", flat=True)[:5]
    )
    Enrolment.objects.filter(pk__in=list(made_up_disability)).update(disabled=True)
    begun = pupil_cases.begin(TODAY, 7)
    cases = Case.objects.filter(edition__family__in=KINDS).select_related("edition", "person")
    assert begun == len(cases) and {case.about for case in cases} == {school}
    found = Counter((case.edition.family, case.state) for case in cases)
    assert set(KINDS) == {family for family, _state in found}
    assert {("iep", "in_force"), ("coupon", "at_office"), ("talent", "supported"), ("care", "helping")} <= set(found)
    disabled = set(Enrolment.objects.filter(school=school, disabled=True).values_list("person", flat=True))
    assert {case.person_id for case in cases if case.edition.family in ("iep", "coupon")} <= disabled
    outside = Case.objects.visible_to(User.objects.get(username="promoter")).filter(edition__family__in=KINDS)
    assert {case.edition.family for case in outside}.isdisjoint({"iep", "support"})  # kept to their circles
