"""Which level a case proposes and whether it passes by its school: pure."""

from khet.engines.cases.schema import CaseKind, Level
from khet.engines.cases.schema.levels import holds


def proposed(kind: CaseKind, answers: dict) -> Level | None:
    """The most pressing level whose condition holds; the least pressing when none does; None without levels."""
    fitting = [level for level in kind.levels if any(holds(when, answers) for when in level.when)]
    if fitting:
        return max(fitting, key=lambda level: level.rank)
    return min(kind.levels, key=lambda level: level.rank, default=None)


def passes_by(kind: CaseKind, answers: dict) -> bool:
    """True when the school that the case is about may know nothing of it."""
    return kind.bypass is not None and any(holds(when, answers) for when in kind.bypass.when)
