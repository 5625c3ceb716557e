"""One library for all frameworks; improvements; reminders; numbers lent by Khet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from khet.core.files.models import StoredFile
from khet.core.notices.models import Notice
from khet.engines.assessments import figures, suggestions
from khet.engines.assessments.models import Assessment, Evidence, Round
from khet.engines.assessments.schema import Calculated
from khet.engines.assessments.services import AssessmentError, evidence, improving, reminding, rounds
from khet.engines.assessments.services.rating import rate, take_calculated
from khet.facts.services import refresh
from khet.registers.figures.services import set_figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(office, administrator):
    """The office's rounds of two frameworks that say what is alike: the strategic plan serves both."""
    first = rounds.prepare_round(office, "pmqa_4_2563", "FY2026", by=administrator)
    second = rounds.prepare_round(office, "ita_2569", "FY2026", by=administrator)
    for one in (first, second):
        rounds.open_round(one, by=administrator)
    return first.assessments.get(), second.assessments.get()


def test_one_item_proves_criteria_of_several_frameworks_and_is_offered_where_they_are_alike(twins, planner):
    quality, integrity = twins
    item = evidence.add_link(integrity, "o5", "https://office.example.org/plan", by=planner, title="แผน")
    assert suggestions.suggested(planner, quality, "2.1") == [item]
    assert suggestions.suggested(planner, quality, "5.1") == []
    evidence.use(item, quality, "2.1", by=planner)
    assert suggestions.suggested(planner, quality, "2.1") == []
    assert Evidence.objects.count() == 1
    assert {use.assessment_id for use in item.uses.all()} == {quality.pk, integrity.pk}


def test_an_item_used_last_year_is_offered_this_year(office, administrator, planner, twins):
    integrity = twins[1]
    item = evidence.add_link(integrity, "o5", "https://office.example.org/plan", by=planner)
    later = rounds.prepare_round(office, "ita_2569", "FY2027", by=administrator)
    rounds.open_round(later, by=administrator)
    assert suggestions.suggested(planner, later.assessments.get(), "o5") == [item]


def test_the_same_address_is_one_item(twins, planner):
    for id in ("o5", "o6", "o5"):
        evidence.add_link(twins[1], id, "https://office.example.org/plan", by=planner)
    assert Evidence.objects.count() == 1
    assert twins[1].evidence.count() == 2


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.example.org", "https://", "file:///etc/passwd", "https://u:p@x.org"]
)
def test_only_public_web_addresses_are_kept(twins, planner, url):
    with pytest.raises(AssessmentError):
        evidence.add_link(twins[1], "o5", url, by=planner)


def test_what_a_signed_result_rests_on_stays(signed, school_director):
    item = signed.evidence.get().evidence
    with pytest.raises(AssessmentError):
        evidence.remove(item, by=school_director)


def test_what_is_taken_away_proves_nothing_any_more(assessment, school_director, prove):
    rate(assessment, "teaching", "3", layer="self", by=school_director)
    item = prove(assessment, "teaching", school_director)
    assert Assessment.objects.get(pk=assessment.pk).missing_evidence == 0
    evidence.remove(item, by=school_director)
    assert Assessment.objects.get(pk=assessment.pk).missing_evidence == 1
    assert not Evidence.objects.there().exists()


def test_an_item_of_another_school_cannot_be_used(
    round, assessment, other_school, school_director, other_director, prove
):
    theirs = round.assessments.get(org=other_school)
    item = prove(theirs, "teaching", other_director)
    with pytest.raises(AssessmentError):
        evidence.use(item, assessment, "teaching", by=school_director)


def test_a_number_of_khet_is_kept_as_it_stood_that_day(twins, office, planner):
    set_figure(office, "ita_total", "FY2026", 91.5, by=planner)
    refresh()
    item = evidence.add_figure(twins[0], "7.4", Calculated(indicator="ita_score"), by=planner)
    set_figure(office, "ita_total", "FY2026", 70, by=planner)
    refresh()
    item.refresh_from_db()
    assert item.figure["value"] == 91.5
    assert item.figure["url"].startswith("/indicators/ita_score/")
    with pytest.raises(AssessmentError):
        evidence.add_figure(twins[0], "7.2", Calculated(indicator="service_satisfaction"), by=planner)


