"""What of a small group is hidden, and what else with it, so that nobody can be worked out."""

from collections.abc import Mapping, Sequence


def pooled(counts: Mapping[str, int], small: int) -> tuple[list[str], list[str]]:
    """(groups that are shown by themselves, groups that are put together).

    Groups of fewer than `small` are put together; while what is together is still fewer, the next smallest joins.
    So the difference between the total and the groups shown is always `small` people or more, or nobody.
    """
    rising = sorted((group for group, count in counts.items() if count), key=lambda group: (counts[group], group))
    together = [group for group in rising if counts[group] < small]
    for group in rising[len(together) :]:
        if not together or sum(counts[one] for one in together) >= small:
            break
        together.append(group)
    if sum(counts[one] for one in together) < small and together:
        return [], rising  # all of them are fewer than may be shown
    return [group for group in counts if counts[group] and group not in together], together


def hidden_cells(counts: Sequence[int], small: int) -> list[bool]:
    """Which counts of one question are hidden: small ones, and a second where one alone could be worked out."""
    hidden = [0 < count < small for count in counts]
    if sum(hidden) == 1:
        others = [place for place, count in enumerate(counts) if count and not hidden[place]]
        if others:
            hidden[min(others, key=lambda place: counts[place])] = True
        else:
            hidden = [True] * len(counts)  # it is the whole
    return hidden
