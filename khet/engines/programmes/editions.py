"""Editions of programmes: those on offer."""

from datetime import date

from khet.core.catalogue import catalogue, newest_of_families
from khet.engines.programmes.schema import Programme


def on_offer(day: date, org_kind: str) -> list[Programme]:
    """The newest edition of each programme that an org of a kind may open on a day, by system and title."""
    place = "school" if org_kind == "school" else "office"
    newest = newest_of_families((one for one in catalogue().all("programme") if place in one.run_by), day)
    return sorted(newest, key=lambda one: (one.system, str(one.title)))
