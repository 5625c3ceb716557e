"""Whether a document stops in the middle of a sentence."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from math import log

from khet.plan.reader.document import Document
from khet.plan.reader.flow import has_open_bracket, wants_more
from khet.plan.reader.headings import heading_of
from khet.plan.reader.letters import PAGE_MARK, arabic, dictionary, has_letters, mended, tidy
from khet.plan.reader.marks import split_marker
from khet.plan.reader.measure import Measure

_LAST_RUN = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+$")
# Natural logs: what a letter in no word costs, and by how much a longer word must be the likelier ending.
_UNKNOWN_LETTER = 14.0
_MARGIN = 3.0


def is_cut(document: Document) -> bool:
    """True when the last line breaks off: an empty list mark, an open bracket, a heading alone, half a word."""
    written = [line for line in document.lines if line.text.strip() and not line.is_running_head]
    while written and PAGE_MARK.fullmatch(arabic(written[-1].text)):
        written.pop()
    if not written or written[-1].cells or document.kind == "sql":
        return False
    text = tidy(written[-1].text)
    marker, body = split_marker(text)
    if marker and not has_letters(body):
        return True
    heading = heading_of(text)
    if heading and heading.kind != "title" and not heading.rest:
        return True
    if text.endswith(("…", "...")) or wants_more(text) or has_open_bracket(text):
        return True
    if not marker and len(written) > 1 and Measure.of(document).is_full(written[-2].extent):
        text = written[-2].text.strip() + text  # the last line may hold no more than the end of a word
    run = _LAST_RUN.search(mended(text))
    return bool(run) and ends_in_half_a_word(run[0])


def ends_in_half_a_word(run: str) -> bool:
    """True when completing the last word makes the run of Thai letters much likelier than leaving it as it is.

    Words are weighed by how often Thai text has them: "คุณภา" can be read as คุณ + ภา, but คุณภาพ was surely meant.
    """
    if not dictionary():
        return False
    run = run[-60:]
    costs = _cheapest(run)
    whole = costs[-1][0]
    for start in range(max(0, len(run) - 14), len(run)):
        cost, unknown = costs[start]
        if not unknown and cost + _completion(run[start:]) < whole - _MARGIN:
            return True
    return False


def _cheapest(run: str) -> list[tuple[float, int]]:
    """For each place in the run: the cost of the likeliest words up to it, and how many letters fell in no word."""
    best = [(0.0, 0)] + [(float("inf"), 0)] * len(run)
    for start in range(len(run)):
        cost, unknown = best[start]
        for end in range(start + 1, min(len(run), start + 25) + 1):
            price = _cost(run[start:end])
            step = (
                (cost + price, unknown)
                if price < float("inf")
                else (cost + _UNKNOWN_LETTER, unknown + 1)
                if end == start + 1
                else None
            )
            if step and step[0] < best[end][0]:
                best[end] = step
    return best


def _cost(word: str) -> float:
    if word not in dictionary() or (len(word) == 1 and word not in "ณ"):
        return float("inf")
    counts, total = _frequencies()
    return -log((counts.get(word, 0) + 0.5) / total)


def _completion(stump: str) -> float:
    """The cost of the most frequent word that begins with the stump and is longer."""
    counts, total = _frequencies()
    words = _in_order()
    first, after = bisect_right(words, stump), bisect_left(words, f"{stump}{chr(0x10FFFF)}")
    most = max((counts[word] for word in words[first:after]), default=0)
    return -log(most / total) if most else float("inf")


@lru_cache(maxsize=1)
def _in_order() -> list[str]:
    return sorted(_frequencies()[0])


@lru_cache(maxsize=1)
def _frequencies() -> tuple[dict[str, int], int]:
    from pythainlp.corpus.ttc import unigram_word_freqs

    counts = dict(unigram_word_freqs())
    return counts, sum(counts.values()) or 1
