"""The trail only grows, can be asked, and shows when it was changed by other means."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from khet.core.audit import queries
from khet.core.audit.models import AuditEntry, NeverChanged
from khet.core.audit.services import broken_seals, record, seal
from khet.core.audit.words import name_verbs, verb_words
from khet.registers.people.models import Person


@pytest.fixture
def entry(planner, school):
    return record("plan.adopted", school, by=planner, org=school, before={"a": 1}, after={"a": 2}, reason="ทดสอบ")


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: setattr(entry, "reason", "other") or entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(reason="other"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["reason"]),
        lambda entry: AuditEntry.objects.all().delete(),
    ],
)
def test_an_entry_is_never_changed_or_deleted(change, entry):
    with pytest.raises(NeverChanged):
        change(entry)
    assert AuditEntry.objects.get(pk=entry.pk).reason == "ทดสอบ"


def test_an_entry_says_who_did_what_with_what_where_and_why(entry, planner, school):
    found = AuditEntry.objects.get(pk=entry.pk)
    assert (found.actor, found.verb, found.org, found.reason) == (planner, "plan.adopted", school, "ทดสอบ")
    assert (found.object_type, found.object_id, found.label) == ("orgs.org", str(school.pk), "90010001 บ้านริมธาร")
    assert (found.before, found.after) == ({"a": 1}, {"a": 2})
    assert timezone.now() - found.at < timedelta(minutes=1)


def test_a_person_is_named_by_an_internal_number_only(planner, db):
    person = Person.objects.create(first_name="ต้นกล้า", last_name="สมมติ")
    entry = record("person.opened", person, by=planner, reason="เยี่ยมบ้าน")
    assert "ต้นกล้า" not in str(AuditEntry.objects.filter(pk=entry.pk).values())


def test_a_reader_sees_the_entries_of_the_own_orgs_only(
    entry, administrator, director, planner, stranger_office, stranger
):
    record("plan.adopted", stranger_office, by=stranger, org=stranger_office)
    for reader in (administrator, director):
        assert entry in queries.entries(reader)
        assert not queries.entries(reader).filter(org=stranger_office).exists()
    assert not queries.entries(planner).exists()


def test_the_trail_is_narrowed_by_who_what_where_and_when(entry, administrator, director, school, other_school):
    record("user.signed_in", director, by=director, org=director.org)
    rows = queries.entries(administrator)
    found = lambda **how: set(queries.narrowed(rows, **how).values_list("verb", flat=True))  # noqa: E731
    today = timezone.localdate()
    assert found(who="planner") == {"plan.adopted"}
    assert found(verb="plan.adopted") == {"plan.adopted"}
    assert found(verb="user.") == {"user.signed_in"}
    assert "plan.adopted" in found(org=school)
    assert "plan.adopted" not in found(org=other_school)
    assert "plan.adopted" in found(about=f"orgs.org:{school.pk}")
    assert "plan.adopted" in found(about="ริมธาร")
    assert "plan.adopted" in found(since=today, until=today)
    assert found(until=today - timedelta(days=1)) == set()
    assert found(since=today + timedelta(days=1)) == set()


def test_who_saw_this_record(planner, administrator, school):
    person = Person.objects.create(first_name="ก", last_name="ข")
    record("person.opened", person, by=planner, org=school, reason="เยี่ยมบ้าน")
    assert [entry.actor for entry in queries.of_record(administrator, person)] == [planner]


def now():
    return timezone.now() + timedelta(seconds=1)


def test_a_whole_trail_keeps_its_seals(entry, planner):
    assert seal(until=now()).last == entry.pk
    record("plan.adopted", by=planner)
    second = seal(until=now())
    assert second.count == 1
    assert seal(until=now()) is None
    assert broken_seals() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_auditentry SET reason = 'other' WHERE id = %s",
        "UPDATE audit_auditentry SET label = 'x' WHERE id = %s",
        "DELETE FROM audit_auditentry WHERE id = %s",
    ],
)
def test_a_change_by_other_means_breaks_the_seal(change, entry):
    one = seal(until=now())
    with connection.cursor() as cursor:
        cursor.execute(change, [entry.pk])
    assert broken_seals() == [one]


def test_a_seal_cannot_be_made_again_without_the_one_before(entry, planner):
    first = seal(until=now())
    record("plan.adopted", by=planner)
    second = seal(until=now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditseal SET digest = %s WHERE id = %s", ["0" * 64, first.pk])
    assert [one.pk for one in broken_seals()] == [first.pk, second.pk]


def test_entries_that_have_not_settled_wait_for_their_seal(entry):
    assert seal() is None


def test_a_verb_speaks_in_words_and_a_room_may_name_its_own():
    with override("en"):
        assert verb_words("plan.adopted") == "adopted a plan"
        assert verb_words("unheard.of") == "unheard.of"
        name_verbs({"tests.run": "ran the tests"})
        assert verb_words("tests.run") == "ran the tests"


def test_every_verb_of_the_code_has_words():
    import re
    from pathlib import Path

    import khet
    from khet.core.audit.words import known_verbs

    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(khet.__file__).parent.rglob("*.py"))
    verbs = set(re.findall(r"\brecord\(\s*\"([a-z_]+\.[a-z_]+)\"", code))
    assert len(verbs) > 20
    assert sorted(verbs - set(known_verbs())) == []


def test_the_page_shows_the_trail_to_who_may_read_it(entry, administrator, planner, client_for):
    page = client_for(administrator).get(reverse("audit:list"), {"who": "planner"})
    assert [one.pk for one in page.context["page"].object_list] == [entry.pk]
    assert client_for(planner).get(reverse("audit:list")).status_code == 404


def test_a_filter_that_cannot_be_read_shows_nothing_rather_than_everything(entry, administrator, client_for):
    page = client_for(administrator).get(reverse("audit:list"), {"since": "31/2/2567"})
    assert list(page.context["page"].object_list) == []
    assert page.context["form"].errors


def test_pages_hold_a_hundred_entries(administrator, school, client_for):
    for _ in range(120):
        record("plan.adopted", by=administrator, org=school)
    client = client_for(administrator)
    assert len(client.get(reverse("audit:list")).context["page"].object_list) == 100
    assert client.get(reverse("audit:list"), {"page": 2, "verb": "plan.adopted"}).context["page"].number == 2


def test_an_export_is_a_harmless_table_and_an_entry_itself(entry, administrator, director, school, client_for):
    record("note.added", by=director, org=school, reason='=HYPERLINK("http://example.org")')
    answer = client_for(administrator).post(reverse("audit:export"), {"who": ""})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][5].startswith("'=HYPERLINK")
    assert len(rows[0]) == 7
    kept = AuditEntry.objects.get(verb="audit.exported")
    assert kept.actor == administrator
    assert kept.count == len(rows) - 1
