"""What a number that rests on matched lists leaves open."""

from dataclasses import dataclass
from math import ceil, floor

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Kind, Org
from khet.insight.indicators.values import Value
from khet.kit.periods import Period
from khet.registers.linkage.uncertainty import Uncertainty, uncertainty

MATCHED_FEED = "residents"  # the register whose counts come from the matching of two lists


@dataclass(frozen=True)
class Open:
    """What the lists leave open in a number: `low` and `high` are the number itself, in its own unit."""

    lists: Uncertainty
    low: float | None = None
    high: float | None = None


def of_number(org: Org, value: Value) -> Open | None:
    """What the matching of lists leaves open in a value; None where no part of it rests on matched lists.

    The formula is worked out with as few and as many children as are likely on no roll, and never below nobody.
    """
    found = None if value.suppressed or value.value is None else of_value(org, value.period, value.parts)
    if found is None:
        return None
    matched, true = next(part for part in value.parts if _is_matched(part)), found.true_count
    low, high = (value.edition.of({**value.parts, matched: count}) for count in (true.low, true.high))
    if low is None or high is None:
        return Open(found)
    whole = value.edition.decimals == 0
    return Open(found, max(0.0, floor(low) if whole else low), max(0.0, ceil(high) if whole else high))


def _is_matched(part: str) -> bool:
    measure = catalogue().find("measure", part)
    return bool(measure and measure.feed == MATCHED_FEED and measure.part_of)


def of_value(org: Org, period: Period, parts) -> Uncertainty | None:
    """The uncertainty of an office's number; None where no part of it counts children by matched lists.

    parts   measures of the formula
    """
    if org.kind != Kind.OFFICE:
        return None
    if not any(map(_is_matched, parts)):
        return None
    found = uncertainty(org, period.academic_year)
    return found if found.unmatched or found.confirmed else None
