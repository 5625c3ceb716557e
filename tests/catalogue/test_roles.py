"""Roles give the least that a duty needs."""

from typing import get_args

from khet.core.accounts.schema import Permission

AT_SCHOOLS = {"school_director", "school_registrar", "teacher"}


def test_every_role_of_the_house_is_there(catalogue):
    assert set(catalogue.ids("role")) == AT_SCHOOLS | {
        "office_admin", "director", "planner", "personnel", "supervisor", "promoter", "safety_officer", "viewer",
    }  # fmt: skip


def test_only_three_roles_can_be_held_at_a_school_and_nowhere_else(catalogue):
    assert {role.id for role in catalogue.all("role") if "school" in role.at} == AT_SCHOOLS
    assert all(role.at == ("school",) for role in catalogue.all("role") if role.id in AT_SCHOOLS)


def test_who_sees_persons_signs_in_with_a_second_factor(catalogue):
    for role in catalogue.all("role"):
        if any(word.startswith("people.") for word in role.permissions):
            assert role.mfa, role.id


def test_who_opens_a_record_may_list_and_who_sees_sensitive_fields_may_open(catalogue):
    for role in catalogue.all("role"):
        words = set(role.permissions)
        assert "people.open" not in words or "people.list" in words, role.id
        assert "people.sensitive" not in words or "people.open" in words, role.id


def test_sensitive_fields_open_to_few(catalogue):
    assert {role.id for role in catalogue.all("role") if "people.sensitive" in role.permissions} == {
        "office_admin", "promoter", "safety_officer", "school_director",
    }  # fmt: skip


def test_only_the_administrator_grants_roles_and_holds_every_word(catalogue):
    holders = [role for role in catalogue.all("role") if "users.manage" in role.permissions]
    assert [role.id for role in holders] == ["office_admin"]
    assert set(holders[0].permissions) == set(get_args(Permission))


def test_no_role_repeats_a_word(catalogue):
    for role in catalogue.all("role"):
        assert len(role.permissions) == len(set(role.permissions)), role.id
