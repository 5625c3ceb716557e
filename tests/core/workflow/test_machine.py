"""The machine of states and moves, and what its schema refuses."""

import copy

import pytest
from django.utils import translation
from pydantic import ValidationError

from khet.core.workflow.machine import MoveNotAllowed, next_state, open_moves
from khet.core.workflow.schema import Workflow


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


T = {"th": "ก", "en": "a"}
GOOD = {
    "id": "made_up_2569",
    "family": "made_up",
    "system": "made_up",
    "source": "a test",
    "title": T,
    "start": "reported",
    "states": {
        "reported": {"title": {"th": "แจ้งแล้ว", "en": "Reported"}, "due_days": 1},
        "assessed": {"title": {"th": "ประเมินแล้ว", "en": "Assessed"}},
        "closed": {"title": {"th": "ปิด", "en": "Closed"}, "final": True},
    },
    "moves": {
        "assess": {
            "title": {"th": "ประเมิน", "en": "Assess"},
            "start": ["reported"],
            "to": "assessed",
            "by": ["officer"],
        },
        "close": {"title": {"th": "ปิด", "en": "Close"}, "start": ["assessed"], "to": "closed", "by": ["director"]},
        "reopen": {
            "title": {"th": "เปิดใหม่", "en": "Re-open"},
            "start": ["closed"],
            "to": "assessed",
            "by": ["director"],
        },
    },
}


def workflow(**changes) -> Workflow:
    return Workflow.model_validate(copy.deepcopy(GOOD) | changes)


def test_a_move_leads_to_its_state():
    assert next_state(workflow(), "reported", "assess", ["officer"]) == "assessed"


def test_a_move_of_others_names_what_is_open():
    drop = {"title": {"th": "ยกเลิก", "en": "Drop"}, "start": ["reported"], "to": "closed", "by": ["director"]}
    with pytest.raises(MoveNotAllowed, match=r"“Drop” is for others to do\. Open to you now: Assess"):
        next_state(workflow(moves=GOOD["moves"] | {"drop": drop}), "reported", "drop", ["officer"])


@pytest.mark.parametrize("move", ["close", "fly"])
def test_a_move_that_does_not_start_here_is_refused(move):
    with pytest.raises(MoveNotAllowed, match="not possible from “Reported”"):
        next_state(workflow(), "reported", move, ["officer", "director"])


def test_moves_open_to_nobody_in_particular():
    assert list(open_moves(workflow(), "closed", ["officer"])) == []
    assert list(open_moves(workflow(), "closed", ["director"])) == ["reopen"]


def test_a_trap_is_refused():
    states = GOOD["states"] | {"limbo": {"title": T}}
    moves = GOOD["moves"] | {"lose": {"title": T, "start": ["reported"], "to": "limbo", "by": ["officer"]}}
    with pytest.raises(ValidationError, match="no way to an end from: limbo"):
        workflow(states=states, moves=moves)


def test_a_state_no_move_leads_to_is_refused():
    with pytest.raises(ValidationError, match="no move leads to: lost"):
        workflow(states=GOOD["states"] | {"lost": {"title": T, "final": True}})


def test_a_move_to_nowhere_is_named():
    moves = GOOD["moves"] | {"fall": {"title": T, "start": ["reported"], "to": "nowhere", "by": ["officer"]}}
    with pytest.raises(ValidationError, match=r"moves.fall.to: 'nowhere' is no state. Use one of: reported"):
        workflow(moves=moves)
