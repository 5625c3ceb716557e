"""Scores of a questionnaire in bands: the tables are data, and one function reads a score by the table it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from khet.core.catalogue import Sourced, Strict, Text


class Band(Strict):
    """A band of a scale. `rank` 0 is what nobody need worry about; the higher the more pressing."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    rank: int


class Cut(Strict):
    """Where a scale is cut for some informants: {band: (lowest, highest score)}, without gaps."""

    informants: tuple[str, ...] = Field(min_length=1)
    bands: dict[str, tuple[int, int]] = Field(min_length=2)

    @model_validator(mode="after")
    def bands_follow_each_other(self):
        ranges = sorted(self.bands.values())
        if any(high + 1 != low for (_low, high), (low, _high) in pairwise(ranges)):
            raise ValueError(f"bands must follow each other without gap or overlap: {ranges}.")
        return self


class Scale(Strict):
    """A scale of the questionnaire; with `of` it is the sum of others."""

    title: Text
    of: tuple[str, ...] = ()
    cuts: tuple[Cut, ...] = Field(min_length=1)


class Bands(Sourced):
    """A published table of bands. A result names the table it was read by and is never read by another in silence."""

    title: Text
    edition: Text
    bands: tuple[Band, ...] = Field(min_length=2)
    scales: dict[str, Scale] = Field(min_length=1)

    @model_validator(mode="after")
    def names_are_known(self):
        known = {band.code for band in self.bands}
        for id, scale in self.scales.items():
            if strange := {code for cut in scale.cuts for code in cut.bands} - known:
                raise ValueError(f"'{id}' has no such band: {', '.join(sorted(strange))}. Use: {', '.join(known)}.")
            if strange := set(scale.of) - set(self.scales):
                raise ValueError(f"'{id}' adds up {', '.join(sorted(strange))}, which is no scale here.")
        return self

    def band(self, code: str) -> Band:
        return next(band for band in self.bands if band.code == code)


@dataclass(frozen=True)
class Read:
    """A score in its band; `band` is None where the table says nothing of such a score or informant."""

    scale: str
    title: Text
    score: int
    band: Band | None


def banded(table: Bands, informant: str, scores: Mapping[str, int | None]) -> list[Read]:
    """Every scale that can be read from the scores, in the order of the table; sums only of scales all known."""
    read = []
    for id, scale in table.scales.items():
        parts = [scores.get(part) for part in scale.of or (id,)]
        if None in parts:
            continue
        score = sum(parts)
        read.append(Read(id, scale.title, score, _band(table, scale, informant, score)))
    return read


def _band(table: Bands, scale: Scale, informant: str, score: int) -> Band | None:
    for cut in scale.cuts:
        if informant in cut.informants:
            for code, (low, high) in cut.bands.items():
                if low <= score <= high:
                    return table.band(code)
    return None
