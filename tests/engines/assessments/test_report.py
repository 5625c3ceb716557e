"""The report: each section filled from what Khet knows, written where the school has its say, read by the office."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from khet.engines.assessments import figures, report
from khet.engines.assessments.figures import Lent
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.schema import Framework
from khet.engines.assessments.services import AssessmentError, moving, rounds
from khet.engines.assessments.services.rating import answer_questions, rate
from khet.kit.paper import Table
from tests.engines.assessments.conftest import SMALL

pytestmark = pytest.mark.django_db

REPORT = """
id: own_report
family: own_report
system: iqa
source: made up for a test
certainty: design
title: {th: รายงานตัวอย่าง, en: A report}
edition: {th: ฉบับทดลอง, en: trial edition}
target: school
period: academic_year
layers: [goal, self, reviewer]
scale: quality_4
gather: mean
questions: [{id: plan, kind: long_text, title: {th: แผน, en: Plan}}, {id: day, kind: date, title: {th: วัน, en: Day}}]
notes: [{id: words, title: {th: ภาพรวม, en: The year}}]
criteria:
  - id: a
    title: {th: ผู้เรียน, en: Learners}
    gather: mean
    notes: [{id: strong, title: {th: จุดเด่น, en: Strengths}}]
    criteria:
      - {id: a1, title: {th: อ่าน, en: Reading}, figures: [{indicator: nt_p3_mean}]}
      - {id: a2, title: {th: เขียน, en: Writing}}
report:
  - {id: year, kind: text, note: words, title: {th: ภาพรวม, en: The year}}
  - {id: numbers, kind: figures, indicators: [absence_rate, dropout_rate], title: {th: ตัวเลข, en: Numbers}}
  - {id: others, kind: others, families: [lesson], title: {th: ผลอื่น, en: Others}}
  - {id: results, kind: results, criteria: [a], title: {th: ผล, en: Results}}
  - {id: plan, kind: questions, questions: [plan], title: {th: แผน, en: Plan}}
"""
KNOWN = {("absence_rate", "AY2025"): 3.5, ("absence_rate", "AY2024"): 4.25, ("nt_p3_mean", "AY2025"): 51.0}


@pytest.fixture
def lending():
    """A reader that knows a few numbers, in place of the indicators; the one before comes back afterwards."""
    before, asked = list(figures._reader), []

    def read(viewer, org, which, period):
        asked.append((which.indicator, period))
        value = KNOWN.get((which.indicator, period))
        return None if value is None else Lent(value, which.indicator, period, text=f"{value:g} units")

    figures.register(read)
    yield asked
    figures._reader[:] = before


@pytest.fixture
def own(lay, office, school, other_school, supervisor, lending):
    """The school's assessment by a framework with a report, its round open."""
    lay("iqa/framework-small.yaml", SMALL)
    lay("iqa/framework-report.yaml", REPORT)
    made = rounds.prepare_round(office, "own_report", "AY2025", by=supervisor)
    rounds.add_targets(made, [school, other_school], by=supervisor)
    rounds.open_round(made, by=supervisor)
    return made.assessments.select_related("round__edition", "round__org", "org").get(org=school)


def chapter(viewer, assessment, id):
    with override("en"):
        found = report.chapters(viewer, Assessment.objects.get(pk=assessment.pk))
    return next(one for one in found if one.section.id == id)


def rows(found):
    return [row for piece in found.pieces for block in piece.blocks if isinstance(block, Table) for row in block.rows]


def page(assessment):
    return reverse("assessments:report", args=[assessment.pk])


def test_numbers_are_lent_with_those_of_the_year_before_and_what_nobody_knows_is_left_out(own, school_director):
    [row] = rows(chapter(school_director, own, "numbers"))
    assert (row[0], *row[2:]) == ("absence_rate", "3.5 units", "4.25 units")


def test_each_number_is_asked_for_once_however_often_it_stands(own, school_director, lending):
    lending.clear()
    report.chapters(school_director, own)
    assert len(lending) == len(set(lending))


def test_without_a_lender_the_section_stands_empty_and_the_paper_leaves_it_out(own, school_director):
    figures._reader.clear()
    assert chapter(school_director, own, "numbers").pieces == []
    with override("en"):
        assert "Numbers" not in [part.title for part in report.report(school_director, own).parts]


