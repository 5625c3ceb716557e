"""Editions of programmes: those on offer."""

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
