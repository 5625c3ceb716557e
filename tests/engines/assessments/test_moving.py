"""Handing on: who may when, what is lacking, returning, appeals, several reviewers, locking."""

import pytest

from khet.core.audit.models import AuditEntry
from khet.core.notices.models import Notice
from khet.engines.assessments import rights
from khet.engines.assessments.models import Assessment, Round
from khet.engines.assessments.scoring import AnswerError
from khet.engines.assessments.services import AssessmentError, moving, rounds
from khet.engines.assessments.services.rating import Conflict, rate

pytestmark = pytest.mark.django_db


def again(assessment):
    return Assessment.objects.select_related("round__edition", "round__org", "org").get(pk=assessment.pk)


def test_what_is_lacking_is_told_all_at_once(assessment, school_director):
    rate(assessment, "teaching", "3", layer="self", by=school_director)
    with pytest.raises(moving.NotComplete) as refused:
        moving.send(assessment, by=school_director)
    assert sorted(lack.criterion for lack in refused.value.lacks) == ["care", "learning", "teaching"]
    assert again(assessment).state == "rating"


def test_only_those_of_the_school_fill_in_for_it(assessment, supervisor, planner, other_director, teacher):
    for who in (supervisor, planner, other_director, teacher):
        with pytest.raises(AssessmentError, match=r"not yours|ไม่ใช่ของท่าน"):
            rate(assessment, "care", "3", layer="self", by=who)


def test_reviewers_wait_until_it_is_sent_and_the_school_is_fixed_then(
    assessment, school_director, supervisor, fill, prove
):
    with pytest.raises(AssessmentError):
        rate(assessment, "care", "2", layer="reviewer", by=supervisor)
    fill(assessment, school_director, "3")
    prove(assessment, "teaching", school_director)
    moving.send(assessment, by=school_director)
    rate(assessment, "care", "2", layer="reviewer", by=supervisor)
    with pytest.raises(AssessmentError):
        rate(assessment, "care", "4", layer="self", by=school_director)


def test_what_a_reviewer_leaves_open_stands_as_the_school_said_and_a_difference_needs_a_reason(
    assessment, school_director, supervisor, fill, prove
):
    fill(assessment, school_director, "3")
    prove(assessment, "teaching", school_director)
    moving.send(assessment, by=school_director)
    rate(assessment, "care", "1", layer="reviewer", by=supervisor)
    with pytest.raises(moving.NotComplete, match=r"1"):
        moving.finish_review(assessment, by=supervisor)
    rate(assessment, "care", "1", layer="reviewer", by=supervisor, reason="ไม่พบร่องรอย")
    done = moving.finish_review(assessment, by=supervisor)
    assert (done.state, done.score) == ("reviewed", 2.33)


def test_returned_with_words_corrected_and_sent_again(assessment, school_director, supervisor, fill, prove):
    fill(assessment, school_director, "3")
    prove(assessment, "teaching", school_director)
    moving.send(assessment, by=school_director)
    with pytest.raises(AssessmentError):
        moving.give_back(assessment, by=supervisor, words=" ")
    moving.give_back(assessment, by=supervisor, words="ขอหลักฐานเพิ่ม")
    assert Notice.objects.filter(user=school_director, key=f"assessment-{assessment.pk}-state").exists()
    rate(assessment, "care", "4", layer="self", by=school_director)
    assert moving.send(assessment, by=school_director).state == "sent"
    assert [step.act for step in assessment.steps.all()] == ["sent", "returned", "sent"]
    assert assessment.steps.all()[1].words == "ขอหลักฐานเพิ่ม"


def test_three_reviewers_have_seats_of_their_own_and_the_review_is_done_with_the_last(
    assessment, school_director, supervisor, second_reviewer, someone, office, fill, prove
):
    third = someone("supervisor", office, "third")
    for user in (supervisor, second_reviewer, third):
        moving.assign(assessment, user, "reviewer", by=supervisor)
    fill(assessment, school_director, "3")
    prove(assessment, "teaching", school_director)
    moving.send(assessment, by=school_director)
    for user, code in ((supervisor, "2"), (second_reviewer, "3"), (third, "4")):
        for id in ("teaching", "learning", "care"):
            rate(again(assessment), id, code, layer="reviewer", by=user, reason="ตามที่เห็น")
        moving.finish_review(assessment, by=user)
    found = again(assessment)
    assert (found.state, found.score) == ("reviewed", 3.0)
    assert sorted(found.ratings.filter(layer="reviewer", criterion="care").values_list("seat", "code")) == [
        (1, "2"), (2, "3"), (3, "4")]  # fmt: skip


def test_when_somebody_is_named_others_with_the_role_do_not_judge(assessment, supervisor, second_reviewer):
    moving.assign(assessment, second_reviewer, "reviewer", by=supervisor)
    assert rights.is_charged(second_reviewer, again(assessment), "reviewer")
    assert not rights.is_charged(supervisor, again(assessment), "reviewer")


def test_an_appeal_is_decided_by_an_agreed_result(signed, school_director, supervisor):
    with pytest.raises(AssessmentError):
        moving.appeal(signed, by=school_director, words="")
    moving.appeal(signed, by=school_director, words="ขอทบทวนข้อการดูแล")
    rate(again(signed), "care", "4", layer="moderated", by=supervisor)
    with pytest.raises(moving.NotComplete):
        moving.decide(signed, by=supervisor, words="ปรับเพิ่ม")
    rate(again(signed), "care", "4", layer="moderated", by=supervisor, reason="มีหลักฐานเพิ่ม")
    assert moving.decide(signed, by=supervisor, words="ปรับเพิ่ม").state == "reviewed"
    assert moving.sign(signed, by=supervisor).score == 3.33


