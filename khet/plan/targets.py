"""Targets: what a plan asks of a year, and whether a value reaches it."""

from functools import partial

from khet.core.catalogue import catalogue
from khet.kit.periods import Period

# A value that misses its target by no more than this share of it is "near": an officer can still turn it this year.
NEAR = 0.05

MET, NEAR_TARGET, MISSED, NO_DATA, NO_TARGET = "met", "near", "missed", "no_data", "no_target"
RUNNING = "running"
_WORST_FIRST = (MISSED, NEAR_TARGET, NO_DATA, RUNNING, MET)


def year_of(period: Period | str) -> int:
    """The plan's year a period is held against: the one written on both.

    Academic year 2567 and fiscal year 2567 both answer to the target "2567"; shorter periods to that of their year.
    """
    found = Period.parse(period) if isinstance(period, str) else period
    return found.parent().year


def of_year(targets, year: int) -> list:
    """The targets of a year: its own, else those that hold for every year of the plan."""
    own = [target for target in targets if target.year == year]
    return own or [target for target in targets if target.year is None]


def status(
    value: float | None,
    targets,
    *,
    previous: float | None = None,
    way: str = "",
    same_days: float | None = None,
) -> str:
    """met | near | missed | running | no_data | no_target, against all of a year's targets: the worst one counts.

    previous   of the whole period before
    way        of a period that runs: up | down | both, where the value can still go
    same_days  of the period before as far as the same days of it go
    """
    if not targets:
        return NO_TARGET
    if value is None:
        return NO_DATA
    one = partial(_so_far, way=way, same_days=same_days) if way else _one
    found = {one(value, target, previous) for target in targets}
    return next((outcome for outcome in _WORST_FIRST if outcome in found), NO_TARGET)


def _so_far(value: float, target, previous: float | None, *, way: str, same_days: float | None) -> str:
    """How a value stands that is only a part yet: what can no longer change is said, the rest is running."""
    if target.direction in ("decrease", "increase"):
        return _so_far_against_previous(value, previous, target.direction, way, same_days)
    found = _one(value, target, previous)
    wanted = {"zero": "down", "at_most": "down", "at_least": "up", "exactly": "exactly"}[target.direction]
    if found == NO_TARGET:
        return found
    if wanted == "exactly":
        is_past = target.value is not None and (value > target.value if way == "up" else value < target.value)
        return found if is_past and way != "both" else RUNNING
    # what grows keeps what it has reached, and does not come back from what it has passed
    return found if way != "both" and (found == MET) == (way == wanted) else RUNNING


def _so_far_against_previous(value, previous, direction: str, way: str, same_days: float | None) -> str:
    whole = NO_DATA if previous is None else _against_previous(value, previous, direction)
    wanted = "up" if direction == "increase" else "down"
    if way != "both" and whole != NO_DATA and value != previous and (whole == MET) == (way == wanted):
        return whole
    if same_days is None or value == same_days == 0:  # two times nothing is no comparison yet
        return RUNNING
    return _against_previous(value, same_days, direction)


def _one(value: float, target, previous: float | None) -> str:
    match target.direction:
        case "zero":
            return MET if value <= 0 else MISSED
        case "decrease" | "increase":
            return _against_previous(value, previous, target.direction)
    if target.value is None:
        return NO_TARGET
    gap = {"at_least": target.value - value, "at_most": value - target.value, "exactly": abs(value - target.value)}
    missing = gap[target.direction]
    if missing <= 1e-9:
        return MET
    return NEAR_TARGET if missing <= NEAR * abs(target.value) and target.unit != "level" else MISSED


def _against_previous(value: float, previous: float | None, direction: str) -> str:
    if previous is None:
        return NO_DATA
    if value == previous:
        return MET if value == 0 and direction == "decrease" else NEAR_TARGET
    return MET if (value < previous) == (direction == "decrease") else MISSED


def level_of(definition, words: str) -> float | None:
    """The number a level's words stand for in an indicator; None when nobody defined them.

    With a scale it is the level's place on it. An indicator that counts how many reach a level, read in one of several
    ways, is reached when all of them do: its value with every measure at its highest.
    """
    if definition is None or not words:
        return None
    if definition.scale:
        scale = catalogue().find("codes", definition.scale)
        found = [scale.find(text) for text in (words, words.removeprefix("ระดับ"))] if scale else []
        return next((float(entry.order) for entry in found if entry and entry.order is not None), None)
    if definition.unit != "count" or not definition.readings:
        return None
    measures = {name: catalogue().find("measure", name) for name in definition.measures}
    return definition.of({name: measure.maximum if measure else None for name, measure in measures.items()})
