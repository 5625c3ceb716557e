"""The pages of who manages users, and everybody's own."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from khet.core.accounts.models import User
from khet.core.audit.models import AuditEntry

STRONG = "ดอกไม้บานยามเช้า9"


@pytest.fixture
def desk(administrator, client_for):
    """The administrator's browser, in English."""
    User.objects.filter(pk=administrator.pk).update(language="en")
    return client_for(administrator)


def open_account(desk, org, **given):
    form = {"full_name": "สมหญิง", "username": "somying", "org": org.code, "role": "teacher", "email": "",
            "language": "th", "entry": "link", **given}  # fmt: skip
    return desk.post(reverse("accounts:new"), form)


@pytest.mark.parametrize("page", ["accounts:list", "accounts:new", "accounts:why"])
def test_the_pages_are_not_there_for_who_manages_nobody(page, planner, school_director, client_for):
    for user in (planner, school_director):
        assert client_for(user).get(reverse(page)).status_code == 404


def test_accounts_of_another_office_are_not_there(desk, stranger):
    for name in ("user", "edit"):
        assert desk.get(reverse(f"accounts:{name}", args=[stranger.pk])).status_code == 404
    for name in ("grant", "invite", "password", "second_factor", "active"):
        assert desk.post(reverse(f"accounts:{name}", args=[stranger.pk])).status_code == 404
    stranger.refresh_from_db()
    assert stranger.is_active
    assert stranger.has_usable_password()


def test_the_system_has_no_page(desk, system):
    assert desk.get(reverse("accounts:user", args=[system.pk])).status_code == 404


def test_a_new_person_gets_in_by_a_link_and_chooses_a_password(desk, school):
    page = open_account(desk, school)
    link = re.search(r"http://testserver(/me/welcome/[^<\s]+/)", page.content.decode())[1]
    assert "data:image/svg+xml;base64," in page.content.decode()
    visitor = Client()
    assert visitor.get(link).status_code == 200
    assert visitor.post(link, {"password": "short", "again": "short"}).status_code == 422
    assert visitor.post(link, {"password": STRONG, "again": STRONG + "x"}).status_code == 422
    assert visitor.post(link, {"password": STRONG, "again": STRONG}).url == "/account/login/"
    assert visitor.get(link).status_code == 404
    user = User.objects.get(username="somying")
    assert user.check_password(STRONG)
    assert [grant.role for grant in user.grants] == ["teacher"]


def test_a_new_person_gets_in_by_a_temporary_password(desk, school):
    page = open_account(desk, school, entry="password")
    password = re.search(r"<code>([a-z2-9-]{14})</code>", page.content.decode())[1]
    user = User.objects.get(username="somying")
    assert user.check_password(password)
    assert user.must_change_password


def test_what_cannot_be_is_said_beside_the_field(desk, school, planner):
    page = open_account(desk, school, username="Planner")
    assert page.status_code == 422
    assert "is taken" in page.content.decode()
    assert open_account(desk, school, username="a b").context["form"].errors["username"]
    assert open_account(desk, school, role="planner").status_code == 422
    assert not User.objects.filter(username="somying").exists()


def test_the_choice_of_orgs_ends_at_the_own_office(desk, school, stranger_school):
    page = desk.get(reverse("accounts:new"))
    codes = {code for code, _label in page.context["form"].fields["org"].choices}
    assert school.code in codes
    assert stranger_school.code not in codes
    assert open_account(desk, stranger_school).status_code == 422


def test_roles_are_granted_with_dates_and_ended(desk, planner, office):
    desk.post(
        reverse("accounts:grant", args=[planner.pk]), {"role": "personnel", "org": office.code, "until": "1/1/2640"}
    )
    grant = planner.roles.get(role="personnel")
    assert (grant.until.year, grant.state) == (2097, "in_force")
    desk.post(reverse("accounts:end", args=[planner.pk, grant.pk]))
    grant.refresh_from_db()
    assert grant.state == "ended"
    assert "ended" in desk.get(reverse("accounts:user", args=[planner.pk])).content.decode()


