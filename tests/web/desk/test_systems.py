"""The systems behind the plan, and the office's word on which of them carry a tactic."""

import pytest
from django.urls import reverse

from khet.core import activity
from khet.core.activity import Activity
from khet.core.catalogue import catalogue
from khet.plan.models import PlanItem, TacticSystem


@pytest.fixture
def tactic(plan):
    return plan.items.filter(kind=PlanItem.Kind.TACTIC, text="เปิดเผยข้อมูลต่อสาธารณะ").get()


@pytest.fixture
def english(client_for):
    def browser(user):
        client = client_for(user)
        client.cookies["django_language"] = "en"
        return client

    return browser


def strategy_of(tactic):
    return reverse("desk:strategy", args=[tactic.parent.number])


def test_a_tactic_names_its_system_and_what_goes_on_in_it(english, planner, tactic, monkeypatch):
    monkeypatch.setattr(activity, "_providers", {})
    activity.register("made_up", lambda viewer, org: {"opendata": [Activity("3 data sets published", "/x/", "met")]})
    text = english(planner).get(strategy_of(tactic)).content.decode()
    assert str(catalogue().get("system", "opendata").title.en) in text
    assert "3 data sets published" in text


def test_the_planner_adds_a_system_and_it_stands_there(english, planner, tactic):
    browser = english(planner)
    answer = browser.post(reverse("desk:tactic_system", args=[tactic.pk]), {"system": "talent", "carries": "1"})
    assert answer.status_code == 302
    assert TacticSystem.objects.get().system == "talent"
    assert "Chosen by the office" in browser.get(strategy_of(tactic)).content.decode()


def test_who_only_reads_is_offered_nothing_and_can_do_nothing(english, director, tactic):
    browser = english(director)
    assert "Change the systems" not in browser.get(strategy_of(tactic)).content.decode()
    answer = browser.post(reverse("desk:tactic_system", args=[tactic.pk]), {"system": "talent", "carries": "1"})
    assert answer.status_code == 404
    assert not TacticSystem.objects.exists()


def test_another_office_cannot_even_find_the_tactic(english, stranger, tactic):
    answer = english(stranger).post(
        reverse("desk:tactic_system", args=[tactic.pk]), {"system": "talent", "carries": "1"}
    )
    assert answer.status_code == 404


def test_a_word_that_is_no_system_is_told(english, planner, tactic):
    address = reverse("desk:tactic_system", args=[tactic.pk])
    answer = english(planner).post(address, {"system": "nothing", "carries": "1"}, follow=True)
    assert "no system “nothing”" in answer.content.decode()


def test_all_systems_stand_on_one_page_with_their_tactics(english, planner, tactic):
    text = english(planner).get(reverse("desk:systems")).content.decode()
    assert text.count('id="system-') == 28 - 1  # the plan itself is no system of the plan
    assert tactic.text in text
    assert "Not in use yet" in text


def test_a_school_sees_the_page_too(english, school_director, tactic):
    assert english(school_director).get(reverse("desk:systems")).status_code == 200