def test_what_khet_can_calculate_is_answered_where_nobody_has(twins, office, planner):
    set_figure(office, "ita_total", "FY2026", 91.5, by=planner)
    refresh()
    assert take_calculated(twins[0], by=planner) == 1
    assert twins[0].ratings.get().number == 91.5
    assert take_calculated(twins[0], by=planner) == 0


def test_a_number_the_viewer_may_not_see_is_not_lent(twins, office, stranger, planner):
    set_figure(office, "ita_total", "FY2026", 91.5, by=planner)
    refresh()
    assert figures.read(stranger, office, Calculated(indicator="ita_score"), "FY2026") is None
    assert figures.read(planner, office, Calculated(measure="ita_total"), "FY2026").value == 91.5


class TestImproving:
    def plan(self, signed, by, **others):
        due = timezone.localdate() + timedelta(days=30)
        return improving.add_improvement(
            signed, "จัดนิเทศ", others.pop("due", due), by=by, owner_group="supervision", **others
        )

    def test_it_is_followed_up_after_six_and_twelve_months_only(self, signed, school_director):
        one = self.plan(signed, school_director, criterion="care")
        improving.follow_up(one, 6, by=school_director, done=40, words="กำลังทำ")
        improving.follow_up(one, 6, by=school_director, done=50)
        improving.follow_up(one, 12, by=school_director, done=100)
        assert list(one.followups.values_list("month", "done")) == [(6, 50), (12, 100)]
        for month, done in ((9, 10), (6, 101)):
            with pytest.raises(AssessmentError):
                improving.follow_up(one, month, by=school_director, done=done)

    def test_dropping_needs_a_reason_and_closing_can_be_undone(self, signed, school_director):
        one = self.plan(signed, school_director)
        with pytest.raises(AssessmentError):
            improving.close_improvement(one, by=school_director, dropped=True)
        improving.close_improvement(one, by=school_director, outcome="เสร็จ")
        assert improving.reopen_improvement(one, by=school_director).is_open

    def test_others_plan_nothing_here(self, signed, teacher, other_director):
        for who in (teacher, other_director):
            with pytest.raises(AssessmentError):
                self.plan(signed, who)

    def test_it_must_be_somebodys_and_in_the_future(self, signed, school_director, stranger):
        with pytest.raises(AssessmentError):
            improving.add_improvement(signed, "x", timezone.localdate(), by=school_director)
        with pytest.raises(AssessmentError):
            self.plan(signed, school_director, due=timezone.localdate() - timedelta(days=1))
        with pytest.raises(AssessmentError):
            self.plan(signed, school_director, owner=stranger)


class TestReminding:
    def due(self, round, days):
        Round.objects.filter(pk=round.pk).update(due=timezone.localdate() + timedelta(days=days))

    @pytest.mark.parametrize(("days", "told"), [(7, 2), (3, 2), (1, 2), (0, 2), (5, 0), (-1, 0), (-7, 2), (-14, 2)])
    def test_people_are_reminded_before_on_and_each_week_after_the_day(
        self, round, school_director, other_director, days, told
    ):
        self.due(round, days)
        assert reminding.remind_due() == told

    def test_who_has_handed_over_is_left_in_peace(self, signed, school_director, other_director):
        self.due(signed.round, 1)
        assert reminding.remind_due() == 1
        assert Notice.objects.filter(key=f"round-{signed.round_id}-due").get().user == other_director
        assert "สมมติ" not in Notice.objects.filter(key=f"round-{signed.round_id}-due").get().words_th


def test_a_photo_sent_twice_is_one_item_with_one_use(assessment, school_director):
    from io import BytesIO

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    def photo(colour):
        content = BytesIO()
        Image.new("RGB", (40, 30), colour).save(content, "JPEG")
        return SimpleUploadedFile("photo.jpg", content.getvalue())

    first = evidence.add_file(assessment, "care", photo("red"), by=school_director)
    assert evidence.add_file(assessment, "care", photo("red"), by=school_director) == first
    assert evidence.add_file(assessment, "learning", photo("red"), by=school_director) == first
    assert evidence.add_file(assessment, "care", photo("blue"), by=school_director) != first
    assert sorted(assessment.evidence.values_list("criterion", "evidence")) == sorted(
        [("care", first.pk), ("learning", first.pk), ("care", Evidence.objects.exclude(pk=first.pk).get().pk)]
    )
    assert StoredFile.objects.count() == 2
