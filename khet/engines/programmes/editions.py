"""Editions of programmes: those on offer, and those kept with what runs under them."""

import hashlib
import json
from collections.abc import Callable
from datetime import date

from khet.core.catalogue import catalogue
from khet.engines.programmes.schema import Programme


def on_offer(day: date, org_kind: str) -> list[Programme]:
    """The newest edition of each programme that an org of a kind may open on a day, by system and title."""
    place = "school" if org_kind == "school" else "office"
    newest: dict[str, Programme] = {}
    for one in catalogue().all("programme"):
        if place in one.run_by and one.in_force(day):
            before = newest.get(one.family)
            if before is None or before.since < one.since:
                newest[one.family] = one
    return sorted(newest.values(), key=lambda one: (one.system, str(one.title)))


def content_of(rules: Programme) -> tuple[str, dict]:
    """(digest, JSON) of an edition, to be kept with what begins under it."""
    content = rules.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest(), content


_parsed: dict[str, Programme] = {}


def parsed(digest: str, content: Callable[[], dict]) -> Programme:
    """A kept edition; read once a process, since what is kept never changes."""
    if digest not in _parsed:
        _parsed[digest] = Programme.model_validate(content())
    return _parsed[digest]
