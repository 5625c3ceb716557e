"""The programmes that come with Khet: their examples hold, none is left out, and each can be opened and joined."""

import datetime

import pytest
from pydantic import ValidationError

from khet.core.catalogue.loader import read, shipped
from khet.engines.programmes import consistency, services
from khet.engines.programmes.schema import Programme
from khet.engines.programmes.services.joining import Entrant
from khet.engines.programmes.sheets import template

SHIPPED = read([shipped()])
PROGRAMMES = SHIPPED.all("programme")
EXAMPLES = SHIPPED.all("programme_example")


def test_programmes_and_the_rest_of_the_catalogue_agree():
    assert [str(fault) for fault in consistency.problems(SHIPPED)] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
def test_the_example_holds(example):
    assert example.fault(SHIPPED.find("programme", example.programme)) is None


def test_an_example_that_does_not_hold_says_what_came_out():
    example = EXAMPLES[0].model_copy(update={"gives": {next(iter(EXAMPLES[0].gives)): 999}})
    assert "expected 999, worked out" in example.fault(SHIPPED.find("programme", example.programme))


def test_everything_a_programme_gives_is_shown_by_an_example():
    assert consistency.without_example(SHIPPED) == []


def test_no_system_is_named_in_the_engine():
    words = {rules.family for rules in PROGRAMMES} | {"sufficiency", "pmqa", "savings", "moral"}
    words -= {"training", "partners", "platform", "languages", "stem", "coding", "enterprise", "democracy", "plc"}
    folder = shipped().parent / "khet" / "engines" / "programmes"
    for path in [*folder.rglob("*.py"), *folder.rglob("*.html")]:
        text = path.read_text(encoding="utf-8").lower()
        assert not [word for word in words if word in text], path.name


@pytest.mark.django_db
@pytest.mark.parametrize("rules", PROGRAMMES, ids=[rules.id for rules in PROGRAMMES])
def test_it_is_opened_joined_and_shown(rules, office, school, administrator, client_for):
    place = office if "office" in rules.run_by else school
    run = services.open_run(rules, place, by=administrator, starts=datetime.date(2024, 10, 1))
    services.start_run(run, by=administrator)
    if rules.who[0] in ("school", "partner"):
        kind, name = rules.who[0], "ภาคีสมมติ" if rules.who[0] == "partner" else ""
        one = services.join(run, Entrant(kind, school, datetime.date(2024, 10, 1), name=name), by=administrator)
        assert client_for(administrator).get(f"/programmes/participants/{one.pk}/").status_code == 200
    assert client_for(administrator).get(f"/programmes/{run.pk}/").status_code == 200
    assert template(run)[0]


T = {"th": "ก", "en": "a"}
GOOD = {
    "id": "made_up_2569", "family": "made_up", "system": "sufficiency", "source": "a test", "title": T, "edition": T,
    "since": "2024-05-16", "who": ["school"],
    "ladder": {"levels": [{"code": "one", "title": T}, {"code": "two", "title": T, "needs": "one"}]},
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), [
    ({"gives": [{"measure": "x", "take": "participants", "level": "three"}]}, "'three' is none of its levels"),
    ({"gives": [{"measure": "x", "take": "sessions"}]}, "counts sessions, but the programme has none"),
    ({"gives": [{"measure": "x", "take": "outputs"}]}, "counts outputs, but the programme has none"),
    ({"gives": [{"measure": "x", "take": "participants", "kinds": ["pupil"]}]}, "pupil is none of its kinds"),
    ({"gives": [{"measure": "x", "take": "fields"}]}, "sums one 'field'"),
    ({"gives": [{"measure": "x", "take": "with_hours"}]}, "cannot do without it"),
    ({"gives": [{"measure": "x", "take": "participants"}] * 2}, "gives x twice"),
    ({"who": ["pupil"], "confidential": True}, "keeps no persons"),
    ({"ladder": {"levels": [{"code": "a", "title": T, "needs": "b"}, {"code": "b", "title": T}]}}, "no lower level"),
    ({"ladder": {"levels": [{"code": "one", "title": T}] * 2}}, "one is used twice"),
    ({"ladder": {"levels": [{"code": "a", "title": T}, {"code": "b", "title": T, "on_joining": True}]}}, "the lowest"),
    ({"outputs": [{"code": "w", "title": T, "fields": [{"id": "q", "label": T, "sensitive": True}]}]}, "sensitive"),
    ({"outputs": [{"code": "w", "title": T, "levels": [
        {"code": "a", "title": T, "minimum": 80}, {"code": "b", "title": T, "minimum": 70}]}]}, "must rise"),
    ({"strange": 1}, "Extra inputs"),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_said(change, said):
    assert Programme.model_validate(GOOD)
    with pytest.raises(ValidationError, match=said):
        Programme.model_validate(GOOD | change)
