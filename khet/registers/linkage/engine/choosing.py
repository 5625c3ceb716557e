"""Which of the likely pairs hold together: one partner each where lists are free of doubles, else groups of one person."""

import numpy as np

CLIFF = -8.0  # ln odds taken for a pair inside a group that no key brought together


def one_each(left: np.ndarray, right: np.ndarray, logit: np.ndarray, least: float) -> np.ndarray:
    """Places of the pairs kept when no row may stand in two: the likeliest first."""
    order = np.argsort(-logit, kind="stable")
    order = order[logit[order] >= least]
    used_l, used_r, kept = set(), set(), []
    for place in order.tolist():
        a, b = left[place], right[place]
        if a not in used_l and b not in used_r:
            used_l.add(a)
            used_r.add(b)
            kept.append(place)
    return np.array(kept, dtype=np.int64)


def groups(left: np.ndarray, right: np.ndarray, logit: np.ndarray, least: float) -> dict[int, int]:
    """{row: group} of rows taken for one person.

    Pairs are joined from the likeliest on; two groups become one when, over all pairs between them, what speaks for it
    outweighs what speaks against it: a chain of weak links does not join strangers.
    """
    group: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    known = {(a, b): w for a, b, w in zip(left.tolist(), right.tolist(), logit.tolist(), strict=True)}
    for place in np.argsort(-logit, kind="stable").tolist():
        if logit[place] < least:
            break
        a, b = int(left[place]), int(right[place])
        one, two = group.setdefault(a, a), group.setdefault(b, b)
        first, second = members.setdefault(one, [a]), members.setdefault(two, [b])
        if one == two or (len(first) + len(second) > 2 and not _together(first, second, known, least)):
            continue
        if len(first) < len(second):
            one, two, first, second = two, one, second, first
        first.extend(second)
        group.update(dict.fromkeys(second, one))
        del members[two]
    return group


def _together(first: list[int], second: list[int], known, least: float) -> bool:
    total = sum(min(known.get((min(a, b), max(a, b)), CLIFF), -CLIFF) - least for a in first for b in second)
    return total > 0
