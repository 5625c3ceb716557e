"""`khet import --dry-run`: files that build on each other are shown as they would come in, and nothing stays."""

import json

import pytest
from click.testing import CliRunner

from khet.core.orgs.models import Org
from khet.kit.home import room
from khet.registers.intake.command import import_
from khet.registers.intake.models import Batch, State
from khet.registers.people.models import Person
from tests.registers.intake import files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def papers(tmp_path):
    """A register and an export of its pupils, as two files of an office that has nothing yet."""
    register = files.register(("90010001", "บ้านริมธาร"), office=("90010000", "สำนักงานเขตพื้นที่การศึกษาสมมติ"))
    for name, content in {"register.csv": register, "dmc.csv": files.dmc(files.pupils(5))}.items():
        (tmp_path / name).write_bytes(content)
    return [str(tmp_path / "register.csv"), str(tmp_path / "dmc.csv")]


def test_pupils_are_compared_with_the_schools_of_the_same_run(papers):
    outcome = CliRunner().invoke(import_, [*papers, "--dry-run", "--json"])
    shown = json.loads(outcome.stdout)["files"]
    assert [(file["state"], file["counts"]["new"], file["counts"]["held"]) for file in shown] == [
        ("checked", 2, 0),
        ("checked", 5, 0),
    ]
    assert outcome.exit_code == 0


def test_nothing_of_a_dry_run_stays(papers):
    CliRunner().invoke(import_, [*papers, "--dry-run"])
    assert not Org.objects.exists()
    assert not Person.objects.exists()
    assert set(Batch.objects.values_list("state", flat=True)) == {State.DISCARDED}
    assert [path.name for path in room("uploads").iterdir() if path.is_dir()] == []


def test_the_load_itself_comes_to_what_the_dry_run_said(papers):
    CliRunner().invoke(import_, [*papers, "--dry-run"])
    outcome = CliRunner().invoke(import_, papers)
    assert outcome.exit_code == 0, outcome.output
    assert (Org.objects.schools().count(), Person.objects.count()) == (1, 5)
