"""Cases about children: examples hold, every name leads somewhere, and the ministry's list comes in whole."""

import re

import pytest
from pydantic import BaseModel

from khet.core.catalogue import Text
from khet.core.catalogue.loader import read, shipped
from khet.engines.cases.letters import unknown_words
from khet.engines.cases.worked import faults

SHIPPED = read([shipped()])
SYSTEMS = {"return-to-school", "care", "inclusion", "talent"}
KINDS = [kind for kind in SHIPPED.all("case_kind") if kind.system in SYSTEMS]
THAI = re.compile("[\u0e00-\u0e7f]")
IN_THE_CASE = {"owner", "member", "worker", "manager", "receiver", "system"}
UNRESOLVED = {
    "waiting", "searching", "willing", "unwilling", "not_found", "placed", "moving", "left_again", "listing_error",
    "merged",
}  # fmt: skip


@pytest.fixture(params=KINDS, ids=[kind.id for kind in KINDS])
def kind(request):
    return request.param


def flow(kind):
    return SHIPPED.get("workflow", kind.workflow)


def forms(kind):
    asked = [*kind.contacts, *flow(kind).moves.values()]
    return [id for id in (kind.form, *(one.form for one in asked)) if id]


def test_every_worked_example_holds():
    assert [f"{id}: {words}" for id, words in faults(SHIPPED)] == []


def test_every_form_and_every_list_it_chooses_from_is_there(kind):
    for id in forms(kind):
        for field in SHIPPED.get("form", id).fields:
            assert field.codes is None or SHIPPED.get("codes", field.codes), f"{id}.{field.id}"
    assert kind.agencies is None or SHIPPED.get("codes", kind.agencies)


def test_every_role_is_one_of_the_house_or_of_the_case(kind):
    known = set(SHIPPED.ids("role"))
    given = {*kind.open_by, *kind.read_by, *kind.work_by, *kind.manage_by, *kind.may_enter, *kind.lowered_by}
    given |= (
        set(kind.join)
        | {role for level in kind.levels for role in level.tell}
        | {r for c in kind.contacts for r in c.by}
    )
    assert given <= known
    in_moves = {role for move in flow(kind).moves.values() for role in move.by}
    assert in_moves <= known | IN_THE_CASE | set(kind.join.values())


def test_every_state_and_move_it_speaks_of_is_in_its_workflow(kind):
    workflow = flow(kind)
    states = {s for gift in kind.gives for s in (*gift.states, *gift.without, *gift.once_in)}
    states |= {s for prompt in kind.prompts for s in prompt.states} | {r.state for r in kind.routines}
    states |= {s for level in kind.levels for s in level.clocks} | set(kind.renewal.states if kind.renewal else ())
    states |= {s for letter in kind.letters for s in letter.states}
    moves = {m for prompt in kind.prompts for m in prompt.blocks} | ({kind.renewal.move} if kind.renewal else set())
    assert states <= set(workflow.states) and moves <= set(workflow.moves)


def test_every_condition_speaks_of_a_field_and_of_answers_it_has(kind):
    fields = {field.id: field for id in forms(kind) for field in SHIPPED.get("form", id).fields}
    conditions = [
        *(w for level in kind.levels for w in level.when), *(w for prompt in kind.prompts for w in prompt.when),
        *(w for gift in kind.gives for w in gift.where),
    ]  # fmt: skip
    for condition in conditions:
        for name, wanted in condition.items():
            if name != "level":
                assert set(wanted) <= answers(fields[name]), name
    assert set(kind.shown) <= {id for id, field in fields.items() if not field.sensitive}
    assert {gift.group for gift in kind.gives if gift.group} <= set(fields)


def answers(field):
    if field.kind == "yes_no":
        return {"yes", "no"}
    if field.codes:
        return {value.code for value in SHIPPED.get("codes", field.codes).values}
    return {option.code for option in field.options}


def test_what_a_case_gives_is_a_measure_fed_by_cases_and_nothing_else_is(kind):
    for gift in kind.gives:
        assert SHIPPED.get("measure", gift.measure).feed == "cases", gift.measure


