"""What systems say of themselves is true of what their folders hold."""

import re

import pytest

# Engines that run; no summary may speak of what they do as still to come.
STILL_TO_COME = re.compile(
    r"come(s)? with the (assessments|programmes|surveys)|will use the (assessments|programmes|surveys)"
    r"|(จะใช้|จะมาพร้อม)ระบบ(ประเมิน|โครงการ|แบบสำรวจ)"
)
RUNS = ("framework", "survey", "programme", "workflow")


def what_runs(catalogue) -> dict[str, set[str]]:
    """{system: kinds of things it can begin}."""
    found: dict[str, set[str]] = {}
    for kind in RUNS:
        for item in catalogue.all(kind):
            found.setdefault(item.system, set()).add(kind)
    return found


def test_a_system_with_something_to_begin_does_not_say_that_nothing_runs(catalogue):
    runs = what_runs(catalogue)
    assert len(runs) > 15
    idle = {system: catalogue.get("system", system).state for system in runs}
    assert {system: state for system, state in idle.items() if state not in ("live", "register")} == {}


def test_a_system_that_says_nothing_runs_has_nothing_to_begin(catalogue):
    planned = {system.id for system in catalogue.all("system") if system.state == "planned"}
    assert planned & set(what_runs(catalogue)) == set()


@pytest.mark.parametrize(("kind", "engine"), [(kind, f"{kind}s") for kind in ("survey", "programme")])
def test_a_system_names_the_engines_that_carry_it(catalogue, kind, engine):
    lacking = {item.system for item in catalogue.all(kind) if engine not in catalogue.get("system", item.system).engine}
    assert lacking == set()


def test_no_summary_promises_what_is_there(catalogue):
    promised = [
        system.id for system in catalogue.all("system")
        if STILL_TO_COME.search(system.summary.th) or STILL_TO_COME.search(system.summary.en)
    ]  # fmt: skip
    assert [id for id in promised if id in what_runs(catalogue)] == []
