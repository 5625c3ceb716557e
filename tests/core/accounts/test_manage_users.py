"""Opening, changing and closing accounts, and the limits of who may do so."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from khet.core.accounts import queries, services
from khet.core.accounts.models import RoleGrant, User
from khet.core.accounts.services import AccountError
from khet.core.audit.models import AuditEntry

STRONG = "ดอกไม้บานยามเช้า9"


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def head_of_users(planner, school, monkeypatch):
    """A person who manages users at one school only, by a role of the office's own making."""
    from khet.core.catalogue import catalogue

    teacher = catalogue().get("role", "teacher")
    own = teacher.model_copy(update={"id": "head", "permissions": (*teacher.permissions, "users.manage")})
    monkeypatch.setitem(catalogue().objects["role"], "head", (own,))
    user = User.objects.create_user("head", full_name="head", org=school, password=STRONG)
    RoleGrant.objects.create(user=user, role="head", org=school)
    return user


def verbs(user):
    entries = AuditEntry.objects.filter(object_type="accounts.user", object_id=str(user.pk))
    return list(entries.order_by("pk").values_list("verb", flat=True))


def test_an_account_with_its_first_role_leaves_a_trace_of_both(administrator, school):
    user = services.open_account("somchai", full_name="สมชาย", org=school, by=administrator, role="teacher")
    assert [grant.role for grant in user.grants] == ["teacher"]
    assert verbs(user) == ["user.created", "role.granted"]
    assert not user.has_usable_password()


def test_an_account_without_its_role_is_not_left_behind(administrator, school):
    with pytest.raises(AccountError, match="cannot be granted"):
        services.open_account("somchai", full_name="สมชาย", org=school, by=administrator, role="planner")
    assert not User.objects.filter(username="somchai").exists()


