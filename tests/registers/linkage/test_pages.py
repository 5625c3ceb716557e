"""The pages of the matching: who sees them, what they write down, and how a verdict leads to the next pair."""

from dataclasses import replace

import pytest
from django.test import TestCase
from django.urls import reverse

from khet.core.audit.models import AuditEntry
from khet.registers.linkage import running, tasks
from khet.registers.linkage.models import PATIENCE, Answer, Kind, Pair, Run, State
from tests.registers.linkage.records import World, enrolled, listed


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.KHET_SECOND_FACTOR = False


@pytest.fixture
def two_pairs(office, school, system):
    """Two open pairs, without running the matching."""
    run = Run.objects.create(org=office, kind=Kind.REGISTER, year=2024, by=system, counts={})
    made = []
    for place, child in enumerate(World(2, 9).children):
        resident = listed(child, office)
        person = enrolled(child, school, f"G{place:012d}")
        made.append(
            Pair.objects.create(
                org=office, kind=Kind.REGISTER, run=run, resident_hash=resident.identifier_hash, person=person,
                probability=0.99 - place / 10, reasons=["same first name", "same last name"],
            )
        )  # fmt: skip
    return made


def _open(client, pair, reason="finding children"):
    return client.post(reverse("linkage:open", args=[pair.pk]), {"reason": reason})


def test_a_pair_stays_closed_until_a_reason_is_given(client_for, promoter, two_pairs):
    client, first = client_for(promoter), two_pairs[0]
    page = client.get(reverse("linkage:pair", args=[first.pk])).content.decode()
    assert first.person.last_name not in page
    _open(client, first, "x")
    assert first.person.last_name not in client.get(reverse("linkage:pair", args=[first.pk])).content.decode()
    _open(client, first)
    page = client.get(reverse("linkage:pair", args=[first.pk])).content.decode()
    assert first.person.last_name in page
    entry = AuditEntry.objects.get(verb="linkage.pair_opened")
    assert (entry.actor, entry.reason, entry.label) == (promoter, "finding children", str(first.person.ref))


def test_children_of_the_same_house_stand_beside_a_pair_and_others_do_not(client_for, promoter, two_pairs, office):
    client, first = client_for(promoter), two_pairs[0]
    child = World(2, 9).children[0]
    for n, (name, house) in enumerate((("พี่สาว", child.house), ("เพื่อนบ้าน", ("999", *child.house[1:])))):
        other = replace(child, first=name, house=house, id=f"999000000001{n}")
        listed(other, office)
    closed = client.get(reverse("linkage:pair", args=[first.pk])).content.decode()
    assert "พี่สาว" not in closed, "a house is shown with the pair, for a reason"
    _open(client, first)
    page = client.get(reverse("linkage:pair", args=[first.pk])).content.decode()
    assert "พี่สาว" in page and "เพื่อนบ้าน" not in page


def test_no_whole_number_stands_on_the_page(client_for, promoter, two_pairs):
    client, first = client_for(promoter), two_pairs[0]
    _open(client, first)
    page = client.get(reverse("linkage:pair", args=[first.pk])).content.decode()
    assert World(2, 9).children[0].id not in page and "9-xxxx" in page


def test_a_verdict_leads_to_the_next_pair_and_its_opening_is_written_down(client_for, promoter, two_pairs):
    client, (first, second) = client_for(promoter), two_pairs
    _open(client, first)
    answer = client.post(reverse("linkage:judge", args=[first.pk]), {"answer": Answer.SAME})
    assert answer.url == reverse("linkage:pair", args=[second.pk])
    assert Pair.objects.get(pk=first.pk).state == State.CONFIRMED
    assert AuditEntry.objects.filter(verb="linkage.pair_opened", object_id=str(second.pk)).count() == 1
    answer = client.post(reverse("linkage:judge", args=[second.pk]), {"answer": Answer.DIFFERENT})
    assert answer.url.startswith(reverse("linkage:queue"))


def test_a_verdict_without_opening_the_pair_counts_for_nothing(client_for, promoter, two_pairs):
    first = two_pairs[0]
    client_for(promoter).post(reverse("linkage:judge", args=[first.pk]), {"answer": Answer.SAME})
    assert Pair.objects.get(pk=first.pk).is_open


def test_a_decision_is_taken_back_for_a_reason(client_for, promoter, two_pairs):
    client, first = client_for(promoter), two_pairs[0]
    _open(client, first)
    client.post(reverse("linkage:judge", args=[first.pk]), {"answer": Answer.SAME})
    client.post(reverse("linkage:reopen", args=[first.pk]), {"reason": ""})
    assert Pair.objects.get(pk=first.pk).state == State.CONFIRMED
    client.post(reverse("linkage:reopen", args=[first.pk]), {"reason": "two cousins"})
    assert Pair.objects.get(pk=first.pk).is_open


