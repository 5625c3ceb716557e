"""Steps of a load as tasks: asked for once, told when they cannot be done, begun again where a worker has stopped."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from khet.registers.figures.models import Figure
from khet.registers.intake import queries, services, source_words, tasks
from khet.registers.intake.checking import VOCABULARY
from khet.registers.intake.cleaning import _PLAIN
from khet.registers.intake.models import Batch, State
from tests.registers.intake.files import head_counts

ROW = ("90010001", "ป.1", 8, 7, 1)


@pytest.fixture
def at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def received(planner, school):
    return services.receive(head_counts(ROW), by=planner, name="2567.csv")


def again(batch) -> Batch:
    return Batch.objects.get(pk=batch.pk)


def test_a_step_is_queued_once(planner, received):
    assert tasks.start(received, "check", by=planner)
    assert not tasks.start(again(received), "check", by=planner)
    assert DBTaskResult.objects.count() == 1 and queries.is_working(again(received))


def test_a_waiting_load_asks_for_its_state_every_second(client_for, planner, received):
    tasks.start(received, "check", by=planner)
    address = reverse("intake:load", args=[received.pk])
    page = client_for(planner).get(address).content.decode()
    assert f'hx-get="{address}"' in page and "every 1s" in page
    fragment = client_for(planner).get(address, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in fragment.headers and "<html" not in fragment.content.decode()
    services.check(again(received), by=planner)
    assert client_for(planner).get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_step_nobody_begins_may_be_asked_for_again(client_for, planner, received):
    tasks.start(received, "check", by=planner)
    Batch.objects.filter(pk=received.pk).update(beat=timezone.now() - tasks.PATIENCE - timedelta(seconds=1))
    page = client_for(planner).get(reverse("intake:load", args=[received.pk])).content.decode()
    assert "ลองอีกครั้ง" in page and "every 1s" not in page
    assert tasks.start(again(received), "check", by=planner)


def test_a_load_whose_process_is_gone_is_checked_again(client_for, planner, received, at_once):
    Batch.objects.filter(pk=received.pk).update(state=State.CHECKING, worker="elsewhere:1", beat=None)
    assert queries.is_stuck(again(received))
    client_for(planner).post(reverse("intake:check", args=[received.pk]))
    assert again(received).state == State.CHECKED


def test_a_second_task_of_the_same_asking_does_nothing(planner, received, at_once):
    tasks.start(received, "check", by=planner)
    tasks.start(again(received), "commit", by=planner)
    tasks.commit_load.call(received.pk, planner.pk)
    assert again(received).state == State.COMMITTED and Figure.objects.filter(measure="rooms").count() == 1


def test_what_changed_since_the_preview_is_shown_before_it_is_written(client_for, planner, received, at_once):
    tasks.start(received, "check", by=planner)
    other = services.receive(head_counts(("90010001", "ป.1", 9, 9, 1)), by=planner, name="อื่น_2567.csv")
    services.commit(services.check(other, by=planner), planner)
    page = client_for(planner).post(reverse("intake:commit", args=[received.pk]), follow=True).content.decode()
    batch = again(received)
    assert batch.state == State.CHECKED and batch.message and batch.message in page
    assert Figure.objects.get(measure="pupils", sex="m").value == 9


def test_an_undo_that_others_build_on_says_which(client_for, planner, received, at_once):
    tasks.start(received, "check", by=planner)
    tasks.start(again(received), "commit", by=planner)
    later = services.receive(head_counts(("90010001", "ป.1", 9, 9, 1)), by=planner, name="อื่น_2567.csv")
    services.commit(services.check(later, by=planner), planner)
    address = reverse("intake:undo", args=[received.pk])
    page = client_for(planner).post(address, {"reason": "ไฟล์ผิด"}, follow=True).content.decode()
    assert again(received).state == State.COMMITTED and f"{later.pk} (" in page


def test_a_fault_of_ours_leaves_the_load_as_it_was_and_is_told(
    client_for, planner, received, at_once, monkeypatch, caplog
):
    def broken(*args, **kwargs):
        raise RuntimeError("no such luck")

    monkeypatch.setattr(services.pipeline, "read_files", broken)
    client_for(planner).post(reverse("intake:check", args=[received.pk]))
    batch = again(received)
    assert batch.state == State.RECEIVED and batch.message and not queries.is_working(batch)
    assert "no such luck" in caplog.text and "no such luck" not in batch.message


def test_every_check_and_every_way_to_write_a_cell_has_words():
    assert set(source_words.ASKED) == set(VOCABULARY)
    assert set(source_words.WRITTEN) == set(_PLAIN)
