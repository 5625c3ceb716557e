"""What a role opens where, and the answer to why it does or does not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

from khet.core.accounts.access import WriteInReading, can, reads, requires, scopes, why
from khet.core.accounts.models import RoleGrant, User
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def test_roles_are_data_and_hold_only_words_that_exist():
    from typing import get_args

    from khet.core.accounts.schema import Permission
    from khet.core.accounts.words import PERMISSIONS

    assert set(PERMISSIONS) == set(get_args(Permission))
    assert {role.id for role in catalogue().all("role")} >= {"office_admin", "director", "planner", "school_director"}


@pytest.mark.parametrize("role", ["school_director", "school_registrar", "teacher"])
def test_whoever_may_open_records_of_children_needs_a_second_factor(role, someone, school):
    user = someone(role, school)
    assert can(user, "people.open", school)
    assert user.needs_second_factor


def test_every_role_that_sees_persons_asks_for_a_second_factor():
    seeing = [role for role in catalogue().all("role") if any(word.startswith("people.") for word in role.permissions)]
    assert seeing
    assert [role.id for role in seeing if not role.mfa] == []


def test_a_right_holds_at_its_org_and_below(planner, office, school, stranger_school, ministry):
    assert can(planner, "plan.write", office)
    assert can(planner, "plan.write", school)
    assert not can(planner, "plan.write", stranger_school)
    assert not can(planner, "plan.write", ministry)
    assert can(planner, "plan.write")
    assert scopes(planner, "plan.write") == [office.path]


def test_nobody_holds_anything_without_signing_in(office):
    assert not can(AnonymousUser(), "public", office)
    assert scopes(AnonymousUser(), "public") == []


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(None, None, True), (0, None, True), (1, None, False), (-9, 1, True), (-9, 0, False), (None, 1, True)],
)
def test_a_grant_holds_from_its_first_day_until_before_its_last(since, until, holds, planner, school):
    today = timezone.localdate()
    day = lambda offset: None if offset is None else today + timedelta(days=offset)  # noqa: E731
    RoleGrant.objects.filter(user=planner).delete()
    RoleGrant.objects.create(user=planner, role="teacher", org=school, since=day(since), until=day(until))
    assert can(User.objects.get(pk=planner.pk), "people.list", school) is holds


def test_a_closed_account_holds_nothing(planner, office):
    planner.is_active = False
    assert not can(planner, "plan.read", office)
    assert why(planner, "plan.read", office).because == ["The account is closed: nobody can sign in with it."]


def test_a_role_the_catalogue_no_longer_knows_opens_nothing(planner, office):
    RoleGrant.objects.filter(user=planner).update(role="gone")
    planner.forget_grants()
    assert not can(planner, "plan.read", office)
    assert "gone" in why(planner, "plan.read", office).because[0]


@pytest.mark.parametrize("word", ["plan.read", "people.open", "users.manage", "intake.write", "people.sensitive"])
def test_why_never_contradicts_can(word, planner, director, school_director, stranger, system, office, school):
    for user in (planner, director, school_director, stranger, system):
        for org in Org.objects.all():
            decision = why(user, word, org)
            assert decision.allowed is can(user, word, org)
            assert bool(decision) is decision.allowed
            assert decision.because


def test_why_yes_names_the_role_and_the_place(planner, school):
    assert why(planner, "plan.write", school).because == [
        "The role “Policy and planning” at สพป.สมมติ เขต 1 includes it and reaches this place."
    ]


def test_why_no_says_what_each_role_lacks_and_which_would_open_it(school_director, other_school, school):
    far = why(school_director, "people.open", other_school)
    assert far.because[0] == "The role “School director” includes it, but only at บ้านริมธาร and below."
    assert far.because[-1].startswith("Roles at this place that would open it: School director")
    weak = why(school_director, "users.manage", school)
    assert weak.because[0] == "The role “School director” at บ้านริมธาร reaches this place, but does not include it."


def test_why_no_remembers_roles_that_ended_or_are_to_come(planner, office):
    today = timezone.localdate()
    RoleGrant.objects.filter(user=planner).update(until=today)
    RoleGrant.objects.create(user=planner, role="planner", org=office, since=today + timedelta(days=9))
    planner.forget_grants()
    words = " ".join(why(planner, "plan.write", office).because)
    assert "but ended on" in words
    assert "will open it from" in words


def test_why_tells_of_a_missing_second_factor(planner, school, settings):
    settings.KHET_SECOND_FACTOR = True
    decision = why(planner, "people.list", school)
    assert decision.allowed
    assert "second factor" in decision.because[-1]
    assert len(why(planner, "plan.read", school).because) == 1


@pytest.fixture
def ask():
    def make(view, user, method="GET"):
        request = RequestFactory().generic(method, "/")
        request.user = user
        return view(request)

    return make


def test_a_view_is_not_there_for_who_may_not_open_it(ask, planner, stranger):
    view = requires("users.manage")(lambda request: HttpResponse("here"))
    with pytest.raises(Http404):
        ask(view, planner)
    with pytest.raises(Http404):
        ask(view, AnonymousUser())


def test_records_of_persons_wait_for_the_second_factor(ask, planner, settings):
    settings.KHET_SECOND_FACTOR = True
    view = requires("people.list")(lambda request: HttpResponse("here"))
    assert ask(view, planner).url == "/account/2fa/"
    assert ask(requires("plan.read")(lambda request: HttpResponse("here")), planner).content == b"here"
    settings.KHET_SECOND_FACTOR = False
    assert ask(view, planner).content == b"here"


def test_a_reading_page_cannot_write(ask, planner):
    @reads
    def page(request):
        User.objects.filter(pk=request.user.pk).update(full_name="changed")

    with pytest.raises(WriteInReading, match="UPDATE"), transaction.atomic():
        ask(page, planner)
    assert User.objects.get(pk=planner.pk).full_name == "planner"


def test_a_reading_page_may_read_and_answers_get_only(ask, planner):
    page = reads(lambda request: HttpResponse(str(User.objects.count())))
    assert ask(page, planner).status_code == 200
    assert ask(page, planner, "POST").status_code == 405
    with connection.cursor() as cursor:  # the guard ends with the page
        cursor.execute("UPDATE accounts_user SET full_name = 'x' WHERE id = %s", [planner.pk])
