from collections import Counter
from datetime import date, timedelta

import pytest

from khet.web.demo.names import is_synthetic
from khet.web.demo.world import make_world
from khet.web.demo.world.calendar import data_years
from khet.web.demo.world.schools import P6, sizes
from tests.web.demo.conftest import TODAY


def facts(world):
    """Enough of a world to tell two apart."""
    people = [
        (e.child.identifiers[0][1], e.child.first, e.child.family.surname, e.school.code, e.grade, e.left, e.hanging)
        for year in world.years
        for e in world.enrolments[year]
    ]
    columns = [world.absences[y].day.tolist() for y in world.years] + [m.mark.tolist() for m in world.marks.values()]
    staff = [(p.worker.identifier, p.school.code, p.kind, p.passed) for posts in world.staff.values() for p in posts]
    tests = [(s.test, s.year, [(r.school.code, r.means) for r in s.results]) for s in world.sittings]
    return people, columns, staff, tests, world.figures, world.slips


def test_a_seed_gives_one_world_and_another_seed_another():
    first, again, other = (make_world(schools=8, pupils=300, seed=seed, today=TODAY) for seed in (3, 3, 4))
    assert facts(first) == facts(again)
    assert facts(first)[0] != facts(other)[0]


def test_a_world_looked_at_later_has_the_same_past():
    early = make_world(schools=8, pupils=300, seed=3, today=TODAY)
    late = make_world(schools=8, pupils=300, seed=3, today=TODAY + timedelta(days=60))
    for year in early.years:
        for round_, day in early.rounds(year).items():
            assert early.truth[year].on_roll[round_] == late.truth[year].on_roll[round_], (year, day)
    assert len(late.absences[2026]) > len(early.absences[2026])


def test_nothing_happens_after_today(world):
    roll = world.enrolments[world.years[-1]]
    days = [day for e in roll for day in (e.entered, e.left, e.hanging) if day]
    absences = world.absences[world.years[-1]]
    assert max(days) <= TODAY
    assert max(absences.days[day] for day in set(absences.day.tolist())) <= TODAY


def test_the_last_year_begins_with_its_first_census():
    assert list(data_years(date(2026, 6, 1), 3)) == [2023, 2024, 2025]
    assert list(data_years(date(2026, 11, 24), 3)) == [2024, 2025, 2026]


def test_sizes_are_drawn_like_those_of_a_rural_office():
    drawn = sizes(100, 10_000)
    assert sum(drawn) == pytest.approx(10_000)
    assert 70 <= sum(size <= 120 for size in drawn) <= 85
    assert drawn[0] > 1200 and drawn[-1] < 20


def test_an_office_of_the_default_size_holds_what_was_asked_for():
    world = make_world(today=TODAY)
    latest = world.truth[world.years[-1]]
    assert len(world.schools) == 100
    assert 9_600 <= latest.pupils(1) <= 10_400
    assert 650 <= latest.staff.total() <= 800
    assert 150_000 <= sum(len(a) for a in world.absences.values()) <= 250_000
    assert max(len(m) for m in world.marks.values()) <= 120_000
    for year in world.years[1:]:
        assert min(world.truth[year].came[kind] for kind in ("new", "transfer", "return")) > 0
        assert world.truth[year].hanging[1] > 0
    assert {"graduated", "transfer", "died", "long_absence"} <= set(world.truth[world.years[0]].left)


def test_children_move_up_one_grade_a_year_and_seldom_repeat(world):
    steps = Counter()
    for year in world.years[1:]:
        before = {e.child.number: e.grade for e in world.enrolments[year - 1]}
        steps.update(
            e.grade - before[e.child.number]
            for e in world.enrolments[year]
            if e.child.number in before and not e.hanging and e.came not in ("return",) and not e.entered
        )
    assert steps[1] > 0.97 * steps.total()
    assert steps[0] > 0
    assert set(steps) <= {0, 1}


