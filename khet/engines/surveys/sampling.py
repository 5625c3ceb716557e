"""How many answers are wanted of a group of known size."""

from math import ceil

from khet.engines.surveys.schema import Sample
from khet.engines.surveys.scoring import Z


def required(sample: Sample, size: int | None) -> int | None:
    """The smallest number of answers by the edition's rule, never more than there are people; None without a size."""
    if not size:
        return None
    match sample.rule:
        case "everyone":
            wanted = size
        case "share":
            wanted = max(ceil(round(size * sample.share, 6)), sample.floor)
            wanted = min(wanted, sample.cap) if sample.cap else wanted
        case _:
            wanted = finite(size, sample.margin, sample.confidence)
    return min(wanted, size)


def finite(size: int, margin: float = 0.05, confidence: float = 0.95) -> int:
    """Cochran's size for a share of one half, corrected for a finite group: the table of Krejcie and Morgan."""
    endless = Z[confidence] ** 2 * 0.25 / margin**2
    return min(size, ceil(round(endless / (1 + (endless - 1) / size), 6)))


def yamane(size: int, margin: float = 0.05) -> int:
    """Yamane's size, which Thai offices know best."""
    return min(size, ceil(round(size / (1 + size * margin**2), 6)))
