"""Kills imports at random points and looks what they leave. As a program: python -m tests.registers.intake.killing N

A prepared home is copied for each trial; the trial runs in a fork of this process, so that starting costs nothing.
Prints one JSON line: how the trials ended, and what was wrong.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path


def main(trials: int, seed: int) -> dict:
    base = Path(tempfile.mkdtemp(prefix="khet-kill-"))
    try:
        return _run(base, trials, random.Random(seed))
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _run(base: Path, trials: int, chance: random.Random) -> dict:
    _settle(base / "home")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    from tests.registers.intake import files
    from tests.registers.intake.conftest import picture

    _load(
        files.register(
            ("90010001", "บ้านริมธาร"), ("90010002", "บ้านเชิงเขา"), office=("90010000", "สำนักงานเขตพื้นที่การศึกษาสมมติ")
        )
    )
    _load(files.dmc(files.pupils(40)))
    older = [pupil.but(last="ภูผา", grade="ป.2") for pupil in files.pupils(25)]
    second = files.dmc([*older, *files.pupils(30, "90010002", "บ้านเชิงเขา", start=60)], day="10/11/2567")
    (base / "second.csv").write_bytes(second)
    old = _digest(picture())
    _disconnect()
    finished = _trial(base, "whole", None)
    new = _in(base / "whole", lambda: _digest(picture()))
    assert new != old
    ends = {"old": 0, "new": 0, "other": 0}
    stuck = []
    for number in range(trials):
        # Half of the trials die at a statement, half at a moment: between statements, inside them, before and after.
        point = (
            ("statement", chance.randint(1, finished["statements"]))
            if number % 2
            else ("moment", chance.uniform(0, 1.05))
        )
        name = f"trial-{number}"
        _trial(base, name, point, finished["seconds"])
        left = _in(base / name, lambda: _digest(picture()))
        ends["old" if left == old else "new" if left == new else "other"] += 1
        again = _in(base / name, lambda: _again(second, picture))
        if again != new:
            stuck.append([name, *point])
        shutil.rmtree(base / name)
    return {"ends": ends, "stuck": stuck, "statements": finished["statements"], "seconds": finished["seconds"]}


def _settle(home: Path) -> None:
    os.environ["KHET_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "khet.config.settings"
    os.environ.pop("KHET_DATABASE_URL", None)


def _load(content: bytes):
    from khet.core.accounts.models import system_user
    from khet.registers.intake import services

    by = system_user()
    batch = services.receive(content, by=by, name="file.csv")
    services.check(batch, by=by)
    return services.commit(batch, by)


def _again(content: bytes, picture) -> str:
    """Take up what the killed process left: every load is in a state from which it goes on, and the import succeeds."""
    from khet.core.accounts.models import system_user
    from khet.registers.intake import services
    from khet.registers.intake.models import Batch, State

    by = system_user()
    for batch in Batch.objects.exclude(state__in=[State.COMMITTED]):
        services.recover(batch)
        if batch.state in (State.RECEIVED, State.CHECKED):
            services.check(batch, by=by)
            services.commit(batch, by)
    _load(content + b"\r\n")
    return _digest(picture())


def _digest(tables: dict) -> str:
    """A picture without keys and random references: two runs that did the same look the same."""
    import hashlib
    import re

    text = json.dumps(tables, ensure_ascii=False, sort_keys=True)
    text = re.sub(r"UUID\('[^']+'\)|datetime\.datetime\([^)]*\)+", "…", text)
    # SQLite gives references (UUIDs of version 4) and moments as bare text.
    text = re.sub(r"'[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}'|'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?'", "…", text)
    # A repeated import is another load: its number is no part of what the registers say.
    return hashlib.sha256(re.sub(r", \d+, (\d+|None), '', (\d+|None)[,)]", "", text).encode()).hexdigest()


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()


def _in(home: Path, act):
    """Do something in another home, in a fork; returns what it prints."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        _move(home)
        try:
            os.write(write, act().encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


def _move(home: Path) -> None:
    """Let this process work on another home."""
    from django.db import connection

    os.environ["KHET_HOME"] = str(home)
    connection.close()
    connection.settings_dict["NAME"] = str(home / "khet.sqlite3")


def _trial(base: Path, name: str, point, seconds: float = 0) -> dict:
    """Import the second file in a copy of the home, killed at the point; None: not killed, and measured."""
    home = base / name
    shutil.copytree(base / "home", home)
    if point is None:
        return json.loads(_in(home, lambda: _measured(base)))
    child = os.fork()
    if not child:
        _move(home)
        _doomed(base, point)
        os._exit(0)
    if point[0] == "moment":
        time.sleep(point[1] * seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return {}


def _measured(base: Path) -> str:
    from django.db import connection

    seen = [0]

    def count(execute, *args):
        seen[0] += 1
        return execute(*args)

    began = time.monotonic()
    with connection.execute_wrapper(count):
        _load((base / "second.csv").read_bytes())
    return json.dumps({"statements": seen[0], "seconds": time.monotonic() - began})


def _doomed(base: Path, point) -> None:
    from django.db import connection

    seen = [0]

    def die(execute, *args):
        seen[0] += 1
        if point == ("statement", seen[0]):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*args)

    with connection.execute_wrapper(die):
        _load((base / "second.csv").read_bytes())


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
