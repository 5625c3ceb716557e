"""A process that is killed while it imports leaves the registers as they were or as they should be, never between."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRIALS = 60


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork a process")
def test_killed_imports_leave_the_old_or_the_new_state_and_can_be_taken_up():
    env = {name: value for name, value in os.environ.items() if not name.startswith("KHET_")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.registers.intake.killing", str(TRIALS)],
        cwd=Path(__file__).resolve().parents[3], env=env, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["ends"]["other"] == 0, result
    assert result["ends"]["old"] + result["ends"]["new"] == TRIALS
    assert result["ends"]["old"] > TRIALS / 4, "the points lie too late to mean anything"
    assert result["stuck"] == []
