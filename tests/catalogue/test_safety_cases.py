"""What the safety case promises a child: who must not see it, how fast, and what is asked before it ends."""

import itertools

import pytest

from khet.core.catalogue.loader import read, shipped
from khet.engines.cases.levelling import passes_by, proposed

SHIPPED = read([shipped()])
KIND = SHIPPED.find("case_kind", "safety_case_2565")
WORKFLOW = SHIPPED.find("workflow", KIND.workflow)
EXAMPLES = [example for example in SHIPPED.all("case_example") if example.kind == KIND.id]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
def test_the_example_holds(example):
    assert example.fault(SHIPPED) is None


def test_every_gift_is_shown_by_an_example():
    shown = {measure for example in EXAMPLES for measure, value in example.gives.items() if value}
    assert {gift.measure for gift in KIND.gives} - shown == {"harm_pupils_repeated"}  # one example is one case


@pytest.mark.parametrize("actors", [[a, b] for a, b in itertools.product(["staff", "director"], ["pupil", "unknown"])])
def test_a_case_that_names_staff_passes_by_the_school_whatever_else_is_said(actors):
    for hazard in SHIPPED.get("codes", "hazards").values:
        assert passes_by(KIND, {"hazard": hazard.code, "actor": actors}), hazard.code


def test_the_head_joins_only_where_the_school_handles_it_and_the_administrator_never():
    assert "office_admin" not in {*KIND.join, *KIND.may_enter, *KIND.manage_by, *KIND.open_by}
    assert KIND.circle and not KIND.read_by
    assert next(party for party in KIND.parties if party.code == "actor").barred


def test_clocks_tighten_with_the_level_and_none_claims_to_be_official():
    def minutes(clock):
        return clock.minutes or (clock.hours or 0) * 60 or (clock.days or 0) * 24 * 60

    levels = sorted(KIND.levels, key=lambda level: level.rank)
    for state in ("received", "screening", "assigned", "raised", "reopened"):
        times = [minutes(level.clocks[state]) for level in levels]
        assert times == sorted(times, reverse=True) and times[0] > times[-1], state
    assert {clock.certainty for level in levels for clock in level.clocks.values()} == {"design"}
    assert {state.certainty for state in WORKFLOW.states.values() if not state.final} == {"design"}


def test_every_state_that_is_not_final_has_a_clock_at_every_level_and_somebody_above_who_is_told():
    for id, state in WORKFLOW.states.items():
        if not state.final:
            assert state.escalate, id
            assert all(id in level.clocks for level in KIND.levels), id


def test_a_child_in_danger_now_is_critical_whatever_befell():
    for answers in ({"safe_now": False}, {"signs": ["still_in_danger"]}, {"harm": "died"}, {"hazard": "HV1"}):
        assert proposed(KIND, answers).code == "S4"
    assert proposed(KIND, {"event": "worry", "hazard": "HR3"}).code == "S1"


def test_the_public_form_asks_little_and_speaks_the_codes_of_the_officers():
    form = SHIPPED.get("form", KIND.public.form)
    assert [field.id for field in form.fields if field.required] == ["event", "hazard", "story"]
    lists = {
        "event": "safety_events",
        "hazard": "hazards",
        "actor": "actor_relations",
        "harm": "injury_outcomes",
        "signs": "safety_signs",
    }
    for field in form.fields:
        if field.id in lists:
            known = {value.code for value in SHIPPED.get("codes", lists[field.id]).values}
            assert {option.code for option in field.options} <= known, field.id
    assert set(KIND.public.names) <= {field.id for field in form.fields if field.sensitive}


def test_the_reporter_reads_something_in_every_state():
    assert set(KIND.public.outcomes) == set(WORKFLOW.states)


def test_closing_asks_for_the_four_conditions():
    form = SHIPPED.get("form", WORKFLOW.moves["close"].form)
    required = {field.id for field in form.fields if field.required}
    assert {"closing_safe", "closing_told", "lesson_kinds", "lesson", "closing_second"} <= required
    assert "no" not in {option.code for field in form.fields if field.id == "closing_safe" for option in field.options}
    assert {level.code for level in KIND.levels if level.second} == {"S3", "S4"}


def test_the_law_s_reports_come_before_a_case_is_called_resolved():
    blocked = {prompt.code for prompt in KIND.prompts if "resolve" in prompt.blocks}
    assert blocked == {"protect", "police"}
    assert [routine.after_days for routine in KIND.routines if routine.state == "closed"] == [(30, 90)]
