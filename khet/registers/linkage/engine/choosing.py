"""Which of the likely pairs hold together: one partner each where lists are free of doubles, else groups."""

import heapq

import numpy as np

FOR, AGAINST = 8.0, 2.0  # ln odds one pair may weigh within a group; a pair never compared weighs AGAINST


def one_each(left: np.ndarray, right: np.ndarray, logit: np.ndarray, least: float) -> np.ndarray:
    """Places of the pairs kept when no row may stand in two: the likeliest first."""
    order = np.argsort(-logit, kind="stable")
    order = order[logit[order] >= least]
    used_l, used_r, kept = set(), set(), []
    for place, a, b in zip(order.tolist(), left[order].tolist(), right[order].tolist(), strict=True):
        if a not in used_l and b not in used_r:
            used_l.add(a)
            used_r.add(b)
            kept.append(place)
    return np.array(kept, dtype=np.int64)


def groups(left: np.ndarray, right: np.ndarray, logit: np.ndarray, least: float) -> dict[int, int]:
    """{row: group} of rows taken for one person; a row that stands alone is left out.

    Groups grow from single rows. The two between which most speaks for one person, on the mean over all pairs between
    them, become one, as long as that mean is at least `least`: a chain of links does not join strangers.
    """
    near: dict[int, dict[int, float]] = {}
    for a, b, weight in zip(left.tolist(), right.tolist(), np.clip(logit, -AGAINST, FOR).tolist(), strict=True):
        near.setdefault(a, {})[b] = near.setdefault(b, {})[a] = weight + AGAINST
    members = {row: [row] for row in near}
    queue = [
        (-weight, a, b)
        for a, others in near.items()
        for b, weight in others.items()
        if a < b and weight - AGAINST >= least
    ]
    heapq.heapify(queue)
    while queue:
        mean, a, b = heapq.heappop(queue)
        if a in members and b in members and -mean == _mean(near, members, a, b):
            _join(near, members, queue, a, b, least)
    return {row: name for name, rows in members.items() if len(rows) > 1 for row in rows}


def _mean(near, members, a: int, b: int) -> float:
    return near[a][b] / (len(members[a]) * len(members[b]))


def _join(near, members, queue, a: int, b: int, least: float) -> None:
    """Make one group of two, under the name of the one with more neighbours."""
    if len(near[a]) < len(near[b]):
        a, b = b, a
    members[a] += members.pop(b)
    for other, weight in near.pop(b).items():
        del near[other][b]
        if other != a:
            near[a][other] = near[other][a] = near[a].get(other, 0.0) + weight
    for other in near[a]:
        mean = _mean(near, members, a, other)
        if mean - AGAINST >= least:
            heapq.heappush(queue, (-mean, *sorted((a, other))))


def within_groups(left, right, logit, near, reason, least: float):
    """(left, right, logit, near, reason) of all pairs within the groups of one list.

    `reason` is 0 for a pair that holds only by the others of its group.
    """
    members: dict[int, list[int]] = {}
    for row, name in groups(left, right, logit, least).items():
        members.setdefault(name, []).append(row)
    known = {pair: place for place, pair in enumerate(zip(left.tolist(), right.tolist(), strict=True))}
    pairs = [(a, b) for rows in members.values() for i, a in enumerate(sorted(rows)) for b in sorted(rows)[i + 1 :]]
    places = np.array([known.get(pair, -1) for pair in pairs], np.int64)
    both = np.array(pairs, np.int64).reshape(-1, 2)
    found = places >= 0
    return (
        both[:, 0], both[:, 1], np.where(found, np.maximum(_at(logit, places), least), least),
        np.where(found, _at(near, places), 0.0), np.where(found & (_at(logit, places) > least), _at(reason, places), 0),
    )  # fmt: skip


def _at(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    return values[places] if len(values) else np.zeros(len(places))
