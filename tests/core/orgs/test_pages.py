"""The tree on pages, for who may change it."""

from datetime import date

import pytest
from django.urls import reverse

from khet.core.accounts.models import User
from khet.core.orgs.models import Org


@pytest.fixture
def desk(planner, client_for):
    """The planner's browser, in English."""
    User.objects.filter(pk=planner.pk).update(language="en")
    return client_for(planner)


def test_the_pages_are_not_there_for_others(director, school_director, school, client_for):
    for user in (director, school_director):
        for url in (reverse("orgs:tree"), reverse("orgs:new"), reverse("orgs:org", args=[school.pk])):
            assert client_for(user).get(url).status_code == 404


def test_orgs_of_another_office_are_not_there(desk, stranger_school):
    assert desk.get(reverse("orgs:org", args=[stranger_school.pk])).status_code == 404
    for act in ("rename", "move", "close", "reopen"):
        assert desk.post(reverse("orgs:change", args=[stranger_school.pk, act]), {"on": "1/1/2568"}).status_code == 404
    assert stranger_school not in desk.get(reverse("orgs:tree")).context["orgs"]


def test_the_tree_is_searched_by_name_without_tone_marks_and_by_code(desk, school, other_school, cluster):
    assert desk.get(reverse("orgs:tree"), {"q": "บานริมธาร"}).context["orgs"] == [school]
    assert desk.get(reverse("orgs:tree"), {"q": "90010002"}).context["orgs"] == [other_school]


def test_a_school_is_added_under_the_own_office_only(desk, cluster, stranger_office):
    form = {
        "kind": "school",
        "code": "90010077",
        "name": "บ้านใหม่",
        "name_en": "",
        "parent": cluster.code,
        "since": "16/5/2568",
    }
    desk.post(reverse("orgs:new"), form)
    assert Org.objects.get(code="90010077").opened == date(2025, 5, 16)
    refused = desk.post(reverse("orgs:new"), {**form, "code": "90010078", "parent": stranger_office.code})
    assert refused.status_code == 422
    assert desk.post(reverse("orgs:new"), form).status_code == 422


def test_changes_are_recorded_with_their_day(desk, school, other_school, office):
    url = lambda act: reverse("orgs:change", args=[school.pk, act])  # noqa: E731
    assert desk.get(url("rename")).status_code == 200
    desk.post(url("rename"), {"name": "ริมธารวิทยา", "on": "16/5/2567"})
    desk.post(url("move"), {"parent": office.code, "on": "1/6/2567", "reason": ""})
    desk.post(url("close"), {"on": "16 พ.ค. 2568", "into": other_school.code, "reason": "ควบรวม"})
    school.refresh_from_db()
    assert (school.name, school.parent, school.closed, school.merged_into) == (
        "ริมธารวิทยา", office, date(2025, 5, 16), other_school,
    )  # fmt: skip
    page = desk.get(reverse("orgs:org", args=[school.pk]))
    assert [event["what"] for event in page.context["history"]] == ["named", "placed", "named", "placed", "closed"]
    assert school not in desk.get(reverse("orgs:tree")).context["orgs"]
    assert school in desk.get(reverse("orgs:tree"), {"closed": "1"}).context["orgs"]
    desk.post(url("reopen"), {"reason": "บันทึกผิด"})
    school.refresh_from_db()
    assert school.closed is None


def test_an_unknown_change_is_no_page(desk, cluster):
    assert desk.get(reverse("orgs:change", args=[cluster.pk, "burn"])).status_code == 404


def test_a_cluster_with_open_schools_cannot_be_closed_on_the_page(desk, cluster, school):
    page = desk.post(reverse("orgs:change", args=[cluster.pk, "close"]), {"on": "1/1/2568"})
    assert page.status_code == 422
    assert "still has open orgs" in page.content.decode()
