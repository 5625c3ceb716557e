"""How the rows of a source meet a register: one loader a register."""

import importlib
from functools import cache

from khet.registers.intake.targets.base import Context, Difference, Target, Writer

__all__ = ["Context", "Difference", "Target", "Writer", "target_of"]

_LOADERS = {
    "schools": "Schools", "figures": "Figures", "enrolments": "Enrolments", "profiles": "Profiles",
    "absences": "Absences", "marks": "Marks", "staff": "Staff", "residents": "Residents",
}  # fmt: skip


@cache
def target_of(name: str) -> Target:
    """The loader of a register, by the word source files use."""
    return getattr(importlib.import_module(f"{__name__}.{name}"), _LOADERS[name])()
