"""Writing: making a list, and what is recorded about the pupils on it."""

from khet.insight.earlywarning.services.following import (
    FollowUpError,
    act,
    end,
    note_export,
    open_warning,
    overrule,
    take_back,
)
from khet.insight.earlywarning.services.reminding import remind_due
from khet.insight.earlywarning.services.retention import forget_due
from khet.insight.earlywarning.services.running import RunError, ask, carry_out

__all__ = [
    "FollowUpError", "RunError", "act", "ask", "carry_out", "end", "forget_due", "note_export", "open_warning",
    "overrule", "remind_due", "take_back",
]  # fmt: skip
