"""Reading. The viewer comes first."""

from khet.engines.cases.queries.inbox import (
    COLUMNS,
    Asked,
    by_kind,
    cases,
    counts,
    kinds_to_begin,
    mine,
    names,
    referrals_here,
)
from khet.engines.cases.queries.prompts import waiting_prompts
from khet.engines.cases.queries.timeline import Event, timeline

__all__ = [
    "COLUMNS", "Asked", "Event", "by_kind", "cases", "counts", "kinds_to_begin", "mine", "names", "referrals_here",
    "timeline", "waiting_prompts",
]  # fmt: skip
