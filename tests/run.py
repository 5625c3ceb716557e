"""What `make test` runs: style, contracts, catalogue, translations, tests on both databases, then browser journeys.

    python tests/run.py              everything, the first stage that fails ends it
    python tests/run.py --only NAME  one stage (--list shows them)

Each stage prints its own output; the lines of times come before the last stage, so that it ends with pytest's words.
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support import browser, postgres  # noqa: E402
from tests.support.spent import spent  # noqa: E402

# Who has no more to do takes over half of what another has left; what stands together in a file mostly stays together,
# and so shares what was made for it once.
PROCESSES = "-n", str(min(max(os.cpu_count() or 2, 2), 8)), "--dist", "worksteal"
FAST = "not journey and not slow"
SLOWEST = "--durations=5", "--durations-min=2"


@dataclass(frozen=True)
class Stage:
    name: str
    words: str
    run: Callable[[dict], "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """What a stage came to. `skipped` says why nothing ran."""

    code: int = 0
    line: str = ""
    skipped: str = ""


def tool(*command: str) -> Callable[[dict], Outcome]:
    """A stage that is one program; its exit code decides."""

    def run(env):
        program = Path(sys.executable).parent / command[0]
        start = [program] if program.exists() else [sys.executable, "-m", command[0]]
        return Outcome(subprocess.run([*start, *command[1:]], cwd=ROOT, env=env, check=False).returncode)

    return run


def tests(*arguments: str, nothing_is_fine: bool = False) -> Callable[[dict], Outcome]:
    """A stage of pytest. Its output passes through; the closing line is kept for the summary."""

    def run(env):
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--color=yes" if sys.stdout.isatty() else "--color=no",
            *arguments,
        ]
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
        )
        closing = ""
        for line in process.stdout:
            print(line, end="", flush=True)
            if re.search(r"\b(passed|failed|error|skipped|deselected)\b.* in \d", line):
                closing = re.sub(r"\x1b\[[\d;]*m", "", line).strip(" =\n")
        code = process.wait()
        return Outcome(0 if code == 5 and nothing_is_fine else code, closing)

    return run


def on_postgres(env) -> Outcome:
    """The tests that touch records once more, on a PostgreSQL of our own (or the one of KHET_TEST_DATABASE_URL)."""
    run = tests("-m", FAST, "--records-only", *PROCESSES, *SLOWEST)
    if given := os.environ.get("KHET_TEST_DATABASE_URL"):
        return run(env | {"KHET_DATABASE_URL": given})
    if not (programs := postgres.find_programs()):
        return Outcome(skipped=postgres.HOW_TO_GET_ONE)
    with postgres.private_server(programs) as url:
        return run(env | {"KHET_DATABASE_URL": url})


def journeys(env) -> Outcome:
    """Stories in a real browser, one more than there are processors: while one waits for a page, others work."""
    if not browser.find_chromium():
        return Outcome(skipped=browser.HOW_TO_GET_ONE)
    number = str(min((os.cpu_count() or 2) + 1, 8))
    return tests("-m", "journey", "-n", number, "--dist", "worksteal", *SLOWEST, *holding("journey"))(env)


def slow(env) -> Outcome:
    """Tests that take more than a few seconds."""
    marked = "-m", "slow and not journey"
    return tests(*marked, *PROCESSES, *SLOWEST, *holding("slow"), nothing_is_fine=True)(env)


def holding(mark: str) -> list[str]:
    """The files that hold tests of a mark, and folders whose conftest gives it: no process need read all the others."""
    written = [path for path in (ROOT / "tests").rglob("*.py") if f"mark.{mark}" in path.read_text(encoding="utf-8")]
    return sorted({str(path.parent if path.name == "conftest.py" else path) for path in written})


STAGES = [
    Stage("style", "ruff", tool("ruff", "check", "khet", "tests", "assets")),
    Stage("contracts", "who may import whom", tool("lint-imports")),
    Stage("catalogue", "khet check", tool("khet.config.cli", "check")),
    Stage("translations", "every text has its Thai", tool("khet.kit.messages", "--missing")),
    Stage("sqlite", "tests, SQLite", tests("-m", FAST, *PROCESSES, *SLOWEST)),
    Stage("postgresql", "tests that touch records, PostgreSQL", on_postgres),
    Stage("slow", "long tests", slow),
    Stage("journeys", "stories in a browser", journeys),
]


@contextlib.contextmanager
def clean_environment() -> Iterator[dict]:
    """Variables for the stages: an empty home of their own, and none of the office's own settings."""
    home = tempfile.mkdtemp(prefix="khet-check-")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KHET_")}
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Each of some two hundred processes would compile all of Django, of the libraries and of Khet for itself.
        kept.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".make" / "bytecode"))
    try:
        yield kept | {"KHET_HOME": home, "PYTHONUTF8": "1"}
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main() -> int:
    options = _options()
    # A stop signal unwinds like Ctrl-C, so that the servers of a stage are ended by whoever started them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stages = [stage for stage in STAGES if not options.only or stage.name in options.only]
    times = []
    with clean_environment() as env:
        for number, stage in enumerate(stages, start=1):
            if number == len(stages) and times:
                _print_times(times)
            print(f"\n── {number}/{len(stages)} {stage.name}: {stage.words}", flush=True)
            began, worked = time.monotonic(), spent()
            outcome = stage.run(env)
            times.append((stage, outcome, time.monotonic() - began, spent() - worked))
            if outcome.skipped:
                print(f"   skipped: {outcome.skipped}", flush=True)
            if outcome.code:
                print(
                    f"\nStopped at '{stage.name}'. Once more, only this: python tests/run.py --only {stage.name}",
                    file=sys.stderr,
                )
                return 1
    return 0


def _print_times(times) -> None:
    """Both by the clock and by the processor: the second does not count what else the machine was doing."""
    print(f"\n── times {'clock':>15}   processor")
    for stage, outcome, seconds, worked in times:
        words = (outcome.skipped and "skipped") or outcome.line
        print(f"   {stage.name:<14}{seconds:7.1f} s {worked:7.1f} s  {words}")
    seconds, worked = (sum(column) for column in list(zip(*times, strict=True))[2:])
    print(f"   {'so far':<14}{seconds:7.1f} s {worked:7.1f} s", flush=True)


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [stage.name for stage in STAGES]
    parser.add_argument("--only", action="append", choices=names, help="run this stage; may be given several times")
    parser.add_argument("--list", action="version", version="\n".join(f"{s.name:<14}{s.words}" for s in STAGES))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
