"""Tables of programmes."""

from khet.engines.programmes.models.costs import Cost
from khet.engines.programmes.models.outputs import Author, Output, Review, Use
from khet.engines.programmes.models.participants import Participant, Status
from khet.engines.programmes.models.runs import Edition, Run, Target
from khet.engines.programmes.models.sessions import Attendance, Session
from khet.engines.programmes.models.sheets import Sheet

__all__ = [
    "Attendance", "Author", "Cost", "Edition", "Output", "Participant", "Review", "Run", "Session", "Sheet", "Status",
    "Target", "Use",
]  # fmt: skip
