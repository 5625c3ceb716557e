"""Made-up pages of every shape that real ones have, each with its structure written by hand."""

from datetime import date

import pytest

from khet.plan.reader import load, read_document, read_plan
from tests.plan.reader.scoring import PAGES, Agreement, agreement, expected_of

TODAY = date(2027, 3, 1)
TEXTS = sorted([*PAGES.glob("*.txt"), *PAGES.glob("*.html")])


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.stem)
def test_page_is_read_as_a_person_reads_it(page):
    expected = expected_of(page)
    plan = read_plan(page, today=TODAY)
    assert agreement(expected, plan).faults == []
    assert plan["complete"] == expected["complete"]


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.stem)
def test_every_part_stands_on_the_lines_it_names(page):
    document = load(page)
    reading = read_document(document, today=TODAY)
    numbers = {line.number for line in document.lines}
    texts = {line.number: "".join(line.text.split()) for line in document.lines}
    parts = [
        *reading.missions,
        *reading.goals,
        *reading.all_indicators(),
        *([reading.vision] if reading.vision else []),
    ]
    for part in parts:
        assert part.lines and set(part.lines) <= numbers
        whole = "".join(texts[number] for number in part.lines)
        assert "".join(part.text.split())[:8].strip('“”"') in whole


def test_pages_without_a_plan_say_so():
    for name in ("21_no_plan_news.txt", "22_no_plan_preface.txt"):
        plan = read_plan(PAGES / name, today=TODAY)
        assert not any(plan[key] for key in ("vision", "values", "missions", "goals", "strategies", "indicators"))
        assert len(plan["notices"]) == 1 and plan["notices"][0]["line"] == 1


def test_there_are_enough_pages_to_mean_something():
    total = Agreement()
    for page in TEXTS:
        result = agreement(expected_of(page), read_plan(page, today=TODAY))
        total.found, total.wanted, total.read = (
            total.found + result.found,
            total.wanted + result.wanted,
            total.read + result.read,
        )
    assert len(TEXTS) >= 40 and total.wanted > 350
    assert total.f1 > 0.99


def test_scoring_sees_what_is_missed_and_what_is_not_there():
    expected = {"missions": {"first_words": ["a first", "a second"]}}
    plan = {
        "vision": None,
        "values": [],
        "missions": ["a first mission", "a third"],
        "goals": [],
        "strategies": [],
        "indicators": [],
    }
    result = agreement(expected, plan)
    assert result.faults == ["missions: missed 'a second'", "missions: not there 'a third'"]
    assert result.f1 == 0.5