def test_a_refused_grant_shows_why_on_the_page(desk, planner, school):
    page = desk.post(reverse("accounts:grant", args=[planner.pk]), {"role": "planner", "org": school.code})
    assert page.status_code == 422
    assert "cannot be granted" in page.content.decode()


def test_a_grant_of_somebody_else_cannot_be_ended_through_this_account(desk, planner, director):
    answer = desk.post(reverse("accounts:end", args=[planner.pk, director.roles.get().pk]))
    assert answer.status_code == 404
    assert director.roles.get().state == "in_force"


def test_an_account_is_edited_closed_and_opened_again(desk, planner, office):
    form = {"full_name": "ใหม่", "email": "new@example.org", "org": office.code, "language": "en"}
    desk.post(reverse("accounts:edit", args=[planner.pk]), form)
    planner.refresh_from_db()
    assert (planner.full_name, planner.email, planner.language) == ("ใหม่", "new@example.org", "en")
    for active in (False, True):
        desk.post(reverse("accounts:active", args=[planner.pk]), {"active": "1" if active else ""})
        planner.refresh_from_db()
        assert planner.is_active is active


def test_a_second_factor_is_taken_away_only_with_a_reason(desk, planner):
    Authenticator.objects.create(user=planner, type=Authenticator.Type.TOTP, data={"secret": "x"})
    url = reverse("accounts:second_factor", args=[planner.pk])
    assert desk.post(url, {"reason": ""}).status_code == 422
    assert Authenticator.objects.exists()
    desk.post(url, {"reason": "โทรศัพท์หาย"})
    assert not Authenticator.objects.exists()


def test_a_refused_act_says_why(desk, administrator):
    page = desk.post(reverse("accounts:active", args=[administrator.pk]), {"active": ""}, follow=True)
    assert "You cannot close your own account." in page.content.decode()


def test_why_answers_for_one_person_one_right_and_one_place(desk, planner, school):
    page = desk.get(reverse("accounts:why"), {"user": planner.pk, "permission": "plan.write", "org": school.code})
    assert page.context["decision"].allowed
    assert dict(page.context["others"])["Manage users and roles"] is False
    with override("en"):
        assert "Policy and planning" in page.content.decode()


def test_why_does_not_answer_for_strangers(desk, stranger, stranger_school):
    page = desk.get(
        reverse("accounts:why"), {"user": stranger.pk, "permission": "plan.read", "org": stranger_school.code}
    )
    assert "decision" not in page.context
    assert stranger.full_name not in page.content.decode()


def test_the_list_costs_the_same_however_long_it_is(desk, someone, school, django_assert_max_num_queries):
    for _ in range(12):
        someone("teacher", school)
    with django_assert_max_num_queries(14):
        desk.get(reverse("accounts:list"))


def test_everybody_has_a_page_of_the_own_account(planner, client_for):
    client = client_for(planner)
    page = client.get(reverse("own:profile"))
    assert [grant.role for grant in page.context["grants"]] == ["planner"]
    client.post(reverse("own:profile"), {"language": "en"})
    planner.refresh_from_db()
    assert planner.language == "en"


def test_a_session_elsewhere_is_ended_and_only_the_own_ones(planner, director):
    here, there, other = Client(), Client(), Client()
    for client, name in ((here, "planner"), (there, "planner"), (other, "director")):
        client.post(reverse("account_login"), {"login": name, "password": "a-long-password"})
    foreign = UserSession.objects.get(user=director)
    assert here.post(reverse("own:session_end", args=[foreign.pk])).status_code == 404
    here.post(reverse("own:session_end", args=[0]))
    assert there.get(reverse("own:profile")).status_code == 302
    assert here.get(reverse("own:profile")).status_code == 200
    assert other.get(reverse("own:profile")).status_code == 200


def test_passwords_and_links_stay_out_of_the_trail(desk, school, planner):
    page = desk.post(reverse("accounts:password", args=[planner.pk])).content.decode()
    password = re.search(r"<code>([a-z2-9-]{14})</code>", page)[1]
    assert password not in str(list(AuditEntry.objects.values()))