def test_a_school_cannot_sign_lock_or_return(signed, assessment, school_director):
    for act in (moving.sign, moving.lock):
        with pytest.raises(AssessmentError):
            act(signed, by=school_director)
    with pytest.raises(AssessmentError):
        moving.give_back(signed, by=school_director, words="…")
    with pytest.raises(AssessmentError):
        rounds.lock_round(signed.round, by=school_director, without_unfinished=True)


def test_a_round_with_unfinished_results_is_locked_only_when_that_is_said(signed, supervisor):
    with pytest.raises(AssessmentError, match="1"):
        rounds.lock_round(signed.round, by=supervisor)
    rounds.lock_round(signed.round, by=supervisor, without_unfinished=True)
    assert sorted(signed.round.assessments.values_list("state", flat=True)) == ["locked", "rating"]


def test_nothing_is_written_in_a_closed_or_locked_round(assessment, supervisor, school_director):
    rounds.close_round(assessment.round, by=supervisor)
    with pytest.raises(AssessmentError):
        rate(assessment, "care", "3", layer="self", by=school_director)
    rounds.lock_round(Round.objects.get(), by=supervisor, without_unfinished=True)
    with pytest.raises(AssessmentError):
        rounds.add_targets(Round.objects.get(), [], by=supervisor)


def test_two_writers_do_not_overwrite_each_other_unseen(assessment, school_director, someone, school):
    deputy = someone("school_registrar", school)
    assert rate(assessment, "care", "2", layer="self", by=school_director, version=0).version == 1
    with pytest.raises(Conflict) as clash:
        rate(assessment, "care", "4", layer="self", by=deputy, version=0)
    assert clash.value.rating.code == "2"
    assert rate(assessment, "care", "4", layer="self", by=deputy, version=1).version == 2


def test_an_answer_that_cannot_be_is_refused(assessment, school_director):
    for id, answer in (("care", "7"), ("care", "na"), ("nope", "1")):
        with pytest.raises(AnswerError):
            rate(assessment, id, answer, layer="self", by=school_director)


def test_every_step_is_in_the_trail_and_no_answer_is(signed):
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"round.opened", "assessment.rated", "assessment.sent", "assessment.reviewed", "assessment.signed"} <= verbs
    told = str(list(AuditEntry.objects.values_list("before", "after", "label")))
    assert "'3'" not in told


def test_a_round_keeps_the_edition_it_began_under(assessment, school_director, lay, small):
    lay("iqa/framework-small.yaml", "id: broken")
    found = again(assessment)
    assert [node.id for node in found.framework.rated] == ["teaching", "learning", "care"]
    rate(found, "care", "3", layer="self", by=school_director)


@pytest.mark.parametrize(("period", "words"), [("FY2025", "kind of period|ช่วงเวลาชนิด"), ("nonsense", "nonsense")])
def test_a_round_of_another_kind_of_period_is_refused(office, small, supervisor, period, words):
    with pytest.raises(AssessmentError, match=words):
        rounds.prepare_round(office, small, period, by=supervisor)


def test_an_edition_that_does_not_hold_is_refused(office, administrator):
    with pytest.raises(AssessmentError):
        rounds.prepare_round(office, "ita_2566", "FY2026", by=administrator)
    assert rounds.prepare_round(office, "ita_2566", "FY2023", by=administrator).framework.id == "ita_2566"


def test_opening_tells_those_who_begin(round, school_director, other_director):
    told = Notice.objects.filter(key=f"round-{round.pk}-open").values_list("user__username", flat=True)
    assert not set(told) - {"school_director", "other_director"}


def test_words_added_after_a_reply_was_lost_are_kept_and_are_no_conflict(assessment, school_director):
    first = {"answer": "2", "comment": None, "reason": None, "notes": {"how": "ดูงาน"}}
    rate(assessment, "teaching", "2", layer="self", by=school_director, notes=first["notes"], version=0)
    later = {"layer": "self", "by": school_director, "version": 0, "notes": {"how": "ดูงานสองครั้ง"}}
    with pytest.raises(Conflict):
        rate(assessment, "teaching", "3", **later)
    saved = rate(assessment, "teaching", "3", tried=first, **later)
    assert (saved.version, saved.code, saved.notes) == (2, "3", {"how": "ดูงานสองครั้ง"})


def test_texts_of_a_stale_page_are_never_taken_for_what_stands(assessment, school_director):
    rate(assessment, "teaching", "2", layer="self", by=school_director, notes={"how": "แรก"}, version=0)
    with pytest.raises(Conflict):
        rate(assessment, "teaching", "2", layer="self", by=school_director, notes={"how": "ใหม่"}, version=0)


def test_what_another_person_wrote_is_a_conflict_whatever_was_tried(assessment, school_director, someone, school):
    deputy = someone("school_registrar", school, "registrar")
    rate(assessment, "care", "2", layer="self", by=deputy, version=0)
    tried = {"answer": "2", "comment": None, "reason": None, "notes": None}
    with pytest.raises(Conflict):
        rate(assessment, "care", "4", layer="self", by=school_director, version=0, tried=tried)
