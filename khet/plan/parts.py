"""How a school or cluster stands beside the target of its office, where the two can be compared."""

from khet.plan.targets import NO_TARGET, status

# Of these every org has its own value; a count of people or incidents is the office's as a whole.
_OWN_SCALE = {"percent", "per_1000", "score", "level", "ratio"}


def part_status(value, targets) -> str:
    """met | near | missed | running | no_data, or no_target where the office's target says nothing of a part of it."""
    directions = {target.direction for target in targets}
    if not directions or directions & {"decrease", "increase"}:
        return NO_TARGET
    if directions != {"zero"} and value.edition.unit not in _OWN_SCALE:
        return NO_TARGET
    way = value.running.way if value.running else ""
    return status(value.value, targets, way=way)