def test_the_queue_names_no_child(client_for, promoter, two_pairs):
    page = client_for(promoter).get(reverse("linkage:queue")).content.decode()
    assert all(pair.person.last_name not in page for pair in two_pairs)
    assert reverse("linkage:pair", args=[two_pairs[0].pk]) in page


@pytest.mark.parametrize("role", ["planner", "supervisor"])
def test_who_opens_no_records_finds_no_pairs(client_for, someone, office, two_pairs, role):
    client = client_for(someone(role, office))
    for name, args in (("queue", []), ("pair", [two_pairs[0].pk])):
        assert client.get(reverse(f"linkage:{name}", args=args)).status_code == 404


def test_a_school_and_another_office_find_no_pairs(client_for, school_director, someone, stranger_office, two_pairs):
    first = two_pairs[0]
    for user in (school_director, someone("promoter", stranger_office)):
        client = client_for(user)
        assert client.get(reverse("linkage:pair", args=[first.pk])).status_code == 404
        assert _open(client, first).status_code == 404
        assert client.post(reverse("linkage:judge", args=[first.pk]), {"answer": "same"}).status_code == 404
        assert client.post(reverse("linkage:reopen", args=[first.pk]), {"reason": "a reason"}).status_code == 404
    assert client_for(school_director).get(reverse("linkage:queue")).status_code == 404


def test_the_matching_is_asked_for_on_the_page(client_for, promoter, office, two_pairs, monkeypatch):
    from khet.registers.linkage import tasks

    asked = []
    monkeypatch.setattr(tasks, "start", lambda org, kind, year, *, by: asked.append((org, kind, by)))
    client_for(promoter).post(reverse("linkage:match"), {"org": office.code, "kind": "doubles"})
    assert asked == [(office, "doubles", promoter)]


def test_the_navigation_shows_the_matching_to_the_office_only(client_for, promoter, school_director):
    link = f'href="{reverse("linkage:queue")}"'
    assert link in client_for(promoter).get("/").content.decode()
    assert link not in client_for(school_director).get("/").content.decode()


def test_a_matching_under_way_is_said_and_is_not_begun_twice(client_for, promoter, office, monkeypatch):
    queued = []
    monkeypatch.setattr(type(tasks.match_lists), "enqueue", lambda self, run: queued.append(run))
    client, page = client_for(promoter), reverse("linkage:queue")
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("linkage:match"), {"kind": Kind.REGISTER})
    run = Run.objects.get(pk=queued.pop())
    shown = client.get(page).content.decode()
    assert 'id="matching" hx-get' in shown and reverse("linkage:match") not in shown
    assert "HX-Refresh" not in client.get(page, headers={"HX-Request": "true"})
    client.post(reverse("linkage:match"), {"kind": Kind.REGISTER})
    assert queued == [] and Run.objects.count() == 1
    tasks.match_lists.call(run.pk)
    assert client.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert reverse("linkage:match") in client.get(page).content.decode()


def test_a_matching_whose_worker_was_stopped_can_be_begun_again(client_for, promoter, office, monkeypatch):
    monkeypatch.setattr(type(tasks.match_lists), "enqueue", lambda self, run: None)
    stopped = running.ask(office, Kind.DOUBLES, 2024, by=promoter)
    Run.objects.update(state=Run.State.RUNNING, at=stopped.at - PATIENCE)
    client, page = client_for(promoter), reverse("linkage:queue") + "?kind=doubles"
    assert reverse("linkage:match") in client.get(page).content.decode()
    client.post(reverse("linkage:match"), {"kind": Kind.DOUBLES})
    assert list(Run.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "queued"]


def test_a_matching_that_fails_says_so_and_leaves_the_pairs_alone(client_for, promoter, two_pairs, monkeypatch):
    monkeypatch.setattr("khet.registers.linkage.running.match", lambda *args: 1 / 0)
    done = running.match_register(two_pairs[0].org, 2024, by=promoter)
    assert done.state == Run.State.FAILED
    page = client_for(promoter).get(reverse("linkage:queue")).content.decode()
    assert 'class="alert' in page and page.count("data-label") >= len(two_pairs)
    assert Pair.objects.filter(state=State.PROPOSED).count() == 2


def test_the_filter_is_the_one_of_the_house(client_for, promoter, two_pairs):
    page = client_for(promoter).get(reverse("linkage:queue")).content.decode()
    assert '<form class="filters"' in page and 'select name="org"' not in page
