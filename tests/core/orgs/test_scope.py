"""A list holds what its viewer's roles reach, and nothing else."""

import pytest
from django.contrib.auth.models import AnonymousUser

from khet.core.orgs.models import Org
from khet.core.orgs.queries import tree, visible


@pytest.fixture
def orgs(ministry, office, cluster, school, other_school, third_school, stranger_office, stranger_school):
    return {org.code: org for org in Org.objects.all()}


def codes(viewer, permission=None):
    return set(Org.objects.visible_to(viewer, permission).values_list("code", flat=True))


def test_an_officer_sees_the_own_office_and_what_is_below(orgs, planner):
    assert codes(planner) == {"90010000", "90010000-C1", "90010001", "90010002", "90010003"}


def test_a_school_sees_itself(orgs, school_director):
    assert codes(school_director) == {"90010001"}


def test_another_office_sees_nothing_of_it(orgs, stranger):
    assert codes(stranger) == {"91010000", "91010001"}


def test_a_permission_narrows(orgs, planner, director):
    assert codes(planner, "orgs.manage") == codes(planner)
    assert codes(director, "orgs.manage") == set()


def test_nobody_sees_nothing_and_the_system_everything(orgs, system):
    assert codes(AnonymousUser()) == set() == codes(None)
    assert codes(system) == set(orgs)


def test_a_role_at_two_places_opens_both(orgs, someone, third_school, school):
    from khet.core.accounts.models import system_user
    from khet.core.accounts.services import grant_role

    teacher = someone("teacher", school)
    grant_role(teacher, "teacher", third_school, by=system_user())
    assert codes(teacher) == {"90010001", "90010003"}


def test_a_path_that_begins_like_another_is_not_below_it(system, office, planner):
    """/1/2/ is no beginning of /1/20/, whatever the numbers are."""
    from khet.core.orgs.services import create_org

    for number in range(30):
        create_org("school", f"9009{number:04}", f"โรงเรียน {number}", office, by=system)
    one = Org.objects.schools().first()
    assert list(Org.objects.under([one.path])) == [one]


def test_the_tree_lists_parents_before_children_in_thai_order(orgs, planner):
    listed = tree(planner)
    assert [org.name for org in listed] == ["สพป.สมมติ เขต 1", "กลุ่มต้นน้ำ", "บ้านเชิงเขา", "บ้านริมธาร", "วัดป่าสมมติ"]
    assert [org.depth for org in listed] == [0, 1, 2, 2, 1]


def test_visible_keeps_closed_orgs_readable(orgs, planner, school, system):
    from datetime import date

    from khet.core.orgs.services import close_org

    close_org(school, by=system, on=date(2025, 5, 16))
    assert school in visible(planner, "orgs.manage")
