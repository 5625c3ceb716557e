"""Regular work is done once when it is due, and one that fails does not hold up the rest."""

from datetime import timedelta

import pytest
from django.utils import timezone

from khet.core.jobs import registry, services
from khet.core.jobs.models import JobRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch):
    """Two jobs of our own; the list says which ran."""
    ran = []

    def fails():
        ran.append("fails")
        raise RuntimeError("of no use to anyone")

    monkeypatch.setattr(registry, "_jobs", {})
    registry.register("fails", fails, every=timedelta(hours=1))
    registry.register("counts", lambda: ran.append("counts") or 3, every=timedelta(hours=1))
    return ran


def test_what_is_due_is_done_once(done):
    assert services.run_due() == ["counts"]
    assert services.run_due() == []
    assert done == ["fails", "counts"]


def test_it_comes_round_again(done):
    services.run_due()
    JobRun.objects.update(begun_at=timezone.now() - timedelta(minutes=61))
    services.run_due()
    assert done == ["fails", "counts"] * 2


def test_the_outcome_is_noted_without_words_of_the_fault(done):
    services.run_due()
    assert set(JobRun.objects.values_list("job", "failed", "outcome")) == {
        ("fails", True, "RuntimeError"),
        ("counts", False, "3"),
    }
    assert not JobRun.objects.filter(ended_at=None).exists()


def test_a_second_worker_finds_it_taken(done):
    job = registry.all_jobs()[1]
    assert services._claim(job)
    assert not services._claim(job)
