"""`demo.json` in the home: says that the office in it is made up, how it was made and how far its filling has come.

Its presence switches settings to demo mode (no second factor, accounts named on the sign-in page), so it is never
written into a home that holds an office of its own.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from khet.kit.home import home


@dataclass(frozen=True)
class Marker:
    """What the demo was asked for.

    today    the day it was made on, so that a second start draws the same world
    filled   the office is there; `later` are names of files of the past that the worker has still to load
    befallen whether the worker has still to handle what befell pupils, and the logbooks
    censuses ISO days to be frozen when the files are in
    """

    schools: int
    pupils: int
    years: int
    seed: int
    today: str
    filled: bool = False
    befallen: bool = False
    later: list[str] = field(default_factory=list)
    censuses: list[str] = field(default_factory=list)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.today)

    @property
    def size(self) -> tuple[int, int, int, int]:
        return self.schools, self.pupils, self.years, self.seed

    def write(self) -> None:
        aside = path().with_suffix(".part")
        aside.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")
        aside.replace(path())


def path() -> Path:
    return home() / "demo.json"


def read() -> Marker | None:
    """The marker of this home, None when it holds no demo."""
    return Marker(**json.loads(path().read_text(encoding="utf-8"))) if path().exists() else None
