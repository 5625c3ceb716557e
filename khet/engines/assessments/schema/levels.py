"""Levels, and the conditions under which they are reached."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from khet.core.catalogue import Strict, Text
from khet.engines.assessments.schema.base import NodeId


class Each(Strict):
    """Every one of some nodes reaches a number: the lowest binds. `of` is the node's children when left out."""

    of: tuple[NodeId, ...] | Literal["children", "leaves"] = "children"
    at_least: float


class Count(Strict):
    """Enough of some nodes reach a number: `at_least` of them, or this `share` (0–1) of those that apply."""

    of: tuple[NodeId, ...] | Literal["children", "leaves"] = "children"
    reaching: float
    at_least: int | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None

    @model_validator(mode="after")
    def one_bound(self):
        if (self.at_least is None) == (self.share is None):
            raise ValueError("write either 'at_least' (how many) or 'share' (0–1).")
        return self


class When(Strict):
    """A condition on a node; everything written in it must hold. With nothing written it always holds.

    at_least, below   the node's own score
    each              every one of some nodes (the lowest-tool rule)
    count             n of m, or a share of them
    complete          these nodes have their full score
    any               one of several conditions is enough
    """

    at_least: float | None = None
    below: float | None = None
    each: Each | None = None
    count: Count | None = None
    complete: tuple[NodeId, ...] = ()
    any: tuple["When", ...] = ()


class Level(Strict):
    """A level a node's result can have. Levels stand from best to lowest; the first whose condition holds is the one.

    rank      for comparison; by its place from the bottom (1, 2, …) when left out
    outcome   whether it counts as a pass
    """

    code: Annotated[str, Field(pattern=r"^\S+$", max_length=20), BeforeValidator(str)]
    title: Text
    rank: float | None = None
    when: When = When()
    outcome: Literal["pass", "fail", "open"] = "open"
    advice: Text | None = None


def rank_of(levels: tuple[Level, ...], code: str | None) -> float | None:
    """The rank of a level among its own; None for no level."""
    for place, level in enumerate(levels):
        if level.code == code:
            return level.rank if level.rank is not None else float(len(levels) - place)
    return None


def conditions(when: When) -> Iterator[When]:
    yield when
    for other in when.any:
        yield from conditions(other)


def speaks_of(when: When) -> tuple[str, ...]:
    named = list(when.complete)
    for part in (when.each, when.count):
        if part is not None and not isinstance(part.of, str):
            named += part.of
    return tuple(named)


def codes_once(id: str, levels: tuple[Level, ...]) -> None:
    codes = [level.code for level in levels]
    if len(set(codes)) < len(codes):
        raise ValueError(f"two levels of '{id}' share a code; give each its own.")
