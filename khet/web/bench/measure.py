"""Time and memory of a piece of work, each in a process of its own, compared with a limit or a peer of the same run."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

RESULT = "khet-bench-result:"  # a child's last line begins with it; what comes before is its own talk


@dataclass
class Figure:
    """One measured figure.

    value   in `unit`; the median where a work was repeated
    limit   what it may be at most (None: reported only); `least` turns it into a minimum
    ratio   value / limit, so that 1 is just at the limit and less is better (limit / value for a minimum)
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    least: bool = False
    note: str = ""
    ratio: float | None = field(default=None)

    def __post_init__(self):
        if self.limit is not None and self.value:
            self.ratio = self.limit / self.value if self.least else self.value / self.limit

    @property
    def holds(self) -> bool:
        return self.ratio is None or self.ratio <= 1


@dataclass(frozen=True)
class Benchmark:
    """A work to measure. `prepare` runs in a process of its own first, so that its memory does not count."""

    name: str
    title: str
    run: Callable[[Path], list[Figure]]
    prepare: Callable[[Path], None] | None = None
    memory_limit_mb: float | None = None


def timed(work: Callable[[], object], *, times: int = 1) -> float:
    """Median wall seconds of a work."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of them lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(benchmark: Benchmark, keep: Path | None = None) -> list[Figure]:
    """Run one benchmark in fresh processes on a fresh home; returns its figures with peak memory as the last one."""
    with tempfile.TemporaryDirectory(prefix="khet-bench-") as folder:
        home = keep or Path(folder)
        if benchmark.prepare:
            _child(benchmark.name, "prepare", home)
        figures, peak_mb = _child(benchmark.name, "run", home)
    figures.append(Figure("peak memory", peak_mb, "MB", benchmark.memory_limit_mb))
    return figures


def _child(name: str, step: str, home: Path) -> tuple[list[Figure], float]:
    env = os.environ | {"KHET_HOME": str(home / "home"), "KHET_SECOND_FACTOR": "0"}
    command = [sys.executable, "-m", "khet.config.cli", "bench", name, "--step", step, str(home)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own interpreter
    output = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"benchmark '{name}' stopped while it was at '{step}':\n{output[-2000:]}")
    line = next((line for line in reversed(output.splitlines()) if line.startswith(RESULT)), RESULT + "[]")
    return [Figure(**figure) for figure in json.loads(line.removeprefix(RESULT))], usage.ru_maxrss / 1024


def report(figures: list[Figure]) -> str:
    """What a child prints for its parent."""
    return RESULT + json.dumps([asdict(figure) for figure in figures])
