"""A survey that does not exist today, dropped as one folder into the overlay, runs a whole round with no Python."""

import pytest
from django.urls import reverse

from khet.core.catalogue import catalogue, forget
from khet.engines.surveys.checking import problems
from khet.engines.surveys.results import result
from khet.engines.surveys.services import rounds
from khet.facts.services import build
from khet.insight.indicators import queries
from khet.kit.periods import fiscal_year
from tests.engines.surveys.plain import walk

FILES = {
    "system.yaml": """
id: lunch
source: order of the office 5/2568
strategy: "4.3"
rows: ["4.3"]
engine: [surveys]
state: live
title: {th: อาหารกลางวัน, en: School lunch}
summary: {th: ความเห็นต่ออาหารกลางวัน, en: What parents think of the lunch}
""",
    "survey-lunch-2568.yaml": """
id: lunch_2568
source: order of the office 5/2568
certainty: verified
system: lunch
since: 2020-10-01
title: {th: อาหารกลางวัน, en: School lunch}
summary: {th: สองข้อ, en: Two questions}
form: lunch.md
access: [open]
targets: [office]
scales:
  four: {title: {th: สี่ระดับ, en: Four steps}, points: {a: 4, b: 3, c: 2, d: 1}}
dimensions:
  - {id: food, title: {th: อาหาร, en: Food}, questions: [taste, waits], reversed: [waits]}
formula: whole
formulas:
  - {id: whole, title: {th: รวม, en: Whole}, words: {th: เฉลี่ย, en: Mean}, of: rescaled, source: order 5/2568}
gives:
  - {measure: lunch_score, take: score, formula: whole}
  - {measure: lunch_parents, take: respondents}
""",
    "lunch.md": """
| survey |
| | type | name | label::Thai (th) | label::English (en) | relevant | required |
| | select_one four | taste | รสชาติ | Taste | | yes |
| | select_one four | waits | รอนาน | Long waits | | yes |
| | text | why | เพราะอะไร | Why | ${taste} = 'd' | yes |
| choices |
| | list_name | name | label::Thai (th) | label::English (en) |
| | four | a | มากที่สุด | Most |
| | four | b | มาก | Much |
| | four | c | น้อย | Little |
| | four | d | น้อยที่สุด | Least |
""",
    "measures.yaml": """
source: order of the office 5/2568
items:
  - id: lunch_score
    title: {th: คะแนนอาหารกลางวัน, en: Lunch score}
    definition: {th: คะแนนจากแบบสำรวจ, en: Score of the survey}
    unit: score
    aggregate: mean
    period: fiscal_year
    maximum: 100
    feed: surveys
  - id: lunch_parents
    title: {th: ผู้ตอบ, en: Parents}
    definition: {th: ผู้ตอบแบบสำรวจ, en: Those who answered}
    unit: person
    over_time: sum
    period: fiscal_year
    counts_people: true
    feed: surveys
""",
    "indicators.yaml": """
source: order of the office 5/2568
items:
  - id: lunch_liked
    system: lunch
    title: {th: ความพึงพอใจอาหารกลางวัน, en: Lunch liked}
    words: {th: คะแนนจากแบบสำรวจ, en: Score of the survey}
    unit: score
    better: higher
    grain: [office, fiscal_year]
    value: lunch_score
    owner: administration
    act: {th: ปรับเมนู, en: Change the menu}
""",
    "examples/survey-lunch.yaml": """
source: by hand
items:
  - id: lunch_turned_round
    name: long waits count from the other end
    survey: lunch_2568
    answers: [{answers: {taste: a, waits: d}}]
    scores: {whole: 100}
    gives: {lunch_score: 100, lunch_parents: 1}
""",
}


@pytest.fixture
def overlay(home):
    folder = home / "catalogue" / "lunch"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content.lstrip(), encoding="utf-8")
    forget()
    yield folder
    forget()


def test_it_is_read_checked_and_offered(overlay, planner, client_for):
    assert [str(fault) for fault in catalogue().faults] == []
    assert [str(fault) for fault in problems(catalogue())] == []
    assert "สองข้อ" in client_for(planner).get(reverse("surveys:editions")).content.decode()


def test_it_runs_a_whole_round_to_its_indicator(overlay, opened, planner, office, client):
    round = opened("lunch_2568")
    url = reverse("answer:form", args=[round.token])
    people = [{"taste": "a", "waits": "d"}] * 5 + [{"taste": "d", "waits": "a", "why": "จืด"}] * 5
    for answers in people:
        client.cookies.clear()
        assert walk(client, url, answers).status_code == 302
    round.refresh_from_db()
    closed = rounds.close(round, by=planner)
    assert result(closed).own.estimate.score == pytest.approx(50)
    assert result(closed).texts["why"] == ("จืด",) * 5
    build()
    value = queries.value(planner, "lunch_liked", org=office, period=fiscal_year(closed.closes))
    assert value.value == pytest.approx(50)


def test_the_office_may_lay_its_own_form_over_a_shipped_survey(home, opened):
    """An edition with the same id and a form of its own, in the folder of the system."""
    from khet.engines.surveys.definition.files import form_of

    folder = home / "catalogue" / "eservice"
    folder.mkdir(parents=True)
    lines = FILES["lunch.md"].replace("taste", "clear_steps")
    (folder / "own.md").write_text(lines.lstrip(), encoding="utf-8")
    edition = FILES["survey-lunch-2568.yaml"].replace("lunch_2568", "service_satisfaction_2568")
    edition = (
        edition.replace("lunch.md", "own.md")
        .replace("taste", "clear_steps")
        .replace("system: lunch", "system: eservice")
    )
    (folder / "survey-own.yaml").write_text(edition[: edition.index("gives:")].lstrip(), encoding="utf-8")
    forget()
    try:
        assert set(form_of(catalogue().get("survey", "service_satisfaction_2568")).questions) == {
            "clear_steps", "waits", "why",
        }  # fmt: skip
    finally:
        forget()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("questions: [taste, waits]", "questions: [taste, smell]", "'smell' is no question of the form"),
        ("formula: whole\n", "formula: half\n", "name the one in use"),
        ("measure: lunch_score", "measure: lunch_scores", "'lunch_scores' is no measure"),
        ("form: lunch.md", "form: gone.md", "there is no such file"),
        ("of: rescaled", "of: share", "'at_least' belongs to 'share'"),
        ("small", "tiny", ""),
    ],
)
def test_a_fault_names_its_file_and_place(overlay, old, new, said):
    file = overlay / "survey-lunch-2568.yaml"
    text = file.read_text(encoding="utf-8")
    if old not in text:
        text, new, said = text + "tiny: 3\n", "", "is not a key of this kind of object"
    else:
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    forget()
    told = [str(fault) for fault in (*catalogue().faults, *problems(catalogue()))]
    assert any(said in fault and "lunch" in fault for fault in told), told


def test_an_edition_that_is_edited_under_a_running_round_is_noticed(overlay, opened, planner, client_for):
    round = opened("lunch_2568")
    page = reverse("surveys:round", args=[round.ref])
    assert not round.has_changed and "ถูกแก้หลังเปิดรอบ" not in client_for(planner).get(page).content.decode()
    form = overlay / "lunch.md"
    form.write_text(form.read_text(encoding="utf-8").replace("รอนาน", "รอไม่นาน"), encoding="utf-8")
    assert round.has_changed and "ถูกแก้หลังเปิดรอบ" in client_for(planner).get(page).content.decode()
