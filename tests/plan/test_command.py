import json

import pytest
from click.testing import CliRunner

from khet.plan.command import plan
from khet.plan.models import PlanEdition


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(plan, [str(one) for one in arguments])


def test_reading_gives_the_structure_with_measures_as_one_json_document(run, plan_file):
    done = run("read", plan_file, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert set(found) >= {"vision", "values", "missions", "goals", "strategies", "indicators", "notices", "complete"}
    indicators = [one for strategy in found["strategies"] for one in strategy["indicators"]]
    assert [one["measure"] for one in indicators] == [
        "pmqa_ita_advanced",
        "service_satisfaction",
        "out_of_school",
        None,
    ]


def test_several_files_give_a_list_and_one_bad_file_does_not_hide_the_others(run, plan_file, tmp_path):
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"PK\x03\x04 no archive")
    done = run("read", plan_file, bad, "--json")
    first, second = json.loads(done.stdout)
    assert done.exit_code == 1
    assert len(first["strategies"]) == 2
    assert second["strategies"] == [] and "bad.docx" in second["notices"][0]["message"]
    assert "bad.docx" in done.stderr


def test_a_document_without_a_plan_gives_empty_lists_and_a_notice(run, tmp_path):
    path = tmp_path / "menu.txt"
    path.write_text("ข้าวผัด 40 บาท\nน้ำเปล่า 10 บาท\n", encoding="utf-8")
    done = run("read", path, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert found["strategies"] == [] and found["notices"]


def test_a_path_that_is_not_there_is_wrong_use(run):
    assert run("read", "nowhere.txt").exit_code == 2


def test_people_read_the_structure_as_lines(run, plan_file):
    done = run("read", plan_file)
    assert "องค์กรเรียนรู้" in done.stdout and "at_least 90 percent" in done.stdout


def test_adopting_puts_a_document_in_force_and_says_what_was_bound(run, plan_file, office):
    done = run("adopt", plan_file, "--org", office.code, "--from-year", 2566, "--to-year", 2570)
    assert done.exit_code == 0, done.output
    assert "NOT BOUND" in done.stdout and "service_satisfaction" in done.stdout
    assert done.stdout.strip().splitlines()[-1].startswith(f"{office.code}: plan 2566–2570 is in force; 2 strategies")
    assert PlanEdition.objects.get(state="adopted").org == office


def test_adopting_twice_supersedes(run, plan_file, office):
    for _again in range(2):
        done = run("adopt", plan_file, "--org", office.code, "--from-year", 2566, "--to-year", 2570)
        assert done.exit_code == 0
    assert sorted(PlanEdition.objects.values_list("state", flat=True)) == ["adopted", "superseded"]


def test_an_unknown_office_is_wrong_use_and_impossible_years_a_fault(run, plan_file, office):
    assert run("adopt", plan_file, "--org", "0", "--from-year", 2566, "--to-year", 2570).exit_code == 2
    assert run("adopt", plan_file, "--org", office.code, "--from-year", 2570, "--to-year", 2566).exit_code == 1
    assert not PlanEdition.objects.exists()


def test_status_prints_one_json_document(run, adopted, office):
    done = run("status", "--org", office.code, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["counts"]["no_data"] == 3


def test_status_for_people_ends_with_one_line_of_outcome(run, adopted, office):
    assert run("status").stdout.strip().splitlines()[-1] == "90010000: plan 2566–2570: 3 no_data, 1 no_target"


def test_status_without_a_plan_says_how_to_get_one(run, office):
    done = run("status")
    assert done.exit_code == 1 and "khet plan adopt" in done.stderr


def test_a_period_nobody_knows_is_wrong_use(run, adopted):
    assert run("status", "--period", "sometime").exit_code == 2


def test_reading_touches_nothing_of_the_office(run, plan_file, home, monkeypatch):
    monkeypatch.setenv("KHET_HOME", str(home / "nowhere"))
    assert run("read", plan_file).exit_code == 0
    assert not (home / "nowhere").exists()
