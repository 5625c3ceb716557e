"""What comes round, and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Job:
    """A piece of regular work. `run` may be called again at any time; what it returns is noted as its outcome."""

    id: str
    run: Callable[[], object]
    every: timedelta


_jobs: dict[str, Job] = {}


def register(id: str, run: Callable[[], object], *, every: timedelta) -> None:
    """Have something done regularly; called from the AppConfig.ready of the room it belongs to."""
    _jobs[id] = Job(id, run, every)


def all_jobs() -> list[Job]:
    return list(_jobs.values())
