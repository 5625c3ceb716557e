"""Limits for public pages: how often an address may ask, without keeping the address.

What is counted is a hash under a word drawn by lot each hour and forgotten after it, so nobody can tell later which
address came. A whole school shares one address, so the limits are wide; codes are guarded by their length as well.
"""

import hashlib
import secrets

from allauth.account.adapter import get_adapter
from django.core.cache import cache

AN_HOUR = 3600
LIMITS = {"answer": 600, "code": 120, "page": 3000}  # an hour and address


def allows(request, act: str) -> bool:
    """Count one act of the address that asks; False when it has had its share of this hour."""
    word = cache.get_or_set("survey-limit-word", lambda: secrets.token_hex(16), AN_HOUR)
    address = get_adapter(request).get_client_ip(request)
    key = f"survey-limit-{act}-{hashlib.sha256(f'{word}{address}'.encode()).hexdigest()[:24]}"
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key) <= LIMITS[act]
    except ValueError:  # it ran out between the two
        return True
