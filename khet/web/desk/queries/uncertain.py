"""What a number that rests on matched lists leaves open."""

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Kind, Org
from khet.kit.periods import Period
from khet.registers.linkage.uncertainty import Uncertainty, uncertainty

MATCHED_FEED = "residents"  # the register whose counts come from the matching of two lists


def of_value(org: Org, period: Period, parts) -> Uncertainty | None:
    """The uncertainty of an office's number; None where no part of it counts children by matched lists.

    parts   measures of the formula
    """
    if org.kind != Kind.OFFICE:
        return None
    measures = [catalogue().find("measure", part) for part in parts]
    if not any(measure and measure.feed == MATCHED_FEED and measure.part_of for measure in measures):
        return None
    found = uncertainty(org, period.academic_year)
    return found if found.unmatched or found.confirmed else None
