"""The word lists a world is composed of, from the files in `data/`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

FOLDER = Path(__file__).parent / "data"


@cache
def words() -> dict:
    """`data/words.yaml`: elements of surnames and places, and the kinds of things written of a child."""
    return _yaml("words.yaml")


@cache
def headers() -> dict:
    """`data/headers.yaml`: what each kind of file calls its columns, and its fixed words."""
    return _yaml("headers.yaml")


@cache
def name_list(name: str) -> tuple[str, ...]:
    """The names of `data/<name>.txt`, in the order of the file."""
    return tuple((FOLDER / f"{name}.txt").read_text(encoding="utf-8").split())


def template(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _yaml(name: str) -> dict:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Choice:
    """Values with weights, drawn many at a time."""

    values: tuple
    cumulative: np.ndarray

    @classmethod
    def of(cls, weights: dict) -> "Choice":
        cumulative = np.cumsum(np.array(list(weights.values()), dtype=float))
        return cls(tuple(weights), cumulative / cumulative[-1])

    @classmethod
    def skewed(cls, values, rng, exponent: float) -> "Choice":
        """A few values are common and most are rare (Zipf), in an order the seed decides."""
        shuffled = [values[i] for i in rng.permutation(len(values))]
        return cls.of({value: 1 / (rank + 8) ** exponent for rank, value in enumerate(shuffled)})

    def at(self, fraction: float):
        """The value at a fraction 0 ≤ f < 1 of the whole weight."""
        return self.values[int(self.cumulative.searchsorted(fraction, side="right"))]

    def draw(self, rng, size: int) -> list:
        values = self.values
        return [values[i] for i in self.cumulative.searchsorted(rng.random(size), side="right")]
