"""Beginning a case."""

import pytest
from django.db import connection

from khet.core.audit.models import AuditEntry
from khet.core.notices.models import Notice
from khet.engines.cases import services
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning

pytestmark = pytest.mark.django_db


def test_it_begins_where_the_workflow_starts_with_a_number_a_clock_and_a_trail(case, teacher, office):
    assert (case.state, case.office, case.opened_by) == ("waiting", office, teacher)
    assert case.number.startswith(f"ERR-{office.code}-25") and case.number.endswith("-00001")
    assert case.due_at > case.received_at and case.level == "low"
    assert AuditEntry.objects.filter(verb="case.begun", object_id=str(case.pk)).count() == 1


def test_what_is_sensitive_lies_encrypted_and_apart(case):
    assert case.answers == {"colour": "red"} and case.secret == {"story": "ก"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM cases_case")
        stored = bytes(cursor.fetchone()[0])
    assert "ก".encode() not in stored


def test_a_second_open_case_of_the_same_child_is_refused_and_the_first_is_named(case, errand, school, pupil, teacher):
    with pytest.raises(CaseError, match=case.number):
        services.begin(errand, Beginning(org=school, person=pupil), by=teacher)


def test_who_holds_no_role_that_begins_such_a_case_there_cannot(errand, school, other_school, pupil, planner, teacher):
    with pytest.raises(CaseError, match="may not begin"):
        services.begin(errand, Beginning(org=school, person=pupil), by=planner)
    with pytest.raises(CaseError, match="may not begin"):
        services.begin(errand, Beginning(org=other_school, person=pupil), by=teacher)
    assert not Case.objects.exists()


def test_several_begin_all_or_none(errand, school, pupil, teacher):
    good = Beginning(org=school, person=pupil)
    with pytest.raises(CaseError, match="Choose the pupil"):
        services.begin_many(errand, [good, Beginning(org=school)], by=teacher)
    assert not Case.objects.exists()


def test_the_kept_edition_stays_when_the_catalogue_changes(case, home, school):
    file = home / "catalogue" / "zoo" / "workflow-2568.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("en: Waiting", "en: Changed"), encoding="utf-8")
    again = Case.objects.get(pk=case.pk)
    assert again.stands.title.en == "Waiting"


def test_a_circle_is_joined_by_the_roles_it_names_and_they_are_told_without_a_name(
    secret_case, safety_officer, school_director
):
    assert {one.user for one in secret_case.members.all()} == {safety_officer, school_director}
    told = Notice.objects.get(user=school_director)
    assert secret_case.number in told.words_en and "ข" not in told.words_th


def test_a_case_that_names_staff_passes_by_the_school(whisper, school, office, safety_officer, school_director):
    case = services.begin(whisper, Beginning(org=school, answers={"actor": "staff"}), by=safety_officer)
    assert (case.org, case.about, case.passed_by) == (office, school, True)
    assert [one.user for one in case.members.all()] == [safety_officer]
    assert not Case.objects.visible_to(school_director).exists()
    assert not Notice.objects.filter(user=school_director).exists()