def test_a_goal_stands_beside_what_was_reached_and_a_number_below_its_branch(own, school_director):
    for layer, code in (("goal", "4"), ("self", "3")):
        for id in ("a1", "a2"):
            rate(own, id, code, layer=layer, by=school_director)
    told = rows(chapter(school_director, own, "results"))
    reading = next(row for row in told if row[0].startswith("a1"))
    scale = own.framework.scale_of("a1")
    with override("en"):
        assert (reading[1], reading[4]) == (str(scale.option("4").title), str(scale.option("3").title))
    assert ("nt_p3_mean", "51 units") in [(row[0], row[2]) for row in told if len(row) == 4]


def test_other_results_are_final_of_the_same_school_and_not_of_a_later_year(
    own, office, school, school_director, supervisor, fill, prove
):
    def one(period, code):
        made = rounds.prepare_round(office, "lesson_small", period, by=supervisor)
        rounds.add_targets(made, [school], by=supervisor)
        rounds.open_round(made, by=supervisor)
        there = made.assessments.select_related("round__edition", "round__org", "org").get()
        fill(there, school_director, code)
        prove(there, "teaching", school_director)
        moving.send(there, by=school_director)
        fill(there, supervisor, code, layer="reviewer")
        moving.finish_review(there, by=supervisor)
        return there

    waiting = one("AY2025", "4")
    assert rows(chapter(school_director, own, "others")) == [], "a result that is not final is no result yet"
    for there in (one("AY2024", "3"), one("AY2026", "1")):
        moving.sign(there, by=supervisor)
    [row] = rows(chapter(school_director, own, "others"))
    assert row[2] == "3.00" and row[3] == "Good"
    moving.sign(waiting, by=supervisor)
    [row] = rows(chapter(school_director, own, "others"))
    assert row[2] == "4.00"


def test_the_school_writes_on_the_page_and_comes_back_to_the_section(client_for, own, school_director):
    client = client_for(school_director)
    assert client.get(page(own)).status_code == 200
    sent = {"w.words": "ปีที่ดี", "k.plan": "อ่านให้คล่อง", "page": "report", "at": "s-year"}
    answer = client.post(reverse("assessments:answers", args=[own.pk]), sent)
    assert answer.url == f"{page(own)}#s-year"
    assert "ปีที่ดี" in client.get(page(own)).content.decode()
    assert own.framework.questions[1].id not in Assessment.objects.get(pk=own.pk).answers


def test_only_those_of_the_place_and_its_office_find_the_report(
    client_for, own, school_director, supervisor, other_director, stranger, teacher
):
    for who in (stranger, other_director, teacher):  # a teacher of the school sees it once it is handed in
        assert client_for(who).get(page(own)).status_code == 404
    for who in (school_director, supervisor):
        assert client_for(who).get(page(own)).status_code == 200


def test_who_reviews_does_not_write_in_the_name_of_the_school(own, school_director, supervisor):
    for id in ("a1", "a2"):
        rate(own, id, "3", layer="self", by=school_director)
    answer_questions(own, {"plan": "ของโรงเรียน"}, by=school_director)
    moving.send(own, by=school_director)
    own.refresh_from_db()
    with pytest.raises(AssessmentError):
        answer_questions(own, {"plan": "ของผู้ตรวจ"}, by=supervisor)
    assert Assessment.objects.get(pk=own.pk).answers["plan"] == "ของโรงเรียน"


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ({"kind": "text", "note": "nowhere"}, "no note"),
        ({"kind": "text"}, "needs note"),
        ({"kind": "others"}, "needs families"),
        ({"kind": "figures"}, "needs indicators or measures"),
        ({"kind": "questions", "questions": ["nothing"]}, "no question"),
    ],
)
def test_a_section_that_speaks_of_nothing_is_refused(section, fault):
    title = {"th": "ก", "en": "a"}
    leaf = {"id": "a", "title": title, "scale": "quality_4"}
    whole = {
        "id": "x", "system": "iqa", "source": "test", "family": "x", "title": title, "edition": title,
        "target": "school", "period": "academic_year", "criteria": [leaf],
        "report": [{"id": "s", "title": title, **section}],
    }  # fmt: skip
    with pytest.raises(ValueError, match=fault):
        Framework.model_validate(whole)
