"""Reading. The viewer comes first."""

from khet.engines.cases.queries.inbox import (
    Asked,
    cases,
    counts,
    kinds_to_begin,
    names,
    referrals_here,
    shown,
)
from khet.engines.cases.queries.prompts import waiting_prompts
from khet.engines.cases.queries.timeline import Event, timeline

__all__ = [
    "Asked", "Event", "cases", "counts", "kinds_to_begin", "names", "referrals_here", "shown",
    "timeline", "waiting_prompts",
]  # fmt: skip
