"""A map drawn on a plane in kilometres: cells around points, their borders roughened, neighbours joined.

Cells are those of Voronoi, cut from a convex outline by half-planes; an edge shared by two cells is roughened once, by
a seed made of its ends, so that neighbours never gape or overlap.
"""

from dataclasses import dataclass, field
from math import cos, hypot, pi, sin

import numpy as np

Point = tuple[float, float]
MERGE_WITHIN = 0.02  # km: two cells compute a shared corner apart and differ in the last digits


@dataclass
class Tessellation:
    """Corners, and each cell as the ring of its corners' numbers, counter-clockwise."""

    seed: int
    centres: list[Point]
    corners: list[Point] = field(default_factory=list)
    rings: list[list[int]] = field(default_factory=list)

    def border(self, cells) -> list[list[Point]]:
        """The outer rings around a group of cells, roughened; more than one when they do not touch."""
        return [self._rough(ring) for ring in _dissolve([self.rings[cell] for cell in cells])]

    def inside(self, cell: int, rng) -> Point:
        """A point of a cell, kept off its border."""
        ring, (x, y) = self.rings[cell], self.centres[cell]
        at = int(rng.integers(len(ring)))
        a, b = self.corners[ring[at]], self.corners[ring[(at + 1) % len(ring)]]
        along, out = rng.random(), 0.12 + 0.66 * rng.random() ** 0.6
        edge = (a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1]))
        return x + out * (edge[0] - x), y + out * (edge[1] - y)

    def _rough(self, ring: list[int]) -> list[Point]:
        points: list[Point] = []
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            low, high = min(a, b), max(a, b)
            line = _roughen(self.corners[low], self.corners[high], np.random.default_rng([self.seed, low, high]), 3)
            points += line[:-1] if a == low else line[:0:-1]
        return [*points, points[0]]


def tessellate(count: int, radius: float, seed: int) -> Tessellation:
    """`count` cells of like size in a rounded area of a radius in km."""
    rng = np.random.default_rng([seed, count])
    turns = np.linspace(0, 2 * pi, 15)[:-1]
    outline = [(radius * 1.12 * cos(turn), radius * 0.9 * sin(turn)) for turn in turns]
    angles, spread = 2 * pi * rng.random(count), radius * 0.85 * np.sqrt(rng.random(count))
    centres = [(float(r * cos(a)), float(r * sin(a))) for a, r in zip(angles, spread, strict=True)]
    for _ in range(3):  # Lloyd's relaxation: each point to the middle of its cell
        centres = [_middle(_cell(i, centres, outline)) for i in range(count)]
    made = Tessellation(seed, centres)
    for i in range(count):
        ring = [_corner(made.corners, point) for point in _cell(i, centres, outline)]
        made.rings.append([c for n, c in enumerate(ring) if c != ring[n - 1]])
    return made


def _cell(which: int, centres: list[Point], outline: list[Point]) -> list[Point]:
    x, y = centres[which]
    ring = outline
    for other, (u, v) in enumerate(centres):
        if other != which:
            ring = _cut(ring, ((x + u) / 2, (y + v) / 2), (u - x, v - y))
    return ring


def _cut(ring: list[Point], on: Point, outward: Point) -> list[Point]:
    """The part of a convex ring on the near side of a line."""
    kept: list[Point] = []
    side = [(p[0] - on[0]) * outward[0] + (p[1] - on[1]) * outward[1] for p in ring]
    for n, (point, here) in enumerate(zip(ring, side, strict=True)):
        before, previous = ring[n - 1], side[n - 1]
        if here * previous < 0:
            share = previous / (previous - here)
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if here <= 0:
            kept.append(point)
    return kept


def _middle(ring: list[Point]) -> Point:
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


def _corner(corners: list[Point], point: Point) -> int:
    for number, known in enumerate(corners):
        if hypot(known[0] - point[0], known[1] - point[1]) < MERGE_WITHIN:
            return number
    corners.append(point)
    return len(corners) - 1


def _dissolve(rings: list[list[int]]) -> list[list[int]]:
    """The borders left when edges walked both ways, the inner ones, are taken away."""
    edges = {(a, b) for ring in rings for a, b in zip(ring, ring[1:] + ring[:1], strict=True)}
    outer: dict[int, list[int]] = {}
    for a, b in sorted(edges):
        if (b, a) not in edges:
            outer.setdefault(a, []).append(b)
    borders = []
    while outer:
        start = next(iter(outer))
        ring, here = [], start
        while True:
            ring.append(here)
            following = outer[here].pop(0)
            if not outer[here]:
                del outer[here]
            here = following
            if here == start:
                break
        borders.append(ring)
    return borders


def _roughen(a: Point, b: Point, rng, levels: int) -> list[Point]:
    if not levels:
        return [a, b]
    push = float(rng.normal(0, 0.09))
    middle = ((a[0] + b[0]) / 2 - push * (b[1] - a[1]), (a[1] + b[1]) / 2 + push * (b[0] - a[0]))
    return _roughen(a, middle, rng, levels - 1)[:-1] + _roughen(middle, b, rng, levels - 1)
