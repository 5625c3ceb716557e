"""The words of counting against a slow, obvious second version, over made-up books."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khet.engines.programmes.counting import Book, Held, Joined, Made, Met, Span, gathered, totals
from khet.engines.programmes.schema import Programme
from tests.engines.programmes import slow

T = {"th": "ก", "en": "a"}
DAY0 = date(2024, 1, 1)
FIRST, LAST = DAY0 + timedelta(days=10), DAY0 + timedelta(days=30)
LEVELS = ["one", "two", "three"]


def rules(counts="highest", **more) -> Programme:
    return Programme.model_validate({
        "id": "made_up_2569", "family": "made_up", "system": "sufficiency", "source": "a test", "title": T,
        "edition": T, "since": "2020-01-01", "who": ["school", "teacher"],
        "ladder": {"counts": counts, "levels": [{"code": code, "title": T} for code in LEVELS]},
        "sessions": {"kinds": [{"code": "talk", "title": T}], "attendance": {"share": 0.5, "hours": 2}},
        "outputs": [{"code": "work", "title": T, "levels": [{"code": code, "title": T} for code in LEVELS]},
                    {"code": "media", "title": T}],
        "gives": [
            {"measure": "all", "take": "participants"}, {"measure": "two", "take": "participants", "level": "two"},
            {"measure": "hours", "take": "hours"}, {"measure": "many", "take": "with_hours", "hours": 3},
            {"measure": "came", "take": "present"}, {"measure": "due", "take": "expected"},
            {"measure": "works", "take": "outputs", "kinds": ["work"], "level": "two"},
            {"measure": "ever", "take": "outputs", "ever": True}, {"measure": "done", "take": "completed"},
        ],
    } | more)  # fmt: skip


days = st.integers(0, 40).map(lambda n: DAY0 + timedelta(days=n))


@st.composite
def held(draw, id):
    judged = draw(days)
    lasts = draw(st.none() | st.integers(0, 20))
    until = judged + timedelta(days=lasts) if lasts is not None else None
    return Held(draw(st.sampled_from(LEVELS)), judged, until, id)


@st.composite
def books(draw, counts):
    made, number = [], 0
    for _book in range(draw(st.integers(1, 2))):
        people = []
        for who in sorted(draw(st.sets(st.integers(1, 4), max_size=4))):
            number += 1
            joined = draw(days)
            stays = draw(st.none() | st.integers(0, 30))
            left = joined + timedelta(days=stays) if stays is not None else None
            statuses = tuple(draw(held(n)) for n in range(draw(st.integers(0, 3))))
            people.append(Joined(number, ("org", who), "school", f"s{who}", joined, left, statuses=statuses))
        ids = [one.id for one in people]
        sessions = []
        for _n in range(draw(st.integers(0, 3))):
            number += 1
            marks = {id: draw(st.sampled_from("pax")) for id in ids}
            present = frozenset(id for id in ids if marks[id] == "p")
            absent = frozenset(id for id in ids if marks[id] == "a")
            stayed = {id: draw(st.sampled_from([0.5, 1.0])) for id in present if draw(st.booleans())}
            sessions.append(
                Met(number, "talk", "o", draw(days), draw(st.sampled_from([1.0, 2.0])), present, absent, stayed)
            )
        works = []
        for _n in range(draw(st.integers(0, 3))):
            number += 1
            works.append(Made(number, draw(st.sampled_from(["work", "media"])), "o", draw(days),
                              draw(st.sampled_from(["", *LEVELS]))))  # fmt: skip
        made.append(Book(rules(counts), tuple(people), tuple(sessions), tuple(works)))
    return made


def number(books_, measure):
    return sum(one.amount for one in gathered(books_, measure, Span(FIRST, LAST)))


@pytest.mark.parametrize("counts", ["highest", "latest"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_words_count_as_the_slow_version_does(counts, data):
    made = data.draw(books(counts))
    assert number(made, "all") == slow.participants(made, FIRST, LAST)
    assert number(made, "two") == slow.participants(made, FIRST, LAST, "two")
    by_person = slow.hours_by_person(made, FIRST, LAST)
    assert number(made, "hours") == pytest.approx(sum(by_person.values()))
    assert number(made, "many") == sum(1 for attended in by_person.values() if attended >= 3)
    assert (number(made, "came"), number(made, "due")) == slow.presence(made, FIRST, LAST)
    assert number(made, "works") == slow.outputs(made, FIRST, LAST, ["work"], "two")
    assert number(made, "ever") == slow.outputs(made, FIRST, LAST, ["work", "media"], ever=True)


def test_a_school_in_two_runs_counts_once_and_at_the_newer_place():
    one = Joined(1, ("person", 7), "teacher", "a", DAY0)
    two = Joined(2, ("person", 7), "teacher", "b", DAY0 + timedelta(days=5))
    made = [Book(rules(), (one,)), Book(rules(), (two,))]
    assert totals(gathered(made, "all", Span(FIRST, LAST))) == {("b", ""): 1}


def test_hours_of_two_runs_are_added_before_they_are_compared():
    one, two = Joined(1, ("person", 7), "teacher", "a", DAY0), Joined(2, ("person", 7), "teacher", "a", DAY0)
    made = [
        Book(rules(), (one,), (Met(1, "talk", "a", FIRST, 2, frozenset({1})),)),
        Book(rules(), (two,), (Met(2, "talk", "a", FIRST, 1, frozenset({2})),)),
    ]
    assert number(made, "many") == 1


def test_completed_asks_for_share_and_hours():
    one = Joined(1, ("org", 1), "school", "a", DAY0)
    sessions = [Met(n, "talk", "a", FIRST, 1, frozenset({1})) for n in (1, 2)]
    assert number([Book(rules(), (one,), (sessions[0],))], "done") == 0, "an hour is too little"
    assert number([Book(rules(), (one,), tuple(sessions))], "done") == 1
    away = tuple(Met(n, "talk", "a", FIRST, 1, frozenset(), frozenset({1})) for n in (3, 4, 5))
    assert number([Book(rules(), (one,), (*sessions, *away))], "done") == 0, "two of five are less than half"


def test_the_last_valid_day_counts_and_the_next_does_not():
    for until, counted in ((LAST, 1), (LAST - timedelta(days=1), 0)):
        one = Joined(1, ("org", 1), "school", "a", DAY0, statuses=(Held("two", DAY0, until),))
        assert number([Book(rules(), (one,))], "two") == counted
