"""Making a list: who is on it, in which order, and what is kept."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from khet.core.audit.models import AuditEntry
from khet.core.catalogue import catalogue
from khet.insight.earlywarning import queries, services, tasks
from khet.insight.earlywarning.models import FollowUp, PupilWarning, WarningRun
from khet.insight.earlywarning.services import RunError
from tests.insight.earlywarning.conftest import TODAY, YEAR, absent, results, weekdays

RULES = "abc-2568"


@pytest.fixture
def absent_pupil(class_of_ten):
    """Lost twelve days in a row in July: three signs, enough to act."""
    return absent(class_of_ten[3], weekdays(date(2025, 7, 1), 30))


@pytest.fixture
def failing_pupil(class_of_ten):
    """One failure: to be watched."""
    return results(class_of_ten[4], "0", "3", "4")


def make(office, by, **more):
    return services.carry_out(services.ask(office, by=by, **more))


def listed(run):
    return list(run.warnings.order_by("rank").values_list("enrolment_id", "level"))


def test_pupils_with_signs_are_listed_the_most_pressing_first(office, promoter, absent_pupil, failing_pupil):
    run = make(office, promoter, capacity=5)
    assert run.state == "done", run.message
    assert listed(run) == [(absent_pupil.pk, "act"), (failing_pupil.pk, "watch")]
    assert (run.pupils, run.listed, run.method) == (10, 2, "rule")
    assert run.card == {"why": "no_past"}


def test_the_list_stops_at_the_capacity(office, promoter, absent_pupil, failing_pupil):
    assert listed(make(office, promoter, capacity=1)) == [(absent_pupil.pk, "act")]


def test_the_capacity_of_the_list_before_is_kept(office, promoter, absent_pupil, failing_pupil):
    make(office, promoter, capacity=1)
    assert make(office, promoter).capacity == 1


def test_the_first_list_takes_a_share_of_the_pupils(office, promoter, class_of_ten):
    assert make(office, promoter).capacity == max(1, round(0.03 * 10))


def test_who_has_stopped_coming_stands_first_and_takes_no_place(office, promoter, class_of_ten, absent_pupil):
    class_of_ten[8].hanging = True
    class_of_ten[8].save()
    assert listed(make(office, promoter, capacity=1)) == [(class_of_ten[8].pk, "stopped"), (absent_pupil.pk, "act")]


def test_reasons_lie_encrypted_and_are_those_of_the_rules(office, promoter, absent_pupil):
    from django.db import connection

    run = make(office, promoter, capacity=1)
    warning = run.warnings.get()
    assert [sign for sign, _value in warning.detail["signs"]] == [
        "severe_absence", "chronic_absence", "absent_in_row", "absent_in_month",
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail FROM earlywarning_pupilwarning")
        assert b"absence" not in bytes(cursor.fetchone()[0])


def test_only_who_is_listed_is_kept(office, promoter, absent_pupil, class_of_ten):
    make(office, promoter, capacity=1)
    assert PupilWarning.objects.count() == 1


def test_an_overruled_pupil_is_passed_over_until_it_is_taken_back(office, promoter, absent_pupil, failing_pupil):
    first = make(office, promoter, capacity=1)
    services.overrule(first.warnings.get(), "known_reason", by=promoter, note="ป่วยและกลับมาแล้ว")
    second = make(office, promoter, capacity=1)
    assert listed(second) == [(failing_pupil.pk, "watch")]
    assert services.take_back(first.warnings.get(), by=promoter)
    assert listed(make(office, promoter, capacity=1)) == [(absent_pupil.pk, "act")]


def test_schools_stand_by_share_with_their_counts(office, promoter, school, third_school, pupil, absent_pupil):
    for number in range(30):
        absent(pupil(third_school), [weekdays(date(2025, 6, 2), 30)[number]])
    run = make(office, promoter, capacity=5)
    assert [row["school"] for row in run.schools] == [school.pk, third_school.pk]
    first = run.schools[0]
    assert (first["pupils"], first["act"], first["listed"], first["stopped"]) == (10, 1, 1, 0)
    mean = 1 / 40
    assert first["share"] == pytest.approx(100 * (1 + 20 * mean) / 30, abs=0.01)


def test_one_list_at_a_time(office, promoter, class_of_ten):
    services.ask(office, by=promoter)
    with pytest.raises(RunError, match=r"อยู่แล้ว|already"):
        services.ask(office, by=promoter)


def test_a_run_that_was_stopped_gives_way(office, promoter, class_of_ten):
    stopped = services.ask(office, by=promoter)
    WarningRun.objects.filter(pk=stopped.pk).update(started_at=timezone.now() - timedelta(hours=1), state="running")
    again = services.ask(office, by=promoter)
    stopped.refresh_from_db()
    assert (stopped.state, again.state) == ("failed", "queued")


def test_a_list_needs_an_office_and_pupils(office, school, promoter):
    with pytest.raises(RunError):
        services.ask(office, by=promoter)
    with pytest.raises(RunError):
        services.ask(school, by=promoter)


def test_what_fails_is_told_and_the_list_before_stands(office, promoter, absent_pupil, monkeypatch):
    before = make(office, promoter, capacity=1)
    monkeypatch.setattr(services.running, "judge", lambda *given: 1 / 0)
    failed = make(office, promoter)
    assert failed.state == "failed"
    assert failed.message
    assert queries.newest(promoter, office) == before
    assert queries.under_way(promoter, office) == failed


def test_the_task_makes_the_list_once(office, promoter, absent_pupil):
    run = services.ask(office, by=promoter, capacity=1)
    tasks.make_list.func(run.pk)
    tasks.make_list.func(run.pk)
    run.refresh_from_db()
    assert (run.state, run.warnings.count()) == ("done", 1)


def test_the_trail_knows_who_had_it_made_and_no_pupil(office, promoter, absent_pupil):
    make(office, promoter, capacity=1)
    entries = AuditEntry.objects.filter(verb__startswith="warning.run")
    assert [entry.verb for entry in entries.order_by("pk")] == ["warning.run_started", "warning.run_done"]
    assert "ทดสอบ" not in str(list(entries.values()))


def test_lists_are_kept_a_year_and_one_more(office, promoter, absent_pupil):
    old = make(office, promoter, capacity=1)
    WarningRun.objects.filter(pk=old.pk).update(year=YEAR - 2)
    last_year = make(office, promoter)
    WarningRun.objects.filter(pk=last_year.pk).update(year=YEAR - 1)
    make(office, promoter)
    assert not WarningRun.objects.filter(pk=old.pk).exists()
    assert WarningRun.objects.filter(pk=last_year.pk).exists()
    assert AuditEntry.objects.filter(verb="warning.lists_deleted", count=1).exists()


def test_an_edition_is_used_from_its_day_on(office, promoter, class_of_ten):
    from khet.insight.earlywarning.services.running import rules_in_force

    assert rules_in_force(TODAY).id == RULES
    with pytest.raises(RunError):
        rules_in_force(date(2020, 1, 1))


def test_what_was_done_and_how_it_went_are_recorded_with_their_day(office, promoter, absent_pupil):
    warning = make(office, promoter, capacity=1).warnings.get()
    services.act(warning, "visited", by=promoter, on=date(2025, 11, 20), note="พบยาย")
    services.end(warning, "better", by=promoter)
    row = queries.pupil(promoter, warning)
    assert [(one.kind, one.choice, one.on) for one in row.followups] == [
        ("ending", "better", TODAY), ("action", "visited", date(2025, 11, 20)),
    ]  # fmt: skip
    assert row.met
    assert "พบยาย" not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("on", [date(2025, 5, 1), TODAY + timedelta(1)])
def test_a_day_outside_the_year_or_to_come_is_refused(office, promoter, absent_pupil, on):
    warning = make(office, promoter, capacity=1).warnings.get()
    with pytest.raises(services.FollowUpError):
        services.act(warning, "visited", by=promoter, on=on)
    assert not FollowUp.objects.exists()


def test_a_choice_that_is_not_of_the_edition_is_refused(office, promoter, absent_pupil):
    warning = make(office, promoter, capacity=1).warnings.get()
    with pytest.raises(services.FollowUpError):
        services.act(warning, "punished", by=promoter)


def test_overruling_needs_words_and_happens_once(office, promoter, absent_pupil):
    warning = make(office, promoter, capacity=1).warnings.get()
    with pytest.raises(services.FollowUpError):
        services.overrule(warning, "data_wrong", by=promoter, note="-")
    services.overrule(warning, "data_wrong", by=promoter, note="นับวันหยุดเป็นวันขาด")
    with pytest.raises(services.FollowUpError):
        services.overrule(warning, "data_wrong", by=promoter, note="นับวันหยุดเป็นวันขาด")


def test_who_waits_too_long_is_called_to_mind(office, promoter, absent_pupil, failing_pupil):
    run = make(office, promoter, capacity=2)
    days = catalogue().get("warning", RULES).remind_after_days
    assert all(row.waiting_days is None for row in queries.pupils(promoter, run))
    WarningRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=days + 1))
    run.refresh_from_db()
    services.act(run.warnings.get(enrolment=absent_pupil), "called", by=promoter)
    waiting = {row.warning.enrolment_id: row.waiting_days for row in queries.pupils(promoter, run)}
    assert waiting == {absent_pupil.pk: None, failing_pupil.pk: days + 1}
    assert [row.waiting for row in queries.schools(promoter, run)] == [1]


def test_whether_acting_helped_is_asked_of_the_year_before(office, school, promoter, pupil, class_of_ten):
    """Of last year's listed pupils the one somebody met came back; groups under five are counted, not told."""
    days = weekdays(date(2025, 7, 1), 30)
    for spell in class_of_ten[:6]:
        absent(spell, [day for day in days if not spell.absences.filter(date=day).exists()])
    run = make(office, promoter, capacity=10)
    met = run.warnings.order_by("rank").first()
    services.act(met, "visited", by=promoter)
    pupil(school, "ป.6")
    pupil(school, "ป.5", year=YEAR + 1, person=met.enrolment.person)
    this_year = WarningRun(org=office, year=YEAR + 1, rules=RULES)
    helped = queries.did_it_help(this_year)
    assert (helped.met, helped.met_lost) == (1, None)
    assert (helped.others, helped.others_lost) == (5, 5)


