"""Limits for public pages: how often an address may ask, without keeping the address.

What is counted is a hash under a word drawn by lot each hour and forgotten after it, so nobody can tell later which
address came. A whole school shares one address, so limits are to be wide.
"""

import hashlib
import secrets
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache

AN_HOUR = 3600


def allows(request, act: str, most: int) -> bool:
    """Count one act of the address that asks; False when it has had its share of this hour."""
    hour = int(time.time() // AN_HOUR)  # part of every key, because counting up renews how long a value is kept
    word = cache.get_or_set(f"limit-word-{hour}", lambda: secrets.token_hex(16), AN_HOUR)
    address = get_adapter(request).get_client_ip(request)
    key = f"limit-{act}-{hour}-{hashlib.sha256(f'{word}{address}'.encode()).hexdigest()[:24]}"
    count = cache.get(key, 0) + 1
    cache.set(key, count, AN_HOUR)
    return count <= most
