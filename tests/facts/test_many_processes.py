"""Several server processes read while one writes: old state or new, never a mix, and the writer sees its own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def start(home, *args):
    known = {key: value for key, value in os.environ.items() if key != "KHET_DATABASE_URL"}
    command = [sys.executable, "-m", "tests.facts.processes", *args]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=known | {"KHET_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out) if out.strip() else None


@pytest.mark.slow
def test_readers_in_other_processes_never_see_a_mix(tmp_path):
    outcome(start(tmp_path, "prepare"))
    readers = [start(tmp_path, "read") for _ in range(2)]
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("reading-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    outcome(start(tmp_path, "write", "15"))
    (tmp_path / "stop").touch()
    for told in map(outcome, readers):
        assert told["mixed"] == []
        assert told["last"] == 15
        assert told["states"] > 3, "the reader followed the writer"
