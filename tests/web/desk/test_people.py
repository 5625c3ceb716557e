from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khet.core.audit.models import AuditEntry
from khet.registers.residents.models import Resident
from khet.web.desk.services import people as services

SEARCH = reverse("desk:people")


@pytest.fixture
def pupil(pupil_at, school):
    return pupil_at(school, "กัญญารัตน์", "ใจดี")


@pytest.fixture
def visit():
    """visit(user) → a browser of their own."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


def text(answer):
    return answer.content.decode()


def trail(verb):
    return AuditEntry.objects.filter(verb=verb)


@pytest.mark.parametrize("asked", ["กัญญา", "กัญญารัตน์ ใจดี", "เด็กหญิงกัญญารัตน์", "ใจดี", "กญญารตน", "กัญญารัตน"])
def test_a_name_is_found_by_its_beginning_whatever_marks_are_lost(visit, planner, pupil, asked):
    page = text(visit(planner).get(SEARCH, {"q": asked}))
    assert str(pupil.ref) in page


@pytest.mark.parametrize("asked", ["กันยารัตน์", "กัญยารัตน์ ใจดี"])
def test_a_misspelt_name_is_offered_as_similar(visit, planner, pupil, asked):
    page = text(visit(planner).get(SEARCH, {"q": asked}))
    assert "Similar names" in page and str(pupil.ref) in page


def test_names_that_sound_alike_are_found_when_asked(visit, planner, pupil_at, school):
    other = pupil_at(school, "ณัฏฐ์", "ทองดี")
    client = visit(planner)
    assert str(other.ref) not in text(client.get(SEARCH, {"q": "นัด"}))
    assert str(other.ref) in text(client.get(SEARCH, {"q": "นัด", "sound": "1"}))


def test_the_list_shows_name_school_and_grade_and_nothing_more(visit, planner, pupil, school):
    page = text(visit(planner).get(SEARCH, {"q": "กัญญา"}))
    assert school.name in page and "ป.1" in page
    for hidden in (pupil.number, pupil.number[-4:], "ศาสนาสมมติ", "0800000000", "2559"):
        assert hidden not in page


def test_an_id_never_stays_in_an_address(visit, planner, pupil):
    answer = visit(planner).get(SEARCH, {"q": pupil.number})
    assert answer.status_code == 302 and pupil.number not in answer["Location"]


def test_an_id_finds_its_person_by_hash_and_the_search_is_written_down(visit, planner, pupil):
    answer = visit(planner).post(reverse("desk:people_by_identifier"), {"identifier": pupil.number})
    assert answer["Location"] == reverse("desk:person", args=[pupil.ref])
    entry = trail("people.searched_by_id").get()
    assert pupil.number not in str(entry.__dict__)


@pytest.mark.parametrize("wrong", ["1234567890123", "", "1.23E+12"])
def test_a_wrong_id_finds_nobody(visit, planner, pupil, wrong):
    answer = visit(planner).post(reverse("desk:people_by_identifier"), {"identifier": wrong})
    assert answer["Location"] == SEARCH


def test_a_record_opens_only_after_a_reason_which_stands_in_the_trail(visit, promoter, pupil, school):
    client, address = visit(promoter), reverse("desk:person", args=[pupil.ref])
    assert "Schooling" not in text(client.get(address))
    client.post(reverse("desk:person_open", args=[pupil.ref]), {"reason": " "})
    assert not trail("person.opened").exists()
    client.post(reverse("desk:person_open", args=[pupil.ref]), {"reason": "เยี่ยมบ้านครั้งที่ 1"})
    page = text(client.get(address))
    assert "Schooling" in page and school.name in page
    entry = trail("person.opened").get()
    assert (entry.reason, entry.actor, entry.label) == ("เยี่ยมบ้านครั้งที่ 1", promoter, str(pupil.ref))


def test_an_opened_record_closes_after_half_an_hour(visit, promoter, pupil):
    client, address = visit(promoter), reverse("desk:person", args=[pupil.ref])
    client.post(reverse("desk:person_open", args=[pupil.ref]), {"reason": "เยี่ยมบ้าน"})
    session = client.session
    key = f"{pupil.ref}:plain"
    long_ago = (timezone.now() - services.OPEN_FOR - timedelta(seconds=1)).isoformat()
    session["opened_people"] = {key: [long_ago, "เยี่ยมบ้าน"]}
    session.save()
    assert "Schooling" not in text(client.get(address))


def test_one_opened_record_does_not_open_another(visit, promoter, pupil, pupil_at, school):
    other = pupil_at(school, "ธนกร", "แสงทอง", sex="m")
    client = visit(promoter)
    client.post(reverse("desk:person_open", args=[pupil.ref]), {"reason": "เยี่ยมบ้าน"})
    assert "Schooling" not in text(client.get(reverse("desk:person", args=[other.ref])))


def test_who_may_only_list_cannot_open(visit, planner, pupil):
    client = visit(planner)
    assert client.post(reverse("desk:person_open", args=[pupil.ref]), {"reason": "อยากดู"}).status_code == 404
    assert "closed to you" in text(client.get(reverse("desk:person", args=[pupil.ref])))
    assert not trail("person.opened").exists()


def test_the_sensitive_part_asks_again_and_is_written_down(visit, promoter, pupil):
    client, address = visit(promoter), reverse("desk:person", args=[pupil.ref])
    open_it = reverse("desk:person_open", args=[pupil.ref])
    client.post(open_it, {"reason": "เยี่ยมบ้าน"})
    assert "ศาสนาสมมติ" not in text(client.get(address))
    client.post(open_it, {"reason": "จัดความช่วยเหลือ", "level": "sensitive"})
    assert "ศาสนาสมมติ" in text(client.get(address))
    assert trail("person.sensitive_shown").get().reason == "จัดความช่วยเหลือ"


def test_the_sensitive_part_stays_closed_to_who_may_only_open_records(visit, director, pupil):
    client = visit(director)
    open_it = reverse("desk:person_open", args=[pupil.ref])
    client.post(open_it, {"reason": "ตรวจราชการ"})
    client.post(open_it, {"reason": "ตรวจราชการ", "level": "sensitive"})
    page = text(client.get(reverse("desk:person", args=[pupil.ref])))
    assert "Schooling" in page and "ศาสนาสมมติ" not in page
    assert not trail("person.sensitive_shown").exists()


def test_an_id_is_masked_and_each_showing_in_full_is_written_down(visit, promoter, pupil):
    client, address = visit(promoter), reverse("desk:person", args=[pupil.ref])
    reveal = reverse("desk:person_identifier", args=[pupil.ref])
    assert pupil.number not in text(client.post(reveal, follow=True))  # not before the record is open
    client.post(reverse("desk:person_open", args=[pupil.ref]), {"reason": "เยี่ยมบ้าน"})
    assert pupil.number not in text(client.get(address))
    assert pupil.number in text(client.post(reveal))
    assert pupil.number not in text(client.get(address))
    assert trail("person.identifier_shown").count() == 1


def test_pages_of_persons_are_not_kept_by_the_browser(visit, promoter, pupil):
    client = visit(promoter)
    for address in (SEARCH, reverse("desk:person", args=[pupil.ref]), reverse("desk:person_trail", args=[pupil.ref])):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_who_saw_a_record_can_be_read(visit, promoter, director, pupil):
    client = visit(promoter)
    client.post(reverse("desk:person_open", args=[pupil.ref]), {"reason": "เยี่ยมบ้านครั้งที่ 2"})
    page = text(visit(director).get(reverse("desk:person_trail", args=[pupil.ref])))
    assert "promoter" in page and "เยี่ยมบ้านครั้งที่ 2" in page


def test_a_pupil_who_moved_away_is_found_where_they_are_now(visit, school_director, pupil_at, school, other_school):
    moved = pupil_at(other_school, "วราภรณ์", "ย้ายมา")
    client = visit(school_director)
    assert str(moved.ref) not in text(client.get(SEARCH, {"q": "วราภรณ์"}))
    moved.org = school
    moved.save()
    assert str(moved.ref) in text(client.get(SEARCH, {"q": "วราภรณ์"}))


def test_a_long_list_has_pages_and_costs_few_queries(visit, planner, pupil_at, school, django_assert_max_num_queries):
    for number in range(30):
        pupil_at(school, f"สมหญิง{number:02}", "มากมาย")
    client = visit(planner)
    client.get(SEARCH)
    with django_assert_max_num_queries(15):
        page = text(client.get(SEARCH, {"q": "มากมาย"}))
    assert page.count("/people/") >= 25 and "page=2" in page


def test_a_child_on_the_civil_registration_list_opens_for_a_reason_too(visit, promoter, planner, office):
    child = Resident.objects.create(
        org=office, list_date=date(2024, 6, 1), first_name="ลลิตา", last_name="ไกลเมือง", name_key="ลลตา|ไกลเมอง",
        identifier="9990000000001", identifier_hash="y" * 32, details={"house": "77/7", "father_name": "นายไกล"},
    )  # fmt: skip
    client, address = visit(promoter), reverse("desk:resident", args=[child.ref])
    assert client.get(reverse("desk:person", args=[child.ref]))["Location"] == address
    assert "77/7" not in text(client.get(address))
    client.post(address, {"reason": "ออกติดตามเด็ก"})
    page = text(client.get(address))
    assert "77/7" in page and "9990000000001" not in page
    assert trail("resident.opened").get().reason == "ออกติดตามเด็ก"
    closed = visit(planner)
    closed.post(address, {"reason": "อยากดู"})
    assert "77/7" not in text(closed.get(address))
