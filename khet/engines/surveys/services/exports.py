"""Leaving a trace when results leave the house."""

from khet.core.audit.services import record
from khet.engines.surveys.models import Round


def note_export(round: Round, kind: str, *, by) -> None:
    """Note that results were exported, as what, and by whom."""
    record("survey.exported", round, by=by, org=round.org, after={"as": kind}, count=round.answered)
