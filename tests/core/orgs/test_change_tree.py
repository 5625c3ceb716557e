"""Naming, moving, merging, splitting: today's tree changes, the past stays as it was."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from khet.core.accounts.models import system_user
from khet.core.audit.models import AuditEntry
from khet.core.changes.models import Change
from khet.core.orgs import queries
from khet.core.orgs.models import Org, OrgMembership
from khet.core.orgs.services import OrgError, close_org, create_org, move_org, rename_org, reopen_org

MAY, NEXT_MAY = date(2024, 5, 16), date(2025, 5, 16)


@pytest.fixture
def downstream(office, system):
    return create_org("cluster", "90010000-C2", "กลุ่มปลายน้ำ", office, by=system)


def test_a_new_org_hangs_in_the_tree_with_name_place_trace_and_mark(school, cluster, office, ministry, system):
    assert school.path == f"/{ministry.pk}/{office.pk}/{cluster.pk}/{school.pk}/"
    assert queries.membership_on(timezone.localdate())[school.pk] == [cluster.pk, office.pk, ministry.pk]
    assert queries.name_on(school, MAY) == "บ้านริมธาร"
    assert AuditEntry.objects.filter(verb="org.created", object_id=str(school.pk), actor=system).count() == 1
    assert Change.objects.filter(subject="orgs").exists()


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("school", None), ("cluster", "school"), ("school", "school"), ("office", "office"), ("ministry", "office")],
)
def test_an_org_stands_only_where_its_kind_may(kind, parent, request, system):
    with pytest.raises(OrgError, match="stands under"):
        create_org(kind, "X", "ก", request.getfixturevalue(parent) if parent else None, by=system)


def test_a_code_is_used_once(school, office, system):
    with pytest.raises(OrgError, match="90010001"):
        create_org("school", "90010001", "อื่น", office, by=system)


def test_a_renamed_org_keeps_its_old_name_for_the_time_before(school, system):
    rename_org(school, "ริมธารวิทยา", by=system, on=MAY)
    school.refresh_from_db()
    assert school.name == "ริมธารวิทยา"
    assert queries.name_on(school, MAY - timedelta(days=1)) == "บ้านริมธาร"
    assert queries.name_on(school, MAY) == "ริมธารวิทยา"


def test_a_second_name_on_the_same_day_corrects_the_first(school, system):
    rename_org(school, "ริมทารวิทยา", by=system, on=MAY)
    rename_org(school, "ริมธารวิทยา", by=system, on=MAY)
    assert list(school.names.values_list("name", "since", "until")) == [
        ("บ้านริมธาร", None, MAY),
        ("ริมธารวิทยา", MAY, None),
    ]


def test_a_moved_cluster_takes_its_schools_along_from_that_day_on(school, cluster, office, stranger_office, system):
    move_org(cluster, stranger_office, by=system, on=MAY, reason="แบ่งเขตใหม่")
    school.refresh_from_db()
    assert school.path.startswith(stranger_office.path)
    assert queries.membership_on(MAY - timedelta(days=1))[school.pk][:2] == [cluster.pk, office.pk]
    assert queries.membership_on(MAY)[school.pk][:2] == [cluster.pk, stranger_office.pk]
    assert list(queries.schools_of(office)) == []
    assert list(queries.schools_of(office, on=MAY - timedelta(days=1))) == [school]
    assert queries.office_of(Org.objects.get(pk=school.pk)) == stranger_office


def test_an_org_cannot_stand_under_its_own_part(office, cluster, school, system):
    with pytest.raises(OrgError, match="own part"):
        move_org(cluster, school, by=system, on=MAY)


def test_a_merged_school_is_closed_and_says_into_which(school, other_school, cluster, office, system):
    close_org(school, by=system, on=NEXT_MAY, into=other_school, reason="ควบรวม")
    assert list(queries.schools_of(office)) == [other_school]
    assert set(queries.schools_of(office, on=NEXT_MAY - timedelta(days=1))) == {school, other_school}
    school.refresh_from_db()
    assert school.merged_into == other_school
    last = queries.history(school)[-1]
    assert (last["what"], last["on"], last["org"]) == ("closed", NEXT_MAY, other_school)


def test_a_mistaken_closing_is_taken_back(school, office, system):
    close_org(school, by=system, on=NEXT_MAY)
    reopen_org(school, by=system, reason="บันทึกผิดโรงเรียน")
    assert list(queries.schools_of(office)) == [school]
    assert not school.memberships.filter(until__isnull=False).exists()
    assert queries.name_on(school, NEXT_MAY) == "บ้านริมธาร"


def test_a_school_split_off_remembers_from_which(school, cluster, system):
    new = create_org("school", "90010009", "ริมธารสาขา", cluster, by=system, since=MAY, split_from=school)
    assert [(event["what"], event.get("org")) for event in queries.history(new)][:1] == [("named", None)]
    assert ("split", school) in [(event["what"], event.get("org")) for event in queries.history(new)]
    assert new not in queries.schools_of(cluster, on=MAY - timedelta(days=1))


def test_what_cannot_be_closed_or_merged(school, other_school, cluster, system):
    with pytest.raises(OrgError, match="still has open orgs"):
        close_org(cluster, by=system, on=MAY)
    with pytest.raises(OrgError, match="of its kind"):
        close_org(school, by=system, on=MAY, into=cluster)
    close_org(school, by=system, on=MAY)
    with pytest.raises(OrgError, match="closed already"):
        close_org(school, by=system, on=MAY)
    with pytest.raises(OrgError, match="of its kind"):
        close_org(other_school, by=system, on=MAY, into=school)
    close_org(other_school, by=system, on=MAY)
    close_org(cluster, by=system, on=MAY)
    with pytest.raises(OrgError, match="is closed"):
        create_org("school", "90010010", "ใหม่", cluster, by=system)


def test_a_day_before_the_last_change_or_in_the_future_is_refused(school, downstream, system):
    move_org(school, downstream, by=system, on=MAY)
    with pytest.raises(OrgError, match="last changed"):
        close_org(school, by=system, on=MAY - timedelta(days=1))
    with pytest.raises(OrgError, match="not come yet"):
        rename_org(school, "ใหม่", by=system, on=timezone.localdate() + timedelta(days=1))


def test_the_default_office_is_the_first_and_codes_name_the_others(office, stranger_office):
    assert queries.default_office() == office == queries.org_by_code(None)
    assert queries.org_by_code("91010000") == stranger_office
    assert queries.org_by_code("nowhere") is None


class TreeStaysWhole(TestCase):
    """Whatever is moved, paths follow parents, and each org belongs to one parent on each day."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=8))
    def test_after_any_moves(self, moves):
        by = system_user()
        office = create_org("office", "O", "เขต", by=by)
        clusters = [create_org("cluster", f"C{n}", f"กลุ่ม {n}", office, by=by) for n in range(3)]
        schools = [create_org("school", f"S{n}", f"โรงเรียน {n}", clusters[n % 3], by=by) for n in range(6)]
        places = [office, *clusters]
        days = [date(2020, 1, 1) + timedelta(days=n) for n in range(len(moves))]
        for day, (school, place) in zip(days, moves, strict=True):
            move_org(Org.objects.get(pk=schools[school].pk), Org.objects.get(pk=places[place].pk), by=by, on=day)
        for org in Org.objects.exclude(parent=None):
            assert org.path == f"{org.parent.path}{org.pk}/"
        for day in [date(2019, 1, 1), *days]:
            above = queries.membership_on(day)
            for school in schools:
                rows = [m for m in OrgMembership.objects.filter(org=school) if _holds(m, day)]
                assert len(rows) == 1
                assert above[school.pk][0] == rows[0].parent_id
                assert above[school.pk][-1] == office.pk


def _holds(membership, day):
    begun = membership.since is None or membership.since <= day
    return begun and (membership.until is None or membership.until > day)