def test_who_may_open_the_school_is_reminded_without_a_name(office, promoter, teacher, other_teacher, absent_pupil):
    from khet.core.notices.models import Notice

    run = make(office, promoter, capacity=1)
    days = catalogue().get("warning", RULES).remind_after_days
    assert services.remind_due() == 0
    WarningRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=days, hours=1))
    assert services.remind_due() == 1
    notice = Notice.objects.get()
    assert notice.user == teacher
    assert "1" in notice.words_en
    assert "ทดสอบ" not in notice.words_th + notice.url
    services.act(run.warnings.get(), "called", by=teacher)
    assert services.remind_due() == 0


def test_the_daily_job_forgets_lists_and_records_whose_time_is_over(office, promoter, absent_pupil):
    run = make(office, promoter, capacity=1)
    services.act(run.warnings.get(), "called", by=promoter)
    assert services.forget_due() == 0
    WarningRun.objects.update(year=YEAR - 2)
    FollowUp.objects.update(year=YEAR - 2)
    assert services.forget_due() == 2
    assert not WarningRun.objects.exists()
    assert not FollowUp.objects.exists()


def test_a_load_can_be_undone_after_a_list_was_made_of_it(office, promoter, absent_pupil):
    """The intake deletes rows without looking at what refers to them; the pupil then drops out of the list."""
    run = make(office, promoter, capacity=1)
    services.act(run.warnings.get(), "called", by=promoter)
    absent_pupil.absences.all().delete()
    type(absent_pupil).objects.filter(pk=absent_pupil.pk)._raw_delete(using="default")
    from django.db import connection

    connection.check_constraints()
    assert queries.pupils(promoter, run) == []
    assert [row.met for row in queries.schools(promoter, run)] == [0]
    assert make(office, promoter).state == "done"
