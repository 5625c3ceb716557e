"""The one navigation."""

import pytest
from django.test import RequestFactory

from khet.core.ui import navigation
from khet.core.ui.navigation import Item


@pytest.fixture(autouse=True)
def own_items(monkeypatch):
    """A registry of its own for each test."""
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_search", [])


def asked(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return request


def entries(request):
    return [entry for group in navigation.groups(request) for entry in group.entries]


def test_entries_stand_in_their_groups_and_order(director):
    navigation.register(Item("b", "B", "home", "ui:gallery", order=2))
    navigation.register(Item("a", "A", "home", "ui:gallery_plan", order=1))
    navigation.register(Item("p", "P", "home", "ui:gallery", group="plan", order=9))
    assert [entry.item.id for entry in entries(asked(director))] == ["p", "a", "b"]


def test_what_a_viewer_may_not_open_is_not_shown(director, administrator):
    navigation.register(Item("u", "Users", "users", "ui:gallery", permission="users.manage"))
    assert entries(asked(director)) == []
    assert [entry.item.id for entry in entries(asked(administrator))] == ["u"]


def test_the_longest_matching_address_is_the_current_one(director):
    navigation.register(Item("g", "G", "home", "ui:gallery"))
    navigation.register(Item("p", "P", "home", "ui:gallery_plan"))
    assert [e.item.id for e in entries(asked(director, "/_gallery/plan/x/")) if e.current] == ["p"]
    assert [e.item.id for e in entries(asked(director, "/_gallery/")) if e.current] == ["g"]
    assert [e for e in entries(asked(director, "/elsewhere/")) if e.current] == []


def test_further_prefixes_count_as_current(director):
    navigation.register(Item("g", "G", "home", "ui:gallery", match=("/schools/",)))
    assert [e.current for e in entries(asked(director, "/schools/12/"))] == [True]


def test_registering_again_replaces(director):
    navigation.register(Item("g", "Old", "home", "ui:gallery"))
    navigation.register(Item("g", "New", "home", "ui:gallery"))
    assert [entry.item.label for entry in entries(asked(director))] == ["New"]


def test_an_unknown_group_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"no group 'x'\. Use one of: plan, records, office"):
        navigation.register(Item("g", "G", "home", "ui:gallery", group="x"))


def test_an_entry_without_a_page_is_left_out_and_reported(director):
    navigation.register(Item("g", "G", "home", "nowhere:at_all"))
    assert entries(asked(director)) == []
    assert [fault.id for fault in navigation.items_name_pages(None)] == ["ui.W002"]


def test_the_phone_bar_holds_at_most_four(director):
    for n in range(6):
        navigation.register(Item(f"i{n}", "I", "home", "ui:gallery", tab=6 - n))
    tabs = navigation.tabs(navigation.groups(asked(director)))
    assert [entry.item.id for entry in tabs] == ["i5", "i4", "i3", "i2"]


def test_the_search_field_is_for_those_who_may_search(director, administrator):
    navigation.register_search(navigation.Search("ui:gallery", "Find", "users.manage"))
    assert navigation.search(director) is None
    assert navigation.search(administrator)["url"] == "/_gallery/"
