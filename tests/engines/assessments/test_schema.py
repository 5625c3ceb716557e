"""A framework that cannot be is refused in words; the shipped ones hold together and their examples come out."""

import pytest
from pydantic import ValidationError

from khet.core.catalogue.kept import content_of
from khet.core.catalogue.loader import read, shipped
from khet.engines.assessments.consistency import problems, without_example
from khet.engines.assessments.editions import resolved
from khet.engines.assessments.schema import Framework, Scale
from tests.engines.assessments.trees import HEAD, branch, leaf, levels, tree

SHIPPED = read([shipped()])
TITLE = {"th": "ก", "en": "a"}


@pytest.mark.parametrize(
    ("criteria", "others", "words"),
    [
        ([leaf("a"), leaf("a")], {}, "ids used twice: a"),
        ([leaf("total")], {}, "means the whole"),
        ([leaf("a", weight=0.5), leaf("b", weight=0.4)], {"gather": "weighted"}, "weigh 0.9; make their weights sum"),
        ([leaf("a", gather="mean")], {}, "has no criteria to gather"),
        ([branch("x", "mean", leaf("a"), external={"th": "ก", "en": "a"})], {}, "belongs to one of those"),
        ([leaf("a", points="x")], {}, "belong together"),
        ([leaf("a")], {"levels": levels(("good", {"each": {"of": ["nope"], "at_least": 1}}))}, "nope is no criterion"),
        ([leaf("a")], {"levels": levels(("good", {}), ("good", {}))}, "share a code"),
        ([leaf("a")], {"gives": [{"measure": "m", "take": "reached"}]}, "need 'level' or 'when'"),
        ([leaf("a")], {"gives": [{"measure": "m", "of": "nope"}]}, "nope is no criterion"),
        ([leaf("a")], {"gives": [{"measure": "m", "take": "mean"}]}, "needs 'pool'"),
        ([leaf("a", calculated={"indicator": "i", "measure": "m"})], {}, "either an 'indicator' or a 'measure'"),
        ([leaf("a")], {"report": [{"id": "r", "title": TITLE, "kind": "results", "criteria": ["z"]}]}, "z is no"),
        ([leaf("a", colour="red")], {}, "Extra inputs"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(criteria, others, words):
    with pytest.raises(ValidationError, match=words):
        tree(*criteria, **others)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "needs 'maximum'"), ({"maximum": 9, "points": "y"}, "speak of x only"),
        ({"options": [{"code": "1", "title": {"th": "ก", "en": "a"}, "points": 1}]}, "one option is no choice"),
    ],
)  # fmt: skip
def test_a_scale_that_cannot_be_is_refused_in_words(keys, words):
    with pytest.raises(ValidationError, match=words):
        Scale.model_validate({"id": "s", "title": {"th": "ก", "en": "a"}, **keys})


def test_the_shipped_frameworks_hold_together_and_every_example_comes_out():
    assert [str(fault) for fault in problems(SHIPPED)] == []


def test_every_shipped_framework_has_a_worked_example():
    assert without_example(SHIPPED) == []


@pytest.mark.parametrize("id", SHIPPED.ids("framework"))
def test_a_kept_edition_reads_back_as_it_was(id):
    framework = resolved(SHIPPED.get("framework", id), SHIPPED)
    digest, content = content_of(framework)
    again = Framework.model_validate(content)
    assert again == framework
    assert content_of(again)[0] == digest
    assert all(again.scale_of(node.id) or node.asks for node in again.rated)


def test_an_example_that_does_not_come_out_says_what_did(lay):
    import yaml

    from khet.core.catalogue import catalogue

    trial = HEAD | {"criteria": [leaf("a"), leaf("b")], "gives": [{"measure": "nope"}], "scale": "forty"}
    lay("iqa/framework-trial.yaml", yaml.safe_dump(trial, allow_unicode=True))
    lay("iqa/examples/framework-trial.yaml", yaml.safe_dump({
        "source": "made up", "certainty": "design",
        "items": [{"id": "e", "framework": "trial", "name": "wrong", "all": "9", "score": 4}],
    }))  # fmt: skip
    words = [str(fault) for fault in problems(catalogue())]
    assert any("'forty' is no scale. Use one of: four" in one for one in words)
    assert any("'nope' is no known measure" in one for one in words)
    assert any("has no scale" in one for one in words)
