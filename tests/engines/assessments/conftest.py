"""A round of a small framework, and people who fill in, review and run it."""

import pytest

from khet.core.catalogue import forget
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.services import moving, rounds
from khet.engines.assessments.services.rating import rate

SMALL = """
id: lesson_small
family: lesson
system: iqa
source: made up for a test
certainty: design
title: {th: แบบประเมินตัวอย่าง, en: A small form}
edition: {th: ฉบับทดลอง, en: trial edition}
target: school
period: academic_year
layers: [self, reviewer]
scale: quality_4
gather: mean
levels:
  - {code: good, title: {th: ดี, en: Good}, outcome: pass, when: {at_least: 3, each: {of: leaves, at_least: 2}}}
  - {code: poor, title: {th: ปรับปรุง, en: To improve}, outcome: fail}
criteria:
  - {id: teaching, title: {th: การสอน, en: Teaching}, evidence: required, notes: [{id: how, title: {th: วิธี, en: How}}]}
  - {id: learning, title: {th: การเรียนรู้, en: Learning}, not_applicable: dropped}
  - {id: care, title: {th: การดูแล, en: Care}}
"""


@pytest.fixture
def lay(home):
    """Lays a file into the office's catalogue: lay("trial/framework-1.yaml", text)."""

    def put(name, text):
        path = home / "catalogue" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        forget()

    yield put
    forget()


@pytest.fixture
def small(lay):
    lay("iqa/framework-small.yaml", SMALL)
    return "lesson_small"


@pytest.fixture
def second_reviewer(someone, office):
    return someone("supervisor", office, "second_reviewer")


@pytest.fixture
def stranger(someone, stranger_office):
    return someone("director", stranger_office, "stranger")


@pytest.fixture
def round(small, office, school, other_school, supervisor):
    """An open round of the small framework over two schools."""
    made = rounds.prepare_round(office, small, "AY2025", by=supervisor)
    rounds.add_targets(made, [school, other_school], by=supervisor)
    return rounds.open_round(made, by=supervisor)


@pytest.fixture
def assessment(round, school):
    return round.assessments.select_related("round__edition", "round__org", "org").get(org=school)


@pytest.fixture
def fill():
    """Answers every criterion of an assessment: fill(assessment, director, "3", learning="4")."""

    def answer(assessment, by, code, layer="self", **others):
        for node in assessment.framework.rated:
            rate(assessment, node.id, others.get(node.id, code), layer=layer, by=by)
        return Assessment.objects.get(pk=assessment.pk)

    return answer


@pytest.fixture
def prove(db):
    """Gives a criterion a link as evidence."""
    from khet.engines.assessments.services.evidence import add_link

    def add(assessment, criterion, by, url="https://school.example.org/plan"):
        return add_link(assessment, criterion, url, by=by)

    return add


@pytest.fixture
def signed(assessment, school_director, supervisor, fill, prove):
    """The school's assessment filled in with 3s, reviewed and signed off."""
    fill(assessment, school_director, "3")
    prove(assessment, "teaching", school_director)
    moving.send(assessment, by=school_director)
    fill(assessment, supervisor, "3", layer="reviewer")
    moving.finish_review(assessment, by=supervisor)
    return moving.sign(assessment, by=supervisor)
