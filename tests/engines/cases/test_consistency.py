"""What `khet check` says of case files."""

import pytest

from khet.core.catalogue import catalogue, forget
from khet.core.catalogue.loader import read, shipped
from khet.engines.cases.consistency import problems, without_example


def test_the_catalogue_holds_no_fault_and_every_kind_has_an_example():
    content = read([shipped()])
    assert [str(fault) for fault in problems(content)] == []
    assert without_example(content) == []


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
]


@pytest.mark.parametrize(("file", "right", "wrong", "words"), WRONG, ids=[wrong for _f, _r, wrong, _w in WRONG])
def test_a_wrong_word_is_named_with_the_file_and_what_was_meant(zoo, home, file, right, wrong, words):
    assert [str(fault) for fault in problems(catalogue()) if "zoo" in str(fault)] == []
    path = home / "catalogue" / "zoo" / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    forget()
    found = [str(fault) for fault in problems(catalogue()) if "zoo" in str(fault)]
    assert any(words in fault for fault in found), found
