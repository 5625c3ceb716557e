"""The made-up world: what is true in it, before any file is written."""

from khet.web.demo.world.make import World, make_world

__all__ = ["World", "make_world"]
