"""Programmes that may prove something, lent by the room that joins the engines: it registers the reader."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """A programme one may refer to: its reference, its name, a word on it, where it is shown."""

    reference: str
    title: str
    note: str = ""
    url: str = ""


Reader = Callable[[object, object], list[Offer]]
_reader: list[Reader] = []


def register(reader: Reader) -> None:
    """Have a function asked for the programmes of an org: (viewer, org) → offers, the likeliest first."""
    _reader[:] = [reader]


def programmes(viewer, org, words: str = "") -> list[Offer]:
    """The programmes an org runs or takes part in, as far as the viewer may see them, that speak of all the words."""
    offers = _reader[0](viewer, org) if _reader else []
    asked = [word.casefold() for word in words.split()]
    return [one for one in offers if all(word in f"{one.title} {one.note}".casefold() for word in asked)]


def programme(viewer, org, reference: str) -> Offer | None:
    """The programme of a reference, when it is one of the org's and the viewer may see it."""
    return next((one for one in programmes(viewer, org) if one.reference == reference), None)
