"""Marks of change stand or fall with the change itself, and those who listen hear once."""

import pytest
from django.db import transaction

from khet.core.changes import services
from khet.core.changes.models import Change
from khet.core.changes.services import on_commit_refresh, touch


@pytest.fixture
def heard(monkeypatch):
    """How often a listener was called."""
    calls = []
    monkeypatch.setattr(services, "_listeners", [])
    listener = lambda: calls.append(1)  # noqa: E731
    on_commit_refresh(listener)
    on_commit_refresh(listener)  # the same again is heard once
    return calls


def marks():
    return sorted(Change.objects.values_list("subject", "year"), key=str)


def test_each_year_touched_is_marked_once(db, heard):
    touch("enrolments", years=[2024, 2023, 2024])
    assert marks() == [("enrolments", 2023), ("enrolments", 2024)]


def test_without_years_every_year_is_meant(db, heard):
    touch("orgs")
    assert marks() == [("orgs", None)]


def test_a_transaction_is_heard_of_once_when_it_ends(db, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        touch("enrolments", years=[2024])
        touch("staff")
        touch("marks", years=[2023, 2024])
        assert heard == []
    assert heard == [1]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_mark_and_is_not_heard_of(heard):
    with pytest.raises(RuntimeError), transaction.atomic():
        touch("staff")
        raise RuntimeError
    assert (marks(), heard) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_a_step_taken_back_inside_does_not_silence_what_follows(heard):
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            touch("staff")
            raise RuntimeError
        touch("marks")
    assert (marks(), heard) == ([("marks", None)], [1])


@pytest.mark.django_db(transaction=True)
def test_a_deaf_listener_does_not_undo_the_change(heard, caplog):
    def fails():
        raise RuntimeError("cannot build")

    on_commit_refresh(fails)
    with transaction.atomic():
        touch("staff")
    assert marks() == [("staff", None)]