def test_nobody_is_on_two_rolls_at_once_nor_twice_at_one_school_in_a_year(world):
    for year in world.years:
        spells = Counter((e.child.number, e.school.code) for e in world.enrolments[year])
        assert set(spells.values()) == {1}
        for day in world.rounds(year).values():
            on_roll = Counter(e.child.number for e in world.enrolments[year] if e.on_roll(day))
            assert set(on_roll.values()) == {1}


def test_a_school_enrols_only_in_grades_it_teaches(world):
    assert all(e.school.teaches(e.grade) for year in world.years for e in world.enrolments[year])


def test_those_who_stop_coming_were_absent_before(world):
    """The signal that early warning lives on is in the data."""
    before_leaving, others = [], []
    for year in world.years[:-1]:
        roll, absences = world.enrolments[year], world.absences[year]
        missed = Counter(absences.who.tolist())
        for number, e in enumerate(roll):
            if e.hanging and e.hanging > date(year, 9, 1):
                days = [d for d, w in zip(absences.day.tolist(), absences.who.tolist(), strict=True) if w == number]
                came = sum(day < e.hanging for day in absences.days)
                before_leaving.append(sum(absences.days[d] < e.hanging for d in days) / came)
            elif not e.left and not e.entered and not e.hanging:
                others.append(missed[number] / len(absences.days))
    assert len(before_leaving) >= 3
    assert sum(before_leaving) / len(before_leaving) > 2 * sum(others) / len(others)


def test_children_in_no_school_are_found_by_taking_the_roll_from_the_register(world):
    for year, truth in world.truth.items():
        listed = {
            c.identifier(date(year, 6, 10)) for c, s in world.residents(year) if s == "living" and c.age_in(year) > 6
        }
        enrolled = {
            e.child.identifier(date(year, 6, 10)) for e in world.enrolments[year] if e.on_roll(date(year, 6, 10))
        }
        assert len(listed - enrolled) == truth.unmatched
        assert truth.unmatched >= truth.in_other + truth.nowhere > truth.in_other


def test_every_identifier_lies_in_a_range_never_issued(world):
    children = [value for child in world.children for _, value in child.identifiers]
    staff = {post.worker.identifier for posts in world.staff.values() for post in posts}
    assert len(set(children)) == len(children)
    assert staff.isdisjoint(children)
    assert all(is_synthetic(value) for value in [*children, *staff])


def test_some_children_without_papers_are_given_a_number_later():
    world = make_world(schools=40, pupils=4000, seed=7, today=TODAY)
    changed = [c for c in world.children if len(c.identifiers) == 2]
    assert changed
    assert all(c.identifiers[0][1].startswith("G") and c.identifiers[1][1].startswith("099") for c in changed)


def test_trends_have_at_least_eight_points(world):
    for name in ("office_scores", "satisfaction", "external_assessment", "harm", "learning"):
        assert len({figure.period for figure in world.figures[name]}) >= 8, name


def test_a_school_that_had_no_harm_says_so(world):
    harm = [f for f in world.figures["harm"] if f.measure == "harm_incidents"]
    assert any(f.value == 0 for f in harm)
    assert len({(f.org, f.period, f.group) for f in harm}) == len(harm) == 24 * 8 * 4


def test_small_offices_work_too():
    for schools, pupils in ((1, 40), (2, 30), (5, 300)):
        world = make_world(schools=schools, pupils=pupils, seed=1, today=TODAY)
        assert len({s.code for s in world.schools}) == schools
        assert world.truth[world.years[-1]].pupils(1) > 0


def test_a_world_without_pupils_for_its_schools_is_refused():
    with pytest.raises(ValueError, match="a pupil for each school"):
        make_world(schools=10, pupils=5)


def test_national_tests_are_sat_by_those_on_the_roll(world):
    sitting = next(s for s in world.sittings if s.test == "onet_p6" and s.year == 2025)
    on_roll = sum(e.grade == P6 and e.on_roll(date(2026, 2, 10)) and not e.hanging for e in world.enrolments[2025])
    assert 0 < sitting.takers <= on_roll
