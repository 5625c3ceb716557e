"""Writing in a book, changing an entry, taking it out; what asks for something and what stands for what."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from khet.core.audit.models import AuditEntry
from khet.engines.logbooks import queries, services
from khet.engines.logbooks.models import Edition, Entry, Revision
from khet.engines.logbooks.services import LogbookError
from khet.engines.logbooks.standing import read
from tests.engines.logbooks.conftest import drill, risk

pytestmark = pytest.mark.django_db


def kept(viewer, book, org):
    return queries.kept(book, list(queries.entries(viewer, book.family, org)), timezone.localdate())


def test_an_entry_is_weighed_and_asks_until_its_state_says_otherwise(risks, school, head):
    entry = services.write(risks, school, risk(risk_likely="4"), by=head)
    assert (entry.weight, queries.band(risks, entry.weight)) == (12, "Extreme")
    assert (kept(head, risks, school).asking, kept(head, risks, school).late) == (1, 0)
    services.change(entry, risk(risk_likely="1", risk_state="reduced"), by=head)
    assert (entry.due, entry.weight) == (None, 3)
    assert (kept(head, risks, school).asking, kept(head, risks, school).heavy) == (0, "")


def test_what_is_past_its_day_is_late(risks, school, head):
    yesterday = timezone.localdate() - timedelta(days=1)
    services.write(risks, school, risk(risk_due=yesterday.isoformat()), by=head)
    assert kept(head, risks, school).late == 1


def test_the_newest_drill_of_a_kind_stands_for_the_older_ones(drills, school, head):
    today = timezone.localdate()
    past = (today - timedelta(days=10)).isoformat()
    services.write(drills, school, drill(today - timedelta(days=200), drill_next=past), by=head)
    services.write(drills, school, drill(today - timedelta(days=190), "flood", drill_next=past), by=head)
    assert kept(head, drills, school).late == 2
    services.write(drills, school, drill(today, drill_next=(today + timedelta(days=180)).isoformat()), by=head)
    assert (kept(head, drills, school).late, kept(head, drills, school).asking) == (1, 2)


def test_a_school_without_a_drill_this_year_is_told_how_many_are_wanting(drills, school, head):
    assert kept(head, drills, school).lacks == 1
    services.write(drills, school, drill(timezone.localdate() - timedelta(days=400)), by=head)
    assert kept(head, drills, school).lacks == 1
    services.write(drills, school, drill(timezone.localdate()), by=head)
    assert kept(head, drills, school).lacks == 0


def test_what_was_said_before_is_kept_and_saying_it_again_is_no_change(risks, school, head):
    entry = services.write(risks, school, risk(), by=head)
    services.change(entry, risk(), by=head)
    assert not Revision.objects.exists()
    services.change(entry, risk(risk_state="gone"), by=head)
    assert Revision.objects.get().answers["risk_state"] == "open"
    trail = AuditEntry.objects.filter(verb__startswith="logbook.").order_by("pk")
    assert [entry.verb for entry in trail] == ["logbook.written", "logbook.changed"]


def test_an_entry_taken_out_counts_no_more_and_is_kept(risks, school, head):
    entry = services.write(risks, school, risk(), by=head)
    services.withdraw(entry, by=head)
    assert kept(head, risks, school).count == 0
    assert Entry.objects.get().withdrawn_by == head


def test_entries_of_one_edition_share_it(risks, school, other_school, head, other_head):
    services.write(risks, school, risk(), by=head)
    services.write(risks, other_school, risk(), by=other_head)
    assert Edition.objects.count() == 1


def test_nobody_writes_in_the_book_of_another_school(risks, school, other_head, teacher):
    for somebody in (other_head, teacher):
        with pytest.raises(LogbookError, match="Ask the head of the school"):
            services.write(risks, school, risk(), by=somebody)


def test_an_entry_without_a_day_is_of_the_day_it_was_written(drills):
    assert read(drills, {}, date(2024, 7, 1)).day == date(2024, 7, 1)
    assert read(drills, {"drill_on": "2024-06-01"}, date(2024, 7, 1)).day == date(2024, 6, 1)