def test_every_text_of_case_workflow_and_forms_has_both_languages(kind):
    for item in (kind, flow(kind), *(SHIPPED.get("form", id) for id in forms(kind))):
        for where, text in texts(item, item.id):
            assert THAI.search(text.th) and text.en.strip(), where


def texts(value, path):
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}")
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}[{index}]")


def test_a_limit_of_days_says_how_sure_it_is(kind):
    for id, state in flow(kind).states.items():
        assert state.due_days is None or state.certainty, id


def test_each_kind_is_shown_by_examples(kind):
    assert sum(example.kind == kind.id for example in SHIPPED.all("case_example")) >= 5


def test_the_ministrys_19_results_are_all_read_into_the_two_fields():
    published = SHIPPED.get("codes", "tracking_reasons").values
    causes, outcomes = SHIPPED.get("codes", "out_of_school_causes"), SHIPPED.get("codes", "tracking_outcomes")
    assert len(published) == 19
    for value in published:
        assert causes.find(value.title.th) or outcomes.find(value.title.th), value.title.th
    both = [v.code for v in published if causes.find(v.title.th) and outcomes.find(v.title.th)]
    assert both == ["r11", "r13", "r18"]
    assert outcomes.find("เข้าเรียนในสถานศึกษาสังกัดอื่น").code == "elsewhere"


def test_outcomes_are_states_of_the_workflow_and_say_the_same_of_being_resolved():
    workflow, kind = SHIPPED.get("workflow", "return_to_school_2568"), SHIPPED.get("case_kind", "return_to_school_2568")
    outcomes = SHIPPED.get("codes", "tracking_outcomes").values
    assert {value.code for value in outcomes} <= set(workflow.states)
    (lawful,) = [gift for gift in kind.gives if gift.take == "listed"]
    on_no_roll = {v.code for v in outcomes if v.outcome == "pass"} - {"placed"}  # who is back stands on a roll
    assert on_no_roll <= set(lawful.states)


def test_whom_nobody_found_or_who_will_not_come_is_never_off_the_number():
    kind = SHIPPED.get("case_kind", "return_to_school_2568")
    (lawful,) = [gift for gift in kind.gives if gift.take == "listed"]
    assert not set(lawful.states) & (UNRESOLVED | {"enrolled", "staying"})
    assert set(kind.renewal.states) == {"not_found", "unwilling"}


@pytest.mark.parametrize("source", ["teacher", "test", "work", "expert"])
def test_the_same_kind_of_evidence_twice_identifies_nobody(source):
    workflow = SHIPPED.get("workflow", "talent_2568")
    assert f"by_{source}" not in workflow.moves[f"second_{source}"].start
    assert len(workflow.moves[f"second_{source}"].start) == 3


def test_screened_and_certified_are_two_answers():
    fields = {field.id: field for field in SHIPPED.get("form", "iep_begin").fields}
    assert fields["main_type"].codes == fields["certified_type"].codes == "disability_types"
    assert fields["main_type"].sensitive and fields["certified_type"].sensitive
    assert fields["certified_type"].show_if == {"certified": ("certificate", "card")}


def test_no_questions_of_the_sdq_and_no_proxy_means_test_are_asked():
    sdq = SHIPPED.get("form", "care_sdq")
    assert {f.id for f in sdq.fields if f.kind == "integer"} == {
        "emotional", "conduct", "hyperactivity", "peer", "prosocial", "impact",
    }  # fmt: skip
    visit = SHIPPED.get("form", "care_home_visit")
    assert not [field.id for field in visit.fields if "pmt" in field.id]
    assert all(field.sensitive for field in visit.fields if field.id.startswith("income"))


def test_every_word_of_a_letter_stands_for_something(kind):
    fields = {field.id for id in forms(kind) for field in SHIPPED.get("form", id).fields}
    assert [unknown_words(letter, fields) for letter in kind.letters if unknown_words(letter, fields)] == []


def test_the_step_that_is_offered_first_is_the_one_hoped_for():
    """The page puts the first open step before the others."""
    moves = SHIPPED.get("workflow", "return_to_school_2568").moves
    first = {state: next(id for id, move in moves.items() if state in move.start) for state in ("searching", "willing")}
    assert first == {"searching": "find_willing", "willing": "place"}
