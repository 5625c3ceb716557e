"""python -m khet.plan.reader: one document, a list for several, faults on stderr; and it starts fast."""

import json
import subprocess
import sys

from tests.plan.reader.scoring import PAGES
from tests.support.spent import spent

PAGE, OTHER = PAGES / "01_site_chrome.txt", PAGES / "22_no_plan_preface.txt"


def run(*names) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "khet.plan.reader", *map(str, names)], capture_output=True, text=True, encoding="utf-8"
    )


def test_one_file_gives_one_plan():
    done = run(PAGE)
    assert done.returncode == 0 and done.stderr == ""
    assert json.loads(done.stdout)["missions"][0].startswith("จัดโรงเรียน")


def test_several_files_give_a_list():
    assert [plan["vision"] is None for plan in json.loads(run(PAGE, OTHER).stdout)] == [False, True]


def test_a_file_that_cannot_be_read_is_told_on_stderr():
    done = run(PAGES / "none.txt")
    assert done.returncode == 1 and done.stdout == "" and "none.txt" in done.stderr


def test_no_file_is_wrong_use():
    assert run().returncode == 2


def test_it_starts_fast_and_without_django():
    start = spent()
    code = "import sys, khet.plan.reader as r; r.read_plan(sys.argv[1]); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(PAGE)], capture_output=True, text=True)
    assert done.stdout.strip() == "False"
    assert spent() - start < 3
