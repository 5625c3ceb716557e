"""Limits for the pages of respondents. Codes are guarded by their length as well."""

from khet.core.ui import limits

LIMITS = {"answer": 600, "code": 120, "page": 3000}  # an hour and address


def allows(request, act: str) -> bool:
    """Count one act of the address that asks; False when it has had its share of this hour."""
    return limits.allows(request, f"survey-{act}", LIMITS[act])
