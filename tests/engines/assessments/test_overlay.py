"""A system that does not exist today: one folder in the office's catalogue, and a whole round runs to the indicator."""

import json

import pytest
from django.urls import reverse

from khet.core.catalogue import catalogue
from khet.engines.assessments.consistency import problems
from khet.engines.assessments.models import Assessment, Round
from khet.facts.services import refresh
from khet.insight.indicators import queries
from khet.insight.indicators.consistency import problems as indicator_problems
from khet.kit.periods import Period

pytestmark = pytest.mark.django_db
YEAR = Period("academic_year", 2025)

FOLDER = {
    "rain-garden/system.yaml": """
id: rain-garden
source: made up for a test
certainty: design
strategy: "4.3"
rows: ["4.3"]
engine: [assessments]
state: live
title: {th: สวนรับน้ำฝน, en: Rain gardens}
summary: {th: โรงเรียนรับน้ำฝนไว้ใช้, en: Schools keep rain for use}
""",
    "rain-garden/measures.yaml": """
source: made up for a test
certainty: design
items:
  - id: rain_gardens
    title: {th: โรงเรียนที่สวนรับน้ำฝนใช้ได้, en: Schools whose garden works}
    definition: {th: ถึงระดับใช้ได้, en: At level works}
    unit: school
    period: academic_year
    feed: assessments
    part_of: schools_open
""",
    "rain-garden/indicators.yaml": """
source: made up for a test
certainty: design
items:
  - id: rain_garden_rate
    system: rain-garden
    title: {th: ร้อยละโรงเรียนที่สวนรับน้ำฝนใช้ได้, en: Schools whose rain garden works}
    words: {th: จำนวนโรงเรียน, en: How many}
    unit: count
    unit_word: {th: โรงเรียน, en: schools}
    better: higher
    grain: [school, academic_year]
    value: rain_gardens
    owner: supervision
    act: {th: ช่วยโรงเรียนที่ยังไม่ถึง, en: Help those that do not yet}
""",
    "rain-garden/framework-2568.yaml": """
id: rain_garden_2568
family: rain_garden
system: rain-garden
source: made up for a test
certainty: design
title: {th: แบบตรวจสวนรับน้ำฝน, en: Check of rain gardens}
edition: {th: ฉบับ 2568, en: edition 2568}
target: school
period: academic_year
layers: [self, reviewer]
scale: yes_no
gather: weighted
maximum: 100
levels:
  - {code: works, title: {th: ใช้ได้, en: Works}, outcome: pass, when: {at_least: 60, complete: [pond]}}
  - {code: dry, title: {th: ยังใช้ไม่ได้, en: Dry}, outcome: fail}
criteria:
  - {id: pond, weight: 0.5, title: {th: มีบ่อ, en: There is a pond}}
  - id: plants
    weight: 0.5
    gather: share
    title: {th: พืช, en: Plants}
    criteria:
      - {id: reed, title: {th: กก, en: Reed}}
      - {id: lotus, title: {th: บัว, en: Lotus}, not_applicable: dropped}
gives:
  - {measure: rain_gardens, take: reached, level: works}
""",
    "rain-garden/examples/framework-2568.yaml": """
source: worked by hand
certainty: design
items:
  - {id: garden, framework: rain_garden_2568, name: a pond and reed, given: {pond: "yes", reed: "yes", lotus: "no"},
     score: 75, level: works, gives: {rain_gardens: 1}}
""",
}


@pytest.fixture
def folder(lay):
    for name, text in FOLDER.items():
        lay(name, text)


def test_a_new_framework_runs_a_whole_round_with_no_python(
    folder, client_for, supervisor, school_director, other_director, planner, office, school, other_school
):
    known = catalogue()
    assert [str(fault) for fault in (*known.faults, *problems(known), *indicator_problems(known))] == []
    office_page = client_for(supervisor)
    at = lambda name, *args: reverse(f"assessments:{name}", args=args)  # noqa: E731
    sent = {
        "period": YEAR.code,
        "title": "สวน 2568",
        "layers": ["self", "reviewer"],
        "whole": "all",
        "due": "31/3/2599",
    }
    assert office_page.post(at("new") + "?framework=rain_garden_2568", sent).status_code == 302
    round = Round.objects.get()
    office_page.post(at("round_act", round.pk, "open"))
    told = {school: (school_director, {"pond": "yes", "reed": "yes", "lotus": "no"}),
            other_school: (other_director, {"pond": "no", "reed": "yes", "lotus": "na"})}  # fmt: skip
    for one in Assessment.objects.select_related("org"):
        director, answers = told[one.org]
        page = client_for(director)
        for id, answer in answers.items():
            body = json.dumps({"criterion": id, "layer": "self", "answer": answer, "version": 0})
            assert page.post(at("rate", one.pk), body, content_type="application/json").status_code == 200
        page.post(at("act", one.pk, "send"))
        office_page.post(at("act", one.pk, "finish"))
        office_page.post(at("act", one.pk, "sign"))
    office_page.post(at("round_act", round.pk, "lock"))
    found = {one.org: (one.score, one.level, one.state) for one in Assessment.objects.select_related("org")}
    assert found == {school: (75.0, "works", "locked"), other_school: (50.0, "dry", "locked")}
    refresh()
    assert queries.value(planner, "rain_garden_rate", org=office, period=YEAR).value == 1
    by_school = queries.values(planner, org=office, indicators=["rain_garden_rate"], period=YEAR, by="school")
    assert {value.org: value.value for value in by_school} == {school.code: 1, other_school.code: 0}


def test_the_engine_does_not_know_the_systems():
    from pathlib import Path

    import khet

    rooms = Path(khet.__file__).parent
    systems = ("pmqa", "oit", "iqa", "onesqa")
    for path in (rooms / "engines" / "assessments").rglob("*.py"):
        words = path.read_text(encoding="utf-8").lower()
        assert not [one for one in systems if one in words.replace("exploit", "")], path
