"""What `khet check` says of case files."""

from pathlib import Path

import pytest

import khet
from khet.core.catalogue import catalogue, forget
from khet.core.catalogue.loader import read, shipped
from khet.engines.cases.consistency import problems, without_example

ICONS = Path(khet.__file__).parents[1] / "assets" / "icons.txt"


def test_the_catalogue_holds_no_fault_and_every_kind_has_an_example():
    content = read([shipped()])
    assert [str(fault) for fault in problems(content)] == []
    assert without_example(content) == []


@pytest.fixture
def drawn(monkeypatch):
    """The drawings that the pages have, whether or not the assets of this checkout are built."""
    names = [line.strip() for line in (ICONS).read_text().splitlines() if line.strip() and line[0] != "#"]
    monkeypatch.setattr("khet.engines.cases.consistency.manifest", lambda: {"icons": names})


def test_every_contact_of_the_catalogue_has_a_drawing(drawn):
    assert [fault for fault in problems(read([shipped()])) if "icon" in fault.message] == []


WRONG = [
    ("case-errand.yaml", "workflow: zoo_2568", "workflow: zoo_2658", "Did you mean zoo_2568"),
    ("case-errand.yaml", "form: zoo_begin", "form: zoo_begun", "form 'zoo_begun' does not exist"),
    ("case-errand.yaml", "lowered_by: [promoter]", "lowered_by: [promotor]", "Did you mean promoter"),
    ("case-errand.yaml", 'when: [{hurt: ["yes"]}]', 'when: [{hurt: ["maybe"]}]', "maybe is no answer of 'hurt'"),
    ("case-errand.yaml", 'when: [{hurt: ["yes"]}]', 'when: [{pain: ["yes"]}]', "no form asks 'pain'"),
    ("case-errand.yaml", "blocks: [finish]", "blocks: [finnish]", "Did you mean finish"),
    ("case-errand.yaml", "About {child}", "About {chlid}", "chlid stands for nothing"),
    ("case-errand.yaml", "shown: [colour]", "shown: [story]", "shown: 'story' must be a field that is asked"),
    ("case-errand.yaml", "without: [double]", "without: [doubled]", "Did you mean double"),
    ("case-errand.yaml", "measure: errands_begun", "measure: errands_begum", "Did you mean errands_begun"),
    ("case-errand.yaml", "move: again", "move: finish", "must be a move from its states"),
    ("workflow-2568.yaml", "by: [worker, manager]", "by: [wroker, manager]", "Did you mean worker"),
    ("measures.yaml", "feed: cases", "feed: surveys", "must say 'feed: cases'"),
    ("case-errand.yaml", "read_by: [promoter,", "read_by: [viewer, promoter,", "viewer cannot see cases"),
    (
        "case-errand.yaml",
        "place: true,",
        "icon: hause, place: true,",
        "visit: icon 'hause' does not exist. Did",
    ),
    (
        "case-errand.yaml",
        "form: zoo_begin",
        "form: zoo_begin\nat_school: {colour: green}",
        "green is no answer of 'colo",
    ),
    ("case-errand.yaml", "form: zoo_begin", "form: zoo_begin\nat_school: {color: red}", "Did you mean colour"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "words"), WRONG, ids=[wrong for _f, _r, wrong, _w in WRONG])
def test_a_wrong_word_is_named_with_the_file_and_what_was_meant(zoo, home, drawn, file, right, wrong, words):
    assert [str(fault) for fault in problems(catalogue()) if "zoo" in str(fault)] == []
    path = home / "catalogue" / "zoo" / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    forget()
    found = [str(fault) for fault in problems(catalogue()) if "zoo" in str(fault)]
    assert any(words in fault for fault in found), found


def changed(home, file, right, wrong):
    """What `khet check` says of the zoo once a file was changed."""
    path = home / "catalogue" / "zoo" / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    forget()
    content = catalogue()
    return [str(fault) for fault in (*content.faults, *problems(content)) if "zoo" in str(fault)]


def test_an_unquoted_on_says_so_with_its_line(zoo, home):
    [fault] = changed(home, "case-errand.yaml", '"on": standing', "on: standing")
    assert "case-errand.yaml: on: line " in fault and 'write "on": …' in fault


def test_an_unquoted_yes_says_so_with_its_key(zoo, home):
    found = changed(home, "case-errand.yaml", '{hurt: ["yes"]}', "{hurt: [yes]}")
    assert any("levels.0.when.0.hurt.0: YAML reads yes, on or true without quotes" in fault for fault in found), found


@pytest.mark.parametrize("blank", ["{th: ถามอีกครั้ง}", '{th: ถามอีกครั้ง, en: " "}', '{th: "", en: Ask again}'])
def test_words_of_a_routine_are_asked_for_in_both_languages(zoo, home, blank):
    found = changed(home, "case-errand.yaml", "words: {th: ถามอีกครั้ง, en: Ask again}", f"words: {blank}")
    assert any("case-errand.yaml: errand_2568.routines.0.words" in fault for fault in found), found


KNOWS = ", unhurried: {th: ผู้ทำรู้เอง, en: Who does it knows}"
PAUSE = ", unhurried: {th: รอผู้แจ้ง, en: Waits for who told}"


def test_what_the_public_begins_is_forgotten_nowhere(zoo, home):
    found = changed(home, "workflow-2568.yaml", KNOWS, "")
    assert any("workflow-2568.yaml: states.going: nobody is told when it is overdue" in fault for fault in found), found
    assert not any("states.waiting" in fault for fault in found), found  # it has a clock and somebody who is told
    assert not any("errand_2568" in fault for fault in found), found  # such cases the public does not begin
    found = changed(home, "workflow-2568.yaml", PAUSE, "")
    assert any("workflow-2568.yaml: states.paused: no clock runs" in fault for fault in found), found


def test_why_a_state_may_wait_is_said_in_both_languages(zoo, home):
    found = changed(home, "workflow-2568.yaml", "en: Waits for who told", "en: ''")
    assert any("workflow-2568.yaml: zoo_2568.states.paused.unhurried: has no words in English" in f for f in found)


def test_a_clock_of_every_level_will_do(zoo, home):
    going = f"{{title: {{th: ดำเนินการ, en: Going on}}, due_days: 5{KNOWS}}}"
    bare = "{title: {th: ดำเนินการ, en: Going on}, escalate: {to: [director]}}"
    found = changed(home, "workflow-2568.yaml", going, bare)
    assert any("whisper_2568" in fault and "states.going: no clock runs" in fault for fault in found), found
    levels = "form: zoo_begin\nlevels: [{code: any, title: {th: ทั่วไป, en: Any}, rank: 1, clocks: {going: {days: 9}}}]"
    found = changed(home, "case-whisper.yaml", "form: zoo_begin", levels)
    assert not any("states.going" in fault for fault in found), found
