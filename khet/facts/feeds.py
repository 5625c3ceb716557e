"""The outlets of registers and engines, gathered."""

import importlib
from functools import lru_cache

from khet.kit.feeds import Feed

_ROOMS = (
    "registers.schools", "registers.people", "registers.progress", "registers.residents", "registers.figures",
    "engines.assessments",
    "engines.surveys",
)  # fmt: skip
    "registers.schools",
    "registers.people",
    "registers.progress",
    "registers.residents",
    "registers.figures",
    "engines.programmes",
)
FIGURES = "figures"  # the feed that counts only where no other one speaks


@lru_cache(maxsize=1)
def feeds() -> dict[str, Feed]:
    """{id: feed} of every room that has an outlet."""
    """{id: feed} of every room."""
    rooms = (importlib.import_module(f"khet.{room}.facts") for room in _ROOMS)
    return {feed.id: feed for room in rooms for feed in room.FEEDS}


def feed(id: str) -> Feed:
    """The feed with an id. Raises LookupError that names those there are."""
    if id not in feeds():
        raise LookupError(f"'{id}' is no feed. Use one of: {', '.join(feeds())}.")
    return feeds()[id]