@pytest.mark.parametrize("name", ["planner", "PLANNER", "Planner"])
def test_a_user_name_is_used_once_whatever_its_case(name, administrator, planner, office):
    with pytest.raises(AccountError, match="taken"):
        services.create_user(name, full_name="x", org=office, by=administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(name, full_name="x")


def test_an_email_is_used_once_and_may_be_left_out(administrator, planner, office):
    with pytest.raises(AccountError, match="belongs to another"):
        services.create_user("new", full_name="x", org=office, by=administrator, email="PLANNER@example.org")
    for name in ("one", "two"):
        services.create_user(name, full_name="x", org=office, by=administrator)
    with pytest.raises(AccountError, match="belongs to another"):
        services.edit_user(User.objects.get(username="one"), by=administrator, full_name="x", org=office,
                           email="planner@example.org", language="th")  # fmt: skip


def test_an_edit_notes_what_changed_and_only_that(administrator, planner, office, school):
    services.edit_user(planner, by=administrator, full_name="ใหม่", org=office, email=planner.email, language="en")
    entry = AuditEntry.objects.get(verb="user.changed")
    assert (entry.before, entry.after) == ({"full_name": "planner"}, {"full_name": "ใหม่"})
    services.edit_user(planner, by=administrator, full_name="ใหม่", org=office, email=planner.email, language="th")
    assert AuditEntry.objects.filter(verb="user.changed").count() == 1


def test_nobody_gives_what_he_does_not_hold(head_of_users, school, other_school, teacher_of_school):
    services.grant_role(teacher_of_school, "teacher", school, by=head_of_users, until=date(2090, 1, 1))
    with pytest.raises(AccountError, match=r"missing: .*figures\.write"):
        services.grant_role(teacher_of_school, "school_director", school, by=head_of_users)
    with pytest.raises(AccountError, match="manage no users"):
        services.grant_role(teacher_of_school, "teacher", other_school, by=head_of_users)


@pytest.fixture
def teacher_of_school(someone, school):
    return someone("teacher", school, "teacher")


def test_nobody_makes_himself_more_than_he_is(head_of_users, school):
    with pytest.raises(AccountError, match="missing"):
        services.grant_role(head_of_users, "school_director", school, by=head_of_users)


def test_who_holds_more_is_not_his_to_change(head_of_users, school_director, administrator):
    acts = [
        lambda user: services.give_temporary_password(user, by=head_of_users),
        lambda user: services.invite(user, by=head_of_users),
        lambda user: services.reset_second_factor(user, by=head_of_users, reason="x"),
        lambda user: services.set_active(user, False, by=head_of_users),
        lambda user: services.edit_user(user, by=head_of_users, full_name="x", org=user.org, email="", language="th"),
    ]
    for user in (school_director, administrator):
        for act in acts:
            with pytest.raises(AccountError, match="not yours to change"):
                act(user)


def test_a_planner_manages_nobody(planner, director, office):
    with pytest.raises(AccountError, match="manage no users"):
        services.create_user("x", full_name="x", org=office, by=planner)
    with pytest.raises(AccountError, match="manage no users"):
        services.end_role(director.roles.get(), by=planner)


def test_the_list_holds_the_manager_s_orgs_and_never_the_system(
    administrator, planner, stranger, head_of_users, system
):
    everyone = set(queries.managed_users(administrator).values_list("username", flat=True))
    assert everyone == {"administrator", "planner", "head"}
    assert set(queries.managed_users(head_of_users).values_list("username", flat=True)) == {"head"}
    assert list(queries.managed_users(planner)) == []


def test_the_list_is_narrowed_by_name_role_state_and_place(administrator, planner, director, school_director, school):
    rows = queries.managed_users(administrator)
    names = lambda **how: {user.username for user in queries.users_with(rows, **how)}  # noqa: E731
    assert names(words="plan") == {"planner"}
    assert names(role="director") == {"director"}
    assert names(org=school) == {"school_director-1"} or names(org=school) == {school_director.username}
    services.set_active(director, False, by=administrator)
    assert names(state="closed") == {"director"}
    assert "director" not in names(state="active")
    assert names(state="waiting") == {"administrator", "planner", school_director.username}


def test_the_last_administrator_stays(administrator, office, someone):
    with pytest.raises(AccountError, match="last administrator"):
        services.end_role(administrator.roles.get(), by=administrator)
    other = someone("office_admin", office)
    services.end_role(administrator.roles.get(), by=other)
    assert not administrator.grants
    with pytest.raises(AccountError, match="last administrator"):
        services.end_role(other.roles.get(), by=other)


def test_an_administrator_to_come_does_not_count(administrator, office, system):
    other = User.objects.create_user("other", full_name="x", org=office)
    tomorrow = timezone.localdate() + timedelta(days=1)
    services.grant_role(other, "office_admin", office, by=system, since=tomorrow)
    with pytest.raises(AccountError, match="last administrator"):
        services.end_role(administrator.roles.get(), by=system)


def test_nobody_closes_the_own_account(administrator):
    with pytest.raises(AccountError, match="your own"):
        services.set_active(administrator, False, by=administrator)


def test_a_role_cannot_end_before_it_begins(administrator, planner, office):
    with pytest.raises(AccountError, match="before it begins"):
        services.grant_role(planner, "personnel", office, by=administrator, until=timezone.localdate())


def test_a_role_granted_twice_is_held_once(administrator, planner, office):
    first = services.grant_role(planner, "personnel", office, by=administrator)
    assert services.grant_role(planner, "personnel", office, by=administrator) == first
    assert (
        AuditEntry.objects.filter(verb="role.granted", object_id=str(planner.pk), after__role="personnel").count() == 1
    )


def test_a_temporary_password_is_strong_readable_and_must_be_changed(administrator, planner):
    words = services.give_temporary_password(planner, by=administrator)
    planner.refresh_from_db()
    assert planner.check_password(words)
    assert planner.must_change_password
    assert not set(words) & set("01ilo")
    assert words != services.give_temporary_password(planner, by=administrator)
    assert words not in str(list(AuditEntry.objects.values()))


def test_a_one_time_link_works_once_for_one_person_and_not_for_ever(administrator, planner, settings):
    services.invite(planner, by=administrator)
    planner.refresh_from_db()
    assert not planner.has_usable_password()
    who, token = queries.invitation(planner)
    assert queries.invited(who, token) == planner
    assert queries.invited(who, token[:-1] + "x") is None
    assert queries.invited("zz", token) is None
    assert queries.invited(queries.invitation(administrator)[0], token) is None
    with pytest.raises(ValidationError):
        services.accept_invitation(planner, "12345678901")
    services.accept_invitation(planner, STRONG)
    assert planner.check_password(STRONG)
    assert queries.invited(who, token) is None
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert queries.invited(*queries.invitation(planner)) is None


def test_a_closed_account_accepts_no_invitation(administrator, planner):
    services.invite(planner, by=administrator)
    link = queries.invitation(User.objects.get(pk=planner.pk))
    services.set_active(planner, False, by=administrator)
    assert queries.invited(*link) is None


def test_a_lost_second_factor_is_taken_away_with_a_reason(administrator, planner):
    Authenticator.objects.create(user=planner, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert services.reset_second_factor(planner, by=administrator, reason="โทรศัพท์หาย ยืนยันตัวตนที่สำนักงาน") == 1
    assert not Authenticator.objects.filter(user=planner).exists()
    assert AuditEntry.objects.get(verb="user.second_factor_reset").reason.startswith("โทรศัพท์หาย")
    with pytest.raises(AccountError, match="own second factor"):
        services.reset_second_factor(administrator, by=administrator, reason="x")
