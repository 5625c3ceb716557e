"""The pages: who gets in, what stands on them, what they leave in the trail."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from khet.core.audit.models import AuditEntry
from khet.insight.earlywarning import services
from khet.insight.earlywarning.models import PATIENCE, FollowUp, WarningRun
from tests.insight.earlywarning.conftest import absent, weekdays


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.KHET_SECOND_FACTOR = False


@pytest.fixture
def run(office, promoter, class_of_ten, other_school, pupil):
    """A list with one pupil of each of two schools."""
    absent(class_of_ten[3], weekdays(date(2025, 7, 1), 30))
    absent(pupil(other_school), weekdays(date(2025, 7, 1), 30))
    return services.carry_out(services.ask(office, by=promoter, capacity=5))


@pytest.fixture
def warning(run, school):
    return run.warnings.get(school=school)


def page(client, name, *args):
    return client.get(reverse(f"earlywarning:{name}", args=args))


def test_the_office_sees_its_schools_the_most_pressing_first(client_for, promoter, run):
    answer = page(client_for(promoter), "schools")
    assert answer.status_code == 200
    assert [row.school.pk for row in answer.context["rows"]] == [row["school"] for row in run.schools]


def test_a_school_is_led_to_its_own_pupils_and_finds_no_other(client_for, teacher, run, school, other_school):
    answer = client_for(teacher).get(reverse("earlywarning:schools"))
    assert answer.url == reverse("earlywarning:school", args=[school.code])
    shown = page(client_for(teacher), "school", school.code)
    assert len(shown.context["rows"]) == 1
    assert page(client_for(teacher), "school", other_school.code).status_code == 404


def test_another_office_finds_nothing(client_for, foreign_promoter, run, school, warning):
    client = client_for(foreign_promoter)
    assert "rows" not in page(client, "schools").context
    for name, argument in (("school", school.code), ("pupil", warning.pk)):
        assert page(client, name, argument).status_code == 404
    for name in ("act", "end", "overrule", "restore"):
        assert client.post(reverse(f"earlywarning:{name}", args=[warning.pk]), {"choice": "called"}).status_code == 404
    assert client.post(reverse("earlywarning:export"), {"school": school.code, "reason": "ขอดู"}).status_code == 404
    assert not FollowUp.objects.exists()


def test_who_may_not_open_records_finds_no_page(client_for, planner, run):
    for name in ("schools", "card"):
        assert page(client_for(planner), name).status_code == 404


def test_the_list_names_no_reason(client_for, teacher, school, warning):
    text = page(client_for(teacher), "school", school.code).content.decode()
    assert "ทดสอบ4 สมมติ" in text
    assert "ร้อยละ" not in text.split("</table>")[0]


def test_a_pupil_opens_for_a_reason_that_the_trail_keeps(client_for, teacher, warning):
    client = client_for(teacher)
    closed = page(client, "pupil", warning.pk)
    assert "เกณฑ์ร้อยละ" not in closed.content.decode()
    assert not AuditEntry.objects.filter(verb="warning.opened").exists()
    answer = client.post(reverse("earlywarning:pupil", args=[warning.pk]), {"reason": "เยี่ยมบ้านสัปดาห์นี้"})
    assert "ขาดเรียนร้อยละ" in answer.content.decode()
    entry = AuditEntry.objects.get(verb="warning.opened")
    assert (entry.actor, entry.reason, entry.label) == (
        teacher, "เยี่ยมบ้านสัปดาห์นี้", str(warning.enrolment.person.ref),
    )  # fmt: skip


@pytest.mark.parametrize("reason", ["", "-", "   ดู  "])
def test_without_a_reason_it_stays_closed(client_for, teacher, warning, reason):
    answer = client_for(teacher).post(reverse("earlywarning:pupil", args=[warning.pk]), {"reason": reason})
    assert answer.status_code == 422
    assert "ขาดเรียนร้อยละ" not in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="warning.opened").exists()


def test_what_was_done_is_recorded_on_the_page(client_for, teacher, school, warning):
    client = client_for(teacher)
    client.post(
        reverse("earlywarning:act", args=[warning.pk]), {"choice": "visited", "on": "20/11/2568", "note": "พบยาย"}
    )
    made = FollowUp.objects.get()
    assert (made.choice, made.on, made.note["text"], made.by) == ("visited", date(2025, 11, 20), "พบยาย", teacher)
    text = page(client, "school", school.code).content.decode()
    assert "เยี่ยมบ้าน" in text
    assert "พบยาย" not in text


def test_an_overruled_pupil_leaves_the_list_and_can_be_put_back(client_for, teacher, school, warning):
    client = client_for(teacher)
    client.post(reverse("earlywarning:overrule", args=[warning.pk]), {"choice": "known_reason", "note": "ลาป่วยยาว"})
    shown = page(client, "school", school.code).context
    assert (len(shown["rows"]), len(shown["overruled"])) == (0, 1)
    client.post(reverse("earlywarning:restore", args=[warning.pk]))
    assert len(page(client, "school", school.code).context["rows"]) == 1


def test_a_form_without_a_choice_records_nothing_and_says_so(client_for, teacher, warning):
    answer = client_for(teacher).post(reverse("earlywarning:end", args=[warning.pk]), {"choice": ""}, follow=True)
    assert not FollowUp.objects.exists()
    assert "alert-danger" in answer.content.decode()


def test_the_file_holds_no_name_identifier_or_reason(client_for, promoter, run, school):
    client = client_for(promoter)
    answer = client.post(reverse("earlywarning:export"), {"school": school.code, "reason": "ประชุมระดับเขต"})
    text = answer.content.decode("utf-8-sig")
    assert school.code in text
    for word in ("ทดสอบ", "สมมติ ", "ร้อยละ 2", "absence", "chance"):
        assert word not in text.splitlines()[1]
    entry = AuditEntry.objects.get(verb="warning.exported")
    assert (entry.reason, entry.count, entry.org) == ("ประชุมระดับเขต", 1, school)


def test_a_school_takes_its_own_pupils_only(client_for, teacher, run, other_school):
    answer = client_for(teacher).post(reverse("earlywarning:export"), {"reason": "ประชุมครู"})
    assert other_school.code not in answer.content.decode("utf-8-sig")


def test_no_file_without_a_reason(client_for, promoter, run):
    answer = client_for(promoter).post(reverse("earlywarning:export"), {"reason": ""})
    assert answer.status_code == 302
    assert not AuditEntry.objects.filter(verb="warning.exported").exists()


def test_the_card_says_why_the_rules_make_the_list(client_for, promoter, run):
    text = page(client_for(promoter), "card").content.decode()
    assert "ยังไม่มีปีที่สิ้นสุดแล้ว" in text
    assert "ศาสนา" in text


def test_a_new_list_is_asked_for_by_the_office_and_not_by_a_school(client_for, promoter, teacher, run):
    assert client_for(teacher).post(reverse("earlywarning:run")).status_code == 404
    client_for(promoter).post(reverse("earlywarning:run"), {"capacity": "7"})
    assert WarningRun.objects.filter(state="queued", capacity=7).count() == 1
    assert "list-working" in page(client_for(promoter), "schools").content.decode()


def test_an_office_without_a_list_is_told_what_to_do(client_for, promoter, teacher, office):
    assert "ยังไม่มีการจัดทำรายชื่อ" in page(client_for(promoter), "schools").content.decode()
    assert "ยังไม่มีการจัดทำรายชื่อ" in page(client_for(teacher), "schools").content.decode()
    assert page(client_for(promoter), "card").status_code == 302


def test_the_pages_stand_in_english_too(client_for, promoter, run, school):
    promoter.language = "en"
    promoter.save()
    text = page(client_for(promoter), "school", school.code).content.decode()
    assert "Pupils to talk with first" in text


def test_a_list_costs_few_queries(client_for, promoter, run, django_assert_max_num_queries):
    client = client_for(promoter)
    with django_assert_max_num_queries(15):
        page(client, "schools")


def test_the_page_of_systems_tells_who_may_know_how_many_are_listed(promoter, planner, teacher, run, office, school):
    from khet.core.activity import activities

    told = {viewer.username: activities(viewer, org).get("care", []) for viewer, org in (
        (promoter, office), (teacher, school), (planner, office),
    )}  # fmt: skip
    words = {
        name: [one.words for one in lines if one.url == reverse("earlywarning:schools")] for name, lines in told.items()
    }
    assert ["2" in words["promoter"][0], "1" in words["teacher"][0], words["planner"]] == [True, True, []]


def test_no_second_list_is_offered_while_one_is_made(client_for, promoter, office, class_of_ten):
    services.ask(office, by=promoter)
    make = reverse("earlywarning:run")
    assert make not in page(client_for(promoter), "schools").content.decode()
    WarningRun.objects.update(started_at=timezone.now() - PATIENCE)
    assert make in page(client_for(promoter), "schools").content.decode()
