"""Whom a case must be kept from: whom it accuses, and, where it passes a school by, everybody of that school."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from khet.core.accounts.models import User
from khet.core.accounts.services import grant_role
from khet.core.audit.queries import entries
from khet.core.notices.models import Notice
from khet.engines.cases import queries, services
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning, Named
from khet.engines.cases.services.watching import escalate, remind
from khet.kit.thai import name_key
from khet.registers.people.models import Person, StaffPost

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_hats(school_director, office, system):
    """The head of the school, who acts as a safety officer and as a director of the office, too."""
    for role in ("safety_officer", "director"):
        grant_role(school_director, role, office, by=system)
    return User.objects.get(pk=school_director.pk)


def told_of_staff(whisper, school):
    return services.report(whisper, services.Report(school, {"actor": "staff", "story": "ครูคนหนึ่ง"}))[0]


def members(case) -> set[str]:
    return set(case.members.filter(until__isnull=True).values_list("user__username", flat=True))


def numbers(user) -> set[str]:
    return set(entries(user).values_list("label", flat=True))


def test_who_is_accused_answers_no_referral_of_the_case(
    secret_case, other_school, someone, office, safety_officer, client_for
):
    accused = someone("safety_officer", office, "accused")
    services.add_party(secret_case, Named("accused", "เจ้าหน้าที่", user=accused), by=safety_officer)
    referral = services.refer(secret_case, to=other_school, reason="ขอให้ช่วย", by=safety_officer)
    assert queries.referrals_here(accused) == [] and queries.referrals_here(safety_officer) == [referral]
    assert secret_case.number not in client_for(accused).get(reverse("cases:inbox")).content.decode()
    for answer in ("accept", "decline"):
        address = reverse("cases:referral", args=[referral.pk, answer])
        assert client_for(accused).post(address, {"words": "no"}).status_code == 404
    with pytest.raises(CaseError):
        services.accept(referral, by=accused)
    referral.refresh_from_db()
    assert referral.state == "waiting"


def test_one_of_the_school_is_kept_out_whatever_else_they_are(whisper, school, two_hats, safety_officer, client_for):
    case = told_of_staff(whisper, school)
    assert members(case) == {safety_officer.username}
    with pytest.raises(CaseError, match="may not enter"):
        services.enter(case, "asked by the province", by=two_hats)
    entered = client_for(two_hats).post(reverse("cases:enter"), {"number": case.number, "reason": "asked for it"})
    assert entered.status_code == 422 and not Case.objects.visible_to(two_hats).exists()
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(hours=1))
    escalate(timezone.now())
    assert not Notice.objects.filter(user=two_hats).exists()


def test_a_case_that_nobody_would_see_comes_to_who_may_enter_it(whisper, school, school_director, director, promoter):
    case = told_of_staff(whisper, school)
    assert members(case) == {director.username}
    assert Notice.objects.filter(user=director, words_en__contains=case.number).exists()
    services.move(case, "start", by=director)


def test_where_the_only_officer_is_accused_somebody_else_has_the_case(whisper, school, safety_officer, director):
    case = told_of_staff(whisper, school)
    assert members(case) == {safety_officer.username}
    services.add_party(case, Named("accused", "เจ้าหน้าที่", user=safety_officer), by=safety_officer)
    assert members(case) == {director.username}
    assert not Case.objects.visible_to(safety_officer).exists()


@pytest.mark.parametrize("at_the_beginning", [True, False])
def test_a_name_is_enough_to_keep_the_accused_out(whisper, school, safety_officer, school_director, at_the_beginning):
    school_director.full_name = "นายสมมติ ใจร้าย"
    school_director.save()
    accused = Named("accused", "สมมติ  ใจร้าย")
    parties = (accused,) if at_the_beginning else ()
    case = services.begin(
        whisper, Beginning(org=school, answers={"actor": "pupil"}, parties=parties), by=safety_officer
    )
    if not at_the_beginning:
        services.add_party(case, accused, by=safety_officer)
    case.refresh_from_db()
    assert case.passed_by and not Case.objects.visible_to(school_director).exists()
    assert case.parties.get().user == school_director


def test_a_teacher_of_the_register_without_an_account_takes_the_case_past_the_school(
    whisper, school, other_school, safety_officer, school_director
):
    for place, name in ((school, "ครู"), (other_school, "ไกล")):
        person = Person.objects.create(first_name=name, last_name="สมมุติ", name_key=name_key(name, "สมมุติ"), org=place)
        StaffPost.objects.create(person=person, school=place, year=2025)
    begun = [
        services.begin(whisper, Beginning(org=school, answers={"actor": "pupil"}), by=safety_officer) for _n in range(2)
    ]
    for case, name in zip(begun, ("นายไกล สมมุติ", "นายครู สมมุติ"), strict=True):
        services.add_party(case, Named("accused", name), by=safety_officer)
        case.refresh_from_db()
    assert [case.passed_by for case in begun] == [False, True]


def test_what_was_told_of_a_case_is_taken_back_from_whom_it_is_kept(secret_case, school_director, safety_officer):
    services.add_task(secret_case, "ถามครู", by=safety_officer, owner=school_director, due=timezone.localdate())
    assert Notice.objects.filter(user=school_director).exists()
    services.add_party(secret_case, Named("accused", "ผู้อำนวยการ", user=school_director), by=safety_officer)
    assert not Notice.objects.filter(user=school_director).exists()
    assert remind(timezone.localdate()) == 1
    assert not Notice.objects.filter(user=school_director).exists()
    assert Notice.objects.filter(user=safety_officer, words_en__contains="task is due").exists()


def test_who_leaves_a_case_hears_no_more_of_it(secret_case, school_director, safety_officer):
    services.add_task(secret_case, "ถามครู", by=safety_officer, owner=school_director, due=timezone.localdate())
    services.remove_member(secret_case.members.get(user=school_director), by=safety_officer)
    remind(timezone.localdate())
    assert not Notice.objects.filter(user=school_director).exists()


def test_the_trail_of_files_and_links_tells_nobody_outside_of_a_circle(
    secret_case, case, safety_officer, promoter, director, administrator
):
    services.add_file(secret_case, SimpleUploadedFile("แผล.txt", "คำ".encode()), by=safety_officer)
    services.add_file(case, SimpleUploadedFile("ใบ.txt", "คำ".encode()), by=promoter)
    services.add_member(secret_case, promoter, by=safety_officer)
    services.link(case, secret_case, "follows", by=promoter)
    services.unlink(case.links.get(), by=promoter)
    for reader in (director, administrator):
        seen = entries(reader)
        kept = set(seen.filter(verb="file.kept").values_list("actor__username", flat=True))
        assert kept == ({promoter.username} if reader == director else set())
        assert secret_case.number not in str(list(seen.values_list("label", "before", "after")))
    assert case.number in numbers(director) and entries(director).filter(verb="case.linked").exists()
    services.enter(secret_case, "asked by the province", by=director)
    assert entries(director).filter(verb="file.kept", actor=safety_officer).exists()
