"""The outlets of registers and engines, gathered: a room with a `facts.py` is one."""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from khet.kit.feeds import Feed

FLOORS = ("khet.registers.", "khet.engines.")

FIGURES = "figures"  # the feed that counts only where no other one speaks


@lru_cache(maxsize=1)
def feeds() -> dict[str, Feed]:
    """{id: feed} of every register and engine that has an outlet, in the order of the installed rooms."""
    names = [config.name for config in apps.get_app_configs() if config.name.startswith(FLOORS)]
    rooms = [import_module(f"{name}.facts") for name in names if find_spec(f"{name}.facts")]
    return {feed.id: feed for room in rooms for feed in room.FEEDS}


def feed(id: str) -> Feed:
    """The feed with an id. Raises LookupError that names those there are."""
    if id not in feeds():
        raise LookupError(f"'{id}' is no feed. Use one of: {', '.join(feeds())}.")
    return feeds()[id]
