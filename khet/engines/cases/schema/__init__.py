"""The shape of a kind of case in the catalogue."""

from khet.engines.cases.schema.giving import Gift
from khet.engines.cases.schema.kind import (
    Bypass,
    CaseKind,
    Contact,
    Lesson,
    Letter,
    PartyRole,
    Prompt,
    PublicReport,
    Renewal,
    Routine,
)
from khet.engines.cases.schema.levels import Clock, Level

__all__ = [
    "Bypass", "CaseKind", "Clock", "Contact", "Gift", "Lesson", "Letter", "Level", "PartyRole", "Prompt",
    "PublicReport", "Renewal", "Routine",
]  # fmt: skip
